using System;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// An exponential moving average of the values that it is called with. States: <c>counter</c>, <c>hidden</c> (the average that starts
    /// at zero) and <c>average</c>.
    /// </summary>
    public class ExponentialMovingAverage : Module
    {
        /// <summary>Makes an average.</summary>
        /// <param name="decay">How much of the average stays at each call.</param>
        /// <param name="zeroDebias">Whether the average is freed from its start at zero.</param>
        /// <param name="warmupLength">So many first calls set the average to their value. Needs <paramref name="zeroDebias"/> off.</param>
        /// <param name="name">The name of the module.</param>
        /// <exception cref="JaxArgumentException">The warm-up is negative, or goes along with debiasing.</exception>
        public ExponentialMovingAverage(
            double decay,
            bool zeroDebias = true,
            int warmupLength = 0,
            ScopeName? name = null
        )
            : base(name)
        {
            if (warmupLength < 0)
            {
                throw new JaxArgumentException(
                    $"ExponentialMovingAverage: warmupLength must be 0 or more; got {warmupLength}."
                );
            }

            if (warmupLength > 0 && zeroDebias)
            {
                throw new JaxArgumentException(
                    $"ExponentialMovingAverage: warmupLength={warmupLength} starts the average at a value, so that there is no bias towards "
                        + "zero: set zeroDebias to false."
                );
            }

            Decay = decay;
            ZeroDebias = zeroDebias;
            WarmupLength = warmupLength;
        }

        /// <summary>How much of the average stays at each call.</summary>
        public double Decay { get; }

        /// <summary>Whether the average is freed from its start at zero.</summary>
        public bool ZeroDebias { get; }

        /// <summary>How many first calls set the average to their value.</summary>
        public int WarmupLength { get; }

        /// <summary>The average at the last call.</summary>
        /// <exception cref="ParameterException">There was neither a call nor <see cref="Initialize"/>.</exception>
        public NDArray Average => Method(ValueTuple.Create(), _ => GetState("average"));

        /// <summary>Sets the average to zeros, if it has no value.</summary>
        /// <param name="shape">The shape.</param>
        /// <param name="dtype">The element type, f32 by default.</param>
        public void Initialize(Shape shape, DType? dtype = null) =>
            Method(
                (shape, dtype),
                a =>
                {
                    GetState("hidden", a.shape, a.dtype, Jnp.Zeros);
                    return GetState("average", a.shape, a.dtype, Jnp.Zeros);
                }
            );

        /// <summary>The average with another value.</summary>
        /// <param name="value">The value.</param>
        /// <param name="updateStats">Whether the value goes into the state.</param>
        public NDArray Call(NDArray value, bool updateStats = true) =>
            Method((value, updateStats), a => Update(a.value, a.updateStats));

        private NDArray Update(NDArray value, bool updateStats)
        {
            var counter = GetState("counter", Shape.Scalar, DType.I32, Initializers.Constant(-WarmupLength)) + 1;
            var one = Jnp.Ones(Shape.Scalar, value.DType);
            var decay = Jnp.AsArray(Decay, value.DType);
            if (WarmupLength > 0)
            {
                decay = Jnp.Where(counter <= 0, Jnp.Zeros(Shape.Scalar, value.DType), decay);
            }

            var hidden = GetState("hidden", value.Shape, value.DType, Jnp.Zeros);
            hidden = (hidden * decay) + (value * (one - decay));
            var average = ZeroDebias ? hidden / (one - Jnp.Power(decay, counter)) : hidden;
            if (updateStats)
            {
                SetState("counter", counter);
                SetState("hidden", hidden);
                SetState("average", average);
            }

            return average;
        }
    }
}
