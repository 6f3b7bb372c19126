using System;
using System.Collections.Generic;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>The least and the greatest value that an integer may have.</summary>
internal readonly record struct ValueRange(long Low, long High)
{
    /// <summary>All of i64.</summary>
    public static readonly ValueRange All = new(long.MinValue, long.MaxValue);

    /// <summary>Whether all values are values of i32.</summary>
    public bool FitsI32 => Low >= int.MinValue && High <= int.MaxValue;
}

/// <summary>Finds the ranges of integer expressions in a stage of an expanded kernel.</summary>
internal sealed class ValueRanges
{
    // Sums and products of numbers below this do not overflow.
    private const long Small = 1L << 31;

    private readonly long[] extents;
    private readonly Dictionary<ScalarExpr, ValueRange> known = [];

    /// <summary>Ranges in a stage with loops of the kernel's and its own extents.</summary>
    public ValueRanges(Kernel kernel, Stage stage)
    {
        extents = new long[kernel.Grid.Length + stage.Inner.Length];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            extents[axis] = axis < kernel.Grid.Length ? kernel.Grid[axis] : stage.Inner[axis - kernel.Grid.Length];
        }
    }

    /// <summary>The range of an i64 or i32 expression.</summary>
    public ValueRange Of(ScalarExpr expr)
    {
        if (known.TryGetValue(expr, out var range))
        {
            return range;
        }

        var type = expr.Type.Code == DTypeCode.I32 ? new ValueRange(int.MinValue, int.MaxValue) : ValueRange.All;
        range = Find(expr);
        return known[expr] = range.Low < type.Low || range.High > type.High ? type : range;
    }

    private ValueRange Find(ScalarExpr expr)
    {
        switch (expr)
        {
            case Const constant:
                long value = ScalarValue.ToI64(expr.Type, constant.Bits);
                return new ValueRange(value, value);
            case Axis axis:
                return new ValueRange(0, Math.Max(0, extents[axis.Number] - 1));
            case Op op:
                return Find(op);
            default:
                return ValueRange.All;
        }
    }

    private ValueRange Find(Op op)
    {
        if (op.Code == ScalarOp.Convert)
        {
            var operand = op.Operands[0];
            return operand.Type.Code switch
            {
                DTypeCode.I32 or DTypeCode.I64 => Of(operand),
                DTypeCode.U8 => new ValueRange(0, byte.MaxValue),
                DTypeCode.I8 => new ValueRange(sbyte.MinValue, sbyte.MaxValue),
                DTypeCode.U16 => new ValueRange(0, ushort.MaxValue),
                DTypeCode.I16 => new ValueRange(short.MinValue, short.MaxValue),
                DTypeCode.U32 when op.Type.Size == 8 => new ValueRange(0, uint.MaxValue),
                _ => ValueRange.All,
            };
        }

        if (!op.Type.IsSigned)
        {
            return ValueRange.All;
        }

        var x = Of(op.Operands[Math.Max(0, op.Operands.Length - 2)]);
        var y = Of(op.Operands[^1]);
        switch (op.Code)
        {
            case ScalarOp.Select:
                return OfSelect(op, x, y);
            case ScalarOp.Guard:
                return new ValueRange(Math.Min(y.Low, 0), Math.Max(y.High, 0));
            case ScalarOp.And when y.Low >= 0:
                return new ValueRange(0, y.High);
            case ScalarOp.And when x.Low >= 0:
                return new ValueRange(0, x.High);
        }

        bool small = x.Low >= -Small && x.High <= Small && y.Low >= -Small && y.High <= Small;
        if (!small && !(op.Code is ScalarOp.Div or ScalarOp.Rem && y.Low == y.High))
        {
            return ValueRange.All;
        }

        switch (op.Code)
        {
            case ScalarOp.Add:
                return new ValueRange(x.Low + y.Low, x.High + y.High);
            case ScalarOp.Sub:
                return new ValueRange(x.Low - y.High, x.High - y.Low);
            case ScalarOp.Mul:
                long a = x.Low * y.Low;
                long b = x.Low * y.High;
                long c = x.High * y.Low;
                long d = x.High * y.High;
                return new ValueRange(
                    Math.Min(Math.Min(a, b), Math.Min(c, d)),
                    Math.Max(Math.Max(a, b), Math.Max(c, d))
                );
            case ScalarOp.Div when y.Low == y.High && y.Low > 0:
                return new ValueRange(x.Low / y.Low, x.High / y.Low);
            case ScalarOp.Rem when y.Low == y.High && y.Low > 0:
                return new ValueRange(
                    x.Low >= 0 ? 0 : Math.Max(x.Low, 1 - y.Low),
                    x.High <= 0 ? 0 : Math.Min(x.High, y.Low - 1)
                );
            default:
                return ValueRange.All;
        }
    }

    // Maximum and minimum are selects in expanded kernels.
    private ValueRange OfSelect(Op op, ValueRange x, ValueRange y)
    {
        if (
            op.Operands[0] is Op { Code: ScalarOp.Gt or ScalarOp.Lt } comparison
            && comparison.Operands[0].Equals(op.Operands[1])
            && comparison.Operands[1].Equals(op.Operands[2])
        )
        {
            return comparison.Code == ScalarOp.Gt
                ? new ValueRange(Math.Max(x.Low, y.Low), Math.Max(x.High, y.High))
                : new ValueRange(Math.Min(x.Low, y.Low), Math.Min(x.High, y.High));
        }

        return new ValueRange(Math.Min(x.Low, y.Low), Math.Max(x.High, y.High));
    }
}
