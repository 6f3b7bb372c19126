using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Dot products of a vector and rows so short that adding up the lanes of a sum takes as long as the sum: it is done for sixteen rows
/// at a time, by additions of whole vectors that halve their number.
/// </summary>
internal static unsafe class ShortRows
{
    private const int Together = 16;
    private const int MostElements = 128;

    /// <summary>Whether so many rows of a length are to be taken together.</summary>
    public static bool Take(int length, int rows) => Avx512F.IsSupported && length <= MostElements && rows >= Together;

    /// <summary>Computes the products.</summary>
    /// <param name="matrix">The first row.</param>
    /// <param name="step">The distance of rows.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="x">The vector.</param>
    /// <param name="length">The length of the rows and the vector.</param>
    /// <param name="target">Where the first product goes.</param>
    /// <param name="outStep">The distance of products.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(float* matrix, long step, int rows, float* x, int length, float* target, long outStep)
    {
        var sums = stackalloc float[Together];
        int rest = length % Vector512<float>.Count;
        var lanes = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(rest)).AsSingle();
        for (int row = 0; row < rows; row += Together)
        {
            // The last ones are computed together with some that were already.
            row = Math.Min(row, rows - Together);
            var products = Sixteen(matrix + (row * step), step, x, length, lanes);
            float* place = target + (row * outStep);
            if (outStep == 1)
            {
                Vector512.Store(products, place);
                continue;
            }

            Vector512.Store(products, sums);
            for (int i = 0; i < Together; i++)
            {
                place[i * outStep] = sums[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sixteen(float* first, long step, float* x, int length, Vector512<float> rest)
    {
        var zero = Vector512<float>.Zero;
        var (s0, s1, s2, s3, s4, s5, s6, s7) = (zero, zero, zero, zero, zero, zero, zero, zero);
        var (s8, s9, sa, sb, sc, sd, se, sf) = (zero, zero, zero, zero, zero, zero, zero, zero);
        for (int k = 0; k < length; k += Vector512<float>.Count)
        {
            var lanes = length - k < Vector512<float>.Count ? rest : Vector512<float>.AllBitsSet;
            var y = Avx512F.MaskLoad(x + k, lanes, zero);
            float* row = first + k;
            s0 = Add(row, lanes, y, s0);
            s1 = Add(row += step, lanes, y, s1);
            s2 = Add(row += step, lanes, y, s2);
            s3 = Add(row += step, lanes, y, s3);
            s4 = Add(row += step, lanes, y, s4);
            s5 = Add(row += step, lanes, y, s5);
            s6 = Add(row += step, lanes, y, s6);
            s7 = Add(row += step, lanes, y, s7);
            s8 = Add(row += step, lanes, y, s8);
            s9 = Add(row += step, lanes, y, s9);
            sa = Add(row += step, lanes, y, sa);
            sb = Add(row += step, lanes, y, sb);
            sc = Add(row += step, lanes, y, sc);
            sd = Add(row += step, lanes, y, sd);
            se = Add(row += step, lanes, y, se);
            sf = Add(row += step, lanes, y, sf);
        }

        return LaneSums.Halves(
            LaneSums.Halves(LaneSums.Four(s0, s1, s2, s3), LaneSums.Four(s4, s5, s6, s7)),
            LaneSums.Halves(LaneSums.Four(s8, s9, sa, sb), LaneSums.Four(sc, sd, se, sf))
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Add(float* row, Vector512<float> lanes, Vector512<float> y, Vector512<float> sum) =>
        Vector512.FusedMultiplyAdd(Avx512F.MaskLoad(row, lanes, Vector512<float>.Zero), y, sum);
}
