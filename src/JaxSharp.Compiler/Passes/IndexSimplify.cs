using System.Collections.Generic;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>Drops quotients, remainders and comparisons of indices whose results follow from the extents of loops.</summary>
internal static class IndexSimplify
{
    /// <summary>The simplified kernel.</summary>
    public static Kernel Run(Kernel kernel) =>
        Rewriter.Run(
            kernel,
            stage =>
            {
                var ranges = new ValueRanges(kernel, stage);
                return expr => Simplified(expr, ranges);
            }
        );

    private static ScalarExpr Simplified(ScalarExpr expr, ValueRanges ranges)
    {
        if (expr is not Op op || op.Operands[^1].Type.Code != DTypeCode.I64)
        {
            return expr;
        }

        switch (op.Code)
        {
            case ScalarOp.Div or ScalarOp.Rem when op.Operands[1] is Const constant && (long)constant.Bits > 0:
                return Divided(op, (long)constant.Bits, ranges);
            case >= ScalarOp.Lt and <= ScalarOp.Ge:
                return Compared(op, ranges);
            case ScalarOp.Select
                when op.Operands[0] is Op { Code: ScalarOp.Gt or ScalarOp.Lt } comparison
                    && comparison.Operands[0].Equals(op.Operands[1])
                    && comparison.Operands[1].Equals(op.Operands[2]):
                return Limited(op, comparison.Code == ScalarOp.Gt, ranges);
            default:
                return expr;
        }
    }

    // x = d · q + r, where q takes the terms with factors divisible by d and r is in [0, d).
    private static ScalarExpr Divided(Op op, long divisor, ValueRanges ranges)
    {
        var affine = Affine.Of(op.Operands[0]);
        if (ranges.Of(op.Operands[0]).Low < 0)
        {
            return op;
        }

        var quotient = new List<AffineTerm>();
        var rest = new List<AffineTerm>();
        foreach (var (term, factor) in affine.Terms)
        {
            if (factor % divisor == 0)
            {
                quotient.Add(new AffineTerm(term, factor / divisor));
            }
            else
            {
                rest.Add(new AffineTerm(term, factor));
            }
        }

        long whole = affine.Constant / divisor;
        long part = affine.Constant % divisor;
        if (part < 0)
        {
            (whole, part) = (whole - 1, part + divisor);
        }

        var remainder = Affine.Sum(rest, part);
        var range = ranges.Of(remainder);
        if (range.Low < 0 || range.High >= divisor)
        {
            // The divisible terms leave at least the remainder, and the quotient as a sum.
            if (range.Low < 0 || range.High == long.MaxValue || (quotient.Count == 0 && whole == 0))
            {
                return op;
            }

            var smaller = Scalar.Make(op.Code, DType.I64, remainder, op.Operands[1]);
            return op.Code == ScalarOp.Rem ? smaller : Scalar.Add(Affine.Sum(quotient, whole), smaller);
        }

        return op.Code == ScalarOp.Rem ? remainder : Affine.Sum(quotient, whole);
    }

    private static ScalarExpr Compared(Op op, ValueRanges ranges)
    {
        var x = ranges.Of(op.Operands[0]);
        var y = ranges.Of(op.Operands[1]);
        var (always, never) = op.Code switch
        {
            ScalarOp.Lt => (x.High < y.Low, x.Low >= y.High),
            ScalarOp.Le => (x.High <= y.Low, x.Low > y.High),
            ScalarOp.Gt => (x.Low > y.High, x.High <= y.Low),
            _ => (x.Low >= y.High, x.High < y.Low),
        };
        return always ? Scalar.Const(true)
            : never ? Scalar.Const(false)
            : op;
    }

    private static ScalarExpr Limited(Op op, bool greater, ValueRanges ranges)
    {
        var x = ranges.Of(op.Operands[1]);
        var y = ranges.Of(op.Operands[2]);
        if (greater ? x.Low >= y.High : x.High <= y.Low)
        {
            return op.Operands[1];
        }

        return (greater ? x.High <= y.Low : x.Low >= y.High) ? op.Operands[2] : op;
    }
}
