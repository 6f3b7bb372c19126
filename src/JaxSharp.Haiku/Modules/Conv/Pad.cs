using System;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Padding of convolutions by the extent of the kernel: values for their argument <c>padding</c>, and functions.</summary>
    /// <example><code>
    /// hk.Pad.Causal(3); // => (2, 0)
    /// </code></example>
    public static class Pad
    {
        /// <summary>The padding before and after an axis, for the extent of the kernel with its gaps.</summary>
        public delegate (int Low, int High) PadFn(int effectiveKernelSize);

        /// <summary>With stride 1 the extent stays; the odd one goes to the end.</summary>
        public static PadFn Same { get; } = SameOf;

        /// <summary>No padding.</summary>
        public static PadFn Valid { get; } = ValidOf;

        /// <summary>Every place at which the kernel meets the input at all.</summary>
        public static PadFn Full { get; } = FullOf;

        /// <summary>All at the start: an output depends on no later input.</summary>
        public static PadFn Causal { get; } = CausalOf;

        /// <summary>All at the end: an output depends on no earlier input.</summary>
        public static PadFn ReverseCausal { get; } = ReverseCausalOf;

        /// <summary>The padding of each axis by functions of the extent of the kernel with its gaps.</summary>
        /// <param name="padding">A function, or one for each axis.</param>
        /// <param name="kernel">The extents of the kernel: one, or one for each axis.</param>
        /// <param name="rate">The distances of neighbours in the kernel: one, or one for each axis.</param>
        /// <param name="n">The number of axes.</param>
        /// <exception cref="JaxArgumentException">There are neither one nor <paramref name="n"/> of each, or no functions.</exception>
        public static (int Low, int High)[] Create(ConvPadding padding, Dims kernel, Dims rate, int n) =>
            CreateFromPadfn(padding, kernel, rate, n);

        /// <inheritdoc cref="Create"/>
        public static (int Low, int High)[] CreateFromPadfn(ConvPadding padding, Dims kernel, Dims rate, int n)
        {
            ArgumentNullException.ThrowIfNull(padding);
            var functions = Replication.Of(
                padding.Functions
                    ?? throw new JaxArgumentException(
                        $"Pad.CreateFromPadfn needs functions of the kernel's extent such as Pad.Same; got {padding}."
                    ),
                n,
                "Pad.CreateFromPadfn",
                nameof(padding)
            );
            var extents = Replication.Of(kernel, n, "Pad.CreateFromPadfn", nameof(kernel));
            var rates = Replication.Of(rate, n, "Pad.CreateFromPadfn", nameof(rate));
            return [.. functions.Select((pad, i) => pad(((extents[i] - 1) * rates[i]) + 1))];
        }

        /// <summary>The padding of each axis.</summary>
        /// <param name="padding">A pair of low and high padding, or one for each axis.</param>
        /// <param name="n">The number of axes.</param>
        /// <exception cref="JaxArgumentException">There are neither one nor <paramref name="n"/> pairs.</exception>
        public static (int Low, int High)[] CreateFromTuple(ConvPadding padding, int n)
        {
            ArgumentNullException.ThrowIfNull(padding);
            return Replication.Of(
                padding.Pairs
                    ?? throw new JaxArgumentException(
                        $"Pad.CreateFromTuple needs pairs of low and high padding; got {padding}."
                    ),
                n,
                "Pad.CreateFromTuple",
                nameof(padding)
            );
        }

        /// <summary>Whether a padding is given by functions of the kernel's extent.</summary>
        public static bool IsPadfn(ConvPadding padding)
        {
            ArgumentNullException.ThrowIfNull(padding);
            return padding.Functions is not null;
        }

        private static (int Low, int High) SameOf(int size) => ((size - 1) / 2, size / 2);

        private static (int Low, int High) ValidOf(int size) => (0, 0);

        private static (int Low, int High) FullOf(int size) => (size - 1, size - 1);

        private static (int Low, int High) CausalOf(int size) => (size - 1, 0);

        private static (int Low, int High) ReverseCausalOf(int size) => (0, size - 1);
    }
}
