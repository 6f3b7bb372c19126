using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        /// <summary>
        /// A residual network for images, in Haiku's two versions: a convolution, a maximum pool, four groups of blocks, the mean over space,
        /// and a linear layer that starts at zero. <see cref="ResNet50"/> and its siblings are ready-made.
        /// </summary>
        public partial class ResNet : Module
        {
            private const double DefaultDecayRate = 0.9;

            private readonly Conv2D initialConv;
            private readonly BatchNorm? initialBatchnorm;
            private readonly BlockGroup[] blockGroups;
            private readonly BatchNorm? finalBatchnorm;
            private readonly Linear logits;

            /// <summary>Makes a residual network.</summary>
            /// <param name="blocksPerGroup">The number of blocks in each of the four groups.</param>
            /// <param name="numClasses">The number of outputs.</param>
            /// <param name="bnConfig">Arguments for the batch normalisations; by default with a decay rate of 0.9.</param>
            /// <param name="resnetV2">Whether the blocks are of the second version, which normalise before they convolve.</param>
            /// <param name="bottleneck">Whether blocks convolve with a quarter of their channels.</param>
            /// <param name="channelsPerGroup">The number of channels of each group; by default 256, 512, 1024 and 2048.</param>
            /// <param name="useProjection">Whether the first block of each group projects its shortcut; by default all do.</param>
            /// <param name="strides">The stride of each group; by default 1, 2, 2 and 2.</param>
            /// <param name="logitsConfig">Arguments for the last layer.</param>
            /// <param name="name">The name of the module.</param>
            /// <param name="initialConvConfig">Arguments for the first convolution.</param>
            /// <exception cref="JaxArgumentException">There are not four groups.</exception>
            public ResNet(
                Dims blocksPerGroup,
                int numClasses,
                BnConfig? bnConfig = null,
                bool resnetV2 = false,
                bool bottleneck = true,
                Dims? channelsPerGroup = null,
                IReadOnlyList<bool>? useProjection = null,
                LogitsConfig? logitsConfig = null,
                ScopeName? name = null,
                InitialConvConfig? initialConvConfig = null,
                Dims? strides = null
            )
                : base(name)
            {
                var channels = channelsPerGroup ?? (256, 512, 1024, 2048);
                var steps = strides ?? (1, 2, 2, 2);
                var projections = useProjection ?? [true, true, true, true];
                CheckFour(nameof(blocksPerGroup), blocksPerGroup.Count);
                CheckFour(nameof(channelsPerGroup), channels.Count);
                CheckFour(nameof(strides), steps.Count);
                CheckFour(nameof(useProjection), projections.Count);

                BlocksPerGroup = blocksPerGroup;
                NumClasses = numClasses;
                BnConfig = bnConfig;
                ResnetV2 = resnetV2;
                Bottleneck = bottleneck;
                ChannelsPerGroup = channelsPerGroup;
                UseProjection = useProjection;
                LogitsConfig = logitsConfig;
                InitialConvConfig = initialConvConfig;
                Strides = strides;

                var norm = bnConfig ?? new();
                norm = norm with { DecayRate = norm.DecayRate ?? DefaultDecayRate };
                initialConv = (initialConvConfig ?? new()).Make();
                initialBatchnorm = resnetV2 ? null : norm.Make("initial_batchnorm", DefaultDecayRate);
                blockGroups =
                [
                    .. Enumerable
                        .Range(0, 4)
                        .Select(i => new BlockGroup(
                            channels[i],
                            blocksPerGroup[i],
                            steps[i],
                            norm,
                            resnetV2,
                            bottleneck,
                            projections[i],
                            $"block_group_{i}"
                        )),
                ];
                finalBatchnorm = resnetV2 ? norm.Make("final_batchnorm", DefaultDecayRate) : null;
                logits = (logitsConfig ?? new()).Make(numClasses);
            }

            /// <summary>The number of blocks in each group.</summary>
            public Dims BlocksPerGroup { get; }

            /// <summary>The number of outputs.</summary>
            public int NumClasses { get; }

            /// <summary>Arguments for the batch normalisations, as given.</summary>
            public BnConfig? BnConfig { get; }

            /// <summary>Whether the blocks are of the second version.</summary>
            public bool ResnetV2 { get; }

            /// <summary>Whether blocks convolve with a quarter of their channels.</summary>
            public bool Bottleneck { get; }

            /// <summary>The number of channels of each group, as given.</summary>
            public Dims? ChannelsPerGroup { get; }

            /// <summary>Whether the first block of each group projects its shortcut, as given.</summary>
            public IReadOnlyList<bool>? UseProjection { get; }

            /// <summary>Arguments for the last layer, as given.</summary>
            public LogitsConfig? LogitsConfig { get; }

            /// <summary>Arguments for the first convolution, as given.</summary>
            public InitialConvConfig? InitialConvConfig { get; }

            /// <summary>The stride of each group, as given.</summary>
            public Dims? Strides { get; }

            /// <summary>The logits of images.</summary>
            /// <param name="inputs">Images: batch, height, width, channels.</param>
            /// <param name="isTraining">Whether batches are normalised by themselves; see <see cref="BatchNorm"/>.</param>
            /// <param name="testLocalStats">Whether they are in evaluation, too.</param>
            public NDArray Call(NDArray inputs, bool isTraining, bool testLocalStats = false) =>
                Method((inputs, isTraining, testLocalStats), a => Run(a.inputs, a.isTraining, a.testLocalStats));

            private static void CheckFour(string name, int count)
            {
                if (count != 4)
                {
                    throw new JaxArgumentException(
                        $"ResNet has four groups of blocks, so {name} must have four entries; got {count}."
                    );
                }
            }

            private NDArray Run(NDArray inputs, bool isTraining, bool testLocalStats)
            {
                var x = initialConv.Call(inputs);
                if (initialBatchnorm is not null)
                {
                    x = Nn.Relu(initialBatchnorm.Call(x, isTraining, testLocalStats));
                }

                x = Max_Pool(x, (1, 3, 3, 1), (1, 2, 2, 1), "SAME");
                foreach (var group in blockGroups)
                {
                    x = group.Call(x, isTraining, testLocalStats);
                }

                if (finalBatchnorm is not null)
                {
                    x = Nn.Relu(finalBatchnorm.Call(x, isTraining, testLocalStats));
                }

                return logits.Call(Jnp.Mean(x, (1, 2)));
            }
        }
    }
}
