using System;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp;

/// <content>Reductions over moving windows.</content>
public static partial class Lax
{
    /// <summary>Combines the elements under a moving window.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="initValue">A scalar that the combination starts with: 0 for a sum, −∞ for a maximum.</param>
    /// <param name="computation">
    /// Combines two elements. <see cref="Add(NDArray, NDArray)"/>, <see cref="Max(NDArray, NDArray)"/> and the like are recognised and fast; any elementwise
    /// function works.
    /// </param>
    /// <param name="windowDimensions">The extents of the window, one for each axis.</param>
    /// <param name="windowStrides">The steps of the window; by default 1.</param>
    /// <param name="padding">VALID (the default), SAME, SAME_LOWER, or low and high padding for each axis.</param>
    /// <param name="baseDilation">The distance that neighbours of the operand are drawn apart to; by default 1.</param>
    /// <param name="windowDilation">The distance of neighbours in the window; by default 1.</param>
    /// <exception cref="ShapeException">There is not one entry for each axis.</exception>
    /// <example><code>
    /// // max-pooling
    /// NDArray images = jnp.Ones((2, 8, 8, 3));
    /// Lax.ReduceWindow(images, double.NegativeInfinity, Lax.Max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID").Shape; // => (2,4,4,3)
    /// </code></example>
    public static NDArray ReduceWindow(
        NDArray operand,
        NDArray initValue,
        Func<NDArray, NDArray, NDArray> computation,
        Dims windowDimensions,
        Dims? windowStrides = null,
        Padding? padding = null,
        Dims? baseDilation = null,
        Dims? windowDilation = null
    )
    {
        var x = Argument.Given(operand);
        var init = LaxOperands.MatchWeak([x, Argument.Given(initValue)])[1];
        if (init.Ndim != 0 || init.DType != x.DType)
        {
            throw new DTypeException(
                $"lax.reduce_window of {x.Type} needs a scalar of its element type to start with; got {init.Type}."
            );
        }

        var window = MovingWindow(
            "reduce_window",
            x,
            windowDimensions,
            windowStrides,
            padding,
            baseDilation,
            windowDilation
        );
        if (MonoidOf(computation, x.DType) is not { } monoid)
        {
            return WindowFolding.Fold(x, init, computation, windowDimensions, window);
        }

        var result = WindowReduction.Of(monoid, windowDimensions, window).Bind(x);
        return IsNeutral(monoid, init)
            ? result
            : Argument.Given(computation)(new BroadcastInDim(result.Shape, []).Bind(init), result);
    }

    /// <summary>
    /// For each window of the operand, adds an element of the source to the place of the element that the window selects.
    /// </summary>
    /// <param name="source">One element for each place of the window.</param>
    /// <param name="operand">The array that windows select in.</param>
    /// <param name="selectPrim">Whether the first element is preferred to the second: greater-equal or less-equal.</param>
    /// <param name="windowDimensions">The extents of the window.</param>
    /// <param name="windowStrides">The steps of the window.</param>
    /// <param name="padding">Low and high padding, or a name.</param>
    public static NDArray SelectAndScatterAdd(
        NDArray source,
        NDArray operand,
        Func<NDArray, NDArray, NDArray> selectPrim,
        Dims windowDimensions,
        Dims windowStrides,
        Padding padding
    )
    {
        var winner = Winner(
            "select_and_scatter_add",
            operand,
            selectPrim,
            windowDimensions,
            windowStrides,
            padding,
            null,
            null
        );
        if (winner.Shape != Argument.Given(source).Shape)
        {
            throw new ShapeException(
                $"lax.select_and_scatter_add needs a source of shape {winner.Shape}, one element for each window; got {source.Type}."
            );
        }

        var window = MovingWindow(
            "select_and_scatter_add",
            operand,
            windowDimensions,
            windowStrides,
            padding,
            null,
            null
        );
        return new WindowScatter(operand.Shape, windowDimensions, window).Bind(source, winner);
    }

    /// <summary>Like <see cref="SelectAndScatterAdd"/>, with another combination than the sum and another start than zero.</summary>
    /// <param name="operand">The array that windows select in.</param>
    /// <param name="select">Whether the first element is preferred to the second: greater-equal or less-equal.</param>
    /// <param name="windowDimensions">The extents of the window.</param>
    /// <param name="windowStrides">The steps of the window.</param>
    /// <param name="padding">Low and high padding, or a name.</param>
    /// <param name="source">One element for each place of the window.</param>
    /// <param name="initValue">The scalar that each place starts with.</param>
    /// <param name="scatter">Combines two elements: a sum, product, minimum or maximum.</param>
    public static NDArray SelectAndScatter(
        NDArray operand,
        Func<NDArray, NDArray, NDArray> select,
        Dims windowDimensions,
        Dims windowStrides,
        Padding padding,
        NDArray source,
        NDArray initValue,
        Func<NDArray, NDArray, NDArray> scatter
    )
    {
        var winner = Winner(
            "select_and_scatter",
            operand,
            select,
            windowDimensions,
            windowStrides,
            padding,
            null,
            null
        );
        var numbers = new ScatterDimensionNumbers(default, 0, 0);
        ScatterPrimitive combine = MonoidOf(scatter, Argument.Given(operand).DType) switch
        {
            Monoid.Add => new ScatterAdd(numbers, GatherScatterMode.Drop),
            Monoid.Mul => new ScatterMul(numbers, GatherScatterMode.Drop),
            Monoid.Max => new ScatterMax(numbers, GatherScatterMode.Drop),
            Monoid.Min => new ScatterMin(numbers, GatherScatterMode.Drop),
            _ => throw new JaxArgumentException("lax.select_and_scatter combines with Lax.Add, Mul, Max or Min."),
        };
        var start = Full(checked((int)operand.Size), initValue, operand.DType);
        return Reshape(combine.Bind(start, ExpandDims(winner, winner.Ndim), Argument.Given(source)), operand.Shape);
    }

    /// <summary>For each window of the operand, the tangent at the place of the element that the window selects.</summary>
    /// <param name="tangents">An array like the operand.</param>
    /// <param name="operand">The array that windows select in.</param>
    /// <param name="selectPrim">Whether the first element is preferred to the second: greater-equal or less-equal.</param>
    /// <param name="windowDimensions">The extents of the window.</param>
    /// <param name="windowStrides">The steps of the window.</param>
    /// <param name="padding">Low and high padding, or a name.</param>
    /// <param name="baseDilation">The distance that neighbours of the operand are drawn apart to; by default 1.</param>
    /// <param name="windowDilation">The distance of neighbours in the window; by default 1.</param>
    public static NDArray SelectAndGatherAdd(
        NDArray tangents,
        NDArray operand,
        Func<NDArray, NDArray, NDArray> selectPrim,
        Dims windowDimensions,
        Dims windowStrides,
        Padding padding,
        Dims? baseDilation = null,
        Dims? windowDilation = null
    )
    {
        var winner = Winner(
            "select_and_gather_add",
            operand,
            selectPrim,
            windowDimensions,
            windowStrides,
            padding,
            baseDilation,
            windowDilation
        );
        var window = MovingWindow(
            "select_and_gather_add",
            operand,
            windowDimensions,
            windowStrides,
            padding,
            baseDilation,
            windowDilation
        );
        return Argument.Given(tangents).Shape == operand.Shape
            ? new WindowTake(windowDimensions, window).Bind(tangents, winner)
            : throw new ShapeException(
                $"lax.select_and_gather_add needs tangents like the operand; got {tangents.Type} and {operand.Type}."
            );
    }

    private static NDArray Winner(
        string name,
        NDArray operand,
        Func<NDArray, NDArray, NDArray> select,
        Dims sizes,
        Dims strides,
        Padding padding,
        Dims? baseDilation,
        Dims? windowDilation
    )
    {
        var window = MovingWindow(name, Argument.Given(operand), sizes, strides, padding, baseDilation, windowDilation);
        var monoid = Staged(select, operand.DType) switch
        {
            Primitives.Ge or Primitives.Gt => Monoid.Max,
            Primitives.Le or Primitives.Lt => Monoid.Min,
            _ => throw new JaxArgumentException($"lax.{name} selects with Lax.Ge or Lax.Le."),
        };
        var extremum = WindowReduction.Of(monoid, sizes, window).Bind(operand);
        return new WindowWinner(sizes, window).Bind(operand, extremum);
    }

    private static WindowDimension[] MovingWindow(
        string name,
        NDArray x,
        Dims sizes,
        Dims? strides,
        Padding? padding,
        Dims? baseDilation,
        Dims? windowDilation
    )
    {
        var ones = Dims.Repeat(1, x.Ndim);
        var (steps, holes, gaps) = (strides ?? ones, baseDilation ?? ones, windowDilation ?? ones);
        if (new[] { sizes, steps, holes, gaps }.Any(list => list.Count != x.Ndim))
        {
            throw new ShapeException(
                $"lax.{name} of {x.Type} needs window dimensions, strides and dilations for each of its {x.Ndim} axes; got "
                    + $"windowDimensions={sizes}, windowStrides={steps}, baseDilation={holes}, windowDilation={gaps}."
            );
        }

        if (new[] { sizes, steps, holes, gaps }.Any(list => list.Any(n => n < 1)))
        {
            throw new JaxArgumentException(
                $"lax.{name} of {x.Type} needs window dimensions, strides and dilations of at least 1; got "
                    + $"windowDimensions={sizes}, windowStrides={steps}, baseDilation={holes}, windowDilation={gaps}."
            );
        }

        int[] extents = [.. x.Shape.Select((e, i) => WindowDimension.Dilate(e, holes[i]))];
        int[] windows = [.. sizes.Select((s, i) => WindowDimension.Dilate(s, gaps[i]))];
        var pairs = (padding ?? "VALID").Resolve("lax." + name, extents, windows, steps.ToArray());
        return WindowDimension.Zip(steps, pairs, holes, gaps);
    }

    // The monoid that a function of two scalars is, if it is one application of its primitive to both.
    private static Monoid? MonoidOf(Func<NDArray, NDArray, NDArray> computation, DType dtype) =>
        Staged(computation, dtype) switch
        {
            Primitives.Add => Monoid.Add,
            Primitives.Mul => Monoid.Mul,
            Primitives.Max when !dtype.IsComplex => Monoid.Max,
            Primitives.Min when !dtype.IsComplex => Monoid.Min,
            And => Monoid.And,
            Or => Monoid.Or,
            Xor => Monoid.Xor,
            _ => null,
        };

    private static Primitive? Staged(Func<NDArray, NDArray, NDArray> function, DType dtype)
    {
        var scalar = new ArrayType(dtype, Shape.Scalar);
        var (jaxpr, _) = Staging.Stage(xs => [Argument.Given(function)(xs[0], xs[1])], [scalar, scalar]);
        return
            jaxpr.Equations is [var equation]
            && equation.Inputs.Length == 2
            && equation.Inputs.All(jaxpr.Inputs.Contains)
            && equation.Inputs[0] != equation.Inputs[1]
            && jaxpr.Outputs[0] == equation.Outputs[0]
            ? equation.Primitive
            : null;
    }

    private static bool IsNeutral(Monoid monoid, NDArray init)
    {
        if (init is not DeviceArray value || value.DType.IsComplex)
        {
            return false;
        }

        if (value.DType.IsFloating)
        {
            double x = value.ItemDouble(0);
            return monoid switch
            {
                Monoid.Add => x == 0,
                Monoid.Mul => x == 1,
                Monoid.Max => double.IsNegativeInfinity(x),
                _ => double.IsPositiveInfinity(x),
            };
        }

        long bits = value.ItemInt(0);
        var dtype = value.DType;
        long lowest = dtype.IsSigned ? long.MinValue >> (64 - (dtype.Size * 8)) : 0;
        long highest =
            dtype.IsBool ? 1
            : dtype.IsSigned ? ~lowest
            : (long)(ulong.MaxValue >> (64 - (dtype.Size * 8)));
        return monoid switch
        {
            Monoid.Add or Monoid.Or or Monoid.Xor => bits == 0,
            Monoid.Mul => bits == 1,
            Monoid.And => dtype.IsSigned ? bits == -1 : bits == highest,
            Monoid.Max => bits == lowest,
            _ => bits == highest,
        };
    }
}
