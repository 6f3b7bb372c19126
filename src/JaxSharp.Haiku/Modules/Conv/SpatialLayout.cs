using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

/// <summary>Where batch, channels and spatial axes stand in the inputs of a convolution.</summary>
/// <param name="Module">The class of the module, for messages.</param>
/// <param name="SpatialAxes">The number of spatial axes.</param>
/// <param name="ChannelIndex">1 or −1.</param>
internal sealed record SpatialLayout(string Module, int SpatialAxes, int ChannelIndex)
{
    public static SpatialLayout Of(string module, int spatialAxes, string dataFormat) =>
        spatialAxes > 0
            ? new(module, spatialAxes, Hk.GetChannelIndex(dataFormat))
            : throw new JaxArgumentException($"{module} needs at least one spatial axis; got {spatialAxes}.");

    /// <summary>The axes for a kernel of spatial axes, inputs, outputs, or if transposed, spatial axes, outputs, inputs.</summary>
    public ConvDimensionNumbers Numbers(bool transposed = false)
    {
        int n = SpatialAxes;
        var range = Enumerable.Range(0, n);
        int[] operand = ChannelIndex == 1 ? [.. Enumerable.Range(0, n + 2)] : [0, n + 1, .. range.Select(i => i + 1)];
        int[] kernel = transposed ? [n, n + 1, .. range] : [n + 1, n, .. range];
        return new(operand, kernel, operand);
    }

    public int Channels(NDArray inputs) => inputs.Shape[ChannelIndex == 1 ? 1 : inputs.Ndim - 1];

    public int[] SpatialExtents(NDArray inputs) => [.. inputs.Shape.Skip(ChannelIndex == 1 ? 2 : 1).Take(SpatialAxes)];

    /// <summary>Runs a function of a batch on inputs that may lack the batch axis.</summary>
    public NDArray OverBatch(NDArray inputs, Func<NDArray, NDArray> function)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return (inputs.Ndim - SpatialAxes) switch
        {
            2 => function(inputs),
            1 => Jnp.Squeeze(function(Jnp.ExpandDims(inputs, 0)), 0),
            _ => throw new ShapeException(
                $"{Module} takes inputs of {SpatialAxes + 1} or {SpatialAxes + 2} axes (without or with a batch); got {inputs.Type}."
            ),
        };
    }

    public NDArray Masked(NDArray w, NDArray? mask) =>
        mask is null ? w
        : mask.Shape == w.Shape ? w * mask
        : throw new ShapeException($"{Module}: mask must have the shape of the kernel, {w.Shape}; got {mask.Type}.");

    public NDArray AddBias(NDArray outputs, int channels, Hk.Initializer? init)
    {
        var shape = ChannelIndex == 1 ? new Shape([channels, .. Enumerable.Repeat(1, SpatialAxes)]) : channels;
        return outputs + Hk.GetParameter("b", shape, outputs.DType, init ?? Jnp.Zeros);
    }

    /// <summary>The initialiser of a kernel with a number of inputs to each output.</summary>
    public static Hk.Initializer ScaledBy(long inputs) => Hk.Initializers.TruncatedNormal(1 / Math.Sqrt(inputs));
}
