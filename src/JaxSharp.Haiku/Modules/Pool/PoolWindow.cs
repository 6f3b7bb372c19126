using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

/// <summary>A moving window of a pooling layer, with an entry for each axis of the input.</summary>
internal sealed record PoolWindow(Dims Extents, Dims Strides, Padding Padding)
{
    public static PoolWindow Of(
        string caller,
        NDArray value,
        Dims windowShape,
        Dims strides,
        string padding,
        int? channelAxis
    )
    {
        if (padding is not ("SAME" or "VALID"))
        {
            throw new JaxArgumentException($"{caller}: padding must be \"SAME\" or \"VALID\"; got \"{padding}\".");
        }

        return new(
            PerAxis(caller, value, windowShape, nameof(windowShape), channelAxis),
            PerAxis(caller, value, strides, nameof(strides), channelAxis),
            padding
        );
    }

    /// <summary>How many elements of an input of a shape the window covers at each place; it broadcasts to the outputs.</summary>
    public NDArray Counts(Shape shape, DType dtype)
    {
        // Axes along which the window has one element have one element of it everywhere.
        var ones = Jnp.Ones(new Shape([.. shape.Select((n, i) => Extents[i] == 1 ? 1 : n)]), dtype);
        var steps = new Dims([.. Strides.Select((s, i) => Extents[i] == 1 ? 1 : s)]);
        return Lax.ReduceWindow(ones, 0, Lax.Add, Extents, steps, Padding);
    }

    // One number stands for the spatial axes; a list for the last axes.
    private static Dims PerAxis(string caller, NDArray value, Dims size, string name, int? channelAxis)
    {
        int rank = value.Ndim;
        if (size.Count == 1)
        {
            if (channelAxis is { } axis && axis != 0 && int.Abs(axis) >= rank)
            {
                throw new AxisException($"{caller}: channelAxis={axis} is no axis of {value.Type}.");
            }

            int? channels = channelAxis < 0 ? channelAxis + rank : channelAxis;
            return new([.. Enumerable.Range(0, rank).Select(d => d == 0 || d == channels ? 1 : size[0])]);
        }

        return size.Count <= rank
            ? new([.. Enumerable.Repeat(1, rank - size.Count), .. size])
            : throw new ShapeException(
                $"{caller} of {value.Type}: {name}={size} has more entries than the input has axes."
            );
    }
}
