using System;
using System.Linq;
using JaxSharp.Primitives;

namespace JaxSharp.Transforms;

/// <summary>Forward mode of functions of trees.</summary>
internal static class JvpCore
{
    public static (TResult Primals, TResult Tangents) Run<TArguments, TResult>(
        Func<TArguments, TResult> function,
        string name,
        TArguments primals,
        TArguments tangents
    )
    {
        var leaves = TreeFunction<TArguments, TArguments>.Flatten(primals, out var structure);
        var directions = Directions("Jvp", name, leaves, structure, tangents);
        var flat = new TreeFunction<TArguments, TResult>(function);
        var (outputs, moved) = ForwardMode.Jvp(flat.OnLeaves(structure), leaves, directions);
        return (
            flat.Restore(outputs),
            flat.Restore([.. moved.Select((t, i) => t ?? Operators.Zeros(outputs[i].Type.Tangent()))])
        );
    }

    /// <summary>The tangents of the leaves; null for integers, which have none.</summary>
    public static NDArray?[] Directions<TArguments>(
        string caller,
        string name,
        NDArray[] leaves,
        TreeDef structure,
        TArguments tangents
    )
    {
        var directions = TreeFunction<TArguments, TArguments>.Flatten(tangents, out var tangentStructure);
        if (tangentStructure != structure)
        {
            throw new TreeException(
                $"{caller} of {name} needs tangents of the structure of the arguments, {structure}; got {tangentStructure}."
            );
        }

        var result = new NDArray?[leaves.Length];
        for (int i = 0; i < leaves.Length; i++)
        {
            var direction =
                Direction(directions[i], leaves[i].Type.Tangent())
                ?? throw new DifferentiationException(
                    $"{caller} of {name} needs tangents of the types of the arguments; got {directions[i].Type} for {leaves[i].Type}."
                        + Needed(leaves[i].Type.Tangent())
                );
            result[i] = leaves[i].DType.IsInexact ? direction : null;
        }

        return result;
    }

    /// <summary>The array if it has the type wanted, as which weakly typed numbers pass; null otherwise.</summary>
    public static NDArray? Direction(NDArray given, ArrayType wanted)
    {
        if (given.Shape == wanted.Shape && given.WeakType && wanted.DType.IsInexact && !given.DType.IsComplex)
        {
            given = Gradients.Conform(given, wanted);
        }

        return given.Type.SameAs(wanted) ? given : null;
    }

    /// <summary>How to make an array of the type wanted, where that is not plain.</summary>
    public static string Needed(ArrayType wanted) =>
        wanted.DType.Size == 0
            ? $" Integers and booleans do not change by small amounts: give {wanted}, as jnp.Zeros makes it with DType.Float0."
            : "";
}
