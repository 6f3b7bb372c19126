using System;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// The order in which a reduction combines its values, which fixes the rounding of sums whatever the width of vectors. The
/// innermost axis is cut into blocks. In a block, value i goes to lane i mod <paramref name="Lanes"/>, and behind the last full
/// round to lane i mod 16; then the upper half of the lanes is combined with the lower half until one is left, which is combined with
/// the total of the blocks before. Totals of floating-point numbers are compensated: what rounding adds to one is taken from the next block.
/// </summary>
/// <param name="Lanes">The number of lanes: a power of two, 1 or at least 16.</param>
/// <param name="Block">The length of a block: a multiple of the lanes.</param>
internal sealed record ReductionOrder(int Lanes, int Block)
{
    /// <summary>The number of lanes that take the values behind the last full round.</summary>
    public const int TailLanes = 16;

    /// <summary>
    /// For loops that run along another axis in vectors: one value after the other, in short blocks, which keep rounding errors
    /// of long sums small.
    /// </summary>
    public static readonly ReductionOrder Sequential = new(1, 32);

    /// <summary>For values that cost little.</summary>
    public static readonly ReductionOrder Wide = new(64, 16384);

    /// <summary>For values that cost more than combining them.</summary>
    public static readonly ReductionOrder Narrow = new(16, 4096);

    /// <summary>Whether totals take back what rounding added.</summary>
    public static bool Compensates(Monoid monoid, DType type) => monoid == Monoid.Add && type.IsFloating;

    /// <summary>Combines values that come one by one, in row-major order.</summary>
    internal sealed class Accumulator(ReductionOrder order, Stage.Reduce stage)
    {
        private readonly Monoid monoid = stage.Monoid;
        private readonly DType type = stage.Accumulation;
        private readonly ulong neutral = ((ScalarExpr.Const)stage.Monoid.Neutral(stage.Accumulation)).Bits;
        private readonly long extent = stage.Inner.Length == 0 ? 1 : stage.Inner[^1];
        private readonly ulong[] lanes = new ulong[order.Lanes];
        private ulong total = ((ScalarExpr.Const)stage.Monoid.Neutral(stage.Accumulation)).Bits;
        private ulong excess;
        private bool started;

        /// <summary>Takes the value at an inner point.</summary>
        public void Add(ReadOnlySpan<long> inner, ulong value)
        {
            long position = inner.Length == 0 ? 0 : inner[^1];
            long start = position / order.Block * order.Block;
            if (position == start)
            {
                FinishBlock();
                started = true;
                Array.Fill(lanes, neutral);
            }

            long rounds = Math.Min(order.Block, extent - start) / order.Lanes * order.Lanes;
            long i = position - start;
            long lane = i < rounds ? i % order.Lanes : (i - rounds) % TailLanes;
            lanes[lane] = Combine(lanes[lane], value);
        }

        /// <summary>The combined value.</summary>
        public ulong Finish()
        {
            FinishBlock();
            return total;
        }

        private void FinishBlock()
        {
            if (!started)
            {
                return;
            }

            for (int half = lanes.Length / 2; half >= 1; half /= 2)
            {
                for (int i = 0; i < half; i++)
                {
                    lanes[i] = Combine(lanes[i], lanes[i + half]);
                }
            }

            if (!Compensates(monoid, type))
            {
                total = Combine(total, lanes[0]);
                return;
            }

            ulong value = Difference(lanes[0], excess);
            ulong sum = Combine(total, value);
            excess = Difference(Difference(sum, total), value);
            excess = ScalarValue.Apply(ScalarOp.Ne, type.Code, excess, excess, 0) != 0 ? 0 : excess;
            total = sum;
        }

        private ulong Difference(ulong x, ulong y) => ScalarValue.Apply(ScalarOp.Sub, type.Code, x, y, 0);

        private ulong Combine(ulong x, ulong y) => Combination.Apply(monoid, type, x, y);
    }
}

/// <summary>Combines single values of register types.</summary>
internal static class Combination
{
    /// <summary>Combines two values.</summary>
    public static ulong Apply(Monoid monoid, DType type, ulong x, ulong y)
    {
        switch (monoid)
        {
            case Monoid.Add:
                return ScalarValue.Apply(ScalarOp.Add, type.Code, x, y, 0);
            case Monoid.Mul:
                return ScalarValue.Apply(ScalarOp.Mul, type.Code, x, y, 0);
            case Monoid.And:
                return x & y;
            case Monoid.Or:
                return x | y;
            case Monoid.Xor:
                return x ^ y;
            default:
                var op = monoid == Monoid.Max ? ScalarOp.Gt : ScalarOp.Lt;
                bool first =
                    ScalarValue.Apply(op, type.Code, x, y, 0) != 0
                    || (type.IsFloating && ScalarValue.Apply(ScalarOp.Ne, type.Code, x, x, 0) != 0);
                return first ? x : y;
        }
    }
}
