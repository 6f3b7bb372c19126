using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using JaxSharp.Haiku;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace JaxSharp.Tests.Documentation;

/// <summary>Snippets compiled together; those with errors are left out, and the errors kept.</summary>
internal sealed partial class SnippetProgram
{
    private readonly Dictionary<Snippet, SnippetSource> sources;
    private readonly Dictionary<Snippet, string> errors = [];
    private readonly Assembly assembly;

    public SnippetProgram(IReadOnlyList<Snippet> snippets)
    {
        sources = snippets.Select((snippet, i) => new SnippetSource(snippet, i)).ToDictionary(source => source.Snippet);
        var trees = sources.Values.ToDictionary(source =>
            (SyntaxTree)
                CSharpSyntaxTree.ParseText("using JaxSharp.Tests.Documentation;\n" + source.Text, SnippetSource.Options)
        );
        var compilation = CSharpCompilation.Create(
            "Snippets",
            trees.Keys,
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        var wrong = compilation
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .GroupBy(diagnostic => diagnostic.Location.SourceTree!)
            .ToList();
        foreach (var group in wrong)
        {
            errors[trees[group.Key].Snippet] = string.Join('\n', group.Select(Describe));
        }

        using var image = new MemoryStream();
        var result = compilation.RemoveSyntaxTrees(wrong.Select(group => group.Key)).Emit(image);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
        }

        assembly = Assembly.Load(image.ToArray());
    }

    /// <summary>Runs a snippet; what is wrong with it, empty if nothing is.</summary>
    public string Check(Snippet snippet)
    {
        if (errors.TryGetValue(snippet, out string? error))
        {
            return error;
        }

        SnippetSource source = sources[snippet];
        var run = assembly.GetType(source.Namespace + ".Program")!.GetMethod("Run")!.CreateDelegate<Action>();
        IReadOnlyDictionary<int, string> shown;
        try
        {
            shown = Recorder.Run(snippet.IsOfHaiku ? InTransformedFunction(run) : run);
        }
        catch (JaxException exception)
        {
            return $"{snippet}: {exception}";
        }

        if (source.Expected.Count != source.Arrows)
        {
            return $"{snippet}: {source.Arrows} comments begin with =>, but {source.Expected.Count} stand behind a statement.";
        }

        string Shown(int line) => shown.GetValueOrDefault(line, "missing: the statement did not run");
        return string.Join(
            '\n',
            source
                .Expected.Where(expected => !Agree(expected.Value, Shown(expected.Key)))
                .Select(expected =>
                    $"{snippet.File}:{expected.Key}: says\n{expected.Value}\nbut the value is\n{Shown(expected.Key)}"
                )
        );
    }

    /// <summary>
    /// Texts agree apart from white space; an ellipsis at the end stands for the rest. A number with two or more decimals may be rounded, others may differ in the last place of f32.
    /// </summary>
    internal static bool Agree(string expected, string actual)
    {
        if (expected.EndsWith('…'))
        {
            return WhiteSpace
                .Replace(actual, "")
                .StartsWith(WhiteSpace.Replace(expected[..^1], ""), StringComparison.Ordinal);
        }

        MatchCollection wanted = Number.Matches(expected);
        MatchCollection given = Number.Matches(actual);
        return Words(expected) == Words(actual)
            && wanted.Count == given.Count
            && wanted
                .Zip(given)
                .All(pair => Agree(pair.First, double.Parse(pair.Second.Value, CultureInfo.InvariantCulture)));
    }

    private static Action InTransformedFunction(Action run) =>
        () =>
            Hk.TransformWithState(() =>
                {
                    run();
                    return 0;
                })
                .Init(0);

    private static bool Agree(Match wanted, double given)
    {
        double value = double.Parse(wanted.Value, CultureInfo.InvariantCulture);
        int decimals = wanted.Groups["decimals"].Length;
        double tolerance =
            decimals >= 2 && !wanted.Groups["exponent"].Success
                ? 0.51 * Math.Pow(10, -decimals)
                : 1e-5 * Math.Max(1e-2, Math.Abs(value));
        return Math.Abs(value - given) <= Math.Max(tolerance, 1e-6 * Math.Abs(value));
    }

    private static string Words(string text) => WhiteSpace.Replace(Number.Replace(text, "#"), "");

    private static string Describe(Diagnostic diagnostic)
    {
        FileLinePositionSpan place = diagnostic.Location.GetMappedLineSpan();
        return $"{place.Path}:{place.StartLinePosition.Line + 1}: {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
    }

    [GeneratedRegex(@"(?<![\w.])-?\d+(?:\.(?<decimals>\d*))?(?<exponent>e[+-]?\d+)?")]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace { get; }
}
