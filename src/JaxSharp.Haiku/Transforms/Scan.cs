using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;
using JaxSharp.Numpy;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Goes along axis 0 of arrays, passing carried values from step to step, like <c>Lax.Scan</c>, for functions that use parameters, state
    /// and keys of the running function; the steps share parameters, and state and keys go from step to step. At <c>Init</c> the first
    /// step runs on its own and makes the parameters.
    /// </summary>
    /// <param name="f">The function of one step: takes the carried values and a slice, and returns the next carried values and a result.</param>
    /// <param name="init">The first carried values: an array or a tree of arrays.</param>
    /// <param name="xs">An array or a tree of arrays to slice; null if there is none.</param>
    /// <param name="length">The number of steps; needed only without <paramref name="xs"/>.</param>
    /// <param name="reverse">Whether to go from the last slice to the first; results stay in the places of their slices.</param>
    /// <param name="unroll">How many steps JAX would write out in one round of the loop; no effect on results.</param>
    /// <returns>The last carried values and the stacked results.</returns>
    /// <exception cref="ModuleException">No transformed function runs.</exception>
    /// <exception cref="ParameterException">The function makes a state in <c>Apply</c>.</exception>
    /// <example><code>
    /// var sum = hk.Transform((NDArray xs) => hk.Scan((c, x) => (c + x, c), 0.0, xs).Carry);
    /// sum.Apply(null, null, jnp.Array([1f, 2f, 3f])); // => 6.0
    /// </code></example>
    [OverloadResolutionPriority(4)]
    public static (NDArray Carry, NDArray Ys) Scan(
        Func<NDArray, NDArray, (NDArray Carry, NDArray? Y)> f,
        NDArray init,
        NDArray? xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => InnerScan<NDArray, NDArray, NDArray>("Hk.Scan", f!, init, xs!, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    [OverloadResolutionPriority(3)]
    public static ((NDArray, NDArray) Carry, NDArray Ys) Scan(
        Func<(NDArray, NDArray), NDArray, ((NDArray, NDArray) Carry, NDArray? Y)> f,
        (NDArray, NDArray) init,
        NDArray? xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => InnerScan<(NDArray, NDArray), NDArray, NDArray>("Hk.Scan", f!, init, xs!, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    [OverloadResolutionPriority(2)]
    public static (NDArray Carry, TY Ys) Scan<TY>(
        Func<NDArray, NDArray, (NDArray Carry, TY Y)> f,
        NDArray init,
        NDArray? xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => InnerScan<NDArray, NDArray, TY>("Hk.Scan", f, init, xs!, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TCarry Carry, NDArray Ys) Scan<TCarry, TX>(
        Func<TCarry, TX, (TCarry Carry, NDArray? Y)> f,
        TCarry init,
        TX xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => InnerScan<TCarry, TX, NDArray>("Hk.Scan", f!, init, xs, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    public static (TCarry Carry, TY Ys) Scan<TCarry, TX, TY>(
        Func<TCarry, TX, (TCarry Carry, TY Y)> f,
        TCarry init,
        TX xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => InnerScan("Hk.Scan", f, init, xs, length, reverse, unroll);

    /// <summary>
    /// Applies a function to the slices of arrays along axis 0, one after the other, and stacks the results, like <c>Lax.Map</c>, for
    /// functions that use parameters, state and keys of the running function.
    /// </summary>
    /// <param name="f">The function of a slice.</param>
    /// <param name="xs">An array or a tree of arrays with axes 0 of one size.</param>
    /// <exception cref="ModuleException">No transformed function runs.</exception>
    [OverloadResolutionPriority(2)]
    public static NDArray Map(Func<NDArray, NDArray> f, NDArray xs) => Map<NDArray, NDArray>(f, xs);

    /// <inheritdoc cref="Map(Func{NDArray, NDArray}, NDArray)"/>
    public static TResult Map<T, TResult>(Func<T, TResult> f, T xs) =>
        InnerScan<NDArray?, T, TResult>("Hk.Map", (_, x) => (null, f(x)), null, xs, null, reverse: false, unroll: 1).Ys;

    private static (TCarry Carry, TY Ys) InnerScan<TCarry, TX, TY>(
        string caller,
        Func<TCarry, TX, (TCarry Carry, TY Y)> f,
        TCarry init,
        TX xs,
        int? length,
        bool reverse,
        int unroll
    )
    {
        var context = HaikuContext.RequireAccess(caller);
        if (!context.IsInitialising)
        {
            return Steps(caller, context, f, init, xs, length, reverse, unroll);
        }

        int steps = LoopFunctions.Steps(caller, xs, length);
        if (steps == 0)
        {
            // No step runs, but the parameters of one are made.
            var zeros = Tree.Map(x => Jnp.Zeros(x.Shape[1..], x.DType), xs);
            var ghost = InnerRun.FirstStep(context, () => f(init, zeros));
            return (init, Tree.Map(y => Jnp.Zeros(new Shape([0, .. y.Shape]), y.DType), ghost.Y));
        }

        int first = reverse ? steps - 1 : 0;
        var (carry, y) = InnerRun.FirstStep(context, () => f(init, Tree.Map(x => x[first], xs)));
        if (steps == 1)
        {
            return (carry, Tree.Map(y => Jnp.ExpandDims(y, 0), y));
        }

        var rest = Tree.Map(x => reverse ? x[..^1] : x[1..], xs);
        var (last, ys) = Steps(caller, context, f, carry, rest, steps - 1, reverse, unroll);
        return (last, Tree.Map((one, many) => Jnp.Concatenate(reverse ? [many, one[null]] : [one[null], many]), y, ys));
    }

    private static (TCarry Carry, TY Ys) Steps<TCarry, TX, TY>(
        string caller,
        HaikuContext context,
        Func<TCarry, TX, (TCarry Carry, TY Y)> f,
        TCarry init,
        TX xs,
        int? length,
        bool reverse,
        int unroll
    )
    {
        context.Rng?.ReserveUpToFull();
        var ((carry, end), ys) = LoopFunctions.Scan<(TCarry Values, RunState State), TX, TY>(
            (carry, x) =>
            {
                var (result, next) = InnerRun.Step(caller, context, carry.State, () => f(carry.Values, x));
                return ((result.Carry, next), result.Y);
            },
            (init, RunState.Of(context)),
            xs,
            length,
            reverse,
            unroll,
            caller
        );
        context.Merge(end);
        return (carry, ys);
    }
}
