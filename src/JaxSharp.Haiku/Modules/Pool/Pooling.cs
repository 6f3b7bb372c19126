using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>The mean of the elements under a moving window; with SAME padding, of those that are elements of the input.</summary>
    /// <param name="value">A batch of any number of axes; the first axis is the batch.</param>
    /// <param name="windowShape">The extents of the window: one for all spatial axes, or several for the last axes, channels included.</param>
    /// <param name="strides">The steps of the window, given like the extents.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="channelAxis">The axis that one number does not stand for; null for none.</param>
    /// <exception cref="JaxArgumentException">The padding is neither.</exception>
    /// <exception cref="AxisException">There is no such channel axis.</exception>
    /// <exception cref="ShapeException">There are more extents than axes.</exception>
    /// <example><code>
    /// hk.Avg_Pool(jnp.Arange(4.0).Reshape(1, 4, 1), 2, 2, "VALID").ToString(); // => [[[0.5] [2.5]]]
    /// </code></example>
    [SuppressMessage(
        "Naming",
        "CA1707",
        Justification = "Haiku's avg_pool and AvgPool are two things; C# tells them apart by this."
    )]
    public static NDArray Avg_Pool(NDArray value, Dims windowShape, Dims strides, string padding, int? channelAxis = -1)
    {
        ArgumentNullException.ThrowIfNull(value);
        var window = PoolWindow.Of("Hk.Avg_Pool", value, windowShape, strides, padding, channelAxis);
        var sums = Lax.ReduceWindow(value, 0.0, Lax.Add, window.Extents, window.Strides, window.Padding);
        return padding == "VALID"
            ? sums / window.Extents.Aggregate(1.0, (product, extent) => product * extent)
            : sums / window.Counts(value.Shape, value.DType);
    }

    /// <summary>The largest element under a moving window.</summary>
    /// <inheritdoc cref="Avg_Pool"/>
    [SuppressMessage(
        "Naming",
        "CA1707",
        Justification = "Haiku's max_pool and MaxPool are two things; C# tells them apart by this."
    )]
    public static NDArray Max_Pool(NDArray value, Dims windowShape, Dims strides, string padding, int? channelAxis = -1)
    {
        ArgumentNullException.ThrowIfNull(value);
        var window = PoolWindow.Of("Hk.Max_Pool", value, windowShape, strides, padding, channelAxis);
        return Lax.ReduceWindow(
            value,
            double.NegativeInfinity,
            Lax.Max,
            window.Extents,
            window.Strides,
            window.Padding
        );
    }
}
