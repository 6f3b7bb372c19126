namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Settings of the process.</summary>
    public static class Config
    {
        /// <summary>
        /// Whether transformations of <c>Jax</c> and <c>Lax</c> over functions that read or write parameters, state or keys are refused.
        /// On by default: they would leak traced values or share random numbers.
        /// </summary>
        public static bool CheckJaxUsage { get; set; } = true;

        /// <summary>How many random keys are split off at a time, 1 by default. Other sizes give other keys.</summary>
        /// <exception cref="JaxArgumentException">The size is smaller than 1.</exception>
        public static int RngReserveSize
        {
            get => PRNGSequence.ReserveSize;
            set =>
                PRNGSequence.ReserveSize =
                    value >= 1
                        ? value
                        : throw new JaxArgumentException(
                            $"Hk.Config.RngReserveSize must be 1 or more, so that a key comes out; got {value}."
                        );
        }
    }
}
