using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>
    /// Combines the elements along axes by an associative function of two scalars, in any order. The seven of <c>Add</c>,
    /// <c>Mul</c>, <c>Max</c>, <c>Min</c>, <c>BitwiseAnd</c>, <c>BitwiseOr</c> and <c>BitwiseXor</c> run as one loop.
    /// </summary>
    /// <param name="operands">The array.</param>
    /// <param name="initValues">A scalar of its element type that is combined with the rest.</param>
    /// <param name="computation">The function, for example <c>Lax.Add</c>.</param>
    /// <param name="dimensions">The axes, distinct and counted from the front; they vanish from the shape.</param>
    /// <exception cref="AxisException">An axis is out of range or named twice.</exception>
    /// <exception cref="DTypeException">The initial value or the result of the function has another element type.</exception>
    /// <exception cref="ShapeException">The initial value or the result of the function is no scalar.</exception>
    public static NDArray Reduce(
        NDArray operands,
        NDArray initValues,
        Func<NDArray, NDArray, NDArray> computation,
        int[] dimensions
    ) =>
        Reduce(
            [Argument.Given(operands)],
            [Argument.Given(initValues)],
            (x, y) => [Argument.Given(computation)(x[0], y[0])],
            dimensions
        )[0];

    /// <summary>
    /// Combines the elements of several arrays of one shape together: the function takes one scalar of each, twice, and gives one
    /// for each.
    /// </summary>
    /// <inheritdoc cref="Reduce(NDArray, NDArray, Func{NDArray, NDArray, NDArray}, int[])"/>
    public static NDArray[] Reduce(
        NDArray[] operands,
        NDArray[] initValues,
        Func<NDArray[], NDArray[], NDArray[]> computation,
        int[] dimensions
    )
    {
        int count = Argument.Given(operands).Length;
        var elements = Reducer.Check(operands, Argument.Given(initValues));
        var (body, constants) = Staging.Stage(
            xs => Argument.Given(computation)(xs[..count], xs[count..]),
            [.. elements, .. elements],
            "the computation of Lax.Reduce"
        );
        Reducer.CheckResults("Lax.Reduce", body, elements);
        Reducer.CheckAxes(operands[0].Type, Argument.Given(dimensions));
        if (count == 1 && Reducer.Monoid(body, dimensions) is { } reduction)
        {
            var reduced = reduction.Bind(operands[0]);
            var initial = Operators.BroadcastScalar(initValues[0], reduced.Shape);
            return [body.Equations[0].Primitive.Bind(reduced, initial)];
        }

        return Reducer.Tree(body, constants, operands, initValues, dimensions);
    }
}

/// <summary>Reductions by a function given as a program.</summary>
internal static class Reducer
{
    /// <summary>The scalar types of the elements; refuses operands that do not fit.</summary>
    public static ArrayType[] Check(NDArray[] operands, NDArray[] initValues)
    {
        if (operands.Length == 0 || operands.Length != initValues.Length)
        {
            throw new JaxArgumentException(
                $"Lax.Reduce needs one initial value for each array; got {operands.Length} arrays and {initValues.Length} values."
            );
        }

        for (int i = 0; i < operands.Length; i++)
        {
            var (operand, init) = (operands[i].Type, initValues[i].Type);
            if (operand.Shape != operands[0].Shape || init.Rank != 0)
            {
                throw new ShapeException(
                    $"Lax.Reduce needs arrays of one shape and scalar initial values; got {operand} with {init}."
                );
            }

            if (operand.DType != init.DType)
            {
                throw new DTypeException(
                    $"Lax.Reduce needs an initial value of the array's element type; got {operand} with {init}: use AsType."
                );
            }
        }

        return Array.ConvertAll(operands, x => new ArrayType(x.DType, Shape.Scalar));
    }

    /// <summary>Refuses axes that the operand has not, or named twice.</summary>
    public static void CheckAxes(ArrayType operand, int[] axes)
    {
        if (axes.Any(axis => axis < 0 || axis >= operand.Rank) || axes.Distinct().Count() != axes.Length)
        {
            throw new AxisException(
                $"Lax.Reduce of {operand} cannot reduce axes ({string.Join(",", axes)}): they must be distinct and in "
                    + $"[0, {operand.Rank})."
            );
        }
    }

    /// <summary>Refuses a function whose results are not like the elements.</summary>
    public static void CheckResults(string caller, Jaxpr body, ArrayType[] elements)
    {
        var results = body.OutputTypes;
        if (results.Length != elements.Length || results.Where((r, i) => !r.SameAs(elements[i])).Any())
        {
            throw new ShapeException(
                $"The computation of {caller} must give {Types.List(elements)}; it gave {Types.List(results)}."
            );
        }
    }

    /// <summary>The reduction that a function of one operation on both its arguments stands for.</summary>
    public static Primitive? Monoid(Jaxpr body, int[] axes)
    {
        if (
            body.Equations is not [{ } equation]
            || body.Outputs is not [Var result]
            || equation.Outputs is not [{ } output]
            || result != output
            || equation.Inputs is not [Var x, Var y]
            || !(x == body.Inputs[0] && y == body.Inputs[1] || x == body.Inputs[1] && y == body.Inputs[0])
        )
        {
            return null;
        }

        return equation.Primitive switch
        {
            Add => new ReduceSum(axes),
            Mul => new ReduceProd(axes),
            Max => new ReduceMax(axes),
            Min => new ReduceMin(axes),
            And => new ReduceAnd(axes),
            Or => new ReduceOr(axes),
            Xor => new ReduceXor(axes),
            _ => null,
        };
    }

    /// <summary>Combines halves until one element is left, and that with the initial value.</summary>
    public static NDArray[] Tree(Jaxpr body, NDArray[] constants, NDArray[] operands, NDArray[] initValues, int[] axes)
    {
        int[] kept = [.. Enumerable.Range(0, operands[0].Ndim).Where(axis => !axes.Contains(axis))];
        var shape = operands[0].Shape;
        var result = new Shape([.. kept.Select(axis => shape[axis])]);
        int length = (int)axes.Aggregate(1L, (product, axis) => product * shape[axis]);
        int width = (int)result.Size;
        var state = Array.ConvertAll(
            operands,
            x => new Reshape(new Shape(length, width)).Bind(new PermuteAxes([.. axes, .. kept]).Bind(x))
        );
        while (length > 1)
        {
            int half = length / 2;
            var first = Rows(state, 0, half);
            var second = Rows(state, half, 2 * half);
            var rest = Rows(state, 2 * half, length);
            var combined = Combine(body, constants, first, second, half * width);
            state = [.. combined.Select((x, i) => new Reshape(new Shape(half, width)).Bind(x))];
            if (length % 2 == 1)
            {
                state = [.. state.Select((x, i) => new Concatenate(0).Bind(x, rest[i]))];
            }

            length = half + (length % 2);
        }

        var initial = Array.ConvertAll(initValues, x => Operators.BroadcastScalar(x, result));
        return length == 0
            ? initial
            : [.. Combine(body, constants, initial, state, width).Select(x => new Reshape(result).Bind(x))];
    }

    /// <summary>The function applied to elements at the same place of arrays of one size, which come out flat.</summary>
    public static NDArray[] Combine(Jaxpr body, NDArray[] constants, NDArray[] x, NDArray[] y, int size)
    {
        NDArray[] flat = [.. x.Concat(y).Select(a => new Reshape(new Shape(size)).Bind(a))];
        var axis = new BatchAxis(size, null);
        var (outputs, dims) = Vectorization.Batch(
            xs => Staging.Evaluate(body, constants, xs),
            axis,
            flat,
            [.. flat.Select(_ => (int?)0)]
        );
        return [.. outputs.Select((output, i) => Batching.Align(output, dims[i], 0, size))];
    }

    private static NDArray[] Rows(NDArray[] state, int from, int to) =>
        Array.ConvertAll(state, x => Slice.InDim(x, from, to, 0));
}
