using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>For tests of modules.</summary>
    public static class Testing
    {
        /// <inheritdoc cref="TransformAndRun{T1, TOut}(Func{T1, TOut}, Rng?, bool)"/>
        public static Func<TOut> TransformAndRun<TOut>(Func<TOut> f, Rng? seed, bool runApply = true)
        {
            ArgumentNullException.ThrowIfNull(f);
            return () => Run(f, seed, runApply);
        }

        /// <inheritdoc cref="TransformAndRun{T1, TOut}(Func{T1, TOut}, Rng?, bool)"/>
        public static Func<TOut> TransformAndRun<TOut>(Func<TOut> f) => TransformAndRun(f, 42);

        /// <summary>
        /// A function that runs another one, which uses modules, first to make parameters and state, then with them, and gives the result.
        /// </summary>
        /// <param name="f">The function that uses modules.</param>
        /// <param name="seed">Where random keys come from; 42 by default, null for none.</param>
        /// <param name="runApply">Whether to run it with the parameters; otherwise the result is that of making them.</param>
        /// <example><code>
        /// hk.Testing.TransformAndRun((NDArray x) => new hk.Linear(2).Call(x))(jnp.Ones((1, 3))).Shape; // => (1,2)
        /// </code></example>
        public static Func<T1, TOut> TransformAndRun<T1, TOut>(Func<T1, TOut> f, Rng? seed, bool runApply = true)
        {
            ArgumentNullException.ThrowIfNull(f);
            return x => Run(() => f(x), seed, runApply);
        }

        /// <inheritdoc cref="TransformAndRun{T1, TOut}(Func{T1, TOut}, Rng?, bool)"/>
        public static Func<T1, TOut> TransformAndRun<T1, TOut>(Func<T1, TOut> f) => TransformAndRun(f, 42);

        /// <inheritdoc cref="TransformAndRun{T1, TOut}(Func{T1, TOut}, Rng?, bool)"/>
        public static Func<T1, T2, TOut> TransformAndRun<T1, T2, TOut>(
            Func<T1, T2, TOut> f,
            Rng? seed,
            bool runApply = true
        )
        {
            ArgumentNullException.ThrowIfNull(f);
            return (x, y) => Run(() => f(x, y), seed, runApply);
        }

        /// <inheritdoc cref="TransformAndRun{T1, TOut}(Func{T1, TOut}, Rng?, bool)"/>
        public static Func<T1, T2, TOut> TransformAndRun<T1, T2, TOut>(Func<T1, T2, TOut> f) => TransformAndRun(f, 42);

        private static TOut Run<TOut>(Func<TOut> f, Rng? seed, bool runApply)
        {
            TOut result = default!;
            var (parameters, state) = FunctionRun.Init(seed, () => result = f());
            return runApply ? FunctionRun.Apply(parameters, state, seed, f).Result : result;
        }
    }
}
