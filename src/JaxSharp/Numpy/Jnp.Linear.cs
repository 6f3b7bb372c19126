using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Products of vectors, matrices and more.
public static partial class Jnp
{
    /// <summary>The product over the last axis of a and the second-last axis of b; scalars multiply.</summary>
    /// <param name="a">The left array.</param>
    /// <param name="b">The right array.</param>
    /// <param name="precision">Accepted for likeness: products are always computed to the full precision of the type.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    public static NDArray Dot(NDArray a, NDArray b, Precision? precision = null, DType? preferredElementType = null)
    {
        var (x, y, finish) = Factors(a, b, preferredElementType);
        if (x.Ndim == 0 || y.Ndim == 0)
        {
            return finish(MultiplyFactors(x, y));
        }

        return finish(Contract(x, y, [x.Ndim - 1], [Math.Max(0, y.Ndim - 2)], [], [], "dot"));
    }

    /// <summary>The matrix product; axes before the last two are a batch, which broadcasts. Vectors count as one row or column.</summary>
    /// <exception cref="ShapeException">The inner extents differ, or an operand is a scalar.</exception>
    public static NDArray MatMul(NDArray a, NDArray b, Precision? precision = null, DType? preferredElementType = null)
    {
        Argument.Given(a);
        Argument.Given(b);
        if (a.Ndim == 0 || b.Ndim == 0)
        {
            throw new ShapeException($"matmul does not take scalars; got {a.Type} and {b.Type}. Use *.");
        }

        var (x, y, finish) = Factors(a, b, preferredElementType);
        bool row = x.Ndim == 1;
        bool column = y.Ndim == 1;
        if (x.Shape[^1] != y.Shape[column ? 0 : y.Ndim - 2])
        {
            throw new ShapeException(
                $"matmul needs the last extent of the left array to be the second-last of the right; got {a.Type} and {b.Type}."
            );
        }

        // Batch axes that only one side has need not be repeated: they are free axes of that side.
        if (x.Ndim <= 2 && y.Ndim <= 2)
        {
            return finish(Contract(x, y, [x.Ndim - 1], [column ? 0 : y.Ndim - 2], [], [], "matmul"));
        }

        if (y.Ndim <= 2)
        {
            return finish(Contract(x, y, [x.Ndim - 1], [column ? 0 : y.Ndim - 2], [], [], "matmul"));
        }

        var left = row ? Ops.ExpandDims(x, 0) : x;
        var right = column ? Ops.ExpandDims(y, 1) : y;
        var batch = Broadcasting.Common("matmul", left.Shape[..^2], right.Shape[..^2]);
        left = Broadcasting.To(left, new Shape([.. batch, left.Shape[^2], left.Shape[^1]]), "matmul");
        right = Broadcasting.To(right, new Shape([.. batch, right.Shape[^2], right.Shape[^1]]), "matmul");
        int[] axes = [.. Enumerable.Range(0, batch.Rank)];
        var product = Contract(left, right, [left.Ndim - 1], [right.Ndim - 2], axes, axes, "matmul");
        if (row)
        {
            product = Ops.Squeeze(product, product.Ndim - 2);
        }

        return finish(column ? Ops.Squeeze(product, product.Ndim - 1) : product);
    }

    /// <summary>The product over the last axes of both arrays; scalars multiply.</summary>
    public static NDArray Inner(NDArray a, NDArray b, Precision? precision = null, DType? preferredElementType = null)
    {
        var (x, y, finish) = Factors(a, b, preferredElementType);
        return x.Ndim == 0 || y.Ndim == 0
            ? finish(MultiplyFactors(x, y))
            : finish(Contract(x, y, [x.Ndim - 1], [y.Ndim - 1], [], [], "inner"));
    }

    /// <summary>The matrix of all products of elements of two arrays in flat order.</summary>
    public static NDArray Outer(NDArray a, NDArray b) =>
        Multiply(Ops.Reshape(Argument.Given(a), ((int)a.Size, 1)), Ops.Reshape(Argument.Given(b), (1, (int)b.Size)));

    /// <summary>The sum of products of all elements, those of the first array conjugated.</summary>
    public static NDArray VDot(NDArray a, NDArray b, Precision? precision = null, DType? preferredElementType = null) =>
        Dot(Ravel(Ops.Conj(Argument.Given(a))), Ravel(b), precision, preferredElementType);

    /// <summary>The sum of products along an axis, elements of the first array conjugated; the rest broadcasts.</summary>
    public static NDArray VecDot(
        NDArray x1,
        NDArray x2,
        int axis = -1,
        Precision? precision = null,
        DType? preferredElementType = null
    )
    {
        Argument.Given(x1);
        Argument.Given(x2);
        int first = Axes.Normalize(axis, x1.Ndim, "vecdot");
        int second = Axes.Normalize(axis, x2.Ndim, "vecdot");
        if (x1.Shape[first] != x2.Shape[second])
        {
            throw new ShapeException($"vecdot along axis {axis} needs equal extents; got {x1.Type} and {x2.Type}.");
        }

        var left = MoveAxis(Ops.Conj(x1), first, -1);
        var right = MoveAxis(x2, second, -1);
        var product = MatMul(
            Ops.ExpandDims(left, left.Ndim - 1),
            Ops.ExpandDims(right, right.Ndim),
            precision,
            preferredElementType
        );
        return Ops.Reshape(product, product.Shape[..^2]);
    }

    /// <summary>Matrices times vectors; axes before them broadcast.</summary>
    public static NDArray MatVec(NDArray x1, NDArray x2)
    {
        Argument.Given(x1);
        Argument.Given(x2);
        if (x1.Ndim < 2 || x2.Ndim < 1)
        {
            throw new ShapeException($"matvec needs a matrix and a vector; got {x1.Type} and {x2.Type}.");
        }

        var product = MatMul(x1, Ops.ExpandDims(x2, x2.Ndim));
        return Ops.Squeeze(product, product.Ndim - 1);
    }

    /// <summary>Vectors, conjugated, times matrices; axes before them broadcast.</summary>
    public static NDArray VecMat(NDArray x1, NDArray x2)
    {
        Argument.Given(x1);
        Argument.Given(x2);
        if (x1.Ndim < 1 || x2.Ndim < 2)
        {
            throw new ShapeException($"vecmat needs a vector and a matrix; got {x1.Type} and {x2.Type}.");
        }

        var product = MatMul(Ops.ExpandDims(Ops.Conj(x1), x1.Ndim - 1), x2);
        return Ops.Squeeze(product, product.Ndim - 2);
    }

    /// <summary>The product over the last axes of a and the first axes of b, as many as given.</summary>
    public static NDArray TensorDot(
        NDArray a,
        NDArray b,
        int axes = 2,
        Precision? precision = null,
        DType? preferredElementType = null
    )
    {
        Argument.Given(a);
        Argument.Given(b);
        Argument.Given(a);
        Argument.Given(b);
        if (axes < 0 || axes > a.Ndim || axes > b.Ndim)
        {
            throw new AxisException($"tensordot cannot sum over {axes} axes of {a.Type} and {b.Type}.");
        }

        return TensorDot(
            a,
            b,
            (Enumerable.Range(a.Ndim - axes, axes).ToArray(), Enumerable.Range(0, axes).ToArray()),
            precision,
            preferredElementType
        );
    }

    /// <summary>The product over pairs of axes of a and b.</summary>
    public static NDArray TensorDot(
        NDArray a,
        NDArray b,
        (Dims A, Dims B) axes,
        Precision? precision = null,
        DType? preferredElementType = null
    )
    {
        Argument.Given(a);
        Argument.Given(b);
        int[] left = ((Axes)axes.A.ToArray()).Resolve(a.Ndim, "tensordot");
        int[] right = ((Axes)axes.B.ToArray()).Resolve(b.Ndim, "tensordot");
        if (left.Length != right.Length)
        {
            throw new AxisException($"tensordot needs as many axes of a as of b; got {axes.A} and {axes.B}.");
        }

        var (x, y, finish) = Factors(a, b, preferredElementType);
        return finish(Contract(x, y, left, right, [], [], "tensordot"));
    }

    /// <summary>The Kronecker product: every element of a times all of b.</summary>
    public static NDArray Kron(NDArray a, NDArray b)
    {
        Argument.Given(a);
        Argument.Given(b);
        int rank = Math.Max(a.Ndim, b.Ndim);
        int[] left = [.. Enumerable.Repeat(1, rank - a.Ndim), .. a.Shape];
        int[] right = [.. Enumerable.Repeat(1, rank - b.Ndim), .. b.Shape];
        var product = Multiply(
            Ops.Reshape(a, left.SelectMany(extent => new[] { extent, 1 }).ToArray()),
            Ops.Reshape(b, right.SelectMany(extent => new[] { 1, extent }).ToArray())
        );
        return Ops.Reshape(product, left.Zip(right, (x, y) => x * y).ToArray());
    }

    /// <summary>The vector product of vectors of 2 or 3 components along axes.</summary>
    public static NDArray Cross(NDArray a, NDArray b, int axisa = -1, int axisb = -1, int axisc = -1, int? axis = null)
    {
        Argument.Given(a);
        Argument.Given(b);
        if (axis is { } all)
        {
            (axisa, axisb, axisc) = (all, all, all);
        }

        var promoted = Promotion.Promote(MoveAxis(a, axisa, -1), MoveAxis(b, axisb, -1));
        var (x, y) = (promoted[0], promoted[1]);
        if (x.Shape[^1] is not (2 or 3) || y.Shape[^1] is not (2 or 3))
        {
            throw new ShapeException($"cross needs vectors of 2 or 3 components; got {a.Type} and {b.Type}.");
        }

        bool flat = x.Shape[^1] == 2 && y.Shape[^1] == 2;
        var batch = Broadcasting.Common("cross", x.Shape[..^1], y.Shape[..^1]);
        var (x0, x1, x2) = Parts(x);
        var (y0, y1, y2) = Parts(y);
        var third = Ops.Sub(Ops.Mul(x0, y1), Ops.Mul(x1, y0));
        if (flat)
        {
            return third;
        }

        var first = Ops.Sub(Ops.Mul(x1, y2), Ops.Mul(x2, y1));
        var second = Ops.Sub(Ops.Mul(x2, y0), Ops.Mul(x0, y2));
        return MoveAxis(Stack([first, second, third], -1), -1, axisc);

        (NDArray, NDArray, NDArray) Parts(NDArray v)
        {
            NDArray Part(int i) => Broadcasting.To(Ops.At(v, v.Ndim - 1, i), batch, "cross");
            var one = Part(0);
            return (one, Part(1), v.Shape[^1] == 3 ? Part(2) : Ops.Like(one, 0));
        }
    }

    /// <summary>Both factors in the type to multiply in, and what turns the product into the result.</summary>
    private static (NDArray X, NDArray Y, Func<NDArray, NDArray> Finish) Factors(
        NDArray a,
        NDArray b,
        DType? preferred,
        [CallerMemberName] string caller = ""
    )
    {
        Argument.Given(a, nameof(a), caller);
        Argument.Given(b, nameof(b), caller);
        if (preferred is null && ReferenceEquals(a.DType, b.DType) && !a.DType.IsBool)
        {
            return (a, b, product => product);
        }

        var (dtype, weak) = Promotion.Result(a, b);
        if (dtype.IsBool && preferred is null or { IsBool: true })
        {
            return (
                Promotion.Convert(a, DType.I32),
                Promotion.Convert(b, DType.I32),
                product => Ops.Ne(product, Ops.Like(product, 0))
            );
        }

        if (preferred is not null)
        {
            preferred = JaxConfig.Canonical(preferred);
            // Products are computed in the wider of the two types.
            var compute = Promotion.Types(JaxConfig.Canonical(dtype), preferred);
            return (
                Promotion.Convert(a, compute),
                Promotion.Convert(b, compute),
                product => Promotion.Convert(product, preferred)
            );
        }

        return (Promotion.Convert(a, dtype, weak), Promotion.Convert(b, dtype, weak), product => product);
    }

    private static NDArray MultiplyFactors(NDArray x, NDArray y)
    {
        var (a, b) = Broadcast("dot", x, y);
        return Ops.Mul(a, b);
    }

    private static NDArray Contract(
        NDArray x,
        NDArray y,
        int[] left,
        int[] right,
        int[] leftBatch,
        int[] rightBatch,
        string caller
    )
    {
        for (int i = 0; i < left.Length; i++)
        {
            if (x.Shape[left[i]] != y.Shape[right[i]])
            {
                throw new ShapeException(
                    $"{caller} of {x.Type} and {y.Type} sums over axes {left[i]} and {right[i]}, whose extents differ."
                );
            }
        }

        return new DotGeneral(new DotDimensionNumbers(left, right, leftBatch, rightBatch)).Bind(x, y);
    }
}
