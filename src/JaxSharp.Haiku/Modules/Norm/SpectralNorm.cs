using System;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Divides a matrix by an estimate of its largest singular value, which gets better at each call. States: <c>u0</c>, the right singular
    /// vector as a row, and <c>sigma</c>, the value.
    /// </summary>
    public class SpectralNorm : Module<NDArray, NDArray>
    {
        /// <summary>Makes a spectral normalisation.</summary>
        /// <param name="eps">Added to squares of lengths that are divided by.</param>
        /// <param name="nSteps">The number of power iterations at each call, at least 1.</param>
        /// <param name="name">The name of the module.</param>
        /// <exception cref="JaxArgumentException">There is no step.</exception>
        public SpectralNorm(double eps = 1e-4, int nSteps = 1, ScopeName? name = null)
            : base(name)
        {
            if (nSteps < 1)
            {
                throw new JaxArgumentException($"SpectralNorm needs nSteps of at least 1; got {nSteps}.");
            }

            Eps = eps;
            NSteps = nSteps;
        }

        /// <summary>Added to squares of lengths that are divided by.</summary>
        public double Eps { get; }

        /// <summary>The number of power iterations at each call.</summary>
        public int NSteps { get; }

        /// <summary>The right singular vector as a row.</summary>
        /// <exception cref="ParameterException">There was no call.</exception>
        public NDArray U0 => Method(ValueTuple.Create(), _ => GetState("u0"));

        /// <summary>The largest singular value at the last call; 1 before.</summary>
        public NDArray Sigma => Method(ValueTuple.Create(), _ => GetState("sigma", Shape.Scalar, init: Jnp.Ones));

        /// <summary>The normalised value.</summary>
        /// <param name="value">A matrix, or an array whose axes but the last are taken together.</param>
        /// <param name="updateStats">Whether the better estimate goes into the state.</param>
        /// <param name="errorOnNonMatrix">Whether other arrays than matrices are refused.</param>
        /// <exception cref="ShapeException">The value is a scalar or vector, or no matrix and those are refused.</exception>
        public NDArray Call(NDArray value, bool updateStats = true, bool errorOnNonMatrix = false) =>
            Method((value, updateStats, errorOnNonMatrix), a => Normalize(a.value, a.updateStats, a.errorOnNonMatrix));

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) => Normalize(inputs, true, false);

        private NDArray Normalize(NDArray value, bool updateStats, bool errorOnNonMatrix)
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Ndim < 2 || (errorOnNonMatrix && value.Ndim != 2))
            {
                throw new ShapeException(
                    $"SpectralNorm {ModuleName} needs {(errorOnNonMatrix ? "a matrix" : "an array of two axes or more")}; got {value.Type}."
                );
            }

            var matrix = Jnp.Reshape(value, (-1, value.Shape[^1]));
            var u = GetState("u0", (1, matrix.Shape[1]), matrix.DType, Initializers.RandomNormal());
            var v = u;
            for (int i = 0; i < NSteps; i++)
            {
                v = ToLengthOne(Jnp.MatMul(u, Jnp.Transpose(matrix)));
                u = ToLengthOne(Jnp.MatMul(v, matrix));
            }

            u = Lax.StopGradient(u);
            v = Lax.StopGradient(v);
            var sigma = Jnp.MatMul(Jnp.MatMul(v, matrix), Jnp.Transpose(u))[0, 0];
            if (updateStats)
            {
                SetState("u0", u);
                SetState("sigma", sigma);
            }

            return value / sigma;
        }

        private NDArray ToLengthOne(NDArray vector) =>
            vector * Lax.Rsqrt(Jnp.Sum(vector * vector, keepDims: true) + Eps);
    }
}
