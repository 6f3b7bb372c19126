using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using JaxSharp.TestKit;

namespace JaxSharp.Tests.Architecture;

/// <summary>The top-level types of a project's source and the words that each file uses, by folder.</summary>
internal sealed partial class SourceTree
{
    private readonly string root;

    public SourceTree(string project)
    {
        root = Repository.PathOf("src", project);
        Files = [.. Repository.SourceFiles(Path.Combine("src", project)).Select(path => new SourceFile(root, path))];
    }

    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>
    /// Type name to the folders that declare it: more than one for a partial type, and for namesakes.
    /// </summary>
    public Dictionary<string, HashSet<string>> Declarations()
    {
        var declarations = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (SourceFile file in Files)
        {
            foreach (string type in file.Types)
            {
                if (!declarations.TryGetValue(type, out HashSet<string>? folders))
                {
                    declarations[type] = folders = [];
                }

                folders.Add(file.Folder);
            }
        }

        return declarations;
    }

    [GeneratedRegex(@"//.*$|""(?:\\.|[^""\\])*""|'(?:\\.|[^'\\])'", RegexOptions.Multiline)]
    internal static partial Regex CommentsAndTexts { get; }

    [GeneratedRegex(
        @"^(?:public |internal |file |abstract |sealed |static |partial |readonly |unsafe |ref )*"
            + @"(?:class|struct|interface|enum|record(?: struct| class)?|delegate .*?)\s+(\w+)\s*(?:<[^>]*>)?\s*(?:[({:;]|where|$)",
        RegexOptions.Multiline
    )]
    internal static partial Regex TypeDeclaration { get; }

    /// <summary>A property, a field, or a parameter of a record.</summary>
    [GeneratedRegex(@"[\w>\]?]\s+(?<name>[A-Z]\w*)\s*(?:=|\{ get|;|,|\))")]
    internal static partial Regex MemberDeclaration { get; }

    /// <summary>
    /// A capitalised word that can be a type: not a member access, not a call, not the name in a declaration of a member.
    /// </summary>
    [GeneratedRegex(
        @"(?<![\w.])(?<!(?:\b[A-Z]\w*|int|long|bool|string|double|object|[>\]?]) |^\s*\[)(?<new>new\s+)?(?<name>[A-Z]\w*)\b(?!\s*(?:=|\{ get|;))(?=(?<call>\s*\()?)"
    )]
    internal static partial Regex TypeUse { get; }
}

/// <summary>One source file.</summary>
internal sealed class SourceFile
{
    public SourceFile(string root, string path)
    {
        FullPath = path;
        RelativePath = Path.GetRelativePath(Repository.Root, path);
        string inside = Path.GetRelativePath(root, path);
        int slash = inside.IndexOfAny(['/', '\\']);
        Folder = slash < 0 ? "" : inside[..slash];
        Lines = File.ReadAllLines(path);
        Code = SourceTree.CommentsAndTexts.Replace(
            string.Join('\n', Lines),
            match => match.Value[0] == '/' ? "" : "\"\""
        );
        Types = [.. SourceTree.TypeDeclaration.Matches(Code).Select(match => match.Groups[1].Value)];
    }

    public string FullPath { get; }
    public string RelativePath { get; }

    /// <summary>The folder directly below the project; empty at its root.</summary>
    public string Folder { get; }
    public string[] Lines { get; }

    /// <summary>The text without comments and string contents.</summary>
    public string Code { get; }
    public string[] Types { get; }

    /// <summary>Type names that the file uses, each with its first line.</summary>
    public IEnumerable<(string Type, int Line)> Uses()
    {
        // A property may be named after a type; the file means the property then.
        HashSet<string> seen =
        [
            .. SourceTree.MemberDeclaration.Matches(Code).Select(match => match.Groups["name"].Value),
        ];
        string[] lines = Code.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (
                lines[i].StartsWith("using ", StringComparison.Ordinal)
                || lines[i].StartsWith("namespace ", StringComparison.Ordinal)
            )
            {
                continue;
            }

            foreach (Match match in SourceTree.TypeUse.Matches(lines[i]))
            {
                bool isCall = match.Groups["call"].Success && !match.Groups["new"].Success;
                if (!isCall && seen.Add(match.Groups["name"].Value))
                {
                    yield return (match.Groups["name"].Value, i + 1);
                }
            }
        }
    }
}
