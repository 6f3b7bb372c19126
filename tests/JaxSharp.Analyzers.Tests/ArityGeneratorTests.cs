using System.Linq;
using JaxSharp.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace JaxSharp.Analyzers.Tests;

/// <summary>What is written once for two arguments is there for more.</summary>
public sealed class ArityGeneratorTests
{
    private const string Mark = """
        namespace JaxSharp
        {
            [System.AttributeUsage(System.AttributeTargets.All)]
            internal sealed class RepeatForAritiesAttribute(int from, int to) : System.Attribute
            {
                public int From => from;
                public int To => to;
            }

            public sealed class NDArray;
        }
        """;

    [Fact]
    public void RepeatsTheLastArgumentInEveryList()
    {
        var generated = Generate(
            """
            using System;
            using NDArray2 = JaxSharp.NDArray;

            namespace JaxSharp;

            public static partial class Api
            {
                [RepeatForArities(3, 4)]
                public static Func<T1, T2, TResult> Turn<T1, T2, TResult>(Func<T1, T2, TResult> fun, (T1, T2)[] seen) =>
                    (x1, x2) => Run(a => fun(a.Item1, a.Item2), (x1, x2), 2);

                [RepeatForArities(3, 3)]
                public static NDArray[] Sum(Func<NDArray, NDArray2, NDArray> fun, NDArray[] a) => [fun(a[0], a[1]), a[0]];

                private static TResult Run<T, TResult>(Func<T, TResult> fun, T arguments, int count) =>
                    count is 2 or 3 or 4 ? fun(arguments) : throw new InvalidOperationException();
            }
            """
        );
        Assert.Contains(
            "public static Func<T1, T2, T3, T4, TResult> Turn<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> fun, (T1, T2, T3, T4)[] seen)",
            generated
        );
        Assert.Contains("(x1, x2, x3) => Run(a => fun(a.Item1, a.Item2, a.Item3), (x1, x2, x3), 3)", generated);
        Assert.Contains(
            "Sum(Func<NDArray, NDArray, NDArray, NDArray> fun, NDArray[] a) => [fun(a[0], a[1], a[2]), a[0]]",
            generated
        );
    }

    [Fact]
    public void RepeatsTypes()
    {
        var generated = Generate(
            """
            namespace JaxSharp;

            public static partial class Api
            {
                [RepeatForArities(3, 3)]
                public sealed class Cell<T1, T2>(T1 x1, T2 x2)
                {
                    public (T1, T2) Both => (x1, x2);
                }
            }
            """
        );
        Assert.Contains("public sealed class Cell<T1, T2, T3>(T1 x1, T2 x2, T3 x3)", generated);
        Assert.Contains("public (T1, T2, T3) Both => (x1, x2, x3);", generated);
    }

    private static string Generate(string source)
    {
        var compilation = CSharpCompilation.Create(
            "Repeated",
            [CSharpSyntaxTree.ParseText(Mark), CSharpSyntaxTree.ParseText(source, path: "/Root/Api.cs")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        );
        CSharpGeneratorDriver
            .Create(new ArityGenerator())
            .RunGeneratorsAndUpdateCompilation(
                compilation,
                out var result,
                out var problems,
                TestContext.Current.CancellationToken
            );
        Assert.Empty(problems);
        Assert.Empty(
            result
                .GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(d => d.Severity == DiagnosticSeverity.Error)
        );
        return result.SyntaxTrees.Last().ToString();
    }
}
