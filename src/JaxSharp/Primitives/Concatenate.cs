using System.Linq;
using JaxSharp.Compiler.Routines;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>Puts arrays one after the other along an axis.</summary>
internal sealed record Concatenate(int Dimension) : Primitive
{
    public override string Name => "concatenate";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        if (operands.Length == 0)
        {
            throw new ShapeException("concatenate needs at least one array; got none.");
        }

        var first = operands[0];
        if (Dimension < 0 || Dimension >= first.Rank)
        {
            throw new AxisException(
                $"concatenate of {Types.List(operands)} cannot use axis {Dimension}: it must be in [0, {first.Rank})."
            );
        }

        bool weak = true;
        int extent = 0;
        foreach (var operand in operands)
        {
            if (operand.Rank != first.Rank || operand.Shape.With(Dimension, 0) != first.Shape.With(Dimension, 0))
            {
                throw new ShapeException(
                    $"concatenate along axis {Dimension} needs arrays whose other extents agree; got {Types.List(operands)}."
                );
            }

            if (operand.DType != first.DType)
            {
                throw new DTypeException(
                    $"concatenate needs arrays of one element type; got {Types.List(operands)}. "
                        + "Jnp.Concatenate promotes; Lax does not: use AsType."
                );
            }

            weak &= operand.Weak;
            extent += operand.Shape[Dimension];
        }

        return [new ArrayType(first.DType, first.Shape.With(Dimension, extent), weak)];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        ([this.Bind(primals)], TangentOperators.ApplyAll(tangents, ts => [this.Bind(ts)]));

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var result = new NDArray?[operands.Length];
        int start = 0;
        for (int i = 0; i < operands.Length; i++)
        {
            int extent = operands[i].Type.Shape[Dimension];
            result[i] = operands[i].IsLinear ? Slice.InDim(cotangents[0]!, start, start + extent, Dimension) : null;
            start += extent;
        }

        return result;
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var aligned = operands.Select((x, i) => Batching.Align(x, dims[i], 0, axis.Size)).ToArray();
        return ([new Concatenate(Dimension + 1).Bind(aligned)], [0]);
    }

    // Copying blocks is as fast as memory; as part of a loop nest, which suits a few scalars, each element would look for the
    // operand that it comes from.
    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        results[0].Size <= 64 && operands.Length <= 8
            ? Search(operands, results[0])
            : new Lowering.Routine(() =>
                new ConcatenateExecutable(
                    results[0].Shape[..Dimension].Size,
                    [.. operands.Select(o => o.Shape[Dimension..].Size * o.DType.Size)]
                )
            );

    private Lowering.Indexed Search(ArrayType[] operands, ArrayType result) =>
        new(
            (index, read) =>
            {
                ScalarExpr? value = null;
                int start = result.Shape[Dimension];
                for (int i = operands.Length - 1; i >= 0; i--)
                {
                    int extent = operands[i].Shape[Dimension];
                    if (extent == 0)
                    {
                        continue;
                    }

                    start -= extent;
                    ScalarExpr[] place = [.. index];
                    place[Dimension] = Scalar.Sub(index[Dimension], Places.Int(start));
                    var here = read[i](place);
                    value = value is null
                        ? here
                        : Scalar.Select(Scalar.Lt(index[Dimension], Places.Int(start + extent)), here, value);
                }

                return value ?? Scalar.Const(result.DType, 0L);
            }
        );

    public override NDArray? Simplify(NDArray[] operands) => operands.Length == 1 ? operands[0] : null;
}
