using System;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Maps a function over an axis of its arguments, like <c>Jax.Vmap</c>, for functions that use parameters, state and keys of the
    /// running function. All slices share parameters and state; keys they share or have their own.
    /// </summary>
    /// <param name="fun">The function of slices.</param>
    /// <param name="splitRng">
    /// Whether each slice gets random keys of its own. At <c>Init</c> parameters are shared, so say <c>splitRng: !hk.RunningInit()</c>
    /// for functions that make parameters and use random keys.
    /// </param>
    /// <param name="inAxes">The axis of each argument to map, as in <c>Jax.Vmap</c>.</param>
    /// <param name="outAxes">The axis of each result along which slices are stacked.</param>
    /// <param name="axisName">A name by which <c>Lax.PSum</c> and the like refer to the mapped axis.</param>
    /// <param name="axisSize">The size of the mapped axis; needed only if no argument is mapped.</param>
    /// <exception cref="ModuleException">
    /// No transformed function runs, or the slices would make different parameters or states.
    /// </exception>
    /// <exception cref="MissingRNGException">Keys are to be split, but there are none.</exception>
    /// <example><code>
    /// var network = hk.Transform((NDArray x) => hk.Vmap(row => new hk.Linear(2).Call(row), splitRng: false)(x));
    /// network.Init(0, jnp.Ones((5, 3)))["linear"]["w"].Shape; // => (3,2)
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> Vmap(
        Func<NDArray, NDArray> fun,
        bool splitRng,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    ) => Vmap<NDArray, NDArray>(fun, splitRng, inAxes, outAxes, axisName, axisSize);

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, bool, AxisTree, AxisTree, string?, int?)"/>
    public static Func<T, TResult> Vmap<T, TResult>(
        Func<T, TResult> fun,
        bool splitRng,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
    {
        var axes = inAxes.Items is { Length: 1 } single ? single[0] : inAxes;
        var options = Options(fun, (axes, KeyAxis(splitRng)), outAxes, axisName, axisSize);
        return x =>
            InnerVmap<(T, PrngKey?), TResult>(splitRng, keys => (x, keys), a => fun(a.Item1), a => a.Item2, 1, options);
    }

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, bool, AxisTree, AxisTree, string?, int?)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray> Vmap(
        Func<NDArray, NDArray, NDArray> fun,
        bool splitRng,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    ) => Vmap<NDArray, NDArray, NDArray>(fun, splitRng, inAxes, outAxes, axisName, axisSize);

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, bool, AxisTree, AxisTree, string?, int?)"/>
    public static Func<T1, T2, TResult> Vmap<T1, T2, TResult>(
        Func<T1, T2, TResult> fun,
        bool splitRng,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
    {
        var axes = inAxes.Items ?? [inAxes, inAxes];
        RequireCount(axes, 2);
        var options = Options(fun, (axes[0], axes[1], KeyAxis(splitRng)), outAxes, axisName, axisSize);
        return (x1, x2) =>
            InnerVmap<(T1, T2, PrngKey?), TResult>(
                splitRng,
                keys => (x1, x2, keys),
                a => fun(a.Item1, a.Item2),
                a => a.Item3,
                2,
                options
            );
    }

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, bool, AxisTree, AxisTree, string?, int?)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray> Vmap(
        Func<NDArray, NDArray, NDArray, NDArray> fun,
        bool splitRng,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    ) => Vmap<NDArray, NDArray, NDArray, NDArray>(fun, splitRng, inAxes, outAxes, axisName, axisSize);

    /// <inheritdoc cref="Vmap(Func{NDArray, NDArray}, bool, AxisTree, AxisTree, string?, int?)"/>
    public static Func<T1, T2, T3, TResult> Vmap<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> fun,
        bool splitRng,
        AxisTree inAxes = default,
        AxisTree outAxes = default,
        string? axisName = null,
        int? axisSize = null
    )
    {
        var axes = inAxes.Items ?? [inAxes, inAxes, inAxes];
        RequireCount(axes, 3);
        var options = Options(fun, (axes[0], axes[1], axes[2], KeyAxis(splitRng)), outAxes, axisName, axisSize);
        return (x1, x2, x3) =>
            InnerVmap<(T1, T2, T3, PrngKey?), TResult>(
                splitRng,
                keys => (x1, x2, x3, keys),
                a => fun(a.Item1, a.Item2, a.Item3),
                a => a.Item4,
                3,
                options
            );
    }

    private static AxisTree KeyAxis(bool splitRng) => splitRng ? 0 : AxisTree.None;

    private static VmapOptions Options(Delegate fun, AxisTree inAxes, AxisTree outAxes, string? axisName, int? axisSize)
    {
        ArgumentNullException.ThrowIfNull(fun);
        HaikuContext.Require("Hk.Vmap");
        return new VmapOptions(FunctionName.Of(fun), inAxes, (outAxes, AxisTree.None), axisName, axisSize);
    }

    private static void RequireCount(AxisTree[] axes, int count)
    {
        if (axes.Length != count)
        {
            throw new AxisException(
                $"Hk.Vmap got {axes.Length} of inAxes for a function of {count} arguments: give one for each, null for those not mapped."
            );
        }
    }

    private static TResult InnerVmap<TArguments, TResult>(
        bool splitRng,
        Func<PrngKey?, TArguments> arguments,
        Func<TArguments, TResult> fun,
        Func<TArguments, PrngKey?> keyOf,
        int count,
        VmapOptions options
    )
    {
        var context = HaikuContext.RequireAccess("Hk.Vmap");
        PrngKey? keys = splitRng ? NextRngKeys(MappedSize(arguments(null), count, options)) : null;
        var (result, changes) = VmapCore.Run<TArguments, (TResult, RunState)>(
            a =>
            {
                var start = RunState.Of(context);
                var (result, end) = InnerRun.Run(
                    context,
                    splitRng ? start with { Rng = keyOf(a)! } : start,
                    () => fun(a)
                );
                var changes = end.ChangesSince(start);
                CheckShared(changes, options);
                return (result, splitRng ? changes with { Rng = null } : changes);
            },
            arguments(keys),
            count + 1,
            options
        );
        context.Merge(changes);
        return result;
    }

    // Runs inside of the mapped function, where what differs from slice to slice is seen to do so.
    private static void CheckShared(RunState changes, VmapOptions options)
    {
        foreach (var (name, values) in changes.Entries())
        {
            if (Tree.Leaves(values).Any(x => x is BatchTracer t && ReferenceEquals(t.Trace, TraceContext.Current)))
            {
                throw new ModuleException(
                    $"Hk.Vmap of {options.Function}: slices share parameters and state, but the {name} differs from slice to slice. "
                        + (
                            values is NDArray
                                ? "At Init pass splitRng: false, such as splitRng: !hk.RunningInit()."
                                : "Set it outside of the mapped function, or reduce it with Lax.PMean or a similar function."
                        )
                );
            }
        }
    }

    // How many slices there are, known only by mapping something.
    private static int MappedSize<TArguments>(TArguments arguments, int count, VmapOptions options)
    {
        var leaves = TreeFunction<TArguments, TArguments>.Flatten(arguments, out var structure);
        var dims = AxisPrefix.Arguments(options.InAxes, structure, leaves, count + 1, options);
        for (int i = 0; i < leaves.Length; i++)
        {
            if (dims[i] is { } dim)
            {
                return leaves[i].Shape[dim];
            }
        }

        return options.AxisSize
            ?? throw new AxisException(
                $"Hk.Vmap of {options.Function} maps no argument: every one of inAxes is null. Map an argument or give axisSize."
            );
    }
}
