using System;
using System.Collections.Generic;
using System.Linq;
using static JaxSharp.Jax;

namespace JaxSharp.Benchmarks;

/// <summary>A convolution with channels last, and its rows.</summary>
/// <param name="Name">The name of the forward row.</param>
/// <param name="Input">Batch, spatial extents, channels.</param>
/// <param name="Kernel">Spatial extents, channels of a group, output channels.</param>
internal sealed record Convolution(string Name, int[] Input, int[] Kernel)
{
    public const string ForwardKind = "convolution";
    public const string GradientsKind = "convolution gradients";

    public int Stride { get; init; } = 1;

    public int Dilation { get; init; } = 1;

    public int Groups { get; init; } = 1;

    /// <summary>Whether it is the transpose of a convolution with <see cref="Stride"/>: the extents grow by it.</summary>
    public bool Transposed { get; init; }

    /// <summary>The padding on both sides, which leaves the extents to the stride; the kernel has odd extents.</summary>
    public int Padding => Dilation * (Kernel[0] - 1) / 2;

    public int Spatial => Input.Length - 2;

    /// <summary>The convolution, and its gradients by both operands.</summary>
    public IEnumerable<Benchmark> Rows(double floor = 0) =>
        [
            new(Name, floor, Forward)
            {
                Kind = ForwardKind,
                Parameters = this,
                Flops = Flops,
            },
            new($"{Name} gradients", 0, Gradients)
            {
                Kind = GradientsKind,
                Parameters = this,
                Flops = 2 * Flops,
            },
        ];

    // A transposed one adds the whole kernel for each element of the input, others for each element of the output.
    private double Flops
    {
        get
        {
            double places = Input[..^1].Aggregate(1.0, (product, extent) => product * extent);
            double reduced = Transposed ? 1 : Math.Pow(Stride, Spatial);
            return 2 * places / reduced * Kernel.Aggregate(1.0, (product, extent) => product * extent);
        }
    }

    private NDArray Apply(NDArray x, NDArray w)
    {
        string axes = "DHW"[^Spatial..];
        var layout = (Lhs: $"N{axes}C", Rhs: $"{axes}IO", Output: $"N{axes}C");
        int[] strides = Repeat(Stride);

        // The padding of the transposed one is that of its input with Stride - 1 zeros between elements.
        return Transposed
            ? Lax.ConvTranspose(x, w, strides, Repeat((Padding, Padding + Stride - 1)), dimensionNumbers: layout)
            : Lax.ConvGeneralDilated(
                x,
                w,
                strides,
                Repeat((Padding, Padding)),
                rhsDilation: Repeat(Dilation),
                dimensionNumbers: layout,
                featureGroupCount: Groups
            );
    }

    private Workload Forward()
    {
        var (x, w) = (Sample.Normal(Input), Sample.Second(Kernel));
        var f = Jit((NDArray x, NDArray w) => Apply(x, w));
        return Workload.Of([x, w], () => f(x, w));
    }

    private Workload Gradients()
    {
        var (x, w) = (Sample.Normal(Input), Sample.Second(Kernel));
        var cotangent = Sample.Second([.. Apply(x, w).Shape]);
        var f = Jit((NDArray x, NDArray w, NDArray dy) => Vjp(Apply, x, w).Vjp(dy));
        return Workload.Of([x, w, cotangent], () => f(x, w, cotangent));
    }

    private T[] Repeat<T>(T value) => [.. Enumerable.Repeat(value, Spatial)];
}
