using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Passes;

namespace JaxSharp.Execution;

/// <summary>
/// Lets contractions read transposed, broadcast and sliced operands where they are: the view becomes strides of the operand
/// instead of a copy.
/// </summary>
internal static class OperandViews
{
    /// <summary>The operand that the views of <paramref name="variable"/> look at, with the description that reads it through them.</summary>
    public static (Var Base, OperandView View) Fold(
        Var variable,
        OperandView view,
        Func<Var, LoweredEquation?> definition
    )
    {
        if (
            view.Dims.Length == variable.Type.Rank
            && IsDense(view, variable.Type.Shape)
            && definition(variable) is { Lowering: Lowering.Indexed { IsView: true } indexed } lowered
            && Place(variable, indexed, lowered.Equation.Inputs) is { } place
        )
        {
            var dims = new OperandDim[view.Dims.Length];
            for (int axis = 0; axis < dims.Length; axis++)
            {
                dims[axis] = view.Dims[axis] with { Stride = place.Strides[axis] };
            }

            view = view with { Dims = dims, BaseOffset = place.Offset };
            return (place.Base, view);
        }

        return (variable, view);
    }

    private static bool IsDense(OperandView view, Shape shape)
    {
        var strides = shape.Strides();
        return view.BaseOffset == 0
            && view.Dims.Select(
                    (dim, axis) => dim.Extent == shape[axis] && (dim.Stride == strides[axis] || dim.Extent <= 1)
                )
                .All(same => same);
    }

    /// <summary>Where the element at an index lies in the one operand of a view; null if that is not affine.</summary>
    public static (Var Base, long Offset, long[] Strides)? Place(Var variable, Lowering.Indexed indexed, Atom[] inputs)
    {
        if (inputs.Length != 1 || inputs[0] is not Var source)
        {
            return null;
        }

        ScalarExpr[]? read = null;
        indexed.Body(
            KernelBuilder.Axes(0, variable.Type.Rank),
            [
                index =>
                {
                    read = index;
                    return Scalar.Load(0, source.Type.DType, Scalar.Const(DType.I64, 0));
                },
            ]
        );
        if (read is null)
        {
            return null;
        }

        long offset = 0;
        var strides = new long[variable.Type.Rank];
        var sourceStrides = source.Type.Shape.Strides();
        for (int axis = 0; axis < read.Length; axis++)
        {
            if (!Collect(read[axis], sourceStrides[axis], ref offset, strides))
            {
                return null;
            }
        }

        return (source, offset, strides);
    }

    private static bool Collect(ScalarExpr expression, long factor, ref long offset, long[] strides)
    {
        switch (expression)
        {
            case ScalarExpr.Const constant:
                offset += factor * (long)constant.Bits;
                return true;
            case ScalarExpr.Axis axis:
                strides[axis.Number] += factor;
                return true;
            case ScalarExpr.Op { Code: ScalarOp.Add } sum:
                return Collect(sum.Operands[0], factor, ref offset, strides)
                    && Collect(sum.Operands[1], factor, ref offset, strides);
            case ScalarExpr.Op { Code: ScalarOp.Sub } difference:
                return Collect(difference.Operands[0], factor, ref offset, strides)
                    && Collect(difference.Operands[1], -factor, ref offset, strides);
            case ScalarExpr.Op { Code: ScalarOp.Mul } product when product.Operands[1] is ScalarExpr.Const c:
                return Collect(product.Operands[0], factor * (long)c.Bits, ref offset, strides);
            case ScalarExpr.Op { Code: ScalarOp.Mul } product when product.Operands[0] is ScalarExpr.Const c:
                return Collect(product.Operands[1], factor * (long)c.Bits, ref offset, strides);
            default:
                return false;
        }
    }
}
