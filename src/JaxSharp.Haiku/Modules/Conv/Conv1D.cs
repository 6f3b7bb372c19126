namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>A convolution over one spatial axis: series. See <see cref="ConvND"/> for parameters.</summary>
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
    /// <example><code>NDArray features = new hk.Conv1D(32, kernelShape: 3, padding: hk.Pad.Causal).Call(jnp.Ones((2, 10, 4)));</code></example>
    public class Conv1D(
        int outputChannels,
        Dims kernelShape,
        Dims? stride = null,
        Dims? rate = null,
        ConvPadding? padding = null,
        bool withBias = true,
        Initializer? wInit = null,
        Initializer? bInit = null,
        string dataFormat = "NWC",
        NDArray? mask = null,
        int featureGroupCount = 1,
        ScopeName? name = null
    )
        : ConvND(
            1,
            outputChannels,
            kernelShape,
            stride,
            rate,
            padding,
            withBias,
            wInit,
            bInit,
            dataFormat,
            mask,
            featureGroupCount,
            name
        );
}
