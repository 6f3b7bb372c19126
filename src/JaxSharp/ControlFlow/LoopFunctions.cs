using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>Control flow over functions of trees.</summary>
internal static class LoopFunctions
{
    public static (TCarry Carry, TY Ys) Scan<TCarry, TX, TY>(
        Func<TCarry, TX, (TCarry, TY)> f,
        TCarry init,
        TX xs,
        int? length,
        bool reverse,
        int unroll,
        string caller = "Lax.Scan"
    )
    {
        Argument.Given(f, nameof(f), caller);
        var carry = TreeFunction<TCarry, TCarry>.Flatten(init, out var carryStructure);
        var slices = TreeFunction<TX, TX>.Flatten(xs, out var sliceStructure);
        CheckDynamic(caller, carryStructure);
        int steps = Length(caller, slices, sliceStructure, length);
        TreeDef? after = null;
        TreeDef? stackedStructure = null;
        var body = LoopStaging.Body(
            caller,
            arguments =>
            {
                var (next, y) = f(
                    TreeFunction<TCarry, TCarry>.Unflatten(carryStructure, arguments[..carry.Length]),
                    TreeFunction<TX, TX>.Unflatten(sliceStructure, arguments[carry.Length..])
                );
                return
                [
                    .. TreeFunction<TCarry, TCarry>.Flatten(next, out after),
                    .. TreeFunction<TY, TY>.Flatten(y, out stackedStructure),
                ];
            },
            carry,
            [.. slices.Select(x => x.Type with { Shape = x.Shape.Without(0) })],
            () => (carryStructure, after!)
        );
        var scan = new Scan(body.Jaxpr, steps, reverse, unroll, body.Constants.Length, carry.Length);
        var results = scan.BindAll([.. body.Constants, .. body.Carry, .. slices]);
        return (
            TreeFunction<TCarry, TCarry>.Unflatten(carryStructure, results[..carry.Length]),
            TreeFunction<TY, TY>.Unflatten(stackedStructure!, results[carry.Length..])
        );
    }

    /// <summary>The number of steps of a scan: the size of axis 0 of all leaves, which is checked.</summary>
    public static int Steps<TX>(string caller, TX xs, int? length)
    {
        var slices = TreeFunction<TX, TX>.Flatten(xs, out var structure);
        return Length(caller, slices, structure, length);
    }

    public static TResult Map<T, TResult>(Func<T, TResult> f, T xs)
    {
        Argument.Given(f, nameof(f), "Lax.Map");
        return Scan<NDArray?, T, TResult>(
            (_, x) => (null, f(x)),
            null,
            xs,
            null,
            reverse: false,
            unroll: 1,
            caller: "Lax.Map"
        ).Ys;
    }

    public static T WhileLoop<T>(
        Func<T, NDArray> condFun,
        Func<T, T> bodyFun,
        T initVal,
        int? maxSteps,
        string caller = "Lax.WhileLoop"
    )
    {
        Argument.Given(condFun, nameof(condFun), caller);
        Argument.Given(bodyFun, nameof(bodyFun), caller);
        var carry = TreeFunction<T, T>.Flatten(initVal, out var structure);
        CheckDynamic(caller, structure);
        TreeDef? after = null;
        var body = LoopStaging.Body(
            caller,
            arguments =>
                TreeFunction<T, T>.Flatten(bodyFun(TreeFunction<T, T>.Unflatten(structure, arguments)), out after),
            carry,
            [],
            () => (structure, after!)
        );
        var (cond, constants) = Staging.StageClosed(
            arguments => [condFun(TreeFunction<T, T>.Unflatten(structure, arguments))],
            [.. body.Carry.Select(x => x.Type)],
            caller
        );
        var type = cond.Outputs[0].Type;
        if (type.Rank != 0 || !type.DType.IsBool)
        {
            throw new ShapeException(
                $"{caller} needs a condition that returns a scalar of type bool; got {type}. Compare, or use jnp.All or jnp.Any."
            );
        }

        var loop = new WhileLoop(cond, constants.Length, body.Jaxpr, body.Constants.Length, maxSteps);
        var results = loop.BindAll([.. constants, .. body.Constants, .. body.Carry]);
        return TreeFunction<T, T>.Unflatten(structure, results);
    }

    /// <summary>Refuses bounds of a loop that are no integers.</summary>
    public static void CheckBounds(string caller, NDArray lower, NDArray upper)
    {
        Argument.Given(lower, nameof(lower), caller);
        Argument.Given(upper, nameof(upper), caller);
        foreach (var bound in (NDArray[])[lower, upper])
        {
            if (bound.Ndim != 0 || !bound.DType.IsInteger)
            {
                throw new DTypeException($"{caller} needs bounds that are integer scalars; got {bound.Type}.");
            }
        }
    }

    public static T ForiLoop<T>(
        NDArray lower,
        NDArray upper,
        Func<NDArray, T, T> bodyFun,
        T initVal,
        string caller = "Lax.ForiLoop"
    )
    {
        CheckBounds(caller, lower, upper);
        Argument.Given(bodyFun, nameof(bodyFun), caller);
        if (upper.DType != lower.DType && !lower.WeakType && !upper.WeakType)
        {
            throw new DTypeException(
                $"{caller} needs bounds of one element type; got {lower.Type} and {upper.Type}: use AsType on one of them."
            );
        }

        // Known bounds count as C# integers do, whatever their type: weakly, so that the counter does not change the types of what
        // it meets.
        if (lower is DeviceArray from && upper is DeviceArray to && Steps(from.ItemInt(0), to.ItemInt(0)) is { } steps)
        {
            return Scan<(NDArray, T), NDArray?, NDArray?>(
                (state, _) => ((Next(state.Item1), bodyFun(state.Item1, state.Item2)), null),
                (DeviceArray.WeakInt(from.ItemInt(0)), initVal),
                null,
                steps,
                reverse: false,
                unroll: 1,
                caller
            ).Carry.Item2;
        }

        if (upper.DType != lower.DType)
        {
            (lower, upper) = lower.WeakType
                ? (Gradients.Conform(lower, upper.Type), upper)
                : (lower, Gradients.Conform(upper, lower.Type));
        }

        var limit = upper;
        return WhileLoop<(NDArray, T)>(
            state => new Lt().Bind(state.Item1, limit),
            state => (Next(state.Item1), bodyFun(state.Item1, state.Item2)),
            (lower, initVal),
            null,
            caller
        ).Item2;
    }

    public static TResult Switch<T, TResult>(
        string caller,
        NDArray index,
        IReadOnlyList<Func<T, TResult>> branches,
        T operand
    )
    {
        if (Argument.AllGiven(branches, nameof(branches), caller).Count == 0)
        {
            throw new JaxArgumentException($"{caller} needs at least one branch.");
        }

        var chosen = LoopStaging.Index(caller, index);
        var leaves = TreeFunction<T, T>.Flatten(operand, out var structure);
        ArrayType[] types = [.. leaves.Select(x => x.Type)];
        if (branches.Count == 1)
        {
            return branches[0](operand);
        }

        var structures = new TreeDef[branches.Count];
        var staged = branches
            .Select(
                (branch, i) =>
                {
                    var flat = new TreeFunction<T, TResult>(branch);
                    var result = Staging.StageClosed(flat.OnLeaves(structure), types, FunctionName.Of(branch));
                    structures[i] = flat.Result;
                    return result;
                }
            )
            .ToArray();
        var constants = Closures.Join(
            [.. staged.Select(s => s.Jaxpr)],
            [.. staged.Select(s => s.Constants)],
            out var joined
        );
        var cond = new Cond(LoopStaging.Unify(caller, joined, structures));
        var results = cond.BindAll([chosen, .. constants, .. leaves]);
        return TreeFunction<TResult, TResult>.Unflatten(structures[0], results);
    }

    /// <summary>0 or 1 for false or true; a missing predicate or branch is refused.</summary>
    public static NDArray Predicate(NDArray pred, Delegate trueFun, Delegate falseFun)
    {
        const string Caller = "Lax.Cond";
        Argument.Given(pred, nameof(pred), Caller);
        Argument.Given(trueFun, nameof(trueFun), Caller);
        Argument.Given(falseFun, nameof(falseFun), Caller);
        return pred.DType.IsBool || pred.Ndim != 0 || pred.DType.IsComplex
            ? pred
            : new Ne().Bind(pred, Operators.Zeros(pred.Type));
    }

    // Null for more steps than a scan can have.
    private static int? Steps(long from, long to) =>
        to <= from ? 0
        : (ulong)to - (ulong)from <= int.MaxValue ? (int)(to - from)
        : null;

    private static NDArray Next(NDArray counter) =>
        new Add().Bind(counter, DeviceArray.Scalar(1L, counter.DType, counter.WeakType));

    private static int Length(string caller, NDArray[] slices, TreeDef structure, int? length)
    {
        for (int i = 0; i < slices.Length; i++)
        {
            var type = slices[i].Type;
            if (type.Rank == 0)
            {
                throw new ShapeException(
                    $"{caller} goes along axis 0 of every leaf of xs; got the scalar {type} at {structure.Paths().ElementAt(i)}."
                );
            }

            if (length is { } other && other != type.Shape[0])
            {
                throw new ShapeException(
                    $"{caller} needs leaves of xs with axes 0 of one size; got {string.Join(", ", slices.Select(x => x.Type))}, where "
                        + $"{other} steps were expected."
                );
            }

            length = type.Shape[0];
        }

        if (length < 0)
        {
            throw new JaxArgumentException($"{caller} needs a length of 0 or more steps; got {length}.");
        }

        return length ?? throw new JaxArgumentException($"{caller} without xs needs length: the number of steps.");
    }

    // A carried value changes from step to step; a place of a C# number type cannot hold it.
    private static void CheckDynamic(string caller, TreeDef structure)
    {
        if (structure.Kind == TreeNodeKind.Static)
        {
            throw new TreeException(
                $"{caller} got the C# value {structure.Data} in its initial carried values, which cannot hold an array. Write (NDArray){structure.Data}."
            );
        }

        foreach (var node in structure.Nodes)
        {
            CheckDynamic(caller, node);
        }
    }
}

/// <summary>Programs with different captured arrays, made to take all of them.</summary>
internal static class Closures
{
    /// <summary>The captured arrays of all programs, each once; the programs take them before their own inputs.</summary>
    public static NDArray[] Join(Jaxpr[] jaxprs, NDArray[][] constants, out Jaxpr[] joined)
    {
        var all = new List<NDArray>();
        foreach (var array in constants.SelectMany(list => list))
        {
            if (!all.Exists(known => ReferenceEquals(known, array)))
            {
                all.Add(array);
            }
        }

        joined = new Jaxpr[jaxprs.Length];
        for (int i = 0; i < jaxprs.Length; i++)
        {
            var inputs = all.Select(array => new Var(array.Type)).ToArray();
            for (int k = 0; k < constants[i].Length; k++)
            {
                inputs[all.FindIndex(known => ReferenceEquals(known, constants[i][k]))] = jaxprs[i].Inputs[k];
            }

            joined[i] = new Jaxpr(
                [],
                [.. inputs, .. jaxprs[i].Inputs[constants[i].Length..]],
                jaxprs[i].Equations,
                jaxprs[i].Outputs
            );
        }

        return [.. all];
    }
}
