using System.Linq;

namespace JaxSharp;

/// <summary>Checks of axes, sizes and shapes that functions of Lax are given.</summary>
internal static class LaxAxes
{
    /// <summary>An axis counted from the front.</summary>
    /// <exception cref="AxisException">The array has no such axis.</exception>
    public static int Canonical(string name, int axis, int rank) =>
        axis >= -rank && axis < rank
            ? (axis < 0 ? axis + rank : axis)
            : throw new AxisException(
                $"lax.{name} got axis {axis} for an array of {rank} axes: it must be in [{-rank}, {rank})."
            );

    /// <summary>Distinct axes counted from the front.</summary>
    /// <exception cref="AxisException">An axis does not exist or is named twice.</exception>
    public static Dims Canonical(string name, Dims axes, int rank)
    {
        Dims result = new([.. axes.Select(axis => Canonical(name, axis, rank))]);
        return result.Distinct().Count() == result.Count
            ? result
            : throw new AxisException($"lax.{name} got axes {axes}, which are not distinct.");
    }

    /// <summary>A shape of the given extents.</summary>
    /// <exception cref="ShapeException">An extent is negative.</exception>
    public static Shape ToShape(string name, Dims extents) =>
        extents.All(extent => extent >= 0)
            ? new Shape(extents.Span)
            : throw new ShapeException($"lax.{name} got the shape {extents}: extents must not be negative.");
}
