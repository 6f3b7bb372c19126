using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>The sum along axes, in the type of the operand; 0 over no elements.</summary>
    /// <param name="operand">Numbers.</param>
    /// <param name="axes">The axes to reduce, distinct and counted from the front; they vanish from the shape.</param>
    /// <exception cref="AxisException">An axis is out of range or named twice.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray ReduceSum(NDArray operand, int[] axes) =>
        new ReduceSum([.. Argument.Given(axes)]).Bind(Argument.Given(operand));

    /// <summary>The product along axes, in the type of the operand; 1 over no elements.</summary>
    /// <param name="operand">Numbers.</param>
    /// <param name="axes">The axes to reduce, distinct and counted from the front; they vanish from the shape.</param>
    /// <exception cref="AxisException">An axis is out of range or named twice.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray ReduceProd(NDArray operand, int[] axes) =>
        new ReduceProd([.. Argument.Given(axes)]).Bind(Argument.Given(operand));

    /// <summary>The maximum along axes; a NaN wins. Over no elements it is −∞ or the smallest number of the type. Elements that share the maximum share the derivative.</summary>
    /// <param name="operand">Any type.</param>
    /// <param name="axes">The axes to reduce, distinct and counted from the front; they vanish from the shape.</param>
    /// <exception cref="AxisException">An axis is out of range or named twice.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray ReduceMax(NDArray operand, int[] axes) =>
        new ReduceMax([.. Argument.Given(axes)]).Bind(Argument.Given(operand));

    /// <summary>The minimum along axes; a NaN wins. Over no elements it is ∞ or the largest number of the type. Elements that share the minimum share the derivative.</summary>
    /// <param name="operand">Any type.</param>
    /// <param name="axes">The axes to reduce, distinct and counted from the front; they vanish from the shape.</param>
    /// <exception cref="AxisException">An axis is out of range or named twice.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray ReduceMin(NDArray operand, int[] axes) =>
        new ReduceMin([.. Argument.Given(axes)]).Bind(Argument.Given(operand));

    /// <summary>Bitwise and along axes; for bool: whether all hold.</summary>
    /// <param name="operand">Bool or integers.</param>
    /// <param name="axes">The axes to reduce, distinct and counted from the front; they vanish from the shape.</param>
    /// <exception cref="AxisException">An axis is out of range or named twice.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray ReduceAnd(NDArray operand, int[] axes) =>
        new ReduceAnd([.. Argument.Given(axes)]).Bind(Argument.Given(operand));

    /// <summary>Bitwise or along axes; for bool: whether any holds.</summary>
    /// <param name="operand">Bool or integers.</param>
    /// <param name="axes">The axes to reduce, distinct and counted from the front; they vanish from the shape.</param>
    /// <exception cref="AxisException">An axis is out of range or named twice.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray ReduceOr(NDArray operand, int[] axes) =>
        new ReduceOr([.. Argument.Given(axes)]).Bind(Argument.Given(operand));

    /// <summary>Bitwise exclusive or along axes; for bool: whether an odd number hold.</summary>
    /// <param name="operand">Bool or integers.</param>
    /// <param name="axes">The axes to reduce, distinct and counted from the front; they vanish from the shape.</param>
    /// <exception cref="AxisException">An axis is out of range or named twice.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray ReduceXor(NDArray operand, int[] axes) =>
        new ReduceXor([.. Argument.Given(axes)]).Bind(Argument.Given(operand));

    /// <summary>The place of the first maximum along an axis; the first NaN wins.</summary>
    /// <param name="operand">Bool or real numbers.</param>
    /// <param name="axis">The axis, counted from the front; it vanishes from the shape.</param>
    /// <param name="indexDType">The element type of the result, an integer type.</param>
    /// <exception cref="AxisException">The axis is out of range.</exception>
    /// <exception cref="ShapeException">The axis has no elements.</exception>
    /// <exception cref="DTypeException">A complex operand, or an index type that is no integer.</exception>
    public static NDArray ArgMax(NDArray operand, int axis, DType indexDType) =>
        new ArgMax(axis, JaxConfig.Canonical(Argument.Given(indexDType))).Bind(Argument.Given(operand));

    /// <summary>The place of the first minimum along an axis; the first NaN wins.</summary>
    /// <param name="operand">Bool or real numbers.</param>
    /// <param name="axis">The axis, counted from the front; it vanishes from the shape.</param>
    /// <param name="indexDType">The element type of the result, an integer type.</param>
    /// <exception cref="AxisException">The axis is out of range.</exception>
    /// <exception cref="ShapeException">The axis has no elements.</exception>
    /// <exception cref="DTypeException">A complex operand, or an index type that is no integer.</exception>
    public static NDArray ArgMin(NDArray operand, int axis, DType indexDType) =>
        new ArgMin(axis, JaxConfig.Canonical(Argument.Given(indexDType))).Bind(Argument.Given(operand));

    /// <summary>The running sums along an axis: element i of the result combines elements 0 to i.</summary>
    /// <param name="operand">Numbers.</param>
    /// <param name="axis">The axis, counted from the front.</param>
    /// <param name="reverse">Whether element i combines elements i to the last instead.</param>
    /// <exception cref="AxisException">The axis is out of range.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray CumSum(NDArray operand, int axis = 0, bool reverse = false) =>
        new CumSum(axis, reverse).Bind(Argument.Given(operand));

    /// <summary>The running products along an axis: element i of the result combines elements 0 to i.</summary>
    /// <param name="operand">Numbers.</param>
    /// <param name="axis">The axis, counted from the front.</param>
    /// <param name="reverse">Whether element i combines elements i to the last instead.</param>
    /// <exception cref="AxisException">The axis is out of range.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray CumProd(NDArray operand, int axis = 0, bool reverse = false) =>
        new CumProd(axis, reverse).Bind(Argument.Given(operand));

    /// <summary>The running maxima along an axis: element i of the result combines elements 0 to i.</summary>
    /// <param name="operand">Numbers.</param>
    /// <param name="axis">The axis, counted from the front.</param>
    /// <param name="reverse">Whether element i combines elements i to the last instead.</param>
    /// <exception cref="AxisException">The axis is out of range.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray CumMax(NDArray operand, int axis = 0, bool reverse = false) =>
        new CumMax(axis, reverse).Bind(Argument.Given(operand));

    /// <summary>The running minima along an axis: element i of the result combines elements 0 to i.</summary>
    /// <param name="operand">Numbers.</param>
    /// <param name="axis">The axis, counted from the front.</param>
    /// <param name="reverse">Whether element i combines elements i to the last instead.</param>
    /// <exception cref="AxisException">The axis is out of range.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray CumMin(NDArray operand, int axis = 0, bool reverse = false) =>
        new CumMin(axis, reverse).Bind(Argument.Given(operand));

    /// <summary>The running logarithms of sums of exponentials along an axis: element i of the result combines elements 0 to i.</summary>
    /// <param name="operand">Floating-point numbers.</param>
    /// <param name="axis">The axis, counted from the front.</param>
    /// <param name="reverse">Whether element i combines elements i to the last instead.</param>
    /// <exception cref="AxisException">The axis is out of range.</exception>
    /// <exception cref="DTypeException"><paramref name="operand"/> has an element type that is not taken.</exception>
    public static NDArray CumLogSumExp(NDArray operand, int axis = 0, bool reverse = false) =>
        new CumLogSumExp(axis, reverse).Bind(Argument.Given(operand));
}
