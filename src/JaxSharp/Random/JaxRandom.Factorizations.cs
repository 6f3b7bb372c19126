using JaxSharp.Numpy;

namespace JaxSharp;

// Factors of matrices as loops of array functions, so that they have derivatives: one step for each column.
public static partial class JaxRandom
{
    /// <summary>
    /// Matrices with orthonormal columns: Q of the decomposition QR in which R has a positive diagonal, by Gram and Schmidt's method,
    /// twice for accuracy. The matrices have at least as many rows as columns.
    /// </summary>
    private static NDArray OrthonormalColumns(NDArray a)
    {
        int axis = a.Ndim - 1;
        var columns = Ops.Iota(DType.I32, a.Shape[^1]);
        return Lax.ForiLoop(
            0,
            a.Shape[^1],
            (j, q) =>
            {
                var here = Jnp.Equal(columns, j);
                var v = Jnp.Sum(Jnp.Where(here, a, 0), axis: -1);
                for (int pass = 0; pass < 2; pass++)
                {
                    var share = Jnp.Sum(Ops.Conj(q) * Ops.ExpandDims(v, axis), axis: -2, keepDims: true);
                    v = v - Jnp.Sum(q * share, axis: -1);
                }

                v = v / Jnp.Sqrt(Jnp.Sum(Ops.Real(Ops.Conj(v) * v), axis: -1, keepDims: true));
                return Jnp.Where(here, Ops.ExpandDims(v, axis), q);
            },
            Jnp.ZerosLike(a)
        );
    }

    /// <summary>The lower triangular L with L Lᵀ the symmetric part of the matrices.</summary>
    private static NDArray Cholesky(NDArray a)
    {
        a = (a + Jnp.SwapAxes(a, -1, -2)) / 2;
        int axis = a.Ndim - 1;
        int n = a.Shape[^1];
        var places = Ops.Iota(DType.I32, n);
        return Lax.ForiLoop(
            0,
            n,
            (j, l) =>
            {
                // Column j of the matrix, less the products of the columns before.
                var here = Jnp.Equal(places, j);
                var row = Jnp.Sum(Jnp.Where(Ops.ExpandDims(here, 1), l, 0), axis: -2, keepDims: true);
                var column = Jnp.Sum(Jnp.Where(here, a, 0) - l * row, axis: -1);
                var pivot = Jnp.Sum(Jnp.Where(here, column, 0), axis: -1, keepDims: true);
                column = Jnp.Where(Jnp.GreaterEqual(places, j), column / Jnp.Sqrt(pivot), 0);
                return Jnp.Where(here, Ops.ExpandDims(column, axis), l);
            },
            Jnp.ZerosLike(a)
        );
    }
}
