using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>First values of parameters. Each function gives an <see cref="Initializer"/>; random ones draw one key each.</summary>
    public static partial class Initializers
    {
        /// <summary>
        /// Normal numbers, cut at bounds given in deviations from the mean. The deviation is that before the cut: at the default bounds
        /// that of the numbers is 0.88 times as large.
        /// </summary>
        /// <param name="stddev">The deviation.</param>
        /// <param name="mean">The mean.</param>
        /// <param name="lower">The lower bound in deviations.</param>
        /// <param name="upper">The upper bound in deviations.</param>
        public static Initializer TruncatedNormal(
            double stddev = 1,
            double mean = 0,
            double lower = -2,
            double upper = 2
        ) =>
            (shape, dtype) =>
                Scalar(stddev, dtype) * JaxRandom.TruncatedNormal(NextRngKey(), lower, upper, shape, dtype)
                + Scalar(mean, dtype);

        /// <summary>One value everywhere, or values that broadcast to the shape.</summary>
        /// <param name="constant">The value.</param>
        public static Initializer Constant(NDArray constant) =>
            (shape, dtype) => Jnp.BroadcastTo(Jnp.AsArray(constant).AsType(dtype), shape);

        private static NDArray Scalar(double value, DType dtype) => Jnp.AsArray(value, dtype);
    }
}
