using System;
using System.Globalization;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The axes that a module normalises over: one, several, or a range, made implicitly from <c>-1</c>, <c>(1, 2)</c>, <c>[1, 2]</c> or
    /// <c>1..</c>. Negative numbers count from the last axis.
    /// </summary>
    public readonly struct NormAxes : IEquatable<NormAxes>, IPrintedArgument
    {
        private readonly Dims axes;
        private readonly Range? range;
        private readonly bool isSingle;

        private NormAxes(Dims axes, Range? range, bool isSingle)
        {
            this.axes = axes;
            this.range = range;
            this.isSingle = isSingle;
        }

        /// <summary>One axis.</summary>
        public static implicit operator NormAxes(int axis) => new(axis, null, true);

        /// <summary>Two axes.</summary>
        public static implicit operator NormAxes((int, int) axes) => new(axes, null, false);

        /// <summary>Three axes.</summary>
        public static implicit operator NormAxes((int, int, int) axes) => new(axes, null, false);

        /// <summary>Several axes.</summary>
        public static implicit operator NormAxes(int[] axes) => new(axes, null, false);

        /// <summary>Several axes.</summary>
        public static implicit operator NormAxes(Dims axes) => new(axes, null, false);

        /// <summary>The axes of a range: <c>1..</c> for all but the first.</summary>
        public static implicit operator NormAxes(Range axes) => new(default, axes, false);

        /// <summary>Whether the same axes were given in the same way.</summary>
        public static bool operator ==(NormAxes left, NormAxes right) => left.Equals(right);

        /// <summary>Whether other axes were given, or in another way.</summary>
        public static bool operator !=(NormAxes left, NormAxes right) => !left.Equals(right);

        /// <inheritdoc/>
        public bool Equals(NormAxes other) =>
            axes == other.axes && range.Equals(other.range) && isSingle == other.isSingle;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is NormAxes other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(axes, range, isSingle);

        /// <summary>The axes as they were given: <c>-1</c>, <c>(1,2)</c>, <c>1..^0</c>.</summary>
        public override string ToString() =>
            range?.ToString() ?? (isSingle ? axes[0].ToString(CultureInfo.InvariantCulture) : axes.ToString());

        string IPrintedArgument.Print() =>
            ModuleText.Print(
                range is { } given ? given
                : isSingle ? axes[0]
                : axes
            );

        /// <summary>The axes of an array counted from the front, in order, each once.</summary>
        /// <exception cref="AxisException">There is no such axis.</exception>
        internal int[] Of(NDArray array, string caller)
        {
            int rank = array.Ndim;
            if (range is { } given)
            {
                int start = Math.Clamp(given.Start.GetOffset(rank), 0, rank);
                int end = Math.Clamp(given.End.GetOffset(rank), start, rank);
                return [.. Enumerable.Range(start, end - start)];
            }

            foreach (int axis in axes)
            {
                if (axis < -rank || axis >= rank)
                {
                    throw new AxisException($"{caller}: axis {axis} is no axis of {array.Type}.");
                }
            }

            return [.. axes.Select(axis => axis < 0 ? axis + rank : axis).Distinct().Order()];
        }

        /// <summary>The shape of parameters along the axes: (C,) for the last axis alone, else 1 along the other axes.</summary>
        internal Shape ParameterShape(NDArray array, string caller)
        {
            int[] places = Of(array, caller);
            return places.Length == 1 && places[0] == array.Ndim - 1
                ? array.Shape[^1]
                : new Shape([.. array.Shape.Select((extent, i) => places.Contains(i) ? extent : 1)]);
        }
    }
}
