using System.Collections.Generic;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        public partial class ResNet
        {
            /// <summary>A block of a residual network: two or three convolutions, each with a batch normalisation, beside a shortcut.</summary>
            public abstract class Block : Module
            {
                private protected const double BlockDecayRate = 0.999;

                private protected Block(
                    int channels,
                    Dims stride,
                    bool useProjection,
                    BnConfig bnConfig,
                    bool bottleneck,
                    BnConfig lastBnConfig,
                    ScopeName? name
                )
                    : base(name)
                {
                    Channels = channels;
                    Stride = stride;
                    UseProjection = useProjection;
                    BnConfig = bnConfig;
                    Bottleneck = bottleneck;
                    ShortcutConv = useProjection ? Convolution(channels, 1, stride, "shortcut_conv") : null;
                    int narrow = bottleneck ? channels / 4 : channels;
                    var layers = new List<(Conv2D, BatchNorm)>
                    {
                        (
                            Convolution(narrow, bottleneck ? 1 : 3, bottleneck ? 1 : stride, "conv_0"),
                            bnConfig.Make("batchnorm_0", BlockDecayRate)
                        ),
                        (
                            Convolution(narrow, 3, bottleneck ? stride : 1, "conv_1"),
                            bnConfig.Make("batchnorm_1", BlockDecayRate)
                        ),
                    };
                    if (bottleneck)
                    {
                        layers.Add(
                            (Convolution(channels, 1, 1, "conv_2"), lastBnConfig.Make("batchnorm_2", BlockDecayRate))
                        );
                    }

                    Layers = layers;
                }

                /// <summary>The number of output channels.</summary>
                public int Channels { get; }

                /// <summary>The steps of the convolutions together.</summary>
                public Dims Stride { get; }

                /// <summary>Whether the shortcut is a convolution.</summary>
                public bool UseProjection { get; }

                /// <summary>Arguments for the batch normalisations.</summary>
                public BnConfig BnConfig { get; }

                /// <summary>Whether the block convolves with a quarter of its channels.</summary>
                public bool Bottleneck { get; }

                private protected Conv2D? ShortcutConv { get; }

                private protected IReadOnlyList<(Conv2D Conv, BatchNorm Norm)> Layers { get; }

                /// <summary>The outputs of the block.</summary>
                /// <param name="inputs">Images: batch, height, width, channels.</param>
                /// <param name="isTraining">Whether batches are normalised by themselves.</param>
                /// <param name="testLocalStats">Whether they are in evaluation, too.</param>
                public NDArray Call(NDArray inputs, bool isTraining, bool testLocalStats) =>
                    Method((inputs, isTraining, testLocalStats), a => Run(a.inputs, a.isTraining, a.testLocalStats));

                private protected abstract NDArray Run(NDArray inputs, bool isTraining, bool testLocalStats);

                private static Conv2D Convolution(int channels, Dims kernel, Dims stride, string name) =>
                    new(channels, kernel, stride, padding: "SAME", withBias: false, name: name);
            }
        }
    }
}
