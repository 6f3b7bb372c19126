using System;
using System.Linq;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Passes;

/// <summary>Where an element of a reshaped array lies in the operand.</summary>
internal static class ReshapedIndex
{
    /// <summary>
    /// Maps an index under one shape to that of the same element, in row-major order, under another. Axes that correspond are
    /// passed through; only groups of axes that were merged or split need arithmetic.
    /// </summary>
    public static ScalarExpr[] Map(ScalarExpr[] index, Shape from, Shape to)
    {
        var result = new ScalarExpr[to.Rank];
        if (to.Size == 0)
        {
            // No element is ever read; extents of 0 would not match in groups.
            Array.Fill(result, Scalar.Const(DType.I64, 0L));
            return result;
        }

        if (from.Size == 0)
        {
            // There is no element to be found.
            System.Array.Fill(result, Scalar.Const(DType.I64, 0));
            return result;
        }

        int i = 0;
        int j = 0;
        while (i < from.Rank || j < to.Rank)
        {
            int i0 = i;
            int j0 = j;
            long a = i < from.Rank ? from[i++] : 1;
            long b = j < to.Rank ? to[j++] : 1;
            while (a != b)
            {
                if (a < b)
                {
                    a *= from[i++];
                }
                else
                {
                    b *= to[j++];
                }
            }

            Group(index, from, i0, i, to, j0, j, result);
        }

        return result;
    }

    private static void Group(
        ScalarExpr[] index,
        Shape from,
        int i0,
        int i1,
        Shape to,
        int j0,
        int j1,
        ScalarExpr[] result
    )
    {
        int[] sources = [.. Enumerable.Range(i0, i1 - i0).Where(axis => from[axis] != 1)];
        int[] targets = [.. Enumerable.Range(j0, j1 - j0).Where(axis => to[axis] != 1)];
        for (int axis = j0; axis < j1; axis++)
        {
            result[axis] = Scalar.Const(DType.I64, 0);
        }

        if (sources.Length == 1 && targets.Length == 1)
        {
            result[targets[0]] = index[sources[0]];
            return;
        }

        var flat = Scalar.Const(DType.I64, 0);
        foreach (int axis in sources)
        {
            flat = Scalar.Add(Scalar.Mul(flat, Scalar.Const(DType.I64, from[axis])), index[axis]);
        }

        long stride = 1;
        for (int k = targets.Length - 1; k >= 0; k--)
        {
            var quotient = stride == 1 ? flat : Scalar.Div(flat, Scalar.Const(DType.I64, stride));
            result[targets[k]] = k == 0 ? quotient : Scalar.Rem(quotient, Scalar.Const(DType.I64, to[targets[k]]));
            stride *= to[targets[k]];
        }
    }
}
