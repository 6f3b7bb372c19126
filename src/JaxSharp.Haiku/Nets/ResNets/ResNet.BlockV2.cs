namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        public partial class ResNet
        {
            /// <summary>A block that normalises and activates before each convolution and adds the shortcut at the end.</summary>
            /// <param name="channels">The number of output channels.</param>
            /// <param name="stride">The steps of the convolutions together.</param>
            /// <param name="useProjection">Whether the shortcut is a convolution.</param>
            /// <param name="bnConfig">Arguments for the batch normalisations; by default with a decay rate of 0.999.</param>
            /// <param name="bottleneck">Whether the block convolves with a quarter of its channels.</param>
            /// <param name="name">The name of the module.</param>
            public class BlockV2(
                int channels,
                Dims stride,
                bool useProjection,
                BnConfig bnConfig,
                bool bottleneck,
                ScopeName? name = null
            ) : Block(channels, stride, useProjection, bnConfig, bottleneck, bnConfig, name)
            {
                private protected override NDArray Run(NDArray inputs, bool isTraining, bool testLocalStats)
                {
                    var (x, shortcut) = (inputs, inputs);
                    for (int i = 0; i < Layers.Count; i++)
                    {
                        x = Nn.Relu(Layers[i].Norm.Call(x, isTraining, testLocalStats));
                        if (i == 0 && ShortcutConv is not null)
                        {
                            shortcut = ShortcutConv.Call(x);
                        }

                        x = Layers[i].Conv.Call(x);
                    }

                    return x + shortcut;
                }
            }
        }
    }
}
