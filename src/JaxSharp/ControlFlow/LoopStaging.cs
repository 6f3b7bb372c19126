using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>A body of a loop, staged: carried values come after the captured ones and keep their types.</summary>
/// <param name="Jaxpr">The program.</param>
/// <param name="Constants">The captured arrays.</param>
/// <param name="Carry">The initial carried values, converted where they were weakly typed.</param>
internal sealed record LoopBody(Jaxpr Jaxpr, NDArray[] Constants, NDArray[] Carry);

/// <summary>Stages functions that control flow repeats or chooses between, and checks their types.</summary>
internal static class LoopStaging
{
    /// <summary>
    /// Stages a function of carried values and slices whose first results are the next carried values. A weakly typed initial value
    /// takes the type that the body gives it; anything else that differs is an error.
    /// </summary>
    public static LoopBody Body(
        string caller,
        Func<NDArray[], NDArray[]> body,
        NDArray[] carry,
        ArrayType[] slices,
        Func<(TreeDef Before, TreeDef After)> structures
    )
    {
        while (true)
        {
            ArrayType[] types = [.. carry.Select(x => x.Type), .. slices];
            var (jaxpr, constants) = Staging.StageClosed(
                arguments =>
                {
                    var results = body(arguments);
                    var (before, after) = structures();
                    if (before != after)
                    {
                        throw new TreeException(
                            $"{caller} needs a body that returns carried values of the structure of the initial ones, {before}; got {after}."
                        );
                    }

                    return results;
                },
                types,
                caller
            );
            var next = carry
                .Select(
                    (x, i) =>
                        x.WeakType && !x.Type.SameAs(jaxpr.Outputs[i].Type) && Promotes(x.Type, jaxpr.Outputs[i].Type)
                            ? Gradients.Conform(
                                x,
                                x.Type with
                                {
                                    DType = jaxpr.Outputs[i].Type.DType,
                                    Weak = jaxpr.Outputs[i].Type.Weak,
                                }
                            )
                            : x
                )
                .ToArray();
            if (!next.Zip(carry).All(pair => ReferenceEquals(pair.First, pair.Second)))
            {
                carry = next;
                continue;
            }

            for (int i = 0; i < carry.Length; i++)
            {
                if (!carry[i].Type.SameAs(jaxpr.Outputs[i].Type))
                {
                    string path = carry.Length > 1 ? $" at {structures().Before.Paths().ElementAt(i)}" : "";
                    throw Mismatch(caller, path, carry[i].Type, jaxpr.Outputs[i].Type);
                }
            }

            return new LoopBody(jaxpr, constants, carry);
        }
    }

    /// <summary>The i32 scalar that chooses a branch.</summary>
    public static NDArray Index(string caller, NDArray index)
    {
        if (Argument.Given(index, nameof(index), caller).Ndim != 0)
        {
            throw new ShapeException(
                $"{caller} chooses by a scalar; got {index.Type}. Use jnp.Where to choose element by element, or Vmap."
            );
        }

        if (index.DType.IsComplex)
        {
            throw new DTypeException($"{caller} chooses by a bool or a number; got {index.Type}.");
        }

        if (index.DType.IsFloating)
        {
            index = new Ne().Bind(index, Operators.Zeros(index.Type));
        }

        return index.Type == new ArrayType(DType.I32, Shape.Scalar)
            ? index
            : new ConvertElementType(DType.I32, Weak: false).Bind(index);
    }

    /// <summary>Checks that branches return equal structures and types; weak types give way to others.</summary>
    public static Jaxpr[] Unify(string caller, Jaxpr[] branches, TreeDef[] structures)
    {
        for (int i = 1; i < branches.Length; i++)
        {
            if (structures[i] != structures[0])
            {
                throw new TreeException(
                    $"{caller} needs branches that return values of one structure; branch 0 gives {structures[0]} and branch {i} gives "
                        + $"{structures[i]}."
                );
            }
        }

        var types = branches[0].OutputTypes;
        for (int k = 0; k < types.Length; k++)
        {
            var strong = branches.Select(b => b.Outputs[k].Type).FirstOrDefault(t => !t.Weak) ?? types[k];
            for (int i = 0; i < branches.Length; i++)
            {
                var type = branches[i].Outputs[k].Type;
                if (
                    type.Shape != strong.Shape
                    || (type.DType != strong.DType && !(type.Weak && Promotes(type, strong)))
                )
                {
                    string path = types.Length > 1 ? $" at {structures[0].Paths().ElementAt(k)}" : "";
                    throw type.Shape != strong.Shape
                        ? new ShapeException(BranchMessage(path, i, type, strong))
                        : new DTypeException(BranchMessage(path, i, type, strong));
                }
            }

            types[k] = strong;
        }

        return [.. branches.Select(b => Convert(b, types))];

        string BranchMessage(string path, int branch, ArrayType type, ArrayType other) =>
            $"{caller} needs branches that return values of one type; branch {branch} gives {type}{path} where another gives {other}.";
    }

    private static Jaxpr Convert(Jaxpr jaxpr, ArrayType[] types)
    {
        if (jaxpr.OutputTypes.SequenceEqual(types))
        {
            return jaxpr;
        }

        return Staging
            .Stage(arguments => [.. Staging.Evaluate(jaxpr, arguments).Zip(types, Gradients.Conform)], jaxpr.InputTypes)
            .Jaxpr;
    }

    private static JaxException Mismatch(string caller, string path, ArrayType before, ArrayType after)
    {
        string message =
            $"{caller} needs a body that keeps the types of the carried values; it got {before}{path} and returned {after}. "
            + (
                before.Shape == after.Shape
                    ? "Convert one of them with AsType."
                    : "The shape must stay the same in every step."
            );
        return before.Shape == after.Shape ? new DTypeException(message) : new ShapeException(message);
    }

    // A weakly typed number takes another type that can hold it.
    private static bool Promotes(ArrayType weak, ArrayType other) =>
        weak.Shape == other.Shape && Rank(weak.DType) <= Rank(other.DType);

    private static int Rank(DType dtype) =>
        dtype switch
        {
            { IsBool: true } => 0,
            { IsInteger: true } => 1,
            { IsFloating: true } => 2,
            _ => 3,
        };
}
