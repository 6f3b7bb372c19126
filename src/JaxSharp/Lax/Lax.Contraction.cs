using System;
using System.Linq;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <content>Products of arrays summed over axes.</content>
public static partial class Lax
{
    /// <summary>The product of two vectors, a matrix and a vector, or two matrices.</summary>
    /// <param name="lhs">A vector or matrix.</param>
    /// <param name="rhs">A vector or matrix.</param>
    /// <param name="dimensionNumbers">Other axes than the last of the left and the first of the right operand.</param>
    /// <param name="precision">Has no effect: products always have the full precision of the type.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    /// <exception cref="ShapeException">The extents differ, or the ranks are higher and no dimension numbers are given.</exception>
    public static NDArray Dot(
        NDArray lhs,
        NDArray rhs,
        DotDimensionNumbers? dimensionNumbers = null,
        Precision? precision = null,
        DType? preferredElementType = null
    )
    {
        if (dimensionNumbers is null)
        {
            var (l, r) = (Argument.Given(lhs), Argument.Given(rhs));
            if (l.Ndim is not (1 or 2) || r.Ndim is not (1 or 2))
            {
                throw new ShapeException(
                    $"lax.dot multiplies vectors and matrices; got {l.Type} and {r.Type}. Pass dimensionNumbers, or use Jnp.Matmul."
                );
            }

            dimensionNumbers = new DotDimensionNumbers(l.Ndim - 1, 0);
        }

        return DotGeneral(lhs, rhs, dimensionNumbers, precision, preferredElementType);
    }

    /// <summary>
    /// Products summed over contracting axes. The result has the batch axes, the remaining axes of the left, then those of the right
    /// operand.
    /// </summary>
    /// <param name="lhs">Any array.</param>
    /// <param name="rhs">Any array.</param>
    /// <param name="dimensionNumbers">The axes that are summed over, and the batch axes.</param>
    /// <param name="precision">Has no effect: products always have the full precision of the type.</param>
    /// <param name="preferredElementType">
    /// The element type of the result; by default the operands' common one. f16 and bf16 are summed in f32 in any case; small integers
    /// wrap unless a wider type is asked for.
    /// </param>
    /// <exception cref="ShapeException">Extents of paired axes differ.</exception>
    /// <exception cref="AxisException">An axis does not exist or is named twice.</exception>
    /// <example><code>
    /// Lax.DotGeneral(jnp.Ones((3, 4)), jnp.Ones((4, 2)), new DotDimensionNumbers(1, 0)).Shape; // => (3,2)
    /// </code></example>
    public static NDArray DotGeneral(
        NDArray lhs,
        NDArray rhs,
        DotDimensionNumbers dimensionNumbers,
        Precision? precision = null,
        DType? preferredElementType = null
    )
    {
        Argument.Given(dimensionNumbers);
        return Product(
            lhs,
            rhs,
            preferredElementType,
            (x, y, preferred) => new DotGeneral(dimensionNumbers, preferred, precision).Bind(x, y)
        );
    }

    /// <summary>Products of stacks of matrices: the axes before the last two are the stack.</summary>
    /// <exception cref="ShapeException">The stacks differ, or an operand has fewer than two axes.</exception>
    public static NDArray BatchMatmul(NDArray lhs, NDArray rhs, Precision? precision = null)
    {
        var (l, r) = (Argument.Given(lhs), Argument.Given(rhs));
        if (l.Ndim < 2 || r.Ndim != l.Ndim)
        {
            throw new ShapeException(
                $"lax.batch_matmul needs operands of equal rank with at least two axes; got {l.Type} and {r.Type}."
            );
        }

        var batch = Dims.Range(l.Ndim - 2);
        return DotGeneral(l, r, new DotDimensionNumbers(l.Ndim - 1, l.Ndim - 2, batch, batch), precision);
    }

    /// <summary>
    /// A product whose left operand carries block scales: each scale belongs to a block of neighbours along the contracting axis.
    /// </summary>
    /// <param name="lhs">A matrix, or a stack of them.</param>
    /// <param name="rhs">A matrix, or a stack of them.</param>
    /// <param name="lhsScale">Scales of the left operand; the extent of each axis divides the operand's.</param>
    /// <param name="rhsScale">Scales of the right operand.</param>
    /// <param name="dimensionNumbers">Other axes than those of a matrix product.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    public static NDArray ScaledDot(
        NDArray lhs,
        NDArray rhs,
        NDArray? lhsScale = null,
        NDArray? rhsScale = null,
        DotDimensionNumbers? dimensionNumbers = null,
        DType? preferredElementType = null
    )
    {
        var (l, r) = (Scaled(Argument.Given(lhs), lhsScale), Scaled(Argument.Given(rhs), rhsScale));
        if (dimensionNumbers is null)
        {
            int rank = l.Ndim;
            var batch = Dims.Range(Math.Max(rank - 2, 0));
            dimensionNumbers = new DotDimensionNumbers(rank - 1, Math.Max(rank - 2, 0), batch, batch);
        }

        return DotGeneral(l, r, dimensionNumbers, null, preferredElementType ?? DType.BF16);
    }

    private static NDArray Scaled(NDArray x, NDArray? scale)
    {
        if (scale is null)
        {
            return x;
        }

        if (scale.Ndim != x.Ndim || x.Shape.Where((e, i) => scale.Shape[i] == 0 || e % scale.Shape[i] != 0).Any())
        {
            throw new ShapeException(
                $"lax.scaled_dot cannot scale blocks of {x.Type} by {scale.Type}: extents must divide."
            );
        }

        int[] blocks = [.. x.Shape.SelectMany((e, i) => new[] { scale.Shape[i], e / scale.Shape[i] })];
        int[] axes = [.. Enumerable.Range(0, x.Ndim).Select(i => 2 * i)];
        var repeated = Reshape(new BroadcastInDim(blocks, axes).Bind(scale), x.Shape);
        var common = CommonType(x.DType, scale.DType);
        return new Mul().Bind(Primitives.DotGeneral.Cast(x, common), Primitives.DotGeneral.Cast(repeated, common));
    }

    // Brings operands to one element type, and sees to preferred types that the sum cannot be computed in.
    private static NDArray Product(
        NDArray lhs,
        NDArray rhs,
        DType? preferredElementType,
        Func<NDArray, NDArray, DType?, NDArray> product
    )
    {
        var (x, y) = (Argument.Given(lhs), Argument.Given(rhs));
        var result = preferredElementType is null ? null : JaxConfig.Canonical(preferredElementType);
        var common = CommonType(x.DType, y.DType);
        if (result is not null && common.IsInexact && result.IsComplex != common.IsComplex)
        {
            throw new DTypeException(
                $"A product of {x.Type} and {y.Type} cannot have preferredElementType {result}: both must be real or both complex. Use "
                    + "jnp.Real of the result, or AsType on an operand."
            );
        }

        if (
            result is not null
            && !common.IsInexact
            && (result.IsInexact || (x.DType != y.DType && result.Size > common.Size))
        )
        {
            common = result;
        }

        x = Converted(x, common);
        y = Converted(y, common);
        if (result is not null && common.IsInexact && !result.IsInexact)
        {
            var sum = product(x, y, common.Code is DTypeCode.F16 or DTypeCode.BF16 ? DType.F32 : null);
            return Converted(sum, result);
        }

        return product(x, y, result == common ? null : result);
    }

    private static NDArray Converted(NDArray x, DType dtype) =>
        x.DType == dtype ? x : new ConvertElementType(dtype, x.WeakType).Bind(x);

    /// <summary>The narrowest type that holds the values of both, as far as there is one.</summary>
    private static DType CommonType(DType a, DType b)
    {
        if (a == b)
        {
            return a;
        }

        if (a.IsInexact || b.IsInexact)
        {
            if (!a.IsInexact || !b.IsInexact)
            {
                return a.IsInexact ? a : b;
            }

            var real =
                a.RealType.Size == b.RealType.Size ? (a.RealType == b.RealType ? a.RealType : DType.F32)
                : a.RealType.Size > b.RealType.Size ? a.RealType
                : b.RealType;
            return a.IsComplex || b.IsComplex ? (real == DType.F64 ? DType.C128 : DType.C64) : real;
        }

        if (a.IsBool || b.IsBool)
        {
            return a.IsBool ? b : a;
        }

        if (a.IsSigned == b.IsSigned)
        {
            return a.Size > b.Size ? a : b;
        }

        var (signed, unsigned) = a.IsSigned ? (a, b) : (b, a);
        int size = signed.Size > unsigned.Size ? signed.Size : unsigned.Size * 2;
        return JaxConfig.Canonical(
            size switch
            {
                2 => DType.I16,
                4 => DType.I32,
                _ => DType.I64,
            }
        );
    }
}
