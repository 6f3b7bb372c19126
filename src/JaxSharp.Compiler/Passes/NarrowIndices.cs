using System.Collections.Generic;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>
/// Computes in i32 what is computed of indices in vectors, where ranges allow it: comparisons, conversions and places that are not affine in
/// the vector axis. Vectors of 64-bit elements would halve the lanes.
/// </summary>
internal static class NarrowIndices
{
    /// <summary>The plan with narrower index arithmetic.</summary>
    public static LoopPlan Run(LoopPlan plan) =>
        plan with
        {
            Kernel = Rewriter.Run(
                plan.Kernel,
                stage =>
                {
                    int grid = plan.Kernel.Grid.Length;
                    int axis = plan.VectorAxis >= 0 ? plan.VectorAxis : grid + stage.Inner.Length - 1;
                    return new Narrowing(new ValueRanges(plan.Kernel, stage), axis).Replace;
                }
            ),
        };

    private sealed class Narrowing(ValueRanges ranges, int vectorAxis)
    {
        private readonly Dictionary<ScalarExpr, ScalarExpr?> narrowed = [];
        private readonly Dictionary<ScalarExpr, bool> varies = [];

        public ScalarExpr Replace(ScalarExpr expr)
        {
            switch (expr)
            {
                case Op { Code: >= ScalarOp.Eq and <= ScalarOp.Ge } comparison
                    when comparison.Operands[0].Type.Code == DTypeCode.I64 && Varies(comparison):
                    return Narrow(comparison.Operands[0]) is { } x && Narrow(comparison.Operands[1]) is { } y
                        ? Scalar.Apply(comparison.Code, DType.Bool, x, y)
                        : expr;
                case Op { Code: ScalarOp.Convert } convert
                    when convert.Operands[0].Type.Code == DTypeCode.I64
                        && convert.Operands[0] is not Axis
                        && Varies(convert):
                    return Narrow(convert.Operands[0]) is { } value ? Scalar.Convert(value, convert.Type) : expr;
                case Op { Code: ScalarOp.Convert } convert
                    when convert.Operands[0] is Axis
                        && convert.Type.Code is not DTypeCode.I32
                        && Narrow(convert.Operands[0]) is { } index
                        && Varies(convert):
                    return Scalar.Convert(index, convert.Type);
                case Load load:
                    return Scalar.Load(load.Input, load.Type, Place(load.Index));
                default:
                    return expr;
            }
        }

        private ScalarExpr Place(ScalarExpr index)
        {
            if (index is Op { Code: ScalarOp.Guard } guard)
            {
                return Scalar.Guard(guard.Operands[0], Place(guard.Operands[1]));
            }

            foreach (var (term, _) in Affine.Of(index).Terms)
            {
                if (term is not Axis && Varies(term))
                {
                    return Narrow(index) is { } narrow ? Scalar.Convert(narrow, DType.I64) : index;
                }
            }

            return index;
        }

        private bool Varies(ScalarExpr expr)
        {
            if (varies.TryGetValue(expr, out bool known))
            {
                return known;
            }

            bool result = (expr is Axis axis && axis.Number == vectorAxis) || expr is Reduced;
            foreach (var operand in expr.Operands)
            {
                result |= Varies(operand);
            }

            return varies[expr] = result;
        }

        private ScalarExpr? Narrow(ScalarExpr expr)
        {
            if (narrowed.TryGetValue(expr, out var known))
            {
                return known;
            }

            return narrowed[expr] = ranges.Of(expr).FitsI32 ? Narrower(expr) : null;
        }

        private ScalarExpr? Narrower(ScalarExpr expr)
        {
            switch (expr)
            {
                case Const constant:
                    return Scalar.Const(DType.I32, (long)constant.Bits);
                case Axis:
                    return Scalar.Convert(expr, DType.I32);
                case Op { Code: ScalarOp.Convert } convert when convert.Operands[0].Type.Code == DTypeCode.I32:
                    return convert.Operands[0];
                case Op { Code: ScalarOp.Select } select:
                    return Narrow(select.Operands[1]) is { } whenTrue && Narrow(select.Operands[2]) is { } whenFalse
                        ? Scalar.Select(select.Operands[0], whenTrue, whenFalse)
                        : null;
                case Op { Code: ScalarOp.Div or ScalarOp.Rem } division when division.Operands[1] is Const constant:
                    return Divided(division, (long)constant.Bits);
                case Op
                {
                    Code: ScalarOp.Add or ScalarOp.Sub or ScalarOp.Mul or ScalarOp.Div or ScalarOp.Rem or ScalarOp.And
                } op:
                    return Narrow(op.Operands[0]) is { } x && Narrow(op.Operands[1]) is { } y
                        ? Scalar.Apply(op.Code, DType.I32, x, y)
                        : null;
                default:
                    return null;
            }
        }

        // Vectors have no division of integers. The quotient by way of f32 is off by one at most while it is below 2²².
        private ScalarExpr? Divided(Op division, long divisor)
        {
            if (Narrow(division.Operands[0]) is not { } x)
            {
                return null;
            }

            var range = ranges.Of(division.Operands[0]);
            var d = Scalar.Const(DType.I32, divisor);
            if (range.Low < 0 || divisor <= 0 || range.High / divisor >= 1 << 22)
            {
                return Scalar.Apply(division.Code, DType.I32, x, d);
            }

            var near = Scalar.Convert(Scalar.Convert(x, DType.F32) * (1.0 / divisor), DType.I32);
            var rest = x - near * d;
            var tooSmall = rest >= d;
            var tooLarge = rest < 0;
            return division.Code == ScalarOp.Div
                ? Scalar.Select(tooSmall, near + 1, Scalar.Select(tooLarge, near - 1, near))
                : Scalar.Select(tooSmall, rest - d, Scalar.Select(tooLarge, rest + d, rest));
        }
    }
}
