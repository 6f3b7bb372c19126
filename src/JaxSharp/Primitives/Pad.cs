using System;
using System.Linq;
using JaxSharp.Compiler.Routines;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>How an axis is padded: elements put before and after (negative: cut off) and between neighbours.</summary>
internal readonly record struct PadDimension(int Low, int High, int Interior)
{
    public override string ToString() => $"({Low},{High},{Interior})";
}

/// <summary>Surrounds and interleaves an array with a value, the scalar second operand.</summary>
internal sealed record Pad(EquatableArray<PadDimension> PaddingConfig) : Primitive
{
    public override string Name => "pad";

    /// <summary>Pads with zeros.</summary>
    public static NDArray WithZeros(NDArray x, EquatableArray<PadDimension> config) =>
        new Pad(config).Bind(x, DeviceArray.Scalar(0L, x.DType, x.WeakType));

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var (operand, value) = (operands[0], operands[1]);
        if (operand.DType != value.DType)
        {
            throw new DTypeException(
                $"pad needs a padding value of the array's element type; got {operand} and {value}. Use AsType."
            );
        }

        if (value.Rank != 0)
        {
            throw new ShapeException($"pad needs a scalar padding value; got {value}.");
        }

        if (PaddingConfig.Length != operand.Rank || PaddingConfig.Any(p => p.Interior < 0))
        {
            throw new ShapeException(
                $"pad of {operand} cannot take padding_config={PaddingConfig}: it needs (low, high, interior) for each of the "
                    + $"{operand.Rank} axes, with interior >= 0."
            );
        }

        int[] extents = new int[operand.Rank];
        for (int i = 0; i < extents.Length; i++)
        {
            var (low, high, interior) = PaddingConfig[i];
            int extent = operand.Shape[i];
            extents[i] = low + high + extent + (extent > 0 ? (extent - 1) * interior : 0);
            if (extents[i] < 0)
            {
                throw new ShapeException(
                    $"pad of {operand} with padding_config={PaddingConfig} would give axis {i} the extent {extents[i]}."
                );
            }
        }

        return [new ArrayType(operand.DType, new Shape(extents), operand.Weak && value.Weak)];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        ([this.Bind(primals)], TangentOperators.ApplyAll(tangents, ts => [this.Bind(ts)]));

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var ct = cotangents[0]!;
        var inner = Unpad(ct, operands[0].Type.Shape);
        return [operands[0].IsLinear ? inner : null, operands[1].IsLinear ? Total(ct) - Total(inner) : null];
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        if (dims[1] is null)
        {
            int dim = dims[0]!.Value;
            PadDimension[] config = [.. PaddingConfig.Span[..dim], default, .. PaddingConfig.Span[dim..]];
            return ([new Pad(config).Bind(operands)], [dim]);
        }

        // Every padded array of the stack has a value of its own: pad with anything and select where the padding is.
        var x = Batching.Align(operands[0], dims[0], 0, axis.Size);
        var batched = new Pad([default, .. PaddingConfig]);
        var padded = batched.Bind(x, DeviceArray.Scalar(0L, x.DType, weak: x.WeakType && operands[1].WeakType));
        var isElement = batched.Bind(
            Operators.Full(new ArrayType(DType.Bool, x.Shape), 1),
            DeviceArray.Scalar(false, DType.Bool, weak: false)
        );
        var values = new BroadcastInDim(padded.Shape, [0]).Bind(operands[1]);
        return ([new SelectN().Bind(isElement, values, padded)], [0]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        PaddingConfig.Any(p => p.Interior > 0) && operands[0].Size > 0
            ? new Lowering.Routine(() => Spread(operands[0], results[0]))
            : new Lowering.Indexed(
                (index, read) =>
                {
                    var padding = read[1]();
                    if (operands[0].Size == 0)
                    {
                        return padding;
                    }

                    ScalarExpr? inside = null;
                    var place = new ScalarExpr[index.Length];
                    for (int i = 0; i < place.Length; i++)
                    {
                        var (low, high, _) = PaddingConfig[i];
                        place[i] = Scalar.Add(index[i], Places.Int(-low));
                        if (low > 0 || high > 0)
                        {
                            inside = Places.And(inside, Places.Inside(place[i], operands[0].Shape[i]));
                        }
                    }

                    var element = read[0](place);
                    return inside is null ? element : Scalar.Select(inside, element, padding);
                }
            );

    public override NDArray? Simplify(NDArray[] operands) => PaddingConfig.All(p => p == default) ? operands[0] : null;

    // Padding between neighbours: the elements of the operand are laid out in an array of padding.
    private SpreadExecutable Spread(ArrayType operand, ArrayType result)
    {
        long[] from = operand.Shape.Strides();
        long[] to = result.Shape.Strides();
        var axes = new SpreadAxis[operand.Rank];
        long first = 0;
        long start = 0;
        for (int i = 0; i < axes.Length; i++)
        {
            var (low, _, interior) = PaddingConfig[i];
            int step = interior + 1;
            int skipped = low < 0 ? (step - 1 - low) / step : 0;
            int room = result.Shape[i] - 1 - low;
            int last = room < 0 ? -1 : Math.Min(room / step, operand.Shape[i] - 1);
            axes[i] = new SpreadAxis(Math.Max(last - skipped + 1, 0), from[i], to[i] * step);
            first += skipped * from[i];
            start += (low + ((long)skipped * step)) * to[i];
        }

        return new SpreadExecutable(operand.DType.Size, axes, first, start, result.Size);
    }

    private NDArray Unpad(NDArray ct, Shape shape)
    {
        var cropped = WithZeros(ct, [.. PaddingConfig.Select(p => new PadDimension(-p.Low, -p.High, 0))]);
        int[] strides = [.. PaddingConfig.Select(p => p.Interior + 1)];
        return new Slice(new int[ct.Ndim], cropped.Shape, strides).Bind(cropped) is var x && x.Shape == shape
            ? x
            : throw new InternalException($"The transpose of pad made {x.Type} of {ct.Type} instead of shape {shape}.");
    }

    private static NDArray Total(NDArray x) => new ReduceSum([.. Enumerable.Range(0, x.Ndim)]).Bind(x);
}
