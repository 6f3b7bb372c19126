using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Settings of the running thread.</summary>
    public static class Config
    {
        [ThreadStatic]
        private static Settings? settings;

        /// <summary>
        /// Whether transformations of <c>Jax</c> and <c>Lax</c> over functions that read or write parameters, state or keys are refused.
        /// On by default: they would leak traced values or share random numbers.
        /// </summary>
        public static bool CheckJaxUsage
        {
            get => Current.CheckJaxUsage;
            set => settings = Current with { CheckJaxUsage = value };
        }

        /// <summary>Whether modules print the arguments of their constructors; on by default. Otherwise they print their type.</summary>
        public static bool ModuleAutoRepr
        {
            get => Current.ModuleAutoRepr;
            set => settings = Current with { ModuleAutoRepr = value };
        }

        /// <summary>How many random keys are split off at a time, 1 by default. Other sizes give other keys.</summary>
        /// <exception cref="JaxArgumentException">The size is smaller than 1.</exception>
        public static int RngReserveSize
        {
            get => Current.RngReserveSize;
            set =>
                settings =
                    value >= 1
                        ? Current with
                        {
                            RngReserveSize = value,
                        }
                        : throw new JaxArgumentException(
                            $"Hk.Config.RngReserveSize must be 1 or more, so that a key comes out; got {value}."
                        );
        }

        private static Settings Current => settings ?? Settings.Default;

        /// <summary>Changes settings; those that are null stay.</summary>
        /// <exception cref="JaxArgumentException">A size is smaller than 1.</exception>
        public static void Set(bool? checkJaxUsage = null, bool? moduleAutoRepr = null, int? rngReserveSize = null)
        {
            RngReserveSize = rngReserveSize ?? RngReserveSize;
            CheckJaxUsage = checkJaxUsage ?? CheckJaxUsage;
            ModuleAutoRepr = moduleAutoRepr ?? ModuleAutoRepr;
        }

        /// <summary>Changes settings until the returned scope is disposed; those that are null stay.</summary>
        /// <exception cref="JaxArgumentException">A size is smaller than 1.</exception>
        /// <example><code>
        /// using (hk.Config.Context(rngReserveSize: 16)) { new hk.PRNGSequence(42).Next(); }
        /// </code></example>
        public static IDisposable Context(
            bool? checkJaxUsage = null,
            bool? moduleAutoRepr = null,
            int? rngReserveSize = null
        )
        {
            var before = Current;
            Set(checkJaxUsage, moduleAutoRepr, rngReserveSize);
            return new Ending(() => settings = before);
        }

        private sealed record Settings(bool CheckJaxUsage, bool ModuleAutoRepr, int RngReserveSize)
        {
            public static Settings Default { get; } = new(true, true, 1);
        }
    }
}
