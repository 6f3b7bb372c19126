using System;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>
    /// Repeats a function on carried values while a condition holds. The function keeps structure, shapes and element types.
    /// Forward-mode derivatives always work; reverse mode needs <paramref name="maxSteps"/>, since it keeps the values of all steps.
    /// </summary>
    /// <param name="condFun">Whether to go on: a scalar of type bool.</param>
    /// <param name="bodyFun">The next carried values.</param>
    /// <param name="initVal">The first carried values: an array or a tree of arrays.</param>
    /// <param name="maxSteps">The largest number of steps, after which the loop ends even if the condition holds.</param>
    /// <exception cref="TreeException">The body returns another structure.</exception>
    /// <exception cref="ShapeException">The body returns another shape, or the condition is no scalar of type bool.</exception>
    /// <exception cref="DTypeException">The body returns another element type.</exception>
    /// <example><code>Lax.WhileLoop(c => c &lt; 100, c => c * 2, 1.0); // => 128.0</code></example>
    [OverloadResolutionPriority(3)]
    public static NDArray WhileLoop(
        Func<NDArray, NDArray> condFun,
        Func<NDArray, NDArray> bodyFun,
        NDArray initVal,
        int? maxSteps = null
    ) => LoopFunctions.WhileLoop(condFun, bodyFun, initVal, maxSteps);

    /// <inheritdoc cref="WhileLoop(Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray, int?)"/>
    [OverloadResolutionPriority(2)]
    public static (NDArray, NDArray) WhileLoop(
        Func<(NDArray, NDArray), NDArray> condFun,
        Func<(NDArray, NDArray), (NDArray, NDArray)> bodyFun,
        (NDArray, NDArray) initVal,
        int? maxSteps = null
    ) => LoopFunctions.WhileLoop(condFun, bodyFun, initVal, maxSteps);

    /// <inheritdoc cref="WhileLoop(Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray, int?)"/>
    [OverloadResolutionPriority(2)]
    public static (NDArray, NDArray, NDArray) WhileLoop(
        Func<(NDArray, NDArray, NDArray), NDArray> condFun,
        Func<(NDArray, NDArray, NDArray), (NDArray, NDArray, NDArray)> bodyFun,
        (NDArray, NDArray, NDArray) initVal,
        int? maxSteps = null
    ) => LoopFunctions.WhileLoop(condFun, bodyFun, initVal, maxSteps);

    /// <inheritdoc cref="WhileLoop(Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray, int?)"/>
    public static T WhileLoop<T>(Func<T, NDArray> condFun, Func<T, T> bodyFun, T initVal, int? maxSteps = null) =>
        LoopFunctions.WhileLoop(condFun, bodyFun, initVal, maxSteps);

    /// <summary>
    /// Repeats a function of a counter and carried values for each number from <paramref name="lower"/> up to, and not including,
    /// <paramref name="upper"/>. With bounds of type <c>int</c> it has forward- and reverse-mode derivatives, with computed bounds only
    /// forward mode.
    /// </summary>
    /// <param name="lower">The first number.</param>
    /// <param name="upper">The number after the last.</param>
    /// <param name="bodyFun">The next carried values from the counter and the carried values.</param>
    /// <param name="initVal">The first carried values: an array or a tree of arrays.</param>
    /// <param name="unroll">How many steps JAX would write out in one round of the loop; no effect on results.</param>
    /// <exception cref="TreeException">The body returns another structure.</exception>
    /// <exception cref="ShapeException">The body returns another shape.</exception>
    /// <exception cref="DTypeException">The body returns another element type, or a bound is no integer scalar.</exception>
    /// <example><code>Lax.ForiLoop(0, 10, (i, x) => x + i, 0); // => 45</code></example>
    [OverloadResolutionPriority(3)]
    public static NDArray ForiLoop(
        NDArray lower,
        NDArray upper,
        Func<NDArray, NDArray, NDArray> bodyFun,
        NDArray initVal,
        int? unroll = null
    ) => LoopFunctions.ForiLoop(lower, upper, bodyFun, initVal);

    /// <inheritdoc cref="ForiLoop(NDArray, NDArray, Func{NDArray, NDArray, NDArray}, NDArray, int?)"/>
    [OverloadResolutionPriority(2)]
    public static (NDArray, NDArray) ForiLoop(
        NDArray lower,
        NDArray upper,
        Func<NDArray, (NDArray, NDArray), (NDArray, NDArray)> bodyFun,
        (NDArray, NDArray) initVal,
        int? unroll = null
    ) => LoopFunctions.ForiLoop(lower, upper, bodyFun, initVal);

    /// <inheritdoc cref="ForiLoop(NDArray, NDArray, Func{NDArray, NDArray, NDArray}, NDArray, int?)"/>
    [OverloadResolutionPriority(2)]
    public static (NDArray, NDArray, NDArray) ForiLoop(
        NDArray lower,
        NDArray upper,
        Func<NDArray, (NDArray, NDArray, NDArray), (NDArray, NDArray, NDArray)> bodyFun,
        (NDArray, NDArray, NDArray) initVal,
        int? unroll = null
    ) => LoopFunctions.ForiLoop(lower, upper, bodyFun, initVal);

    /// <inheritdoc cref="ForiLoop(NDArray, NDArray, Func{NDArray, NDArray, NDArray}, NDArray, int?)"/>
    public static T ForiLoop<T>(
        NDArray lower,
        NDArray upper,
        Func<NDArray, T, T> bodyFun,
        T initVal,
        int? unroll = null
    ) => LoopFunctions.ForiLoop(lower, upper, bodyFun, initVal);

    /// <summary>
    /// Goes along axis 0 of arrays, passing carried values from step to step: <paramref name="f"/> takes the carried values and a slice,
    /// and returns the next carried values and a result; the results are stacked along axis 0.
    /// </summary>
    /// <param name="f">The function of one step; it keeps structure, shapes and element types of the carried values.</param>
    /// <param name="init">The first carried values: an array or a tree of arrays.</param>
    /// <param name="xs">An array or a tree of arrays to slice; null if there is none.</param>
    /// <param name="length">The number of steps; needed only without <paramref name="xs"/>.</param>
    /// <param name="reverse">Whether to go from the last slice to the first; results stay in the places of their slices.</param>
    /// <param name="unroll">How many steps JAX would write out in one round of the loop; no effect on results.</param>
    /// <returns>The last carried values and the stacked results.</returns>
    /// <exception cref="TreeException">The function returns another structure.</exception>
    /// <exception cref="ShapeException">The sizes of axis 0 differ, or the function returns another shape.</exception>
    /// <exception cref="DTypeException">The function returns another element type.</exception>
    /// <example><code>
    /// var (sum, running) = Lax.Scan((c, x) => (c + x, c + x), 0.0, jnp.Array([1f, 2f, 3f])); // => (6.0, [1. 3. 6.])
    /// </code></example>
    [OverloadResolutionPriority(4)]
    public static (NDArray Carry, NDArray Ys) Scan(
        Func<NDArray, NDArray, (NDArray Carry, NDArray? Y)> f,
        NDArray init,
        NDArray? xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => LoopFunctions.Scan<NDArray, NDArray, NDArray>(f!, init, xs!, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    [OverloadResolutionPriority(3)]
    public static ((NDArray, NDArray) Carry, NDArray Ys) Scan(
        Func<(NDArray, NDArray), NDArray, ((NDArray, NDArray) Carry, NDArray? Y)> f,
        (NDArray, NDArray) init,
        NDArray? xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => LoopFunctions.Scan<(NDArray, NDArray), NDArray, NDArray>(f!, init, xs!, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    [OverloadResolutionPriority(3)]
    public static ((NDArray, NDArray, NDArray) Carry, NDArray Ys) Scan(
        Func<(NDArray, NDArray, NDArray), NDArray, ((NDArray, NDArray, NDArray) Carry, NDArray? Y)> f,
        (NDArray, NDArray, NDArray) init,
        NDArray? xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => LoopFunctions.Scan<(NDArray, NDArray, NDArray), NDArray, NDArray>(f!, init, xs!, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    [OverloadResolutionPriority(2)]
    public static (NDArray Carry, TY Ys) Scan<TY>(
        Func<NDArray, NDArray, (NDArray Carry, TY Y)> f,
        NDArray init,
        NDArray? xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => LoopFunctions.Scan<NDArray, NDArray, TY>(f, init, xs!, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    [OverloadResolutionPriority(2)]
    public static ((NDArray, NDArray) Carry, TY Ys) Scan<TY>(
        Func<(NDArray, NDArray), NDArray, ((NDArray, NDArray) Carry, TY Y)> f,
        (NDArray, NDArray) init,
        NDArray? xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => LoopFunctions.Scan<(NDArray, NDArray), NDArray, TY>(f, init, xs!, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TCarry Carry, NDArray Ys) Scan<TCarry, TX>(
        Func<TCarry, TX, (TCarry Carry, NDArray? Y)> f,
        TCarry init,
        TX xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => LoopFunctions.Scan<TCarry, TX, NDArray>(f!, init, xs, length, reverse, unroll);

    /// <inheritdoc cref="Scan(Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, NDArray, NDArray, int?, bool, int)"/>
    public static (TCarry Carry, TY Ys) Scan<TCarry, TX, TY>(
        Func<TCarry, TX, (TCarry Carry, TY Y)> f,
        TCarry init,
        TX xs,
        int? length = null,
        bool reverse = false,
        int unroll = 1
    ) => LoopFunctions.Scan<TCarry, TX, TY>(f, init, xs, length, reverse, unroll);

    /// <summary>
    /// Applies a function to the slices of arrays along axis 0, one after the other, and stacks the results. Like <c>Vmap</c>, but with the
    /// memory of one step.
    /// </summary>
    /// <param name="f">The function of a slice.</param>
    /// <param name="xs">An array or a tree of arrays with axes 0 of one size.</param>
    /// <param name="batchSize">How many slices JAX would compute at a time; no effect on results.</param>
    /// <example><code>Lax.Map(x => x * x, jnp.Arange(4)); // => [0 1 4 9]</code></example>
    [OverloadResolutionPriority(2)]
    public static NDArray Map(Func<NDArray, NDArray> f, NDArray xs, int? batchSize = null) => LoopFunctions.Map(f, xs);

    /// <inheritdoc cref="Map(Func{NDArray, NDArray}, NDArray, int?)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Map<TResult>(Func<NDArray, TResult> f, NDArray xs, int? batchSize = null) =>
        LoopFunctions.Map(f, xs);

    /// <inheritdoc cref="Map(Func{NDArray, NDArray}, NDArray, int?)"/>
    public static TResult Map<T, TResult>(Func<T, TResult> f, T xs, int? batchSize = null) => LoopFunctions.Map(f, xs);

    /// <summary>
    /// Running combinations of elements along an axis by an associative function, which is applied to many elements at a time: in
    /// logarithmic depth instead of one step after the other.
    /// </summary>
    /// <param name="fn">Combines two stacks of elements, element by element.</param>
    /// <param name="elems">An array or a tree of arrays of one size along the axis.</param>
    /// <param name="reverse">Whether to go from the last element to the first.</param>
    /// <param name="axis">The axis.</param>
    /// <exception cref="ShapeException">The sizes along the axis differ.</exception>
    /// <example><code>Lax.AssociativeScan((a, b) => a * b, jnp.Arange(1, 6)); // => [  1   2   6  24 120]</code></example>
    [OverloadResolutionPriority(2)]
    public static NDArray AssociativeScan(
        Func<NDArray, NDArray, NDArray> fn,
        NDArray elems,
        bool reverse = false,
        int axis = 0
    ) => TreeScan.Run(Argument.Given(fn), elems, reverse, axis);

    /// <inheritdoc cref="AssociativeScan(Func{NDArray, NDArray, NDArray}, NDArray, bool, int)"/>
    public static T AssociativeScan<T>(Func<T, T, T> fn, T elems, bool reverse = false, int axis = 0) =>
        TreeScan.Run(Argument.Given(fn), elems, reverse, axis);
}
