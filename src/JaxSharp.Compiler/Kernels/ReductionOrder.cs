using System;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// The order in which a reduction combines its values, which fixes the rounding of sums: the interpreter follows it value by
/// value, emitters with vectors.
/// </summary>
internal sealed class ReductionOrder
{
    private readonly Monoid monoid;
    private readonly DType type;
    private ulong total;

    private ReductionOrder(Monoid monoid, DType type)
    {
        this.monoid = monoid;
        this.type = type;
        total = ((ScalarExpr.Const)monoid.Neutral(type)).Bits;
    }

    /// <summary>The order for a stage of an expanded kernel.</summary>
    public static ReductionOrder Of(Kernel kernel, Stage.Reduce stage) => new(stage.Monoid, stage.Accumulation);

    /// <summary>Takes the value at an inner point; points come in row-major order.</summary>
    public void Add(ReadOnlySpan<long> inner, ulong value) => total = Combine(total, value);

    /// <summary>The combined value.</summary>
    public ulong Finish() => total;

    private ulong Combine(ulong x, ulong y)
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
