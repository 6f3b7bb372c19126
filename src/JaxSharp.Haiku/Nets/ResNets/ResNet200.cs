namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        /// <summary>A residual network of 200 layers.</summary>
        /// <param name="numClasses">The number of outputs.</param>
        /// <param name="bnConfig">Arguments for the batch normalisations; by default with a decay rate of 0.9.</param>
        /// <param name="resnetV2">Whether the blocks are of the second version, which normalise before they convolve.</param>
        /// <param name="logitsConfig">Arguments for the last layer.</param>
        /// <param name="name">The name of the module.</param>
        /// <param name="initialConvConfig">Arguments for the first convolution.</param>
        /// <param name="strides">The stride of each group of blocks; by default 1, 2, 2 and 2.</param>
        public class ResNet200(
            int numClasses,
            BnConfig? bnConfig = null,
            bool resnetV2 = false,
            LogitsConfig? logitsConfig = null,
            ScopeName? name = null,
            InitialConvConfig? initialConvConfig = null,
            Dims? strides = null
        )
            : ResNet(
                (3, 24, 36, 3),
                numClasses,
                bnConfig,
                resnetV2,
                bottleneck: true,
                channelsPerGroup: (256, 512, 1024, 2048),
                useProjection: [true, true, true, true],
                logitsConfig,
                name,
                initialConvConfig,
                strides
            );
    }
}
