using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using JaxSharp.TestKit;

namespace JaxSharp.Tests.Documentation;

/// <summary>Code of the documentation: the C# blocks of a Markdown file as one program, or one example of an XML comment.</summary>
/// <param name="File">The file, relative to the root of the repository.</param>
/// <param name="Line">The line of the file where the code begins.</param>
/// <param name="Code">The code; its lines are those of the file.</param>
internal sealed partial record Snippet(string File, int Line, string Code)
{
    private const string CodeStart = "<code>";
    private const string CodeEnd = "</code>";

    /// <summary>Whether the code is an example of Haiku: modules exist inside of transformed functions only.</summary>
    public bool IsOfHaiku => File.StartsWith("src/JaxSharp.Haiku/", StringComparison.Ordinal);

    public override string ToString() => $"{File}:{Line}";

    public static IReadOnlyList<Snippet> OfMarkdown() =>
        [
            .. Directory
                .EnumerateFiles(Repository.PathOf("docs"), "*.md")
                .Order(StringComparer.Ordinal)
                .Prepend(Repository.PathOf("README.md"))
                .Select(MarkdownProgram)
                .OfType<Snippet>(),
        ];

    public static IReadOnlyList<Snippet> OfXmlComments() => [.. Repository.SourceFiles("src").SelectMany(Examples)];

    /// <summary>All lines outside of C# blocks become empty, so that lines keep their numbers.</summary>
    private static Snippet? MarkdownProgram(string path)
    {
        string[] lines = System.IO.File.ReadAllLines(path);
        bool inside = false;
        bool any = false;
        for (int i = 0; i < lines.Length; i++)
        {
            bool fence = lines[i].StartsWith("```", StringComparison.Ordinal);
            any |= inside;
            if (fence || !inside)
            {
                inside = fence && !inside && lines[i].TrimEnd() is "```csharp" or "```cs";
                lines[i] = "";
            }
        }

        return any ? new Snippet(Relative(path), 1, string.Join('\n', lines)) : null;
    }

    private static IEnumerable<Snippet> Examples(string path)
    {
        string[] lines = System.IO.File.ReadAllLines(path);
        bool inExample = false;
        for (int i = 0; i < lines.Length; i++)
        {
            if (XmlLine.Match(lines[i]) is not { Success: true } match)
            {
                inExample = false;
                continue;
            }

            string text = match.Groups[1].Value;
            inExample |= text.Contains("<example>", StringComparison.Ordinal);
            int start = text.IndexOf(CodeStart, StringComparison.Ordinal);
            if (!inExample || start < 0)
            {
                continue;
            }

            int first = i;
            var code = new List<string> { text[(start + CodeStart.Length)..] };
            while (!code[^1].Contains(CodeEnd, StringComparison.Ordinal))
            {
                i++;
                code.Add(XmlLine.Match(lines[i]).Groups[1].Value);
            }

            code[^1] = code[^1][..code[^1].IndexOf(CodeEnd, StringComparison.Ordinal)];
            inExample = false;
            yield return new Snippet(Relative(path), first + 1, WebUtility.HtmlDecode(string.Join('\n', code)));
        }
    }

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    [GeneratedRegex("^ *///(?: |$)?(.*)$")]
    private static partial Regex XmlLine { get; }
}
