using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Second derivatives of losses, a function of parameters, inputs and targets.</summary>
    /// <example><code>
    /// NDArray Loss(NDArray w, NDArray x, NDArray y) => jnp.Sum(jnp.Square(x * w * w - y));
    /// NDArray w = jnp.Array([1f, 2f]);
    /// NDArray x = jnp.Array([1f, 1f]);
    /// optax.SecondOrder.HessianDiag&lt;NDArray&gt;(Loss, w, x, 0.0);                // => [12. 48.]
    /// optax.SecondOrder.Hvp&lt;NDArray&gt;(Loss, jnp.Array([1f, 0f]), w, x, 0.0); // => [12.  0.]
    /// </code></example>
    public static class SecondOrder
    {
        /// <summary>The Hessian times a vector, as a tree like the parameters; the Hessian itself is never made.</summary>
        /// <param name="loss">The loss.</param>
        /// <param name="v">A vector with as many elements as the parameters have together.</param>
        /// <param name="params">The parameters.</param>
        /// <param name="inputs">Inputs of the loss.</param>
        /// <param name="targets">Targets of the loss.</param>
        /// <exception cref="ShapeException">The vector has another shape.</exception>
        public static T Hvp<T>(
            Func<T, NDArray, NDArray, NDArray> loss,
            NDArray v,
            T @params,
            NDArray inputs,
            NDArray targets
        )
        {
            ArgumentNullException.ThrowIfNull(v);
            var (_, unravel) = Jax.RavelPytree(@params);
            return Jax.Jvp<T, T>(p => Jax.Grad((T q) => loss(q, inputs, targets))(p), @params, unravel(v)).Tangents;
        }

        /// <summary>The diagonal of the Hessian: a vector with an element for each of the parameters.</summary>
        /// <param name="loss">The loss.</param>
        /// <param name="params">The parameters.</param>
        /// <param name="inputs">Inputs of the loss.</param>
        /// <param name="targets">Targets of the loss.</param>
        public static NDArray HessianDiag<T>(
            Func<T, NDArray, NDArray, NDArray> loss,
            T @params,
            NDArray inputs,
            NDArray targets
        )
        {
            ArgumentNullException.ThrowIfNull(loss);
            int size = (int)Flat(@params).Size;
            return Jax.Vmap((NDArray v) => Jnp.VDot(v, Flat(Hvp(loss, v, @params, inputs, targets))))(Jnp.Eye(size));
        }

        /// <summary>
        /// The diagonal of the observed Fisher information matrix, the squares of the gradient: a vector with an element for each of the
        /// parameters.
        /// </summary>
        /// <param name="negativeLogLikelihood">The loss.</param>
        /// <param name="params">The parameters.</param>
        /// <param name="inputs">Inputs of the loss.</param>
        /// <param name="targets">Targets of the loss.</param>
        public static NDArray FisherDiag<T>(
            Func<T, NDArray, NDArray, NDArray> negativeLogLikelihood,
            T @params,
            NDArray inputs,
            NDArray targets
        )
        {
            ArgumentNullException.ThrowIfNull(negativeLogLikelihood);
            return Jnp.Square(Flat(Jax.Grad((T p) => negativeLogLikelihood(p, inputs, targets))(@params)));
        }

        private static NDArray Flat<T>(T tree) => Jax.RavelPytree(tree).Flat;
    }
}
