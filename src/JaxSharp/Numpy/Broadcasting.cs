using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

/// <summary>NumPy's broadcasting: shapes are aligned at the last axis, and axes of extent 1 stretch.</summary>
internal static class Broadcasting
{
    /// <summary>The shape that all shapes stretch to.</summary>
    /// <exception cref="ShapeException">Two extents differ and neither is 1.</exception>
    public static Shape Common(string caller, params ReadOnlySpan<Shape> shapes)
    {
        if (shapes.Length == 0)
        {
            return Shape.Scalar;
        }

        var first = shapes[0];
        bool equal = true;
        int rank = 0;
        foreach (var shape in shapes)
        {
            equal &= shape == first;
            rank = Math.Max(rank, shape.Rank);
        }

        if (equal)
        {
            return first;
        }

        int[] result = new int[rank];
        Array.Fill(result, 1);
        foreach (var shape in shapes)
        {
            for (int i = 0; i < shape.Rank; i++)
            {
                int at = rank - shape.Rank + i;
                int extent = shape[i];
                if (extent == 1)
                {
                    continue;
                }

                if (result[at] != 1 && result[at] != extent)
                {
                    throw new ShapeException(
                        $"{caller} cannot broadcast shapes {List(shapes)} together: at the axis of extents {result[at]} and {extent} "
                            + "they must be equal or 1. Reshape an operand or insert an axis with Jnp.ExpandDims."
                    );
                }

                result[at] = extent;
            }
        }

        return new Shape(result);
    }

    /// <summary>Repeats an array to a shape.</summary>
    public static NDArray To(NDArray x, Shape shape, string caller)
    {
        Argument.Given(x, nameof(x), caller);
        Argument.Given(shape, nameof(shape), caller);
        if (x.Shape == shape)
        {
            return x;
        }

        int offset = shape.Rank - x.Ndim;
        bool fits = offset >= 0;
        for (int i = 0; fits && i < x.Ndim; i++)
        {
            fits = x.Shape[i] == 1 || x.Shape[i] == shape[i + offset];
        }

        if (!fits)
        {
            throw new ShapeException(
                $"{caller} cannot broadcast {x.Type} to shape {shape}: aligned at the last axis, each extent must be equal or 1."
            );
        }

        int[] dimensions = new int[x.Ndim];
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = i + offset;
        }

        return new BroadcastInDim(shape, dimensions).Bind(x);
    }

    /// <summary>Repeats arrays to their common shape.</summary>
    public static NDArray[] All(string caller, params NDArray[] arrays)
    {
        var shape = Common(caller, [.. Argument.AllGiven(arrays, nameof(arrays), caller).Select(x => x.Shape)]);
        return Array.ConvertAll(arrays, x => To(x, shape, caller));
    }

    private static string List(ReadOnlySpan<Shape> shapes)
    {
        string[] texts = new string[shapes.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = shapes[i].ToString();
        }

        return string.Join(", ", texts);
    }
}
