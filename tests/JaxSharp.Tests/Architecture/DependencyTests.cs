using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace JaxSharp.Tests.Architecture;

/// <summary>Folders refer only to folders above them in these tables, which are also the reading order.</summary>
public sealed class DependencyTests
{
    // Folder, then the folders it may refer to besides itself. The root of a project comes last and may refer to all.
    private static readonly (string Folder, string[] MayReferTo)[] Compiler =
    [
        ("Types", []),
        ("Scalars", ["Types"]),
        ("Kernels", ["Scalars", "Types"]),
        ("Passes", ["Kernels", "Scalars", "Types"]),
        ("Runtime", ["Types"]),
        ("Contractions", ["Runtime", "Kernels", "Scalars", "Types"]),
        ("Emit", ["Contractions", "Runtime", "Kernels", "Scalars", "Types"]),
        ("Routines", ["Runtime", "Scalars", "Types"]),
    ];

    private static readonly (string Folder, string[] MayReferTo)[] Core = Layers(
        ["Errors", "Ir", "Trees", "Passes"],
        ["Tracing", "Primitives", "Transforms", "ControlFlow", "Execution"],
        ["Arrays", "Numpy", "Lax", "Random", "Linalg", "Nn", "Image"]
    );

    private static readonly (string Folder, string[] MayReferTo)[] Data =
    [
        ("Formats", []),
        ("Loading", ["Formats"]),
        ("Training", ["Formats", "Loading"]),
    ];

    // Wrappers and optimisers are made of transformations and of each other.
    private static readonly (string Folder, string[] MayReferTo)[] Optax = Layers(
        ["Transformations"],
        ["Numerics", "Trees", "Schedules", "Losses", "Projections"],
        ["Transforms", "Wrappers", "Optimizers", "Contrib"]
    );

    [Fact]
    public void CompilerFoldersReferUpwards() => Check("JaxSharp.Compiler", Compiler);

    [Fact]
    public void CoreFoldersReferUpwards() => Check("JaxSharp", Core);

    [Fact]
    public void DataFoldersReferUpwards() => Check("JaxSharp.Data", Data);

    [Fact]
    public void OptaxFoldersReferUpwards() => Check("JaxSharp.Optax", Optax);

    private static (string, string[])[] Layers(string[] basics, string[] machinery, string[] api)
    {
        var table = new List<(string, string[])>();
        var above = new List<string>();
        foreach (string folder in basics)
        {
            // Passes know Ir only, so that they cannot name a primitive.
            table.Add((folder, folder == "Passes" ? ["Errors", "Ir"] : [.. above]));
            above.Add(folder);
        }

        foreach (string folder in machinery)
        {
            table.Add((folder, [.. above]));
            above.Add(folder);
        }

        // The public functions are written in terms of each other.
        table.AddRange(api.Select(folder => (folder, above.Concat(api.Where(other => other != folder)).ToArray())));
        return [.. table];
    }

    private static void Check(string project, (string Folder, string[] MayReferTo)[] table)
    {
        var tree = new SourceTree(project);
        Dictionary<string, HashSet<string>> declarations = tree.Declarations();
        Dictionary<string, string[]> allowed = table.ToDictionary(row => row.Folder, row => row.MayReferTo);
        var problems = new List<string>();
        foreach (SourceFile file in tree.Files)
        {
            if (file.Folder.Length == 0)
            {
                continue;
            }

            if (!allowed.TryGetValue(file.Folder, out string[]? mayReferTo))
            {
                problems.Add($"{file.RelativePath}: the folder {file.Folder} is not in the table of {project}");
                continue;
            }

            problems.AddRange(
                from use in file.Uses()
                where declarations.ContainsKey(use.Type)
                let folders = declarations[use.Type]
                where !folders.Contains(file.Folder) && !folders.Any(mayReferTo.Contains)
                select $"{file.RelativePath}:{use.Line}: {file.Folder} may not refer to {Place(folders)}: {use.Type}"
            );
        }

        Assert.True(problems.Count == 0, $"{problems.Count} references:\n{string.Join('\n', problems)}");
    }

    private static string Place(HashSet<string> folders) =>
        string.Join(" or ", folders.Select(folder => folder.Length == 0 ? "the root" : folder));
}
