using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>The sum over the slices of the mapped axis of a name; the same for all slices.</summary>
    /// <param name="x">An array or a tree of arrays.</param>
    /// <param name="axisName">The name that an enclosing <c>Vmap</c> gives to its axis.</param>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    /// <example><code>Vmap(x => x / Lax.PSum(x, "i"), axisName: "i")(xs)</code></example>
    public static T PSum<T>(T x, string axisName) =>
        Collect("Lax.PSum", x, axisName, (a, n) => new PSum(axisName, n).Bind(a));

    /// <summary>The mean over the slices of the mapped axis of a name.</summary>
    /// <inheritdoc cref="PSum{T}(T, string)"/>
    public static T PMean<T>(T x, string axisName) =>
        Collect(
            "Lax.PMean",
            x,
            axisName,
            (a, n) =>
            {
                var sum = new PSum(axisName, n).Bind(
                    a.DType.IsInexact ? a : new ConvertElementType(DType.F32, false).Bind(a)
                );
                return new Div().Bind(sum, Operators.FullLike(sum, n));
            }
        );

    /// <summary>The largest value of the slices of the mapped axis of a name.</summary>
    /// <inheritdoc cref="PSum{T}(T, string)"/>
    public static T PMax<T>(T x, string axisName) =>
        Collect("Lax.PMax", x, axisName, (a, n) => new PMax(axisName, n).Bind(a));

    /// <summary>The smallest value of the slices of the mapped axis of a name.</summary>
    /// <inheritdoc cref="PSum{T}(T, string)"/>
    public static T PMin<T>(T x, string axisName) =>
        Collect("Lax.PMin", x, axisName, (a, n) => new PMin(axisName, n).Bind(a));

    /// <summary>The number of the slice along the mapped axis of a name: an i32 scalar.</summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    public static NDArray AxisIndex(string axisName) =>
        new AxisIndex(axisName, TraceContext.FindAxis(axisName, "Lax.AxisIndex").Size).Bind();

    /// <summary>The number of slices of the mapped axis of a name.</summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    public static int AxisSize(string axisName) => TraceContext.FindAxis(axisName, "Lax.AxisSize").Size;

    /// <summary>The values of all slices of the mapped axis of a name, stacked along a new axis or, if tiled, joined along it.</summary>
    /// <param name="x">An array or a tree of arrays.</param>
    /// <param name="axisName">The name that an enclosing <c>Vmap</c> gives to its axis.</param>
    /// <param name="axis">The axis of the result.</param>
    /// <param name="tiled">Whether to join along an axis that exists.</param>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    public static T AllGather<T>(T x, string axisName, int axis = 0, bool tiled = false) =>
        Collect(
            "Lax.AllGather",
            x,
            axisName,
            (a, n) =>
            {
                int at = axis < 0 ? axis + a.Ndim + (tiled ? 0 : 1) : axis;
                if (at < 0 || at >= a.Ndim + (tiled ? 0 : 1))
                {
                    throw new AxisException($"Lax.AllGather cannot stack {a.Type} along axis {axis}.");
                }

                var gathered = new AllGather(axisName, n, at).Bind(a);
                return tiled ? new Reshape(a.Shape.With(at, n * a.Shape[at])).Bind(gathered) : gathered;
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
            (a, n) =>
            {
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
    public static T PShuffle<T>(T x, string axisName, IReadOnlyList<int> perm) =>
        PPermute(x, axisName, [.. perm.Select((source, target) => (source, target))]);

    private static T Collect<T>(string caller, T x, string axisName, Func<NDArray, int, NDArray> apply)
    {
        int size = TraceContext.FindAxis(axisName, caller).Size;
        var leaves = TreeFunction<T, T>.Flatten(x, out var structure);
        return TreeFunction<T, T>.Unflatten(structure, Array.ConvertAll(leaves, leaf => apply(leaf, size)));
    }
}
