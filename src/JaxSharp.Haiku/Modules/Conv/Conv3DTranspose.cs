namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The convolution over three spatial axes that undoes the shape of a <see cref="Conv3D"/>. See <see cref="ConvNDTranspose"/> for parameters.
    /// </summary>
    /// <param name="outputChannels">The number of output channels.</param>
    /// <param name="kernelShape">The extents of the kernel: one for all spatial axes, or one for each.</param>
    /// <param name="stride">The factors that the spatial axes grow by; 1 by default.</param>
    /// <param name="outputShape">The spatial extents of the outputs, where stride and padding allow several.</param>
    /// <param name="padding">SAME (the default), VALID, pairs, or functions such as <see cref="Pad.Causal"/>.</param>
    /// <param name="withBias">Whether there is a bias.</param>
    /// <param name="wInit">Makes <c>w</c>; by default a normal distribution, cut at two deviations, with deviation 1/√(kernel · inputs).</param>
    /// <param name="bInit">Makes <c>b</c>; zeros by default.</param>
    /// <param name="dataFormat">Where the channels are; see <see cref="GetChannelIndex"/>.</param>
    /// <param name="mask">Multiplies <c>w</c>.</param>
    /// <param name="name">The name of the module.</param>
    /// <example><code>NDArray larger = new hk.Conv3DTranspose(3, kernelShape: 4, stride: 2).Call(jnp.Ones((1, 2, 4, 4, 3)));</code></example>
    public class Conv3DTranspose(
        int outputChannels,
        Dims kernelShape,
        Dims? stride = null,
        Shape? outputShape = null,
        ConvPadding? padding = null,
        bool withBias = true,
        Initializer? wInit = null,
        Initializer? bInit = null,
        string dataFormat = "NDHWC",
        NDArray? mask = null,
        ScopeName? name = null
    )
        : ConvNDTranspose(
            3,
            outputChannels,
            kernelShape,
            stride,
            outputShape,
            padding,
            withBias,
            wInit,
            bInit,
            dataFormat,
            mask,
            name
        );
}
