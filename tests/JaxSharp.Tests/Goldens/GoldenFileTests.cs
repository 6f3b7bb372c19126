using System.Collections.Generic;
using System.IO;
using System.Linq;
using JaxSharp.Goldens;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Tests.Goldens;

/// <summary>
/// Calls recorded with JAX give JAX's values, except for the cases and functions in the two lists beside the files. After a change
/// that mends some, bring the lists up to date:
/// <c>dotnet run -c Release --project tests/JaxSharp.Goldens -- tests/goldens --update tests/goldens</c>.
/// </summary>
public sealed class GoldenFileTests
{
    public static TheoryData<string> Files =>
        [
            .. Directory
                .EnumerateFiles(GoldenFiles.Folder, "*.jsonl")
                .Select(path => Path.GetFileName(path))
                .Where(file => file != GoldenFiles.Modules)
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void CallsAgreeWithJax(string file) => GoldenFiles.Check(file);
}

/// <summary>The same for Haiku's modules, whose large nets take as long as all other files: tests of two classes run side by side.</summary>
public sealed class ModuleFileTests
{
    [Fact]
    public void ModulesAgreeWithHaiku() => GoldenFiles.Check(GoldenFiles.Modules);
}

internal static class GoldenFiles
{
    public const string Modules = "haiku.jsonl";

    public static readonly string Folder = Repository.PathOf("tests", "goldens");

    public static void Check(string file)
    {
        string path = Path.Combine(Folder, file);
        using var runner = new FileRunner();
        List<CaseResult> results = [.. runner.Run(path)];
        List<string> disagreements = [.. KnownLists.Read(Folder).Disagreements(path, results)];
        Assert.True(
            disagreements.Count == 0,
            $"{disagreements.Count} disagreements with the lists:\n{string.Join('\n', disagreements.Take(100))}"
        );
    }
}
