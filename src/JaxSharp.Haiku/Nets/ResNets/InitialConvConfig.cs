namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        /// <summary>Arguments for the first convolution of a <see cref="ResNet"/>; see <see cref="Conv2D"/>.</summary>
        /// <param name="OutputChannels">The number of output channels.</param>
        /// <param name="KernelShape">The extents of the kernel; 7 by default.</param>
        /// <param name="Stride">The steps of the kernel; 2 by default.</param>
        /// <param name="Rate">The distances of neighbours in the kernel; 1 by default.</param>
        /// <param name="Padding">The padding; SAME by default.</param>
        /// <param name="WithBias">Whether there is a bias.</param>
        /// <param name="WInit">Makes the kernel.</param>
        /// <param name="BInit">Makes the bias.</param>
        /// <param name="DataFormat">Where the channels are.</param>
        /// <param name="Mask">Multiplies the kernel.</param>
        /// <param name="FeatureGroupCount">The number of groups of channels.</param>
        /// <param name="Name">The name of the convolution.</param>
        public sealed record InitialConvConfig(
            int OutputChannels = 64,
            Dims? KernelShape = null,
            Dims? Stride = null,
            Dims? Rate = null,
            ConvPadding? Padding = null,
            bool WithBias = false,
            Initializer? WInit = null,
            Initializer? BInit = null,
            string DataFormat = "NHWC",
            NDArray? Mask = null,
            int FeatureGroupCount = 1,
            string Name = "initial_conv"
        )
        {
            internal Conv2D Make() =>
                new(
                    OutputChannels,
                    KernelShape ?? 7,
                    Stride ?? 2,
                    Rate,
                    Padding,
                    WithBias,
                    WInit,
                    BInit,
                    DataFormat,
                    Mask,
                    FeatureGroupCount,
                    Name
                );
        }
    }
}
