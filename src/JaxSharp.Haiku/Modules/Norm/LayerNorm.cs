using System;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Normalises the inputs to mean 0 and variance 1 over some of their axes, then scales and shifts them. Parameters: <c>scale</c> and
    /// <c>offset</c>, which vary along the last axis unless <c>paramAxis</c> says otherwise.
    /// </summary>
    /// <example><code>NDArray y = new hk.LayerNorm(axis: -1, createScale: true, createOffset: true).Call(x);</code></example>
    public class LayerNorm : Module<NDArray, NDArray>
    {
        /// <summary>Makes a layer normalisation.</summary>
        /// <param name="axis">The axes that are normalised over.</param>
        /// <param name="createScale">Whether there is a parameter <c>scale</c>.</param>
        /// <param name="createOffset">Whether there is a parameter <c>offset</c>.</param>
        /// <param name="eps">Added to the variance.</param>
        /// <param name="scaleInit">Makes <c>scale</c>; ones by default.</param>
        /// <param name="offsetInit">Makes <c>offset</c>; zeros by default.</param>
        /// <param name="useFastVariance">Whether the variance is E[x²] − E[x]², which takes one pass and is less exact.</param>
        /// <param name="name">The name of the module.</param>
        /// <param name="paramAxis">The axes along which the parameters vary; the last by default.</param>
        /// <exception cref="JaxArgumentException">There is an initialiser without its parameter.</exception>
        public LayerNorm(
            NormAxes axis,
            bool createScale,
            bool createOffset,
            double eps = 1e-5,
            Initializer? scaleInit = null,
            Initializer? offsetInit = null,
            bool useFastVariance = false,
            ScopeName? name = null,
            NormAxes? paramAxis = null
        )
            : base(name)
        {
            Affine.CheckInit(Names.OfType(GetType()), createScale, scaleInit, createOffset, offsetInit);
            Axis = axis;
            CreateScale = createScale;
            CreateOffset = createOffset;
            Eps = eps;
            ScaleInit = scaleInit;
            OffsetInit = offsetInit;
            UseFastVariance = useFastVariance;
            ParamAxis = paramAxis;
        }

        /// <summary>The axes that are normalised over.</summary>
        public NormAxes Axis { get; }

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

        /// <summary>Whether the variance takes one pass.</summary>
        public bool UseFastVariance { get; }

        /// <summary>The axes along which the parameters vary, as given.</summary>
        public NormAxes? ParamAxis { get; }

        /// <summary>The normalised inputs, with a scale or offset that is no parameter.</summary>
        /// <param name="inputs">The inputs.</param>
        /// <param name="scale">The scale, if there is no parameter for it.</param>
        /// <param name="offset">The offset, if there is no parameter for it.</param>
        /// <exception cref="JaxArgumentException">A scale or offset is given although there is a parameter for it.</exception>
        public NDArray Call(NDArray inputs, NDArray? scale, NDArray? offset = null) =>
            Method((inputs, scale, offset), a => Normalize(a.inputs, a.scale, a.offset));

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) => Normalize(inputs, null, null);

        private NDArray Normalize(NDArray inputs, NDArray? scale, NDArray? offset)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            Affine.CheckGiven(ModuleName, CreateScale, scale, CreateOffset, offset);
            int[] axes = Axis.Of(inputs, ModuleName);
            var mean = Jnp.Mean(inputs, axes, keepDims: true);
            var variance = UseFastVariance
                ? Jnp.Mean(Jnp.Square(inputs), axes, keepDims: true) - Jnp.Square(mean)
                : Jnp.Var(inputs, axes, keepDims: true);
            var shape = (ParamAxis ?? -1).ParameterShape(inputs, ModuleName);
            return Affine.Apply(
                inputs - mean,
                Lax.Rsqrt(variance + Jnp.AsArray(Eps, variance.DType)),
                CreateScale ? GetParameter("scale", shape, inputs.DType, ScaleInit ?? Jnp.Ones) : scale,
                CreateOffset ? GetParameter("offset", shape, inputs.DType, OffsetInit ?? Jnp.Zeros) : offset
            );
        }
    }
}
