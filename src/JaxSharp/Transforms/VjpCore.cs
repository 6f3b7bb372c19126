using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;

namespace JaxSharp.Transforms;

/// <summary>Reverse mode and linearization of functions of trees.</summary>
internal static class VjpCore
{
    public static (TResult Primals, Func<TResult, TArguments> Vjp) Run<TArguments, TResult>(
        Func<TArguments, TResult> function,
        string name,
        TArguments arguments
    )
    {
        var (primals, vjp, _) = RunAux<TArguments, TResult, ValueTuple>(a => (function(a), default), name, arguments);
        return (primals, vjp);
    }

    public static (TResult Primals, Func<TResult, TArguments> Vjp, TAux Aux) RunAux<TArguments, TResult, TAux>(
        Func<TArguments, (TResult, TAux)> function,
        string name,
        TArguments arguments
    )
    {
        var leaves = TreeFunction<TArguments, TArguments>.Flatten(arguments, out var structure);
        bool[] active = [.. leaves.Select(x => x.DType.IsInexact)];
        TreeDef? resultStructure = null;
        TreeDef? auxStructure = null;
        int count = 0;
        var (outputs, linear) = Linearization.Linearize(
            xs =>
            {
                var all = Gradients.Merge(active, xs, leaves);
                var (result, aux) = function(TreeFunction<TArguments, TArguments>.Unflatten(structure, all));
                var results = TreeFunction<TResult, TResult>.Flatten(result, out resultStructure);
                count = results.Length;
                return [.. results, .. TreeFunction<TAux, TAux>.FlattenAux(aux, out auxStructure)];
            },
            [.. leaves.Where((_, i) => active[i])]
        );
        var types = Array.ConvertAll(outputs, y => y.Type);
        return (
            TreeFunction<TResult, TResult>.Unflatten(resultStructure!, outputs[..count]),
            Pull,
            TreeFunction<TAux, TAux>.Unflatten(auxStructure!, outputs[count..])
        );

        TArguments Pull(TResult cotangents)
        {
            var given = Cotangents(
                "vjp",
                name,
                cotangents,
                resultStructure!,
                [.. types[..count].Select(t => t.Tangent())]
            );
            var pulled = linear.Transpose([
                .. given.Select(ct => ct.DType.IsInexact ? ct : null),
                .. new NDArray?[types.Length - count],
            ]);
            return TreeFunction<TArguments, TArguments>.Unflatten(structure, Restore(leaves, active, pulled));
        }
    }

    public static (TResult Primals, Func<TArguments, TResult> Jvp) Linearize<TArguments, TResult>(
        Func<TArguments, TResult> function,
        string name,
        TArguments arguments
    )
    {
        var leaves = TreeFunction<TArguments, TArguments>.Flatten(arguments, out var structure);
        bool[] active = [.. leaves.Select(x => x.DType.IsInexact)];
        var flat = new TreeFunction<TArguments, TResult>(function);
        var onLeaves = flat.OnLeaves(structure);
        var (outputs, linear) = Linearization.Linearize(
            xs => onLeaves(Gradients.Merge(active, xs, leaves)),
            [.. leaves.Where((_, i) => active[i])]
        );
        return (
            flat.Restore(outputs),
            tangents =>
            {
                var directions = JvpCore.Directions("The derivative", name, leaves, structure, tangents);
                var moved = linear.Apply([.. directions.OfType<NDArray>()]);
                return flat.Restore([.. moved.Select((t, i) => t ?? Operators.Zeros(outputs[i].Type.Tangent()))]);
            }
        );
    }

    public static Func<TResult, TArguments> LinearTranspose<TArguments, TResult>(
        Func<TArguments, TResult> function,
        string name,
        TArguments arguments
    )
    {
        var leaves = TreeFunction<TArguments, TArguments>.Flatten(arguments, out var structure);
        var flat = new TreeFunction<TArguments, TResult>(function);
        var (jaxpr, constants) = Staging.StageClosed(
            flat.OnLeaves(structure),
            Array.ConvertAll(leaves, x => x.Type),
            name
        );
        return cotangents =>
        {
            var given = Cotangents("transpose", name, cotangents, flat.Result, jaxpr.OutputTypes);
            try
            {
                var pulled = BackwardPass.RunWithResiduals(jaxpr, constants, given);
                return TreeFunction<TArguments, TArguments>.Unflatten(
                    structure,
                    [.. pulled.Select((ct, i) => Gradients.Conform(ct, leaves[i].Type))]
                );
            }
            catch (InternalException error)
            {
                throw new DifferentiationException(
                    $"LinearTranspose of {name}: the function is not linear in its arguments ({error.Message})"
                );
            }
        };
    }

    private static NDArray[] Cotangents<TResult>(
        string kind,
        string name,
        TResult cotangents,
        TreeDef structure,
        ArrayType[] types
    )
    {
        var leaves = TreeFunction<TResult, TResult>.Flatten(cotangents, out var given);
        if (given != structure)
        {
            throw new TreeException(
                $"The {kind} of {name} needs cotangents of the structure of the result, {structure}; got {given}."
            );
        }

        return
        [
            .. leaves.Select(
                (leaf, i) =>
                    JvpCore.Direction(leaf, types[i])
                    ?? throw new DifferentiationException(
                        $"The {kind} of {name} needs cotangents of the types of the result; got {leaf.Type} for {types[i]}."
                            + JvpCore.Needed(types[i])
                    )
            ),
        ];
    }

    private static NDArray[] Restore(NDArray[] leaves, bool[] active, IReadOnlyList<NDArray?> pulled)
    {
        var result = new NDArray[leaves.Length];
        for (int i = 0, next = 0; i < leaves.Length; i++)
        {
            result[i] = active[i]
                ? Gradients.Conform(pulled[next++], leaves[i].Type)
                : Operators.Zeros(leaves[i].Type.Tangent());
        }

        return result;
    }
}
