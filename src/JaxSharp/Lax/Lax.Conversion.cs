using System;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>
    /// Converts to another element type: floating-point to integer truncates and saturates, integers wrap, complex to real drops the
    /// imaginary part, anything but 0 is true. While 64-bit types are disabled they mean the 32-bit ones.
    /// </summary>
    /// <param name="operand">The array.</param>
    /// <param name="newDType">The element type of the result.</param>
    public static NDArray ConvertElementType(NDArray operand, DType newDType) =>
        new ConvertElementType(JaxConfig.Canonical(Argument.Given(newDType)), Weak: false).Bind(
            Argument.Given(operand)
        );

    /// <summary>
    /// Reads the memory of an array as another element type. A narrower type adds a last axis that holds the parts, lowest first; a
    /// wider one joins the elements of the last axis.
    /// </summary>
    /// <param name="operand">Integers or floating-point numbers.</param>
    /// <param name="newDType">The element type of the result, integer or floating-point.</param>
    /// <exception cref="DTypeException">bool or complex elements.</exception>
    /// <exception cref="ShapeException">The last axis has not as many elements as make one of the wider type.</exception>
    public static NDArray BitcastConvertType(NDArray operand, DType newDType) =>
        new BitcastConvertType(JaxConfig.Canonical(Argument.Given(newDType))).Bind(Argument.Given(operand));

    /// <summary>Rounds to a floating-point format with fewer bits of exponent and mantissa; the element type stays.</summary>
    /// <param name="operand">Floating-point numbers.</param>
    /// <param name="exponentBits">The bits of the exponent, at least 1.</param>
    /// <param name="mantissaBits">The bits of the mantissa without the leading one.</param>
    /// <exception cref="DTypeException"><paramref name="operand"/> is not floating-point.</exception>
    /// <exception cref="JaxArgumentException">A number of bits is out of range.</exception>
    public static NDArray ReducePrecision(NDArray operand, int exponentBits, int mantissaBits) =>
        new ReducePrecision(exponentBits, mantissaBits).Bind(Argument.Given(operand));

    /// <summary>The array unchanged, but constant for derivatives.</summary>
    /// <param name="x">Any array.</param>
    /// <example><code>Grad(x => x * Lax.StopGradient(x))(3.0); // => 3.0</code></example>
    public static NDArray StopGradient(NDArray x) => Argument.Given(x).DType.IsInexact ? new StopGradient().Bind(x) : x;

    /// <summary>The tree with its floating-point and complex leaves constant for derivatives.</summary>
    /// <param name="x">Any tree of arrays.</param>
    public static T StopGradient<T>(T x) => Tree.Map(leaf => StopGradient(leaf), x);

    /// <summary>The array unchanged; the compiler moves no work across.</summary>
    /// <param name="operand">Any array.</param>
    public static NDArray OptimizationBarrier(NDArray operand) =>
        new OptimizationBarrier().Bind(Argument.Given(operand));

    /// <summary>The tree unchanged; the compiler moves no work across, so that all its leaves are computed before any is used.</summary>
    /// <param name="operand">Any tree of arrays.</param>
    public static T OptimizationBarrier<T>(T operand)
    {
        var (leaves, structure) = Tree.Flatten(operand);
        return leaves.Length == 0 ? operand : Tree.Unflatten<T>(structure, new OptimizationBarrier().BindAll(leaves));
    }

    /// <summary>Elements of one of two arrays: <paramref name="onTrue"/> where the condition holds.</summary>
    /// <param name="pred">The condition: bool, of the shape of the cases or a scalar.</param>
    /// <param name="onTrue">The elements where it holds.</param>
    /// <param name="onFalse">The elements elsewhere; the same type and shape.</param>
    /// <exception cref="DTypeException">The condition is not bool, or the element types differ.</exception>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static NDArray Select(NDArray pred, NDArray onTrue, NDArray onFalse) => SelectN(pred, onFalse, onTrue);

    /// <summary>Elements of the array that <paramref name="which"/> numbers.</summary>
    /// <param name="which">
    /// bool, to choose between two arrays (false: the first), or integers, clamped into range; of the shape of the cases or a scalar.
    /// </param>
    /// <param name="cases">The arrays to choose from; the same type and shape.</param>
    /// <exception cref="DTypeException">The choice is neither bool nor integer, or the element types differ.</exception>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="JaxArgumentException">No case, or more than two for bool.</exception>
    public static NDArray SelectN(NDArray which, params NDArray[] cases)
    {
        Argument.Given(which);
        var matched = LaxOperands.MatchWeak([.. Argument.AllGiven(cases)]);
        if (which.Ndim == 0 && matched.Length > 0)
        {
            which = Operators.BroadcastScalar(which, matched[0].Shape);
        }

        return new SelectN().Bind([which, .. matched]);
    }

    /// <summary>Keeps elements between two bounds; <paramref name="max"/> where the bounds are in the wrong order.</summary>
    /// <param name="min">The lower bound: a scalar or an array of the shape of <paramref name="x"/>.</param>
    /// <param name="x">The array.</param>
    /// <param name="max">The upper bound: a scalar or an array of the shape of <paramref name="x"/>.</param>
    /// <exception cref="DTypeException">The element types differ.</exception>
    /// <exception cref="ShapeException">A bound is neither a scalar nor of the shape of <paramref name="x"/>.</exception>
    public static NDArray Clamp(NDArray min, NDArray x, NDArray max)
    {
        var operands = LaxOperands.MatchWeak([min, x, max]);
        for (int i = 0; i < operands.Length; i += 2)
        {
            if (operands[i].Ndim == 0)
            {
                operands[i] = Operators.BroadcastScalar(operands[i], x.Shape);
            }
        }

        return new Clamp().Bind(operands);
    }
}
