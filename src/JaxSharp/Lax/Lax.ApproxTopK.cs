using JaxSharp.Primitives;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>The k largest elements along an axis and their places. They are exact here: the recall is 1.</summary>
    /// <param name="operand">Floating-point numbers.</param>
    /// <param name="k">How many.</param>
    /// <param name="reductionDimension">The axis, counted from either end.</param>
    /// <param name="recallTarget">The share of the largest elements to find, in (0, 1].</param>
    /// <exception cref="DTypeException"><paramref name="operand"/> is not floating-point.</exception>
    /// <exception cref="JaxArgumentException">The axis is shorter than k, or the recall out of range.</exception>
    public static (NDArray Values, NDArray Indices) ApproxMaxK(
        NDArray operand,
        int k,
        int reductionDimension = -1,
        double recallTarget = 0.95
    )
    {
        CheckApproximation("approx_max_k", operand, recallTarget);
        return TopK(operand, k, reductionDimension);
    }

    /// <summary>The k smallest elements along an axis and their places. They are exact here: the recall is 1.</summary>
    /// <inheritdoc cref="ApproxMaxK"/>
    public static (NDArray Values, NDArray Indices) ApproxMinK(
        NDArray operand,
        int k,
        int reductionDimension = -1,
        double recallTarget = 0.95
    )
    {
        CheckApproximation("approx_min_k", operand, recallTarget);
        var (values, indices) = TopK(Neg(operand), k, reductionDimension);
        return (Neg(values), indices);
    }

    private static void CheckApproximation(string name, NDArray operand, double recallTarget)
    {
        Types.Check(name, Domain.Floating, Argument.Given(operand).Type);
        if (!(recallTarget > 0 && recallTarget <= 1))
        {
            throw new JaxArgumentException($"lax.{name} needs a recallTarget in (0, 1]; got {recallTarget}.");
        }
    }
}
