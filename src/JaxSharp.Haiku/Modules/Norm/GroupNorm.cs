using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Splits the channels into groups and normalises each group of each example to mean 0 and variance 1, by default over all of its axes;
    /// then scales and shifts each channel. Parameters: <c>scale</c> and <c>offset</c>.
    /// </summary>
    public class GroupNorm : Module<NDArray, NDArray>
    {
        private readonly int channelIndex;
        private int? rank;

        /// <summary>Makes a group normalisation.</summary>
        /// <param name="groups">The number of groups; it must divide the number of channels.</param>
        /// <param name="axis">The axes that are normalised over, by default all but the first. The axis of the groups never is.</param>
        /// <param name="createScale">Whether there is a parameter <c>scale</c>.</param>
        /// <param name="createOffset">Whether there is a parameter <c>offset</c>.</param>
        /// <param name="eps">Added to the variance.</param>
        /// <param name="scaleInit">Makes <c>scale</c>; ones by default.</param>
        /// <param name="offsetInit">Makes <c>offset</c>; zeros by default.</param>
        /// <param name="dataFormat">Where the channels are; see <see cref="GetChannelIndex"/>.</param>
        /// <param name="name">The name of the module.</param>
        /// <exception cref="JaxArgumentException">There is an initialiser without its parameter, or no group.</exception>
        public GroupNorm(
            int groups,
            NormAxes? axis = null,
            bool createScale = true,
            bool createOffset = true,
            double eps = 1e-5,
            Initializer? scaleInit = null,
            Initializer? offsetInit = null,
            string dataFormat = "channels_last",
            ScopeName? name = null
        )
            : base(name)
        {
            Affine.CheckInit(nameof(GroupNorm), createScale, scaleInit, createOffset, offsetInit);
            if (groups < 1)
            {
                throw new JaxArgumentException($"GroupNorm needs at least one group; got groups={groups}.");
            }

            channelIndex = GetChannelIndex(dataFormat);
            Groups = groups;
            Axis = axis;
            CreateScale = createScale;
            CreateOffset = createOffset;
            Eps = eps;
            ScaleInit = scaleInit;
            OffsetInit = offsetInit;
            DataFormat = dataFormat;
        }

        /// <summary>The number of groups.</summary>
        public int Groups { get; }

        /// <summary>The axes that are normalised over, as given.</summary>
        public NormAxes? Axis { get; }

        /// <summary>Whether there is a parameter <c>scale</c>.</summary>
        public bool CreateScale { get; }

        /// <summary>Whether there is a parameter <c>offset</c>.</summary>
        public bool CreateOffset { get; }

        /// <summary>Added to the variance.</summary>
        public double Eps { get; }

        /// <summary>Makes <c>scale</c>, as given.</summary>
        public Initializer? ScaleInit { get; }

        /// <summary>Makes <c>offset</c>, as given.</summary>
        public Initializer? OffsetInit { get; }

        /// <summary>Where the channels are.</summary>
        public string DataFormat { get; }

        /// <summary>The normalised inputs, with a scale or offset that is no parameter.</summary>
        /// <param name="x">The inputs.</param>
        /// <param name="scale">The scale, if there is no parameter for it.</param>
        /// <param name="offset">The offset, if there is no parameter for it.</param>
        /// <exception cref="JaxArgumentException">A scale or offset is given although there is a parameter for it.</exception>
        public NDArray Call(NDArray x, NDArray? scale, NDArray? offset = null) =>
            Method((x, scale, offset), a => Normalize(a.x, a.scale, a.offset));

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) => Normalize(inputs, null, null);

        private NDArray Normalize(NDArray x, NDArray? scale, NDArray? offset)
        {
            ArgumentNullException.ThrowIfNull(x);
            Affine.CheckGiven(ModuleName, CreateScale, scale, CreateOffset, offset);
            int channelAxis = channelIndex < 0 ? x.Ndim - 1 : channelIndex;
            CheckInputs(x, channelAxis);
            int channels = x.Shape[channelAxis];

            // The axis of the groups is put before that of the channels.
            var grouped = Jnp.Reshape(
                x,
                new Shape([.. x.Shape[..channelAxis], Groups, channels / Groups, .. x.Shape[(channelAxis + 1)..]])
            );
            int[] axes = [.. (Axis ?? 1..).Of(x, ModuleName).Select(axis => axis < channelAxis ? axis : axis + 1)];
            var mean = Jnp.Mean(grouped, axes, keepDims: true);
            var variance = Jnp.Var(grouped, axes, keepDims: true);
            var normalised = (grouped - mean) * Lax.Rsqrt(variance + Jnp.AsArray(Eps, variance.DType));
            var result = Jnp.Reshape(normalised, x.Shape);

            var shape = new Shape([channels, .. Enumerable.Repeat(1, x.Ndim - 1 - channelAxis)]);
            scale = CreateScale ? GetParameter("scale", shape, x.DType, ScaleInit ?? Jnp.Ones) : scale;
            offset = CreateOffset ? GetParameter("offset", shape, x.DType, OffsetInit ?? Jnp.Zeros) : offset;
            result = scale is null ? result : result * scale;
            return offset is null ? result : result + offset;
        }

        private void CheckInputs(NDArray x, int channelAxis)
        {
            if (x.Ndim <= Math.Max(channelAxis, 0) || x.Shape[channelAxis] % Groups != 0)
            {
                throw new ShapeException(
                    $"GroupNorm {ModuleName} splits the channels of its inputs (dataFormat={DataFormat}) into {Groups} groups; "
                        + $"got {x.Type}."
                );
            }

            if (rank is { } before && before != x.Ndim)
            {
                throw new ShapeException(
                    $"GroupNorm {ModuleName} was called with {before} axes before; the number must stay, but got {x.Type}."
                );
            }

            rank = x.Ndim;
        }
    }
}
