using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// A convolution of each channel by itself. Parameters: <c>w</c> of shape kernel + (1, multiplier · inputs), <c>b</c> of shape
    /// (multiplier · inputs,), with a 1 for each spatial axis if channels are first.
    /// </summary>
    public abstract class DepthwiseConvND : Module<NDArray, NDArray>
    {
        private readonly SpatialLayout layout;
        private readonly Dims kernel;
        private readonly Dims strides;
        private readonly Dims rates;

        private protected DepthwiseConvND(
            int numSpatialDims,
            int channelMultiplier,
            Dims kernelShape,
            Dims? stride,
            Dims? rate,
            ConvPadding? padding,
            bool withBias,
            Initializer? wInit,
            Initializer? bInit,
            string dataFormat,
            ScopeName? name
        )
            : base(name)
        {
            string caller = Names.OfType(GetType());
            layout = SpatialLayout.Of(caller, numSpatialDims, dataFormat);
            kernel = Replication.Of(kernelShape, numSpatialDims, caller, nameof(kernelShape));
            strides = Replication.Of(stride ?? 1, numSpatialDims, caller, nameof(stride));
            rates = Replication.Of(rate ?? 1, numSpatialDims, caller, nameof(rate));
            ChannelMultiplier = channelMultiplier;
            KernelShape = kernelShape;
            Stride = stride;
            Rate = rate;
            Padding = padding;
            WithBias = withBias;
            WInit = wInit;
            BInit = bInit;
            DataFormat = dataFormat;
        }

        /// <summary>The number of output channels for each input channel.</summary>
        public int ChannelMultiplier { get; }

        /// <summary>The extents of the kernel, as given.</summary>
        public Dims KernelShape { get; }

        /// <summary>The steps of the kernel, as given.</summary>
        public Dims? Stride { get; }

        /// <summary>The distances of neighbours in the kernel, as given.</summary>
        public Dims? Rate { get; }

        /// <summary>The padding, as given.</summary>
        public ConvPadding? Padding { get; }

        /// <summary>Whether there is a bias.</summary>
        public bool WithBias { get; }

        /// <summary>Makes <c>w</c>, as given.</summary>
        public Initializer? WInit { get; }

        /// <summary>Makes <c>b</c>, as given.</summary>
        public Initializer? BInit { get; }

        /// <summary>Where the channels are.</summary>
        public string DataFormat { get; }

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) => layout.OverBatch(inputs, Convolve);

        private NDArray Convolve(NDArray inputs)
        {
            int channels = layout.Channels(inputs);
            int outputs = ChannelMultiplier * channels;
            var shape = new Shape([.. kernel, 1, outputs]);
            var init = WInit ?? SpatialLayout.ScaledBy(shape.Size / Math.Max(outputs, 1));
            var result = Lax.ConvGeneralDilated(
                inputs,
                GetParameter("w", shape, inputs.DType, init),
                strides,
                (Padding ?? "SAME").Resolve(kernel, rates),
                rhsDilation: rates,
                dimensionNumbers: layout.Numbers(),
                featureGroupCount: channels
            );
            return WithBias ? layout.AddBias(result, outputs, BInit) : result;
        }
    }
}
