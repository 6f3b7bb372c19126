using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// A convolution over any number of spatial axes. Parameters: <c>w</c> of shape kernel + (inputs / groups, outputs), <c>b</c> of shape
    /// (outputs,), with a 1 for each spatial axis if channels are first.
    /// </summary>
    /// <param name="numSpatialDims">The number of spatial axes.</param>
    /// <param name="outputChannels">The number of output channels.</param>
    /// <param name="kernelShape">The extents of the kernel: one for all spatial axes, or one for each.</param>
    /// <param name="stride">The steps of the kernel; 1 by default.</param>
    /// <param name="rate">The distances of neighbours in the kernel; 1 by default.</param>
    /// <param name="padding">SAME (the default), VALID, pairs, or functions such as <see cref="Pad.Causal"/>.</param>
    /// <param name="withBias">Whether there is a bias.</param>
    /// <param name="wInit">Makes <c>w</c>; by default a normal distribution, cut at two deviations, with deviation 1/√(inputs of an output).</param>
    /// <param name="bInit">Makes <c>b</c>; zeros by default.</param>
    /// <param name="dataFormat">Where the channels are; see <see cref="GetChannelIndex"/>.</param>
    /// <param name="mask">Multiplies <c>w</c>.</param>
    /// <param name="featureGroupCount">Channels are split into so many groups, convolved by themselves.</param>
    /// <param name="name">The name of the module.</param>
    public class ConvND(
        int numSpatialDims,
        int outputChannels,
        Dims kernelShape,
        Dims? stride = null,
        Dims? rate = null,
        ConvPadding? padding = null,
        bool withBias = true,
        Initializer? wInit = null,
        Initializer? bInit = null,
        string dataFormat = "channels_last",
        NDArray? mask = null,
        int featureGroupCount = 1,
        ScopeName? name = null
    ) : Module<NDArray, NDArray>(name)
    {
        private readonly SpatialLayout layout = SpatialLayout.Of(nameof(ConvND), numSpatialDims, dataFormat);
        private readonly Dims kernel = Replication.Of(kernelShape, numSpatialDims, nameof(ConvND), nameof(kernelShape));
        private readonly Dims strides = Replication.Of(stride ?? 1, numSpatialDims, nameof(ConvND), nameof(stride));
        private readonly Dims rates = Replication.Of(rate ?? 1, numSpatialDims, nameof(ConvND), nameof(rate));

        /// <summary>The number of spatial axes.</summary>
        public int NumSpatialDims { get; } = numSpatialDims;

        /// <summary>The number of output channels.</summary>
        public int OutputChannels { get; } = outputChannels;

        /// <summary>The extents of the kernel, as given.</summary>
        public Dims KernelShape { get; } = kernelShape;

        /// <summary>The steps of the kernel, as given.</summary>
        public Dims? Stride { get; } = stride;

        /// <summary>The distances of neighbours in the kernel, as given.</summary>
        public Dims? Rate { get; } = rate;

        /// <summary>The padding, as given.</summary>
        public ConvPadding? Padding { get; } = padding;

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

        /// <summary>The number of groups of channels.</summary>
        public int FeatureGroupCount { get; } = featureGroupCount;

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) => layout.OverBatch(inputs, Convolve);

        private NDArray Convolve(NDArray inputs)
        {
            int channels = layout.Channels(inputs);
            if (FeatureGroupCount < 1 || channels % FeatureGroupCount != 0)
            {
                throw new ShapeException(
                    $"ConvND {ModuleName} splits channels into featureGroupCount={FeatureGroupCount} groups, but {inputs.Type} has "
                        + $"{channels} channels (dataFormat={DataFormat})."
                );
            }

            var shape = new Shape([.. kernel, channels / FeatureGroupCount, OutputChannels]);
            var init = WInit ?? SpatialLayout.ScaledBy(shape.Size / Math.Max(OutputChannels, 1));
            var w = layout.Masked(GetParameter("w", shape, inputs.DType, init), Mask);
            var outputs = Lax.ConvGeneralDilated(
                inputs,
                w,
                strides,
                (Padding ?? "SAME").Resolve(kernel, rates),
                rhsDilation: rates,
                dimensionNumbers: layout.Numbers(),
                featureGroupCount: FeatureGroupCount
            );
            return WithBias ? layout.AddBias(outputs, OutputChannels, BInit) : outputs;
        }
    }
}
