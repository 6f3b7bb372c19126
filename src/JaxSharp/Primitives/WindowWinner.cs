using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// For each window the flat number, in the operand, of the first element that equals the result of the window, the second
/// operand (NaN counts as equal to NaN); a number past the end if there is none. Numbers are counted over the axes after the
/// first <paramref name="BatchAxes"/>.
/// </summary>
internal sealed record WindowWinner(Dims WindowDimensions, EquatableArray<WindowDimension> Window, int BatchAxes = 0)
    : Primitive
{
    public override string Name => "window_winner";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        WindowPlaces.ResultShape(Name, operands[0], WindowDimensions, Window);
        long size = operands[0].Shape[BatchAxes..].Size;
        return [new ArrayType(size > int.MaxValue ? DType.I64 : DType.I32, operands[1].Shape)];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [Tangent.Zero(y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var batched = new WindowWinner(WindowDimensions.Prepend(1), WindowPlaces.Insert(Window, 0), BatchAxes + 1);
        return ([batched.Bind([.. operands.Select((x, i) => Batching.Align(x, dims[i], 0, axis.Size))])], [0]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var shape = operands[0].Shape;
        var dtype = results[0].DType;
        var none = Scalar.Const(dtype, shape[BatchAxes..].Size);
        return new Lowering.Reduction(
            Monoid.Min,
            WindowDimensions.ToArray(),
            (index, inner, read) =>
            {
                if (shape.Size == 0)
                {
                    return none;
                }

                var (place, inside) = WindowPlaces.Place(index, inner, shape, WindowDimensions, Window);
                var (x, y) = (read[0](place), read[1](index));
                var wins = Scalar.Eq(x, y);
                if (x.Type.IsFloating)
                {
                    wins = Scalar.Or(wins, Scalar.And(Scalar.Ne(x, x), Scalar.Ne(y, y)));
                }

                var flat = Scalar.Convert(WindowPlaces.Flat(place, shape, BatchAxes), dtype);
                // Elements are compared only where there are some.
                var number = Scalar.Select(wins, flat, none);
                return inside is null ? number : Scalar.Select(inside, number, none);
            }
        );
    }
}

/// <summary>For each window the element of an array whose number <see cref="WindowWinner"/> gave; zero where there is none.</summary>
internal sealed record WindowTake(Dims WindowDimensions, EquatableArray<WindowDimension> Window, int BatchAxes = 0)
    : LinearPrimitive
{
    public override string Name => "window_take";

    public override ArrayType[] Infer(ArrayType[] operands) => [operands[0] with { Shape = operands[1].Shape }];

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands) =>
        new WindowScatter(operand.Shape, WindowDimensions, Window, BatchAxes).Bind(ct, operands[1].Value);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var batched = new WindowTake(WindowDimensions.Prepend(1), WindowPlaces.Insert(Window, 0), BatchAxes + 1);
        return ([batched.Bind([.. operands.Select((x, i) => Batching.Align(x, dims[i], 0, axis.Size))])], [0]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var shape = operands[0].Shape;
        long[] strides = shape.Strides();
        long size = shape[BatchAxes..].Size;
        var zero = Scalar.Const(results[0].DType, 0L);
        return new Lowering.Indexed(
            (index, read) =>
            {
                if (shape.Size == 0)
                {
                    return zero;
                }

                var number = Places.Dynamic(read[1](index));
                var rest = Places.Clamp(number, size);
                var place = new ScalarExpr[index.Length];
                for (int axis = 0; axis < place.Length; axis++)
                {
                    if (axis < BatchAxes)
                    {
                        place[axis] = index[axis];
                        continue;
                    }

                    place[axis] = Scalar.Div(rest, Places.Int(strides[axis]));
                    rest = Scalar.Rem(rest, Places.Int(strides[axis]));
                }

                return Scalar.Select(Scalar.Lt(number, Places.Int(size)), read[0](place), zero);
            }
        );
    }
}

/// <summary>
/// The transpose of <see cref="WindowTake"/>: each element of the result is the sum over the windows that it won. Only the few
/// windows that can cover an element are looked at, so that nothing is scattered.
/// </summary>
internal sealed record WindowScatter(
    [Printed("shape")] Shape OperandShape,
    Dims WindowDimensions,
    EquatableArray<WindowDimension> Window,
    int BatchAxes = 0
) : LinearPrimitive
{
    public override string Name => "window_scatter";

    public override ArrayType[] Infer(ArrayType[] operands) => [operands[0] with { Shape = OperandShape }];

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands) =>
        new WindowTake(WindowDimensions, Window, BatchAxes).Bind(ct, operands[1].Value);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var batched = new WindowScatter(
            OperandShape.Insert(0, axis.Size),
            WindowDimensions.Prepend(1),
            WindowPlaces.Insert(Window, 0),
            BatchAxes + 1
        );
        return ([batched.Bind([.. operands.Select((x, i) => Batching.Align(x, dims[i], 0, axis.Size))])], [0]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var windows = operands[0].Shape;
        var zero = Scalar.Const(results[0].DType, 0L);
        int[] covering =
        [
            .. Window.Select(
                (w, i) => (WindowDimension.Dilate(WindowDimensions[i], w.WindowDilation) - 1) / w.Stride + 1
            ),
        ];
        return new Lowering.Reduction(
            Monoid.Add,
            covering,
            (index, inner, read) =>
            {
                if (windows.Size == 0)
                {
                    return zero;
                }

                ScalarExpr? inside = null;
                var window = new ScalarExpr[index.Length];
                for (int i = 0; i < window.Length; i++)
                {
                    var w = Window[i];
                    var at = Scalar.Add(Scalar.Mul(index[i], Places.Int(w.BaseDilation)), Places.Int(w.Low));
                    window[i] = Scalar.Div(at, Places.Int(w.Stride));
                    if (covering[i] > 1)
                    {
                        window[i] = Scalar.Sub(window[i], inner[i]);
                    }

                    if (covering[i] > 1 || w is not { Low: 0, High: 0, BaseDilation: 1, Stride: 1 })
                    {
                        inside = Places.And(inside, Places.Inside(window[i], windows[i]));
                        window[i] = Places.Clamp(window[i], windows[i]);
                    }
                }

                var number = read[1](window);
                var here = Scalar.Convert(WindowPlaces.Flat(index, OperandShape, BatchAxes), number.Type);
                var won = Scalar.Select(Scalar.Eq(number, here), read[0](window), zero);
                return inside is null ? won : Scalar.Select(inside, won, zero);
            }
        );
    }
}
