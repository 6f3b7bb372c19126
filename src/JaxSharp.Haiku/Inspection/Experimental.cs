using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Experimental
    {
        /// <summary>Sets <see cref="Config.RngReserveSize"/> and gives the size before.</summary>
        /// <exception cref="JaxArgumentException">The size is smaller than 1.</exception>
        public static int RngReserveSize(int size)
        {
            int before = Config.RngReserveSize;
            Config.RngReserveSize = size;
            return before;
        }

        /// <summary>Sets <see cref="Config.CheckJaxUsage"/> and gives the setting before.</summary>
        public static bool CheckJaxUsage(bool enabled = true)
        {
            bool before = Config.CheckJaxUsage;
            Config.CheckJaxUsage = enabled;
            return before;
        }

        /// <summary>Sets <see cref="Config.ModuleAutoRepr"/> and gives the setting before.</summary>
        public static bool ModuleAutoRepr(bool enabled = true)
        {
            bool before = Config.ModuleAutoRepr;
            Config.ModuleAutoRepr = enabled;
            return before;
        }

        /// <summary>
        /// The same function, but all random keys that it takes by <see cref="NextRngKey"/>, as initialisers do, are split off at once,
        /// which makes a smaller program and other keys.
        /// </summary>
        /// <param name="fun">A function that uses modules or random keys.</param>
        public static Func<T, TOut> OptimizeRngUse<T, TOut>(Func<T, TOut> fun)
        {
            ArgumentNullException.ThrowIfNull(fun);
            return x =>
            {
                var context = HaikuContext.RequireAccess("Hk.Experimental.OptimizeRngUse");
                if (context.Rng is { } rng)
                {
                    int before = keysTaken;
                    EvalShape(fun, x);
                    rng.Reserve(keysTaken - before);
                }

                return fun(x);
            };
        }

        /// <summary>The shapes and element types of what a function would return, outside of transformed functions: <c>Jax.EvalShape</c>.</summary>
        public static TOut FastEvalShape<T, TOut>(Func<T, TOut> fun, T x) => Jax.EvalShape(fun, x);
    }
}
