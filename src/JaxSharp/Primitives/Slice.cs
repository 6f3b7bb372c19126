using System;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>The elements from a start up to a limit in steps, along every axis.</summary>
internal sealed record Slice(Dims StartIndices, Dims LimitIndices, Dims? Strides = null) : LinearPrimitive
{
    /// <summary>The steps; null where all are 1, as JAX prints it.</summary>
    public Dims? Strides { get; } =
        Strides is { } steps && steps.Count == StartIndices.Count && steps.Span.IndexOfAnyExcept(1) < 0
            ? null
            : Strides;

    public override string Name => "slice";

    /// <summary>A range of one axis, the others whole.</summary>
    public static NDArray InDim(NDArray x, int start, int limit, int axis, int stride = 1)
    {
        if (start == 0 && limit == x.Shape[axis] && stride == 1)
        {
            return x;
        }

        int[] starts = new int[x.Ndim];
        int[] limits = x.Shape.ToArray();
        int[] strides = [.. Enumerable.Repeat(1, x.Ndim)];
        (starts[axis], limits[axis], strides[axis]) = (start, limit, stride);
        return new Slice(starts, limits, strides).Bind(x);
    }

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        int rank = operand.Rank;
        bool fits = StartIndices.Count == rank && LimitIndices.Count == rank && (Strides?.Count ?? rank) == rank;
        for (int i = 0; fits && i < rank; i++)
        {
            fits =
                StartIndices[i] >= 0
                && StartIndices[i] <= LimitIndices[i]
                && LimitIndices[i] <= operand.Shape[i]
                && Step(i) > 0;
        }

        if (!fits)
        {
            throw new ShapeException(
                $"slice of {operand} cannot take start_indices={StartIndices}, limit_indices={LimitIndices}, strides={ParameterText.Write(Strides)}: it "
                    + "needs one of each per axis with 0 <= start <= limit <= extent and a positive stride."
            );
        }

        var extents = Enumerable.Range(0, rank).Select(Extent);
        return [operand with { Shape = new Shape([.. extents]) }];

        int Extent(int i) => (LimitIndices[i] - StartIndices[i] + Step(i) - 1) / Step(i);
    }

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands)
    {
        var config = new PadDimension[ct.Ndim];
        for (int i = 0; i < config.Length; i++)
        {
            int covered = ct.Shape[i] == 0 ? 0 : ((ct.Shape[i] - 1) * Step(i)) + 1;
            config[i] = new(StartIndices[i], operand.Shape[i] - StartIndices[i] - covered, Step(i) - 1);
        }

        return Pad.WithZeros(ct, config);
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        var batched = new Slice(
            StartIndices.Insert(dim, 0),
            LimitIndices.Insert(dim, axis.Size),
            Strides?.Insert(dim, 1)
        );
        return ([batched.Bind(operands[0])], [dim]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        new Lowering.Indexed(
            (index, read) =>
                read[0]
                    ([
                        .. index.Select(
                            (place, i) =>
                                Scalar.Add(Scalar.Mul(place, Places.Int(Step(i))), Places.Int(StartIndices[i]))
                        ),
                    ]),
            IsView: true
        );

    public override NDArray? Simplify(NDArray[] operands) =>
        StartIndices.All(s => s == 0) && Strides is null && LimitIndices.Span.SequenceEqual(operands[0].Shape.Extents)
            ? operands[0]
            : null;

    private int Step(int axis) => Strides is { } steps ? steps[axis] : 1;
}
