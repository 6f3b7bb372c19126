using System;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>A linear map of the last axis: <c>x @ w + b</c>.</summary>
    /// <param name="outputSize">The number of outputs.</param>
    /// <param name="withBias">Whether there is a bias.</param>
    /// <param name="wInit">Makes <c>w[inputs, outputs]</c>; by default a normal distribution, cut at two deviations, with deviation 1/√inputs.</param>
    /// <param name="bInit">Makes <c>b[outputs]</c>; zeros by default.</param>
    /// <param name="name">The name of the module.</param>
    /// <example><code>NDArray logits = new hk.Linear(10).Call(x);</code></example>
    public sealed class Linear(
        int outputSize,
        bool withBias = true,
        Initializer? wInit = null,
        Initializer? bInit = null,
        ScopeName? name = null
    ) : Module<NDArray, NDArray>(name)
    {
        /// <summary>The number of outputs.</summary>
        public int OutputSize { get; } = outputSize;

        /// <summary>Whether there is a bias.</summary>
        public bool WithBias { get; } = withBias;

        /// <summary>The number of inputs, known after the first call.</summary>
        public int? InputSize { get; private set; }

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            if (inputs.Ndim == 0)
            {
                throw new ShapeException(
                    $"Linear {ModuleName} maps the last axis of its inputs, but got a scalar, {inputs.Type}. Reshape it to (1,)."
                );
            }

            int size = inputs.Shape[^1];
            InputSize = size;
            var w = GetParameter(
                "w",
                (size, OutputSize),
                inputs.DType,
                wInit ?? Initializers.TruncatedNormal(1 / Math.Sqrt(size))
            );
            var result = Jnp.Dot(inputs, w);
            return WithBias ? result + GetParameter("b", OutputSize, inputs.DType, bInit ?? Jnp.Zeros) : result;
        }
    }
}
