using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace JaxSharp.Analyzers.Tests;

/// <summary>Runs an analyzer on members of a program and compares what it reports with comments such as <c>// JXS1001</c>.</summary>
internal static class AnalyzerRun
{
    private const string Prelude =
        "using System; using System.Collections.Generic; using System.Linq; using System.Threading.Tasks; using JaxSharp; "
        + "using JaxSharp.Haiku; using hk = JaxSharp.Haiku.Hk; using jnp = JaxSharp.Numpy.Jnp;\n";

    /// <summary>Checks that every line that ends in the comment of a rule is reported, and no other.</summary>
    public static async Task AgreesWithComments(DiagnosticAnalyzer analyzer, string source)
    {
        var reported = await Report(analyzer, source);
        string[] lines = (Prelude + source).Split('\n');
        var expected = lines
            .Select((line, i) => (Line: i, Comment: line.LastIndexOf("// JXS", StringComparison.Ordinal), Text: line))
            .Where(line => line.Comment >= 0)
            .Select(line => (line.Line, Id: line.Text[(line.Comment + 3)..].Trim()));
        var got = reported.Select(diagnostic =>
            (diagnostic.Location.GetLineSpan().StartLinePosition.Line, diagnostic.Id)
        );
        Assert.Equal(expected, got.Distinct().Order());
    }

    /// <summary>The messages of what is reported.</summary>
    public static async Task<string[]> Messages(DiagnosticAnalyzer analyzer, string source) =>
        [.. (await Report(analyzer, source)).Select(d => d.GetMessage(CultureInfo.InvariantCulture))];

    private static async Task<IReadOnlyList<Diagnostic>> Report(DiagnosticAnalyzer analyzer, string source)
    {
        var compilation = CSharpCompilation.Create(
            "Checked",
            [CSharpSyntaxTree.ParseText(Prelude + source, new CSharpParseOptions(LanguageVersion.Latest))],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return await compilation.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync();
    }
}
