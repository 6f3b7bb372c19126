using System;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The padding of a convolution: <c>"SAME"</c>, <c>"VALID"</c>, pairs of low and high padding, or functions of the kernel's extent
    /// such as <see cref="Pad.Causal"/>; one pair or function for all spatial axes, or one for each.
    /// </summary>
    /// <example><code>
    /// new hk.Conv1D(8, 3, padding: "VALID"); new hk.Conv1D(8, 3, padding: (2, 0)); new hk.Conv1D(8, 3, padding: hk.Pad.Causal);
    /// </code></example>
    public sealed class ConvPadding : IPrintedArgument
    {
        private ConvPadding(string? text, (int Low, int High)[]? pairs, Pad.PadFn[]? functions)
        {
            Text = text;
            Pairs = pairs;
            Functions = functions;
        }

        internal string? Text { get; }

        internal (int Low, int High)[]? Pairs { get; }

        internal Pad.PadFn[]? Functions { get; }

        /// <summary>SAME or VALID.</summary>
        public static implicit operator ConvPadding(string text) => new(text, null, null);

        /// <summary>One pair for all spatial axes.</summary>
        public static implicit operator ConvPadding((int Low, int High) pair) => new(null, [pair], null);

        /// <summary>Two axes.</summary>
        public static implicit operator ConvPadding(((int, int), (int, int)) pairs) =>
            new(null, [pairs.Item1, pairs.Item2], null);

        /// <summary>Three axes.</summary>
        public static implicit operator ConvPadding(((int, int), (int, int), (int, int)) pairs) =>
            new(null, [pairs.Item1, pairs.Item2, pairs.Item3], null);

        /// <summary>A pair for each spatial axis, or one for all.</summary>
        public static implicit operator ConvPadding((int Low, int High)[] pairs) =>
            new(null, [.. Argument.Given(pairs, caller: nameof(ConvPadding))], null);

        /// <summary>One function for all spatial axes.</summary>
        public static implicit operator ConvPadding(Pad.PadFn function) => new(null, null, [function]);

        /// <summary>A function for each spatial axis, or one for all.</summary>
        public static implicit operator ConvPadding(Pad.PadFn[] functions) =>
            new(null, null, [.. Argument.Given(functions, caller: nameof(ConvPadding))]);

        /// <inheritdoc/>
        public override string ToString() =>
            Text
            ?? (
                Pairs is { } pairs
                    ? $"({string.Join(",", pairs.Select(p => $"({p.Low},{p.High})"))})"
                    : $"({string.Join(",", Functions!.Select(f => f.Method.Name))})"
            );

        string IPrintedArgument.Print() =>
            Text is not null ? ModuleText.Print(Text)
            : Pairs is { } pairs ? ModuleText.Print(pairs)
            : ModuleText.Print(Functions);

        /// <summary>What convolutions of a kernel take.</summary>
        internal Padding Resolve(Dims kernel, Dims rate) =>
            Text is not null ? Text
            : Functions is not null ? Pad.CreateFromPadfn(this, kernel, rate, kernel.Count)
            : Pad.CreateFromTuple(this, kernel.Count);
    }
}
