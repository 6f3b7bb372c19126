using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp;

/// <summary>Windows combined by any function: one step over all windows for each place in the window.</summary>
internal static class WindowFolding
{
    public static NDArray Fold(
        NDArray x,
        NDArray init,
        Func<NDArray, NDArray, NDArray> computation,
        Dims sizes,
        WindowDimension[] window
    )
    {
        var scalar = new ArrayType(x.DType, Shape.Scalar);
        var (body, constants) = Staging.Stage(
            xs => [computation(xs[0], xs[1])],
            [scalar, scalar],
            "the computation of Lax.ReduceWindow"
        );
        Reducer.CheckResults("Lax.ReduceWindow", body, [scalar]);
        var shape = WindowPlaces.ResultShape("reduce_window", x.Type, sizes, window);
        var config = window.Select(w => new PadDimension(w.Low, w.High, w.BaseDilation - 1)).ToArray();
        var padded = new Pad(config).Bind(x, init);
        bool isPadded = config.Any(c => c != default);
        var element = isPadded
            ? new Pad(config).Bind(
                Operators.Full(new ArrayType(DType.Bool, x.Shape), 1),
                DeviceArray.Scalar(false, DType.Bool, weak: false)
            )
            : null;
        var result = new BroadcastInDim(shape, []).Bind(init);
        if (shape.Size == 0)
        {
            return result;
        }

        int[] place = new int[sizes.Count];
        do
        {
            var here = Under(padded, place, shape, window);
            var flat = Reducer.Combine(body, constants, [result], [here], checked((int)shape.Size))[0];
            var next = new Reshape(shape).Bind(flat);
            result = element is null ? next : SelectN.Where(Under(element, place, shape, window), next, result);
        } while (Next(place, sizes));

        return result;
    }

    // The elements that lie under one place of the window, for all places of the window on the operand.
    private static NDArray Under(NDArray padded, int[] place, Shape shape, WindowDimension[] window)
    {
        int[] starts = [.. place.Select((p, i) => p * window[i].WindowDilation)];
        int[] strides = [.. window.Select(w => w.Stride)];
        int[] limits = [.. starts.Select((s, i) => s + ((shape[i] - 1) * strides[i]) + 1)];
        return new Slice(starts, limits, strides).Bind(padded);
    }

    private static bool Next(int[] place, Dims sizes)
    {
        for (int i = place.Length - 1; i >= 0; i--)
        {
            if (++place[i] < sizes[i])
            {
                return true;
            }

            place[i] = 0;
        }

        return false;
    }
}
