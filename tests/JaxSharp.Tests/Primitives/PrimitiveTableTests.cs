using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.TestKit;
using JaxSharp.Tracing;
using Xunit;

namespace JaxSharp.Tests.Primitives;

/// <summary>
/// Keeps <c>docs/primitives.md</c>, the view by columns of what each primitive's file says: a change of a rule shows in review.
/// Set UPDATE_GOLDEN=1 to write the file anew.
/// </summary>
public class PrimitiveTableTests
{
    [Fact]
    public void TheTableOfPrimitivesIsUpToDate()
    {
        string path = Repository.PathOf("docs", "primitives.md");
        string table = Table();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, table);
        }

        Assert.True(File.Exists(path), "docs/primitives.md is missing: run this test with UPDATE_GOLDEN=1.");
        Assert.Equal(table, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private static string Table()
    {
        var text = new StringBuilder();
        text.Append("# Primitives\n\n");
        text.Append("Generated from the classes in `src/JaxSharp/Primitives` and `src/JaxSharp/ControlFlow`. ");
        text.Append(
            "*Derivative*: `linear` primitives are their own derivative, `zero` ones have none, the others state a rule. "
        );
        text.Append("*Transpose*: whether reverse mode can go backwards through the primitive itself. ");
        text.Append("*Batching*: inherited from the family, or own. *Lowering*: what fusion may do with it.\n\n");
        text.Append("| primitive | parameters | derivative | transpose | batching | lowering |\n");
        text.Append("|---|---|---|---|---|---|\n");
        var rows = PrimitiveCases.All.GroupBy(c => c.Primitive.Name).OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var primitive = row.First().Primitive;
            var type = primitive.GetType();
            text.Append(
                $"| {primitive.Name} | {string.Join(", ", PrimitiveParameters.Of(type).Names)} | {Derivative(type)} | {Transpose(type)} | "
            );
            text.Append($"{Batching(type)} | {Lowering(row.First())} |\n");
        }

        return text.ToString();
    }

    private static string Derivative(Type type)
    {
        foreach (var ancestor in Ancestors(type))
        {
            if (ancestor == typeof(LinearUnaryPrimitive) || ancestor == typeof(LinearPrimitive))
            {
                return "linear";
            }

            if (ancestor == typeof(ZeroTangentUnaryPrimitive) || ancestor == typeof(ZeroTangentBinaryPrimitive))
            {
                return "zero";
            }
        }

        return typeof(ILinearizable).IsAssignableFrom(type) ? "rule, linearized as a program" : "rule";
    }

    private static string Transpose(Type type)
    {
        var owner = Owner(type, nameof(Primitive.Transpose), typeof(NDArray[]), typeof(LinearOperand[]));
        return owner == typeof(UnaryPrimitive) || owner == typeof(BinaryPrimitive) ? "–" : "yes";
    }

    private static string Batching(Type type)
    {
        var owner = Owner(type, nameof(Primitive.Batch), typeof(BatchAxis), typeof(NDArray[]), typeof(int?[]));
        return owner.IsAbstract ? "inherited" : "own";
    }

    private static string Lowering(PrimitiveCase row)
    {
        var operands = row.Operands.Select(o => new ArrayType(o.DType, o.Shape)).ToArray();
        var lowering = row.Primitive.Lower(operands, row.Primitive.Infer(operands));
        return lowering is JaxSharp.Ir.Lowering.Indexed { IsView: true } ? "View" : lowering.GetType().Name;
    }

    private static Type Owner(Type type, string method, params Type[] parameters) =>
        type.GetMethod(method, BindingFlags.Instance | BindingFlags.Public, parameters)!.DeclaringType!;

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            yield return at;
        }
    }
}
