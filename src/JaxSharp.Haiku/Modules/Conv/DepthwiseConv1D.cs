namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>A convolution of each channel by itself over one spatial axis: series. See <see cref="DepthwiseConvND"/> for parameters.</summary>
    /// <param name="channelMultiplier">The number of output channels for each input channel.</param>
    /// <param name="kernelShape">The extents of the kernel: one for all spatial axes, or one for each.</param>
    /// <param name="stride">The steps of the kernel; 1 by default.</param>
    /// <param name="rate">The distances of neighbours in the kernel; 1 by default.</param>
    /// <param name="padding">SAME (the default), VALID, pairs, or functions such as <see cref="Pad.Causal"/>.</param>
    /// <param name="withBias">Whether there is a bias.</param>
    /// <param name="wInit">Makes <c>w</c>; by default a normal distribution, cut at two deviations, with deviation 1/√(elements of the kernel).</param>
    /// <param name="bInit">Makes <c>b</c>; zeros by default.</param>
    /// <param name="dataFormat">Where the channels are; see <see cref="GetChannelIndex"/>.</param>
    /// <param name="name">The name of the module.</param>
    public class DepthwiseConv1D(
        int channelMultiplier,
        Dims kernelShape,
        Dims? stride = null,
        Dims? rate = null,
        ConvPadding? padding = null,
        bool withBias = true,
        Initializer? wInit = null,
        Initializer? bInit = null,
        string dataFormat = "NWC",
        ScopeName? name = null
    )
        : DepthwiseConvND(
            1,
            channelMultiplier,
            kernelShape,
            stride,
            rate,
            padding,
            withBias,
            wInit,
            bInit,
            dataFormat,
            name
        );
}
