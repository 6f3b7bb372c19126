using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Lax
{
    /// <inheritdoc cref="PSum{T}(T, AxisNames)"/>
    [OverloadResolutionPriority(1)]
    public static NDArray PSum(NDArray x, AxisNames axisName) => PSum<NDArray>(x, axisName);

    /// <summary>The sum over the slices of the mapped axis of a name; the same for all slices.</summary>
    /// <param name="x">An array or a tree of arrays.</param>
    /// <param name="axisName">The name that an enclosing <c>Vmap</c> gives to its axis; several to sum over all of them.</param>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    /// <example><code>Vmap(x => x / Lax.PSum(x, "i"), axisName: "i")(xs); // => [0.1 0.2 0.3 0.4]</code></example>
    public static T PSum<T>(T x, AxisNames axisName) =>
        Collect(
            "Lax.PSum",
            x,
            axisName,
            (a, axis) =>
                new PSum(axis.Name!, axis.Size).Bind(
                    a.DType.IsBool ? new ConvertElementType(DType.I32, false).Bind(a) : a
                )
        );

    /// <inheritdoc cref="PMean{T}(T, AxisNames)"/>
    [OverloadResolutionPriority(1)]
    public static NDArray PMean(NDArray x, AxisNames axisName) => PMean<NDArray>(x, axisName);

    /// <summary>The mean over the slices of the mapped axis of a name.</summary>
    /// <inheritdoc cref="PSum{T}(T, AxisNames)"/>
    public static T PMean<T>(T x, AxisNames axisName) =>
        TreeFunction<T, T>.Map(
            x,
            a =>
            {
                // Integers are summed as such, exactly.
                var sum = PSum(a, axisName);
                if (!sum.DType.IsInexact)
                {
                    var type = JaxConfig.Canonical(sum.DType.Size == 8 ? DType.F64 : DType.F32);
                    sum = new ConvertElementType(type, sum.WeakType).Bind(sum);
                }

                return new Div().Bind(sum, Operators.FullLike(sum, AxisSize(axisName)));
            }
        );

    /// <inheritdoc cref="PMax{T}(T, AxisNames)"/>
    [OverloadResolutionPriority(1)]
    public static NDArray PMax(NDArray x, AxisNames axisName) => PMax<NDArray>(x, axisName);

    /// <summary>The largest value of the slices of the mapped axis of a name.</summary>
    /// <inheritdoc cref="PSum{T}(T, AxisNames)"/>
    public static T PMax<T>(T x, AxisNames axisName) =>
        Collect("Lax.PMax", x, axisName, (a, axis) => new PMax(axis.Name!, axis.Size).Bind(a));

    /// <inheritdoc cref="PMin{T}(T, AxisNames)"/>
    [OverloadResolutionPriority(1)]
    public static NDArray PMin(NDArray x, AxisNames axisName) => PMin<NDArray>(x, axisName);

    /// <summary>The smallest value of the slices of the mapped axis of a name.</summary>
    /// <inheritdoc cref="PSum{T}(T, AxisNames)"/>
    public static T PMin<T>(T x, AxisNames axisName) =>
        Collect("Lax.PMin", x, axisName, (a, axis) => new PMin(axis.Name!, axis.Size).Bind(a));

    /// <summary>The number of the slice along the mapped axis of a name: an i32 scalar.</summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    public static NDArray AxisIndex(AxisNames axisName)
    {
        NDArray? index = null;
        foreach (string name in axisName.Names)
        {
            int size = TraceContext.FindAxis(name, "Lax.AxisIndex").Size;
            var inner = new AxisIndex(name, size).Bind();
            index = index is null ? inner : index * size + inner;
        }

        return index ?? 0;
    }

    /// <summary>The number of slices of the mapped axis of a name.</summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    public static int AxisSize(AxisNames axisName) =>
        axisName.Names.Aggregate(1, (size, name) => size * TraceContext.FindAxis(name, "Lax.AxisSize").Size);

    /// <summary>The values of all slices of the mapped axis of a name, stacked along a new axis or, if tiled, joined along it.</summary>
    /// <param name="x">An array or a tree of arrays.</param>
    /// <param name="axisName">The name that an enclosing <c>Vmap</c> gives to its axis.</param>
    /// <param name="axis">The axis of the result.</param>
    /// <param name="tiled">Whether to join along an axis that exists.</param>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    public static T AllGather<T>(T x, AxisNames axisName, int axis = 0, bool tiled = false) =>
        TreeFunction<T, T>.Map(
            x,
            a =>
            {
                int at = axis < 0 ? axis + a.Ndim + (tiled ? 0 : 1) : axis;
                if (at < 0 || at >= a.Ndim + (tiled ? 0 : 1))
                {
                    throw new AxisException($"Lax.AllGather cannot stack {a.Type} along axis {axis}.");
                }

                // The innermost axis first, so that the outermost ends up in front.
                var gathered = a;
                int n = 1;
                foreach (string name in axisName.Names.Reverse())
                {
                    int size = TraceContext.FindAxis(name, "Lax.AllGather").Size;
                    gathered = new AllGather(name, size, at).Bind(gathered);
                    n *= size;
                }

                var shape = tiled ? a.Shape.With(at, n * a.Shape[at]) : a.Shape.Insert(at, n);
                return gathered.Shape == shape ? gathered : new Reshape(shape).Bind(gathered);
            }
        );

    /// <summary>
    /// Sends the value of each slice of the mapped axis of a name to another: pairs (source, target). Slices that are no target get
    /// zeros.
    /// </summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    /// <exception cref="JaxArgumentException">A number is out of range, or occurs twice as a source or as a target.</exception>
    public static T PPermute<T>(T x, string axisName, IReadOnlyList<(int Source, int Target)> perm) =>
        Collect(
            "Lax.PPermute",
            x,
            axisName,
            (a, mapped) =>
            {
                int n = mapped.Size;
                bool valid =
                    perm.All(p => p.Source >= 0 && p.Source < n && p.Target >= 0 && p.Target < n)
                    && perm.Select(p => p.Source).Distinct().Count() == perm.Count
                    && perm.Select(p => p.Target).Distinct().Count() == perm.Count;
                return valid
                    ? new PPermute(axisName, n, [.. perm]).Bind(a)
                    : throw new JaxArgumentException(
                        $"Lax.PPermute over an axis of {n} slices needs distinct sources and targets in [0, {n}); got "
                            + $"[{string.Join(", ", perm)}]."
                    );
            }
        );

    /// <summary>Gives slice i of the mapped axis of a name the value of slice <c>perm[i]</c>.</summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    /// <exception cref="JaxArgumentException">It is no permutation of all slices.</exception>
    public static T PShuffle<T>(T x, string axisName, IReadOnlyList<int> perm)
    {
        int n = TraceContext.FindAxis(axisName, "Lax.PShuffle").Size;
        return perm.Count == n
            ? PPermute(x, axisName, [.. perm.Select((source, target) => (source, target))])
            : throw new JaxArgumentException(
                $"Lax.PShuffle over an axis of {n} slices needs a permutation of all of them; got [{string.Join(", ", perm)}]."
            );
    }

    /// <summary>
    /// The sum over the slices of the mapped axis of a name, of which each slice gets its part along an axis: one place, or with
    /// <paramref name="tiled"/> an equal share.
    /// </summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    /// <exception cref="ShapeException">The axis cannot be divided among the slices.</exception>
    public static NDArray PSumScatter(NDArray x, string axisName, int scatterDimension = 0, bool tiled = false) =>
        Part("Lax.PSumScatter", PSum(x, axisName), axisName, scatterDimension, tiled);

    /// <summary>
    /// Splits the value of each slice of the mapped axis of a name along an axis, sends part i to slice i, and joins what arrives
    /// along another axis: stacked, or with <paramref name="tiled"/> concatenated.
    /// </summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    /// <exception cref="AxisException">The value has no such axis.</exception>
    /// <exception cref="ShapeException">The axis cannot be divided among the slices.</exception>
    public static NDArray AllToAll(NDArray x, string axisName, int splitAxis, int concatAxis, bool tiled = false)
    {
        int size = TraceContext.FindAxis(axisName, "Lax.AllToAll").Size;
        int split = LaxAxes.Canonical("all_to_all", splitAxis, x.Ndim);
        int concat = LaxAxes.Canonical("all_to_all", concatAxis, x.Ndim);
        var gathered = new AllGather(axisName, size, 0).Bind(x);
        var part = Part("Lax.AllToAll", gathered, axisName, split + 1, tiled);
        var moved = Batching.MoveAxis(part, 0, concat);
        return tiled
            ? new Reshape(moved.Shape.Without(concat).With(concat, size * part.Shape[concat + 1])).Bind(moved)
            : moved;
    }

    /// <summary>
    /// Exchanges the mapped axis of a name with an axis of the value, which must have as many places as there are slices: slice i gets
    /// place i of all slices.
    /// </summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    /// <exception cref="ShapeException">The axis has another extent.</exception>
    public static NDArray PSwapAxes(NDArray x, string axisName, int axis) => AllToAll(x, axisName, axis, axis);

    // The part of an axis that belongs to the slice.
    private static NDArray Part(string caller, NDArray x, string axisName, int axis, bool tiled)
    {
        int size = TraceContext.FindAxis(axisName, caller).Size;
        if (axis < 0 || axis >= x.Ndim || (tiled ? x.Shape[axis] % size != 0 : x.Shape[axis] != size))
        {
            throw new ShapeException(
                $"{caller} over {size} slices cannot divide axis {axis} of {x.Type}{(tiled ? "" : " into single places")}."
            );
        }

        int share = x.Shape[axis] / size;
        var zero = DeviceArray.Scalar(0L, DType.I32, weak: false);
        var start = new Mul().Bind(AxisIndex(axisName), DeviceArray.Scalar((long)share, DType.I32, weak: false));
        NDArray[] starts = [.. Enumerable.Range(0, x.Ndim).Select(i => i == axis ? start : zero)];
        var part = new DynamicSlice(x.Shape.With(axis, share).ToArray()).Bind([x, .. starts]);
        return tiled ? part : new Reshape(x.Shape.Without(axis)).Bind(part);
    }

    // Combines along one axis after the other.
    private static T Collect<T>(string caller, T x, AxisNames axisName, Func<NDArray, BatchAxis, NDArray> combine)
    {
        BatchAxis[] axes = [.. axisName.Names.Select(name => TraceContext.FindAxis(name, caller))];
        return TreeFunction<T, T>.Map(x, leaf => axes.Aggregate(leaf, combine));
    }
}
