using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp;

// Factors of small matrices as compositions of array functions, so that they have derivatives: one step for each column.
public static partial class JaxRandom
{
    /// <summary>
    /// Matrices with orthonormal columns: Q of the decomposition QR in which R has a positive diagonal, by Gram and Schmidt's method,
    /// twice for accuracy. The matrices have at least as many rows as columns.
    /// </summary>
    private static NDArray OrthonormalColumns(NDArray a)
    {
        int axis = a.Ndim - 1;
        var columns = new List<NDArray>();
        for (int j = 0; j < a.Shape[^1]; j++)
        {
            var v = Ops.At(a, axis, j);
            for (int pass = 0; pass < 2; pass++)
            {
                foreach (var q in columns)
                {
                    v = v - q * Dot(q, v);
                }
            }

            columns.Add(v / Jnp.Sqrt(Ops.Real(Dot(v, v))));
        }

        return columns.Count == 0 ? a : Ops.Concatenate([.. columns.Select(c => Ops.ExpandDims(c, axis))], axis);
    }

    /// <summary>The lower triangular L with L Lᵀ the symmetric part of the matrices.</summary>
    private static NDArray Cholesky(NDArray a)
    {
        a = (a + Jnp.SwapAxes(a, -1, -2)) / 2;
        int n = a.Shape[^1];
        int axis = a.Ndim - 1;
        var rest = a;
        var columns = new List<NDArray>();
        for (int j = 0; j < n; j++)
        {
            // The first column of what is left, scaled by the root of its first element.
            var column = Ops.At(rest, axis, 0);
            column = column / Jnp.Sqrt(Ops.SliceAxis(column, axis - 1, 0, 1));
            int[] low = new int[column.Ndim];
            low[^1] = j;
            columns.Add(
                Ops.ExpandDims(Ops.Pad(column, Ops.Full(Shape.Scalar, 0, a.DType), low, new int[column.Ndim]), axis)
            );
            if (j < n - 1)
            {
                column = Ops.SliceAxis(column, axis - 1, 1, n - j);
                rest = Ops.SliceAxis(Ops.SliceAxis(rest, axis, 1, n - j), axis - 1, 1, n - j);
                rest = rest - Jnp.ExpandDims(column, -1) * Jnp.ExpandDims(column, -2);
            }
        }

        return Ops.Concatenate(columns, axis);
    }

    private static NDArray Dot(NDArray x, NDArray y) => Jnp.Sum(Ops.Conj(x) * y, axis: -1, keepDims: true);
}
