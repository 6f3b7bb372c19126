using System;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The convolution that undoes the shape of a <see cref="ConvND"/> with the same stride and padding: with a stride above 1 the outputs
    /// are larger than the inputs. Parameters: <c>w</c> of shape kernel + (outputs, inputs), <c>b</c> like that of <see cref="ConvND"/>.
    /// </summary>
    /// <param name="numSpatialDims">The number of spatial axes.</param>
    /// <param name="outputChannels">The number of output channels.</param>
    /// <param name="kernelShape">The extents of the kernel: one for all spatial axes, or one for each.</param>
    /// <param name="stride">The factors that the spatial axes grow by; 1 by default.</param>
    /// <param name="outputShape">
    /// The spatial extents of the outputs, one or one for each axis, where stride and padding allow several. By default the stride times the
    /// inputs' for SAME.
    /// </param>
    /// <param name="padding">SAME (the default), VALID, pairs, or functions such as <see cref="Pad.Causal"/>.</param>
    /// <param name="withBias">Whether there is a bias.</param>
    /// <param name="wInit">Makes <c>w</c>; by default a normal distribution, cut at two deviations, with deviation 1/√(kernel · inputs).</param>
    /// <param name="bInit">Makes <c>b</c>; zeros by default.</param>
    /// <param name="dataFormat">Where the channels are; see <see cref="GetChannelIndex"/>.</param>
    /// <param name="mask">Multiplies <c>w</c>.</param>
    /// <param name="name">The name of the module.</param>
    public class ConvNDTranspose(
        int numSpatialDims,
        int outputChannels,
        Dims kernelShape,
        Dims? stride = null,
        Shape? outputShape = null,
        ConvPadding? padding = null,
        bool withBias = true,
        Initializer? wInit = null,
        Initializer? bInit = null,
        string dataFormat = "channels_last",
        NDArray? mask = null,
        ScopeName? name = null
    ) : Module<NDArray, NDArray>(name)
    {
        private const string Caller = nameof(ConvNDTranspose);

        private readonly SpatialLayout layout = SpatialLayout.Of(Caller, numSpatialDims, dataFormat);
        private readonly Dims kernel = Replication.Of(kernelShape, numSpatialDims, Caller, nameof(kernelShape));
        private readonly Dims strides = Replication.Of(stride ?? 1, numSpatialDims, Caller, nameof(stride));
        private readonly Dims? outputs = outputShape is { } given
            ? Replication.Of((Dims)given, numSpatialDims, Caller, nameof(outputShape))
            : default(Dims?);

        /// <summary>The number of spatial axes.</summary>
        public int NumSpatialDims { get; } = numSpatialDims;

        /// <summary>The number of output channels.</summary>
        public int OutputChannels { get; } = outputChannels;

        /// <summary>The extents of the kernel, as given.</summary>
        public Dims KernelShape { get; } = kernelShape;

        /// <summary>The factors that the spatial axes grow by, as given.</summary>
        public Dims? Stride { get; } = stride;

        /// <summary>The spatial extents of the outputs, as given.</summary>
        public Shape? OutputShape { get; } = outputShape;

        /// <summary>The padding, as given.</summary>
        public ConvPadding? Padding { get; } =
            outputShape is null || padding?.Text is not null || padding is null
                ? padding
                : throw new JaxArgumentException(
                    $"{Caller}: with outputShape={outputShape}, padding must be \"SAME\" or \"VALID\"; got {padding}."
                );

        /// <summary>Whether there is a bias.</summary>
        public bool WithBias { get; } = withBias;

        /// <summary>Makes <c>w</c>, as given.</summary>
        public Initializer? WInit { get; } = wInit;

        /// <summary>Makes <c>b</c>, as given.</summary>
        public Initializer? BInit { get; } = bInit;

        /// <summary>Where the channels are.</summary>
        public string DataFormat { get; } = dataFormat;

        /// <summary>Multiplies <c>w</c>.</summary>
        public NDArray? Mask { get; } = mask;

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) => layout.OverBatch(inputs, Convolve);

        private NDArray Convolve(NDArray inputs)
        {
            int channels = layout.Channels(inputs);
            var shape = new Shape([.. kernel, OutputChannels, channels]);
            var init = WInit ?? SpatialLayout.ScaledBy(kernel.Aggregate((long)channels, (n, extent) => n * extent));
            var w = layout.Masked(GetParameter("w", shape, inputs.DType, init), Mask);
            var padding = Padding ?? "SAME";
            var result = Lax.ConvTranspose(
                inputs,
                w,
                strides,
                outputs is { } extents
                    ? PaddingFor(extents, layout.SpatialExtents(inputs), padding.Text!)
                    : padding.Resolve(kernel, 1),
                dimensionNumbers: layout.Numbers(transposed: true)
            );
            return WithBias ? layout.AddBias(result, OutputChannels, BInit) : result;
        }

        // The padding of the strided input with which the output has the extents that were asked for.
        private (int Low, int High)[] PaddingFor(Dims extents, int[] inputs, string padding)
        {
            var pairs = new (int, int)[inputs.Length];
            for (int i = 0; i < pairs.Length; i++)
            {
                var (window, step, output) = (kernel[i], strides[i], extents[i]);
                var (expected, before) = padding.ToUpperInvariant() switch
                {
                    "SAME" => ((output + step - 1) / step, Math.Max(0, ((inputs[i] - 1) * step) + window - output) / 2),
                    "VALID" => ((output - window + step) / step, 0),
                    _ => throw new JaxArgumentException(
                        $"ConvNDTranspose {ModuleName}: with outputShape={extents}, padding must be \"SAME\" or \"VALID\"; got \"{padding}\"."
                    ),
                };
                if (inputs[i] != expected)
                {
                    throw new ShapeException(
                        $"ConvNDTranspose {ModuleName}: an output of extent {output} with stride {step} and kernel {window} comes of an "
                            + $"input of extent {expected}; got {inputs[i]} on spatial axis {i} of {inputs.Length}."
                    );
                }

                int low = window - 1 - before;
                pairs[i] = (low, output + window - 1 - (((inputs[i] - 1) * step) + 1) - low);
            }

            return pairs;
        }
    }
}
