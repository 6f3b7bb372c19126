using System;
using System.Linq;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Products of two arrays of one element type, summed over contracting axes. The result has the batch axes, then the remaining
/// axes of the left array, then those of the right.
/// </summary>
internal sealed record DotGeneral(
    DotDimensionNumbers DimensionNumbers,
    DType? PreferredElementType = null,
    Precision? Precision = null
) : Primitive
{
    public override string Name => "dot_general";

    private DotDimensionNumbers N => DimensionNumbers;

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var (x, y) = (operands[0], operands[1]);
        Check(x, y);
        int[] extents =
        [
            .. N.LhsBatch.Select(axis => x.Shape[axis]),
            .. Kept(x.Rank, N.LhsContracting, N.LhsBatch).Select(axis => x.Shape[axis]),
            .. Kept(y.Rank, N.RhsContracting, N.RhsBatch).Select(axis => y.Shape[axis]),
        ];
        return [new ArrayType(PreferredElementType ?? x.DType, new Shape(extents), x.Weak && y.Weak)];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var (x, y) = (primals[0], primals[1]);
        var z = this.Bind(x, y);
        return ([z], [tangents[0].Apply(t => this.Bind(t, y), z) + tangents[1].Apply(t => this.Bind(x, t), z)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var ct = cotangents[0]!;
        if (operands[0].IsLinear)
        {
            return [TransposeLeft(ct, operands[0].Type, operands[1].Value, N, swap: false), null];
        }

        return [null, TransposeLeft(ct, operands[1].Type, operands[0].Value, N.Swap(), swap: true)];
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        if (dims is [{ } left, { } right])
        {
            var both = new DotDimensionNumbers(
                Bump(N.LhsContracting, left),
                Bump(N.RhsContracting, right),
                Bump(N.LhsBatch, left).Prepend(left),
                Bump(N.RhsBatch, right).Prepend(right)
            );
            return ([(this with { DimensionNumbers = both }).Bind(operands)], [0]);
        }

        // A stack of one operand is one more axis of it that is kept.
        if (dims[0] is { } l)
        {
            var numbers = new DotDimensionNumbers(
                Bump(N.LhsContracting, l),
                N.RhsContracting,
                Bump(N.LhsBatch, l),
                N.RhsBatch
            );
            int place = Array.IndexOf(Kept(operands[0].Ndim, numbers.LhsContracting, numbers.LhsBatch), l);
            return ([(this with { DimensionNumbers = numbers }).Bind(operands)], [N.LhsBatch.Count + place]);
        }
        else
        {
            int r = dims[1]!.Value;
            var numbers = new DotDimensionNumbers(
                N.LhsContracting,
                Bump(N.RhsContracting, r),
                N.LhsBatch,
                Bump(N.RhsBatch, r)
            );
            int place = Array.IndexOf(Kept(operands[1].Ndim, numbers.RhsContracting, numbers.RhsBatch), r);
            return (
                [(this with { DimensionNumbers = numbers }).Bind(operands)],
                [operands[0].Ndim - N.LhsContracting.Count + place]
            );
        }
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var (x, y) = (operands[0], operands[1]);
        int[] keptX = Kept(x.Rank, N.LhsContracting, N.LhsBatch);
        int[] keptY = Kept(y.Rank, N.RhsContracting, N.RhsBatch);
        ContractionAxis[] axes =
        [
            .. N.LhsBatch.Select(axis => new ContractionAxis(AxisRole.Batch, x.Shape[axis])),
            .. keptX.Select(axis => new ContractionAxis(AxisRole.M, x.Shape[axis])),
            .. keptY.Select(axis => new ContractionAxis(AxisRole.N, y.Shape[axis])),
            .. N.LhsContracting.Select(axis => new ContractionAxis(AxisRole.K, x.Shape[axis])),
        ];
        int[] axesX = new int[x.Rank];
        int[] axesY = new int[y.Rank];
        int next = 0;
        for (int i = 0; i < N.LhsBatch.Count; i++, next++)
        {
            (axesX[N.LhsBatch[i]], axesY[N.RhsBatch[i]]) = (next, next);
        }

        foreach (int axis in keptX)
        {
            axesX[axis] = next++;
        }

        foreach (int axis in keptY)
        {
            axesY[axis] = next++;
        }

        int outputs = next;
        for (int i = 0; i < N.LhsContracting.Count; i++, next++)
        {
            (axesX[N.LhsContracting[i]], axesY[N.RhsContracting[i]]) = (next, next);
        }

        return new Lowering.Contraction(
            new ContractionSpec(
                axes,
                OperandView.Dense(x.DType, axes, axesX),
                OperandView.Dense(y.DType, axes, axesY),
                OutputView.Dense(results[0].DType, axes, [.. Enumerable.Range(0, outputs)]),
                Accumulation(x.DType, results[0].DType)
            )
        );
    }

    /// <summary>The type that products and sums of elements are computed in, given the type of the result.</summary>
    public static DType Accumulation(DType operand, DType result) =>
        operand.IsFloating ? (result.Code == DTypeCode.F64 || operand.Code == DTypeCode.F64 ? DType.F64 : DType.F32)
        : operand.IsInteger && result.IsInteger && result.Size > operand.Size ? result
        : operand;

    private static int[] Kept(int rank, Dims contracting, Dims batch) =>
        [.. Enumerable.Range(0, rank).Where(axis => !contracting.Contains(axis) && !batch.Contains(axis))];

    private static Dims Bump(Dims axes, int dim) => new([.. axes.Select(axis => axis < dim ? axis : axis + 1)]);

    private void Check(ArrayType x, ArrayType y)
    {
        Axes("lhs", x, N.LhsContracting, N.LhsBatch);
        Axes("rhs", y, N.RhsContracting, N.RhsBatch);
        Agree("contracting", N.LhsContracting, N.RhsContracting);
        Agree("batch", N.LhsBatch, N.RhsBatch);
        if (x.DType != y.DType)
        {
            throw new DTypeException(
                $"dot_general needs operands of one element type; got {Types.List(x, y)}. Use AsType."
            );
        }

        void Axes(string side, ArrayType type, Dims contracting, Dims batch)
        {
            int[] all = [.. contracting, .. batch];
            if (all.Any(axis => axis < 0 || axis >= type.Rank) || all.Distinct().Count() != all.Length)
            {
                throw new AxisException(
                    $"dot_general of {Types.List(x, y)} with dimension_numbers={N}: the contracting and batch axes of {side} must be "
                        + $"distinct and in [0, {type.Rank})."
                );
            }
        }

        void Agree(string kind, Dims left, Dims right)
        {
            if (!left.Select(axis => x.Shape[axis]).SequenceEqual(right.Select(axis => y.Shape[axis])))
            {
                throw new ShapeException(
                    $"dot_general of {Types.List(x, y)} with dimension_numbers={N}: the {kind} axes must have equal extents."
                );
            }
        }
    }

    // The cotangent of the left operand of a product with these dimension numbers; swap tells that the operands of the
    // application were exchanged to make it the left one.
    private NDArray TransposeLeft(NDArray ct, ArrayType x, NDArray y, DotDimensionNumbers n, bool swap)
    {
        int[] keptX = Kept(x.Rank, n.LhsContracting, n.LhsBatch);
        int[] keptY = Kept(y.Ndim, n.RhsContracting, n.RhsBatch);
        int batch = n.LhsBatch.Count;
        int firstY = swap ? batch : batch + keptX.Length;
        var numbers = new DotDimensionNumbers(
            new Dims([.. Enumerable.Range(firstY, keptY.Length)]),
            keptY,
            Dims.Range(batch),
            n.RhsBatch
        );

        // The product has batch axes, those kept of x, then those contracted, in the order that they have in y.
        int[] contracted = n.RhsContracting.ToArray();
        int[] sorted = n.LhsContracting.ToArray();
        Array.Sort(contracted, sorted);
        int[] axes = [.. n.LhsBatch, .. keptX, .. sorted];
        int[] order = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            order[axes[i]] = i;
        }

        var product = new DotGeneral(numbers, null, Precision).Bind(ct, Cast(y, ct.DType));
        return Cast(new PermuteAxes(order).Bind(product), x.DType);
    }

    /// <summary>An array in another element type.</summary>
    public static NDArray Cast(NDArray x, DType dtype) =>
        x.DType == dtype ? x : new ConvertElementType(dtype, Weak: false).Bind(x);
}
