using System.Linq;
using JaxSharp.Benchmarks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace JaxSharp.Peers.Torch;

/// <summary>
/// Convolutions by libtorch, with channels first or last in memory, whichever is faster. A tensor's axes are batch, channels and
/// space in either case; axes that are permuted from ours have channels last in memory.
/// </summary>
internal static class TorchConvolutions
{
    public static TorchWorkload Forward(Convolution convolution, Tensor[] operands) =>
        TorchWorkload.Fastest(Layouts.Select(layout => (layout.Name, Forward(convolution, operands, layout.Last))));

    public static TorchWorkload Gradients(Convolution convolution, Tensor[] operands) =>
        TorchWorkload.Fastest(Layouts.Select(layout => (layout.Name, Gradients(convolution, operands, layout.Last))));

    private static (string Name, bool Last)[] Layouts => [("channels first", false), ("channels last", true)];

    /// <summary>Our activations for libtorch, with the channels where they are wanted.</summary>
    public static Tensor Activations(Tensor x, bool channelsLast)
    {
        var permuted = x.permute([0, x.dim() - 1, .. Axes(1, x.dim() - 2)]);
        return channelsLast ? permuted : permuted.contiguous();
    }

    /// <summary>Activations in the layout of ours.</summary>
    public static Tensor OurActivations(Tensor y) => y.permute([0, .. Axes(2, y.dim() - 2), 1]);

    /// <summary>Our kernel with its axes in libtorch's order: outputs, inputs, space.</summary>
    public static Tensor Kernel(Tensor w, bool channelsLast)
    {
        long spatial = w.dim() - 2;
        return channelsLast
            ? w.permute([spatial + 1, .. Axes(0, spatial), spatial])
                .contiguous()
                .permute([0, spatial + 1, .. Axes(1, spatial)])
            : w.permute([spatial + 1, spatial, .. Axes(0, spatial)]).contiguous();
    }

    private static Tensor OurKernel(Tensor w) => w.permute([.. Axes(2, w.dim() - 2), 1, 0]);

    private static TorchWorkload Forward(Convolution convolution, Tensor[] operands, bool channelsLast)
    {
        var x = Activations(operands[0], channelsLast);
        var w = Kernel(convolution, operands[1], channelsLast);
        return new TorchWorkload(() => [Apply(convolution, x, w)])
        {
            Arrange = results => [OurActivations(results[0])],
        };
    }

    // The forward pass is not part of it: it is remembered from here.
    private static TorchWorkload Gradients(Convolution convolution, Tensor[] operands, bool channelsLast)
    {
        var x = Activations(operands[0], channelsLast).detach().requires_grad_();
        var w = Kernel(convolution, operands[1], channelsLast).detach().requires_grad_();
        var cotangent = Activations(operands[2], channelsLast);
        var y = Apply(convolution, x, w);
        return new TorchWorkload(
            () => [.. autograd.grad([y], [x, w], [cotangent], retain_graph: true)],
            differentiates: true
        )
        {
            Arrange = results => [OurActivations(results[0]), OurKernel(convolution, results[1])],
        };
    }

    // Ours keeps the kernel of a transposed convolution as that of the convolution over spread input.
    private static Tensor Kernel(Convolution convolution, Tensor w, bool channelsLast) =>
        convolution.Transposed
            ? Kernel(w.flip(Axes(0, convolution.Spatial)).transpose(-1, -2), channelsLast)
            : Kernel(w, channelsLast);

    private static Tensor OurKernel(Convolution convolution, Tensor w) =>
        convolution.Transposed ? OurKernel(w).transpose(-1, -2).flip(Axes(0, convolution.Spatial)) : OurKernel(w);

    private static Tensor Apply(Convolution convolution, Tensor x, Tensor w)
    {
        long padding = convolution.Padding;
        long[] paddings = Repeat(convolution, padding);
        long[] strides = Repeat(convolution, convolution.Stride);
        long[] dilations = Repeat(convolution, convolution.Dilation);
        if (convolution.Transposed)
        {
            return F.conv_transpose2d(
                x,
                w,
                strides: strides,
                padding: paddings,
                output_padding: Repeat(convolution, convolution.Stride - 1)
            );
        }

        return convolution.Spatial switch
        {
            1 => F.conv1d(x, w, null, convolution.Stride, padding, convolution.Dilation, convolution.Groups),
            2 => F.conv2d(x, w, null, strides, paddings, dilations, convolution.Groups),
            _ => F.conv3d(x, w, null, strides, paddings, dilations, convolution.Groups),
        };
    }

    private static long[] Repeat(Convolution convolution, long value) =>
        [.. Enumerable.Repeat(value, convolution.Spatial)];

    private static long[] Axes(long first, long count) =>
        [.. Enumerable.Range((int)first, (int)count).Select(i => (long)i)];
}
