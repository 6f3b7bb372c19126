using System;

namespace JaxSharp.Optax;

public static partial class Optax
{
    private static int AxisOf(string caller, int axis, int rank) =>
        axis >= -rank && axis < rank
            ? (axis + rank) % rank
            : throw new AxisException($"{caller} got axis {axis} for an array of {rank} axes.");

    private static void RequireFloating(string caller, string name, NDArray x)
    {
        ArgumentNullException.ThrowIfNull(x, name);
        if (!x.DType.IsFloating)
        {
            throw new DTypeException(
                $"{caller} needs {name} of a floating-point type; got {x.DType}{x.Shape}. Use AsType(jnp.Float32)."
            );
        }
    }

    private static void RequireSameShapes(string caller, NDArray x, NDArray y)
    {
        if (x.Shape != y.Shape)
        {
            throw new ShapeException(
                $"{caller} needs arrays of one shape; got {x.DType}{x.Shape} and {y.DType}{y.Shape}. "
                    + "Use jnp.BroadcastTo where one is meant for many."
            );
        }
    }
}
