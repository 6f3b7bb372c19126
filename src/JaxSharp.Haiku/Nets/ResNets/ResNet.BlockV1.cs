using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        public partial class ResNet
        {
            /// <summary>A block that normalises after each convolution and activates the sum with the shortcut.</summary>
            public class BlockV1 : Block
            {
                private readonly BatchNorm? shortcutBatchnorm;

                /// <summary>Makes a block.</summary>
                /// <param name="channels">The number of output channels.</param>
                /// <param name="stride">The steps of the convolutions together.</param>
                /// <param name="useProjection">Whether the shortcut is a convolution.</param>
                /// <param name="bnConfig">Arguments for the batch normalisations; by default with a decay rate of 0.999.</param>
                /// <param name="bottleneck">
                /// Whether the block convolves with a quarter of its channels. The scale of its last normalisation then starts at zero.
                /// </param>
                /// <param name="name">The name of the module.</param>
                public BlockV1(
                    int channels,
                    Dims stride,
                    bool useProjection,
                    BnConfig bnConfig,
                    bool bottleneck,
                    ScopeName? name = null
                )
                    : base(
                        channels,
                        stride,
                        useProjection,
                        Argument.Given(bnConfig, caller: nameof(BlockV1)),
                        bottleneck,
                        bnConfig with
                        {
                            ScaleInit = Jnp.Zeros,
                        },
                        name
                    )
                {
                    shortcutBatchnorm = useProjection ? bnConfig.Make("shortcut_batchnorm", BlockDecayRate) : null;
                }

                private protected override NDArray Run(NDArray inputs, bool isTraining, bool testLocalStats)
                {
                    var shortcut = inputs;
                    if (ShortcutConv is not null)
                    {
                        shortcut = shortcutBatchnorm!.Call(ShortcutConv.Call(inputs), isTraining, testLocalStats);
                    }

                    var x = inputs;
                    for (int i = 0; i < Layers.Count; i++)
                    {
                        x = Layers[i].Norm.Call(Layers[i].Conv.Call(x), isTraining, testLocalStats);
                        x = i < Layers.Count - 1 ? Nn.Relu(x) : x;
                    }

                    return Nn.Relu(x + shortcut);
                }
            }
        }
    }
}
