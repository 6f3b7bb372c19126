using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// Maps a function over an axis of its arguments: it is written for one slice and computes on whole stacks. Results are stacked
    /// along <paramref name="outAxes"/>.
    /// </summary>
    /// <param name="fun">The function of slices.</param>
    /// <param name="inAxes">
    /// The axis of each argument to map: one integer for all, a tuple with an integer or null (not mapped) per argument, or a tree
    /// that starts like the arguments.
    /// </param>
    /// <param name="outAxes">The axis of each result along which slices are stacked; null for results that do not differ.</param>
    /// <param name="axisName">A name by which <c>Lax.PSum</c>, <c>Lax.AxisIndex</c> and the like refer to the mapped axis.</param>
    /// <param name="axisSize">The size of the mapped axis; needed only if no argument is mapped.</param>
    /// <exception cref="ShapeException">The mapped axes differ in size.</exception>
    /// <exception cref="AxisException">An argument does not have the axis, or nothing is mapped.</exception>
    /// <example><code>
    /// NDArray matrix = jnp.Array([[1f, 2f], [3f, 4f]]);
    /// Vmap((NDArray row, NDArray v) => jnp.Dot(row, v), inAxes: (0, null))(matrix, jnp.Array([1f, 1f])); // => [3. 7.]
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> Vmap(
        Func<NDArray, NDArray> fun,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
    {
        var options = new VmapOptions(FunctionName.Of(fun), inAxes, outAxes, axisName, axisSize);
        return (x) => VmapCore.Run(a => fun(a), x, 1, options);
    }

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, AxisTree, AxisTree, string?, int?)"/>
    public static Func<NDArray, TResult> Vmap<TResult>(
        Func<NDArray, TResult> fun,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
    {
        var options = new VmapOptions(FunctionName.Of(fun), inAxes, outAxes, axisName, axisSize);
        return (x) => VmapCore.Run(a => fun(a), x, 1, options);
    }

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, AxisTree, AxisTree, string?, int?)"/>
    public static Func<T, TResult> Vmap<T, TResult>(
        Func<T, TResult> fun,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
    {
        var options = new VmapOptions(FunctionName.Of(fun), inAxes, outAxes, axisName, axisSize);
        return (x) => VmapCore.Run(a => fun(a), x, 1, options);
    }

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, AxisTree, AxisTree, string?, int?)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> Vmap(
        Func<NDArray, NDArray2, NDArray> fun,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
    {
        var options = new VmapOptions(FunctionName.Of(fun), inAxes, outAxes, axisName, axisSize);
        return (x1, x2) => VmapCore.Run(a => fun(a.Item1, a.Item2), (x1, x2), 2, options);
    }

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, AxisTree, AxisTree, string?, int?)"/>
    [RepeatForArities(3, 6)]
    public static Func<NDArray, NDArray2, TResult> Vmap<TResult>(
        Func<NDArray, NDArray2, TResult> fun,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
    {
        var options = new VmapOptions(FunctionName.Of(fun), inAxes, outAxes, axisName, axisSize);
        return (x1, x2) => VmapCore.Run(a => fun(a.Item1, a.Item2), (x1, x2), 2, options);
    }

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, AxisTree, AxisTree, string?, int?)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, TResult> Vmap<T1, T2, TResult>(
        Func<T1, T2, TResult> fun,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
    {
        var options = new VmapOptions(FunctionName.Of(fun), inAxes, outAxes, axisName, axisSize);
        return (x1, x2) => VmapCore.Run(a => fun(a.Item1, a.Item2), (x1, x2), 2, options);
    }

    /// <summary>
    /// Maps a function of any <c>Func</c> type: what a method group of a method with trees as arguments resolves to.
    /// </summary>
    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, AxisTree, AxisTree, string?, int?)"/>
    public static TDelegate Vmap<TDelegate>(
        TDelegate fun,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
        where TDelegate : Delegate => DelegateOverloads.Call(nameof(Vmap), fun, [inAxes, outAxes, axisName, axisSize]);
}
