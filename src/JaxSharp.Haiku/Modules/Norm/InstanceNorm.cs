namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Normalises each channel of each example over its spatial axes: a <see cref="LayerNorm"/>.</summary>
    /// <param name="createScale">Whether there is a parameter <c>scale</c>.</param>
    /// <param name="createOffset">Whether there is a parameter <c>offset</c>.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="scaleInit">Makes <c>scale</c>; ones by default.</param>
    /// <param name="offsetInit">Makes <c>offset</c>; zeros by default.</param>
    /// <param name="dataFormat">Where the channels are; see <see cref="GetChannelIndex"/>.</param>
    /// <param name="name">The name of the module.</param>
    /// <exception cref="JaxArgumentException">There is an initialiser without its parameter.</exception>
    public class InstanceNorm(
        bool createScale,
        bool createOffset,
        double eps = 1e-5,
        Initializer? scaleInit = null,
        Initializer? offsetInit = null,
        string dataFormat = "channels_last",
        ScopeName? name = null
    )
        : LayerNorm(
            GetChannelIndex(dataFormat) == 1 ? 2.. : 1..^1,
            createScale,
            createOffset,
            eps,
            scaleInit,
            offsetInit,
            name: name,
            paramAxis: GetChannelIndex(dataFormat)
        )
    {
        /// <summary>Where the channels are.</summary>
        public string DataFormat { get; } = dataFormat;
    }
}
