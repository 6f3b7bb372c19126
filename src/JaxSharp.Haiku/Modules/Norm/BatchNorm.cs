using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Normalises each channel to mean 0 and variance 1 over the batch, or in evaluation by moving averages of mean and variance;
    /// then scales and shifts it. Parameters: <c>scale</c> and <c>offset</c>, with 1 as extent of the axes that are reduced. The averages are
    /// states below <c>~/mean_ema</c> and <c>~/var_ema</c>; they get their first value by a call with <c>isTraining</c>, so initialise with it.
    /// </summary>
    /// <example><code>
    /// var net = hk.TransformWithState((NDArray x, bool isTraining) => new hk.BatchNorm(true, true, 0.99).Call(x, isTraining));
    /// </code></example>
    public class BatchNorm : Module
    {
        private readonly int channelIndex;

        /// <summary>Makes a batch normalisation.</summary>
        /// <param name="createScale">Whether there is a parameter <c>scale</c>.</param>
        /// <param name="createOffset">Whether there is a parameter <c>offset</c>.</param>
        /// <param name="decayRate">How much of the moving averages stays at each call.</param>
        /// <param name="eps">Added to the variance.</param>
        /// <param name="scaleInit">Makes <c>scale</c>; ones by default.</param>
        /// <param name="offsetInit">Makes <c>offset</c>; zeros by default.</param>
        /// <param name="axis">The axes that are reduced; by default all but that of the channels.</param>
        /// <param name="crossReplicaAxis">The name of a mapped axis over which mean and variance are shared.</param>
        /// <param name="crossReplicaAxisIndexGroups">
        /// Groups of slices of the mapped axis, which then share them within each group only: every number of a slice once, in groups of
        /// one size.
        /// </param>
        /// <param name="dataFormat">Where the channels are; see <see cref="GetChannelIndex"/>.</param>
        /// <param name="name">The name of the module.</param>
        /// <exception cref="JaxArgumentException">
        /// There is an initialiser without its parameter, or there are groups without an axis.
        /// </exception>
        public BatchNorm(
            bool createScale,
            bool createOffset,
            double decayRate,
            double eps = 1e-5,
            Initializer? scaleInit = null,
            Initializer? offsetInit = null,
            Dims? axis = null,
            string? crossReplicaAxis = null,
            IReadOnlyList<IReadOnlyList<int>>? crossReplicaAxisIndexGroups = null,
            string dataFormat = "channels_last",
            ScopeName? name = null
        )
            : base(name)
        {
            Affine.CheckInit(nameof(BatchNorm), createScale, scaleInit, createOffset, offsetInit);
            if (crossReplicaAxis is null && crossReplicaAxisIndexGroups is not null)
            {
                throw new JaxArgumentException(
                    "BatchNorm: crossReplicaAxisIndexGroups are groups of slices along a mapped axis: give its name as crossReplicaAxis."
                );
            }

            channelIndex = GetChannelIndex(dataFormat);
            CreateScale = createScale;
            CreateOffset = createOffset;
            DecayRate = decayRate;
            Eps = eps;
            ScaleInit = scaleInit;
            OffsetInit = offsetInit;
            Axis = axis?.ToArray();
            CrossReplicaAxis = crossReplicaAxis;
            CrossReplicaAxisIndexGroups = crossReplicaAxisIndexGroups;
            DataFormat = dataFormat;
            MeanEma = new ExponentialMovingAverage(decayRate, name: "mean_ema");
            VarEma = new ExponentialMovingAverage(decayRate, name: "var_ema");
        }

        /// <summary>Whether there is a parameter <c>scale</c>.</summary>
        public bool CreateScale { get; }

        /// <summary>Whether there is a parameter <c>offset</c>.</summary>
        public bool CreateOffset { get; }

        /// <summary>How much of the moving averages stays at each call.</summary>
        public double DecayRate { get; }

        /// <summary>Added to the variance.</summary>
        public double Eps { get; }

        /// <summary>Makes <c>scale</c>, as given.</summary>
        public Initializer? ScaleInit { get; }

        /// <summary>Makes <c>offset</c>, as given.</summary>
        public Initializer? OffsetInit { get; }

        /// <summary>The axes that are reduced, as given.</summary>
        public IReadOnlyList<int>? Axis { get; }

        /// <summary>The name of a mapped axis over which mean and variance are shared.</summary>
        public string? CrossReplicaAxis { get; }

        /// <summary>Groups of slices of the mapped axis that share them.</summary>
        public IReadOnlyList<IReadOnlyList<int>>? CrossReplicaAxisIndexGroups { get; }

        /// <summary>Where the channels are.</summary>
        public string DataFormat { get; }

        /// <summary>The moving average of the mean.</summary>
        public ExponentialMovingAverage MeanEma { get; }

        /// <summary>The moving average of the variance.</summary>
        public ExponentialMovingAverage VarEma { get; }

        /// <summary>The normalised inputs.</summary>
        /// <param name="inputs">The inputs.</param>
        /// <param name="isTraining">Whether mean and variance are those of the inputs, and go into the moving averages.</param>
        /// <param name="testLocalStats">Whether mean and variance are those of the inputs in evaluation, too.</param>
        /// <param name="scale">The scale, if there is no parameter for it.</param>
        /// <param name="offset">The offset, if there is no parameter for it.</param>
        /// <exception cref="JaxArgumentException">A scale or offset is given although there is a parameter for it.</exception>
        /// <exception cref="ParameterException">The moving averages have no value: initialise with <paramref name="isTraining"/>.</exception>
        public NDArray Call(
            NDArray inputs,
            bool isTraining,
            bool testLocalStats = false,
            NDArray? scale = null,
            NDArray? offset = null
        ) =>
            Method(
                (inputs, isTraining, testLocalStats, scale, offset),
                a => Normalize(a.inputs, a.isTraining, a.testLocalStats, a.scale, a.offset)
            );

        private NDArray Normalize(NDArray inputs, bool isTraining, bool testLocalStats, NDArray? scale, NDArray? offset)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            Affine.CheckGiven(ModuleName, CreateScale, scale, CreateOffset, offset);
            int channels = channelIndex < 0 ? channelIndex + inputs.Ndim : channelIndex;
            int[] axes = Axis is { } given
                ? [.. given]
                : [.. Enumerable.Range(0, inputs.Ndim).Where(i => i != channels)];
            NDArray mean;
            NDArray variance;
            if (isTraining || testLocalStats)
            {
                mean = Jnp.Mean(inputs, axes, keepDims: true);
                var meanOfSquares = Jnp.Mean(Jnp.Square(inputs), axes, keepDims: true);
                if (CrossReplicaAxis is { } replicas)
                {
                    mean = ReplicaGroups.Mean(mean, replicas, CrossReplicaAxisIndexGroups);
                    meanOfSquares = ReplicaGroups.Mean(meanOfSquares, replicas, CrossReplicaAxisIndexGroups);
                }

                variance = meanOfSquares - Jnp.Square(mean);
            }
            else
            {
                mean = MeanEma.Average.AsType(inputs.DType);
                variance = VarEma.Average.AsType(inputs.DType);
            }

            if (isTraining)
            {
                MeanEma.Call(mean);
                VarEma.Call(variance);
            }

            // As in Haiku, only axes counted from the front are taken out of the shape of the parameters.
            var shape = new Shape([.. inputs.Shape.Select((extent, i) => axes.Contains(i) ? 1 : extent)]);
            return Affine.Apply(
                inputs - mean,
                Lax.Rsqrt(variance + Jnp.AsArray(Eps, variance.DType)),
                CreateScale ? GetParameter("scale", shape, inputs.DType, ScaleInit ?? Jnp.Ones) : scale,
                CreateOffset ? GetParameter("offset", shape, inputs.DType, OffsetInit ?? Jnp.Zeros) : offset
            );
        }
    }
}
