using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        public partial class ResNet
        {
            /// <summary>Blocks one after the other, <c>~/block_0</c>, <c>~/block_1</c>, …, of which the first has the stride and the projection.</summary>
            public class BlockGroup : Module
            {
                private readonly Block[] blocks;

                /// <summary>Makes the blocks.</summary>
                /// <param name="channels">The number of output channels.</param>
                /// <param name="numBlocks">The number of blocks.</param>
                /// <param name="stride">The steps of the first block.</param>
                /// <param name="bnConfig">Arguments for the batch normalisations.</param>
                /// <param name="resnetV2">Whether the blocks are of the second version.</param>
                /// <param name="bottleneck">Whether the blocks convolve with a quarter of their channels.</param>
                /// <param name="useProjection">Whether the shortcut of the first block is a convolution.</param>
                /// <param name="name">The name of the module.</param>
                public BlockGroup(
                    int channels,
                    int numBlocks,
                    Dims stride,
                    BnConfig bnConfig,
                    bool resnetV2,
                    bool bottleneck,
                    bool useProjection,
                    ScopeName? name = null
                )
                    : base(name)
                {
                    Channels = channels;
                    NumBlocks = numBlocks;
                    Stride = stride;
                    BnConfig = bnConfig;
                    ResnetV2 = resnetV2;
                    Bottleneck = bottleneck;
                    UseProjection = useProjection;
                    blocks = [.. Enumerable.Range(0, numBlocks).Select(MakeBlock)];
                }

                /// <summary>The number of output channels.</summary>
                public int Channels { get; }

                /// <summary>The number of blocks.</summary>
                public int NumBlocks { get; }

                /// <summary>The steps of the first block.</summary>
                public Dims Stride { get; }

                /// <summary>Arguments for the batch normalisations.</summary>
                public BnConfig BnConfig { get; }

                /// <summary>Whether the blocks are of the second version.</summary>
                public bool ResnetV2 { get; }

                /// <summary>Whether the blocks convolve with a quarter of their channels.</summary>
                public bool Bottleneck { get; }

                /// <summary>Whether the shortcut of the first block is a convolution.</summary>
                public bool UseProjection { get; }

                /// <summary>The outputs of the last block.</summary>
                /// <param name="inputs">Images: batch, height, width, channels.</param>
                /// <param name="isTraining">Whether batches are normalised by themselves.</param>
                /// <param name="testLocalStats">Whether they are in evaluation, too.</param>
                public NDArray Call(NDArray inputs, bool isTraining, bool testLocalStats) =>
                    Method(
                        (inputs, isTraining, testLocalStats),
                        a => blocks.Aggregate(a.inputs, (x, block) => block.Call(x, a.isTraining, a.testLocalStats))
                    );

                private Block MakeBlock(int index)
                {
                    var stride = index == 0 ? Stride : 1;
                    bool useProjection = index == 0 && UseProjection;
                    string name = $"block_{index}";
                    return ResnetV2
                        ? new BlockV2(Channels, stride, useProjection, BnConfig, Bottleneck, name)
                        : new BlockV1(Channels, stride, useProjection, BnConfig, Bottleneck, name);
                }
            }
        }
    }
}
