using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Combines the elements under a moving window with a monoid; padding and the holes of a dilated operand count as its neutral
/// element.
/// </summary>
internal abstract record WindowReduction(Dims WindowDimensions, EquatableArray<WindowDimension> Window) : Primitive
{
    /// <summary>How elements are combined.</summary>
    public abstract Monoid Monoid { get; }

    /// <summary>The element types it takes.</summary>
    protected abstract Domain Domain { get; }

    /// <summary>The reduction by a monoid.</summary>
    public static WindowReduction Of(Monoid monoid, Dims windowDimensions, EquatableArray<WindowDimension> window) =>
        monoid switch
        {
            Monoid.Add => new ReduceWindowSum(windowDimensions, window),
            Monoid.Max => new ReduceWindowMax(windowDimensions, window),
            Monoid.Min => new ReduceWindowMin(windowDimensions, window),
            _ => new ReduceWindow(windowDimensions, window, monoid),
        };

    public sealed override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        Types.Check(Name, Domain, operand);
        return [operand with { Shape = WindowPlaces.ResultShape(Name, operand, WindowDimensions, Window) }];
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public sealed override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        var batched = this with
        {
            WindowDimensions = WindowDimensions.Insert(dim, 1),
            Window = WindowPlaces.Insert(Window, dim),
        };
        return ([batched.Bind(operands)], [dim]);
    }

    public sealed override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var shape = operands[0].Shape;
        var neutral = Monoid.Neutral(operands[0].DType);
        return new Lowering.Reduction(
            Monoid,
            WindowDimensions.ToArray(),
            (index, inner, read) =>
            {
                if (shape.Size == 0)
                {
                    return neutral;
                }

                var (place, inside) = WindowPlaces.Place(index, inner, shape, WindowDimensions, Window);
                return inside is null ? read[0](place) : Scalar.Select(inside, read[0](place), neutral);
            }
        );
    }

    public sealed override NDArray? Simplify(NDArray[] operands) =>
        WindowDimensions.All(w => w == 1) && Window.All(w => w is { Stride: 1, Low: 0, High: 0, BaseDilation: 1 })
            ? operands[0]
            : null;
}

/// <summary>The sums of windows.</summary>
internal sealed record ReduceWindowSum(Dims WindowDimensions, EquatableArray<WindowDimension> Window)
    : WindowReduction(WindowDimensions, Window)
{
    public override string Name => "reduce_window_sum";

    public override Monoid Monoid => Monoid.Add;

    protected override Domain Domain => Domain.Number;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [tangents[0].Apply(t => this.Bind(t), y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var (ct, operand) = (cotangents[0]!, operands[0].Type);
        var window = new WindowDimension[Window.Length];
        for (int i = 0; i < window.Length; i++)
        {
            var (low, high) = Window[i].PaddingOfOperandCotangent(operand.Shape[i], WindowDimensions[i], ct.Shape[i]);
            window[i] = new(Window[i].BaseDilation, low, high, Window[i].Stride, Window[i].WindowDilation);
        }

        return [new ReduceWindowSum(WindowDimensions, window).Bind(ct)];
    }
}

/// <summary>The largest or smallest elements of windows. The first one that equals the result takes the derivative.</summary>
internal abstract record WindowExtremum(Dims WindowDimensions, EquatableArray<WindowDimension> Window)
    : WindowReduction(WindowDimensions, Window)
{
    protected sealed override Domain Domain => Domain.Ordered;

    public sealed override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var x = primals[0];
        var y = this.Bind(x);
        var winner = new WindowWinner(WindowDimensions, Window).Bind(x, y);
        var take = new WindowTake(WindowDimensions, Window);
        return ([y], [tangents[0].Apply(t => take.Bind(t, winner), y)]);
    }
}

/// <summary>The largest elements of windows.</summary>
internal sealed record ReduceWindowMax(Dims WindowDimensions, EquatableArray<WindowDimension> Window)
    : WindowExtremum(WindowDimensions, Window)
{
    public override string Name => "reduce_window_max";

    public override Monoid Monoid => Monoid.Max;
}

/// <summary>The smallest elements of windows.</summary>
internal sealed record ReduceWindowMin(Dims WindowDimensions, EquatableArray<WindowDimension> Window)
    : WindowExtremum(WindowDimensions, Window)
{
    public override string Name => "reduce_window_min";

    public override Monoid Monoid => Monoid.Min;
}

/// <summary>Windows combined by another monoid: a product, or a bitwise operation; it has no derivative.</summary>
internal sealed record ReduceWindow(
    Dims WindowDimensions,
    EquatableArray<WindowDimension> Window,
    [Printed("monoid")] Monoid OtherMonoid
) : WindowReduction(WindowDimensions, Window)
{
    public override string Name => "reduce_window";

    public override Monoid Monoid => OtherMonoid;

    protected override Domain Domain => Monoid == Monoid.Mul ? Domain.Number : Domain.BoolOrInteger;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        throw new DifferentiationException(
            $"{Name} with {Monoid} has no derivative. Take slices of the operand and multiply them, or use sums of logarithms."
        );
}

/// <summary>Index arithmetic of windows.</summary>
internal static class WindowPlaces
{
    /// <summary>The element of the operand under a place of the window, moved into range, and whether there is one.</summary>
    public static (ScalarExpr[] Place, ScalarExpr? Inside) Place(
        ScalarExpr[] index,
        ScalarExpr[] inner,
        Shape shape,
        Dims sizes,
        EquatableArray<WindowDimension> window
    )
    {
        ScalarExpr? inside = null;
        var place = new ScalarExpr[index.Length];
        for (int i = 0; i < place.Length; i++)
        {
            var w = window[i];
            var at = Scalar.Mul(index[i], Places.Int(w.Stride));
            if (sizes[i] > 1)
            {
                at = Scalar.Add(at, Scalar.Mul(inner[i], Places.Int(w.WindowDilation)));
            }

            at = Scalar.Add(at, Places.Int(-w.Low));
            int span = WindowDimension.Dilate(shape[i], w.BaseDilation);
            if (w is not { Low: <= 0, High: <= 0, BaseDilation: 1 })
            {
                inside = Places.And(inside, Places.Inside(at, span));
                if (w.BaseDilation > 1)
                {
                    var dilation = Places.Int(w.BaseDilation);
                    inside = Places.And(inside, Scalar.Eq(Scalar.Rem(at, dilation), Places.Int(0)));
                    at = Scalar.Div(at, dilation);
                }
            }

            place[i] = at;
        }

        return (place, inside);
    }

    /// <summary>The flat number of a place, counted over the axes after the first ones.</summary>
    public static ScalarExpr Flat(ScalarExpr[] place, Shape shape, int batchAxes)
    {
        long[] strides = shape.Strides();
        var flat = Places.Int(0);
        for (int axis = batchAxes; axis < place.Length; axis++)
        {
            flat = Scalar.Add(flat, Scalar.Mul(place[axis], Places.Int(strides[axis])));
        }

        return flat;
    }

    /// <summary>A window with an axis more, which it does not touch.</summary>
    public static WindowDimension[] Insert(EquatableArray<WindowDimension> window, int dim) =>
        [.. window.Span[..dim], new WindowDimension(1, 0, 0, 1, 1), .. window.Span[dim..]];

    public static Shape ResultShape(string name, ArrayType operand, Dims sizes, EquatableArray<WindowDimension> window)
    {
        if (sizes.Count != operand.Rank || window.Length != operand.Rank)
        {
            throw new ShapeException(
                $"{name} of {operand} needs window dimensions, strides, padding and dilations for each of its {operand.Rank} axes; got "
                    + $"window_dimensions={sizes}, window={window}."
            );
        }

        if (sizes.Any(s => s < 1) || window.Any(w => w.Stride < 1 || w.BaseDilation < 1 || w.WindowDilation < 1))
        {
            throw new JaxArgumentException(
                $"{name} of {operand} needs window dimensions, strides and dilations of at least 1; got window_dimensions={sizes}, "
                    + $"window={window}."
            );
        }

        return new Shape([.. operand.Shape.Select((extent, i) => window[i].Places(extent, sizes[i]))]);
    }
}
