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
        return (flat.Restore(outputs), flat.Restore([.. moved.Select((t, i) => t ?? ZeroTangent(outputs[i].Type))]));
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
            var type = leaves[i].Type;
            if (!type.DType.IsInexact)
            {
                continue;
            }

            var direction = directions[i];
            if (direction.Shape == type.Shape && direction.WeakType && !direction.DType.IsComplex)
            {
                direction = Gradients.Conform(direction, type);
            }

            result[i] = direction.Type.SameAs(type)
                ? direction
                : throw new DifferentiationException(
                    $"{caller} of {name} needs tangents of the types of the arguments; got {direction.Type} for {type}."
                );
        }

        return result;
    }

    /// <summary>The tangent of a result that does not change.</summary>
    public static NDArray ZeroTangent(ArrayType type) =>
        Operators.Zeros(type.DType.IsInexact ? type : new ArrayType(DType.Bool, type.Shape));
}
