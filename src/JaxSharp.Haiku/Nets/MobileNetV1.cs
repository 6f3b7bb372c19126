using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        /// <summary>
        /// A small network for images: a convolution, then blocks of a depthwise and a pointwise convolution, the mean over space, and a linear
        /// layer. Small images need smaller strides than the default ones.
        /// </summary>
        public class MobileNetV1 : Module
        {
            private static readonly Dims DefaultStrides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1];

            private static readonly Dims DefaultChannels =
            [
                64,
                128,
                128,
                256,
                256,
                512,
                512,
                512,
                512,
                512,
                512,
                1024,
                1024,
            ];

            /// <summary>Makes a network.</summary>
            /// <param name="strides">The stride of each block; thirteen blocks by default, four of them with stride 2.</param>
            /// <param name="channels">The number of output channels of each block; by default 64 up to 1024.</param>
            /// <param name="numClasses">The number of outputs.</param>
            /// <param name="useBn">Whether there are batch normalisations; if not, the convolutions have biases.</param>
            /// <param name="name">The name of the module.</param>
            /// <exception cref="JaxArgumentException">There are not as many strides as channels.</exception>
            public MobileNetV1(
                Dims? strides = null,
                Dims? channels = null,
                int numClasses = 1000,
                bool useBn = true,
                ScopeName? name = null
            )
                : base(name)
            {
                if ((strides ?? DefaultStrides).Count != (channels ?? DefaultChannels).Count)
                {
                    throw new JaxArgumentException(
                        $"MobileNetV1 needs a stride and a number of channels for each block; got strides={strides ?? DefaultStrides}, "
                            + $"channels={channels ?? DefaultChannels}."
                    );
                }

                Strides = strides;
                Channels = channels;
                NumClasses = numClasses;
                UseBn = useBn;
            }

            /// <summary>The stride of each block, as given.</summary>
            public Dims? Strides { get; }

            /// <summary>The number of output channels of each block, as given.</summary>
            public Dims? Channels { get; }

            /// <summary>The number of outputs.</summary>
            public int NumClasses { get; }

            /// <summary>Whether there are batch normalisations.</summary>
            public bool UseBn { get; }

            /// <summary>The logits of images.</summary>
            /// <param name="inputs">Images: batch, height, width, channels.</param>
            /// <param name="isTraining">Whether batches are normalised by themselves; see <see cref="BatchNorm"/>.</param>
            public NDArray Call(NDArray inputs, bool isTraining) =>
                Method((inputs, isTraining), a => Run(a.inputs, a.isTraining));

            private static NDArray Activate(NDArray x, bool useBn, bool isTraining) =>
                Nn.Relu(useBn ? new BatchNorm(true, true, 0.999).Call(x, isTraining) : x);

            private NDArray Run(NDArray inputs, bool isTraining)
            {
                var x = new Conv2D(32, 3, stride: 2, padding: "VALID", withBias: !UseBn).Call(inputs);
                x = Activate(x, UseBn, isTraining);
                foreach (var (stride, channels) in (Strides ?? DefaultStrides).Zip(Channels ?? DefaultChannels))
                {
                    x = new MobileNetV1Block(channels, stride, UseBn).Call(x, isTraining);
                }

                return new Linear(NumClasses, name: "logits").Call(Jnp.Mean(x, (1, 2)));
            }

            private sealed class MobileNetV1Block(int channels, int stride, bool useBn) : Module<NDArray, bool, NDArray>
            {
                protected override NDArray Forward(NDArray inputs, bool isTraining)
                {
                    var x = new DepthwiseConv2D(
                        1,
                        3,
                        stride,
                        padding: (1, 1),
                        withBias: !useBn,
                        name: "depthwise_conv"
                    ).Call(inputs);
                    x = Activate(x, useBn, isTraining);
                    x = new Conv2D(channels, 1, padding: "VALID", withBias: !useBn, name: "pointwise_conv").Call(x);
                    return Activate(x, useBn, isTraining);
                }
            }
        }
    }
}
