using System;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Divides the inputs by their root mean square over some of their axes, then scales them. Faster than <see cref="LayerNorm"/>, as the mean
    /// stays. Parameter: <c>scale</c>.
    /// </summary>
    public class RMSNorm : Module<NDArray, NDArray>
    {
        /// <summary>Makes a normalisation by the root mean square.</summary>
        /// <param name="axis">The axes that are normalised over.</param>
        /// <param name="eps">Added to the mean square.</param>
        /// <param name="scaleInit">Makes <c>scale</c>; ones by default.</param>
        /// <param name="name">The name of the module.</param>
        /// <param name="createScale">Whether there is a parameter <c>scale</c>.</param>
        /// <param name="paramAxis">The axes along which the parameter varies; the last by default.</param>
        /// <exception cref="JaxArgumentException">There is an initialiser without its parameter.</exception>
        public RMSNorm(
            NormAxes axis,
            double eps = 1e-5,
            Initializer? scaleInit = null,
            ScopeName? name = null,
            bool createScale = true,
            NormAxes? paramAxis = null
        )
            : base(name)
        {
            Affine.CheckInit(nameof(RMSNorm), createScale, scaleInit, createOffset: true, offsetInit: null);
            Axis = axis;
            Eps = eps;
            ScaleInit = scaleInit;
            CreateScale = createScale;
            ParamAxis = paramAxis;
        }

        /// <summary>The axes that are normalised over.</summary>
        public NormAxes Axis { get; }

        /// <summary>Added to the mean square.</summary>
        public double Eps { get; }

        /// <summary>Makes <c>scale</c>, as given.</summary>
        public Initializer? ScaleInit { get; }

        /// <summary>Whether there is a parameter <c>scale</c>.</summary>
        public bool CreateScale { get; }

        /// <summary>The axes along which the parameter varies, as given.</summary>
        public NormAxes? ParamAxis { get; }

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            var meanSquare = Jnp.Mean(Jnp.Square(inputs), Axis.Of(inputs, ModuleName), keepDims: true);
            var scaled = inputs;
            if (CreateScale)
            {
                var shape = (ParamAxis ?? -1).ParameterShape(inputs, ModuleName);
                scaled *= GetParameter("scale", shape, inputs.DType, ScaleInit ?? Jnp.Ones);
            }

            return scaled * Lax.Rsqrt(meanSquare + Jnp.AsArray(Eps, meanSquare.DType));
        }
    }
}
