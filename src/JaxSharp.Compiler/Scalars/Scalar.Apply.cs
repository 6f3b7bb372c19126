using System;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

internal static partial class Scalar
{
    /// <summary>Applies an operation to real operands with the simplifications of its constructor.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="type">The result type; only conversions need it.</param>
    /// <param name="x">The operands.</param>
    public static ScalarExpr Apply(ScalarOp op, DType type, params ScalarExpr[] x)
    {
        if (x.Length != op.Arity())
        {
            throw new ArgumentException($"{op.Name()} takes {op.Arity()} operands, got {x.Length}.");
        }

        return op switch
        {
            ScalarOp.Add => Add(x[0], x[1]),
            ScalarOp.Sub => Sub(x[0], x[1]),
            ScalarOp.Mul => Mul(x[0], x[1]),
            ScalarOp.Div => Div(x[0], x[1]),
            ScalarOp.Rem => Rem(x[0], x[1]),
            ScalarOp.Fma => Fma(x[0], x[1], x[2]),
            ScalarOp.Eq => Eq(x[0], x[1]),
            ScalarOp.Ne => Ne(x[0], x[1]),
            >= ScalarOp.Lt and <= ScalarOp.Ge => Compare(op, x[0], x[1]),
            ScalarOp.Select => Select(x[0], x[1], x[2]),
            ScalarOp.Rarely or ScalarOp.Branch => new Op(op, x[1].Type, x),
            ScalarOp.Guard => Guard(x[0], x[1]),
            ScalarOp.And => And(x[0], x[1]),
            ScalarOp.Or => Or(x[0], x[1]),
            ScalarOp.Xor => Xor(x[0], x[1]),
            ScalarOp.Not => Not(x[0]),
            ScalarOp.ShiftLeft or ScalarOp.ShiftRightLogical or ScalarOp.ShiftRightArithmetic => Shift(op, x[0], x[1]),
            ScalarOp.Convert => Convert(x[0], type),
            ScalarOp.Bitcast => Bitcast(x[0], type),
            ScalarOp.Floor or ScalarOp.Ceil or ScalarOp.Trunc or ScalarOp.RoundHalfEven or ScalarOp.RoundHalfAway =>
                Rounding(op, x[0]),
            ScalarOp.Neg => Neg(x[0]),
            ScalarOp.Abs => Abs(x[0]),
            ScalarOp.Max => Max(x[0], x[1]),
            ScalarOp.Min => Min(x[0], x[1]),
            ScalarOp.IsFinite => IsFinite(x[0]),
            ScalarOp.PopulationCount or ScalarOp.CountLeadingZeros => IntegerOp(op, x[0]),
            ScalarOp.MulHi => MulHi(x[0], x[1]),
            ScalarOp.Nextafter => Nextafter(x[0], x[1]),
            ScalarOp.Atan2 => Atan2(x[0], x[1]),
            ScalarOp.Pow => Pow(x[0], x[1]),
            ScalarOp.Sqrt or (>= ScalarOp.Rsqrt and <= ScalarOp.BesselI1e) => Rich(op, x[0]),
            _ => Make(op, x[0].Type, x),
        };
    }

    /// <summary>An index that counts only where a condition holds; elsewhere a load from there may give anything.</summary>
    internal static ScalarExpr Guard(ScalarExpr condition, ScalarExpr index) =>
        condition is ScalarExpr.Const constant
            ? constant.Bits != 0
                ? index
                : Const(DType.I64, 0L)
            : new Op(ScalarOp.Guard, DType.I64, condition, index);

    /// <summary>The node with other operands.</summary>
    internal static ScalarExpr With(ScalarExpr expr, ScalarExpr[] operands) =>
        expr switch
        {
            Op op => Apply(op.Code, op.Type, operands),
            Load load => Load(load.Input, load.Type, operands[0]),
            Pair => new Pair(operands[0], operands[1]),
            _ => expr,
        };
}
