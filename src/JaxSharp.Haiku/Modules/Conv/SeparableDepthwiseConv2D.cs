namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// A convolution of each channel by itself over two spatial axes, by a column and then a row: <c>~/depthwise_conv2_d</c> and
    /// <c>~/depthwise_conv2_d_1</c>, which has the bias. The stride is that of the column's convolution.
    /// </summary>
    public class SeparableDepthwiseConv2D : Module<NDArray, NDArray>
    {
        private readonly DepthwiseConv2D column;
        private readonly DepthwiseConv2D row;

        /// <summary>Makes the two convolutions.</summary>
        /// <param name="channelMultiplier">The number of output channels for each input channel.</param>
        /// <param name="kernelShape">The extents of the kernel: one for both spatial axes, or one for each.</param>
        /// <param name="stride">The steps of the kernel; 1 by default.</param>
        /// <param name="padding">SAME (the default), VALID, pairs, or functions such as <see cref="Pad.Causal"/>.</param>
        /// <param name="withBias">Whether there is a bias.</param>
        /// <param name="wInit">Makes both kernels; see <see cref="DepthwiseConv2D"/>.</param>
        /// <param name="bInit">Makes the bias; zeros by default.</param>
        /// <param name="dataFormat">Where the channels are; see <see cref="GetChannelIndex"/>.</param>
        /// <param name="name">The name of the module.</param>
        public SeparableDepthwiseConv2D(
            int channelMultiplier,
            Dims kernelShape,
            Dims? stride = null,
            ConvPadding? padding = null,
            bool withBias = true,
            Initializer? wInit = null,
            Initializer? bInit = null,
            string dataFormat = "NHWC",
            ScopeName? name = null
        )
            : base(name)
        {
            var kernel = Replication.Of(kernelShape, 2, nameof(SeparableDepthwiseConv2D), nameof(kernelShape));
            ChannelMultiplier = channelMultiplier;
            KernelShape = kernelShape;
            Stride = stride;
            Padding = padding;
            WithBias = withBias;
            WInit = wInit;
            BInit = bInit;
            DataFormat = dataFormat;
            column = new DepthwiseConv2D(
                channelMultiplier,
                (kernel[0], 1),
                stride,
                padding: padding,
                withBias: false,
                wInit: wInit,
                dataFormat: dataFormat
            );
            row = new DepthwiseConv2D(
                1,
                (1, kernel[1]),
                padding: padding,
                withBias: withBias,
                wInit: wInit,
                bInit: bInit,
                dataFormat: dataFormat
            );
        }

        /// <summary>The number of output channels for each input channel.</summary>
        public int ChannelMultiplier { get; }

        /// <summary>The extents of the kernel, as given.</summary>
        public Dims KernelShape { get; }

        /// <summary>The steps of the kernel, as given.</summary>
        public Dims? Stride { get; }

        /// <summary>The padding, as given.</summary>
        public ConvPadding? Padding { get; }

        /// <summary>Whether there is a bias.</summary>
        public bool WithBias { get; }

        /// <summary>Makes both kernels, as given.</summary>
        public Initializer? WInit { get; }

        /// <summary>Makes the bias, as given.</summary>
        public Initializer? BInit { get; }

        /// <summary>Where the channels are.</summary>
        public string DataFormat { get; }

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) => row.Call(column.Call(inputs));
    }
}
