using System.Collections.Generic;
using System.Linq;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <content>Functions that sort.</content>
public static partial class Lax
{
    /// <summary>Sorts an array along an axis: NaN last, complex numbers by real, then imaginary part.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="dimension">The axis.</param>
    /// <param name="isStable">Sorting is always stable.</param>
    /// <param name="numKeys">1, the array itself.</param>
    /// <exception cref="AxisException">There is no such axis.</exception>
    public static NDArray Sort(NDArray operand, int dimension = -1, bool isStable = true, int numKeys = 1) =>
        Sort([operand], dimension, isStable, numKeys)[0];

    /// <summary>Sorts arrays together along an axis, by the first of them, ties by the next.</summary>
    /// <param name="operand">Arrays of one shape.</param>
    /// <param name="dimension">The axis.</param>
    /// <param name="isStable">Sorting is always stable.</param>
    /// <param name="numKeys">How many of the arrays are compared; the others are moved along.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="JaxArgumentException">There are not so many arrays as keys.</exception>
    public static NDArray[] Sort(
        IReadOnlyList<NDArray> operand,
        int dimension = -1,
        bool isStable = true,
        int numKeys = 1
    )
    {
        NDArray[] arrays = [.. Argument.AllGiven(operand)];
        int axis = arrays.Length == 0 ? 0 : LaxAxes.Canonical("sort", dimension, arrays[0].Ndim);
        return new Sort(axis, isStable, numKeys).BindAll(arrays);
    }

    /// <summary>Sorts keys along an axis and moves values along.</summary>
    /// <param name="keys">What is compared.</param>
    /// <param name="values">An array of the same shape.</param>
    /// <param name="dimension">The axis.</param>
    /// <param name="isStable">Sorting is always stable.</param>
    public static (NDArray Keys, NDArray Values) SortKeyVal(
        NDArray keys,
        NDArray values,
        int dimension = -1,
        bool isStable = true
    )
    {
        var sorted = Sort([keys, values], dimension, isStable);
        return (sorted[0], sorted[1]);
    }

    /// <summary>The largest elements along an axis, largest first, and where they are.</summary>
    /// <param name="operand">Real numbers; NaN counts as largest.</param>
    /// <param name="k">How many.</param>
    /// <param name="axis">The axis.</param>
    /// <returns>The elements, and their indices as i32; of equal elements the first comes first.</returns>
    /// <exception cref="JaxArgumentException">The axis is shorter.</exception>
    /// <example><code>var (values, indices) = Lax.TopK(jnp.Array([3, 9, 1, 7]), 2); // => ([9 7], [1 3])</code></example>
    public static (NDArray Values, NDArray Indices) TopK(NDArray operand, int k, int axis = -1)
    {
        int dim = LaxAxes.Canonical("top_k", axis, Argument.Given(operand).Ndim);
        var results = new TopK(k, dim).BindAll(operand);
        return (results[0], results[1]);
    }
}
