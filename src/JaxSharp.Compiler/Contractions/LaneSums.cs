using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Adds up the lanes of sixteen vectors at a time, by additions of whole vectors that halve their number.</summary>
internal static unsafe class LaneSums
{
    /// <summary>The vectors whose lanes are added up together.</summary>
    public const int Together = 16;

    /// <summary>Whether this machine has the instructions for it.</summary>
    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>Adds up the lanes of the sums of a tile, which are at most sixteen, and stores them.</summary>
    /// <param name="sums">The sums of one row after the other; there is room for sixteen, and all are finite.</param>
    /// <param name="targets">The addresses of rows, or that of the first one.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The sums of a row.</param>
    /// <param name="step">How far rows are from one another, in bytes; 0 if each has an address.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(float* sums, float** targets, int rows, int columns, nint step, nint accumulate)
    {
        var low = Halves(Four(sums), Four(sums + (4 * Together)));
        var high = Halves(Four(sums + (8 * Together)), Four(sums + (12 * Together)));
        var all = Halves(low, high);
        if (step == columns * sizeof(float))
        {
            StoreSome(all, targets[0], rows * columns, accumulate);
            return;
        }

        float* lanes = stackalloc float[2 * Together];
        all.Store(lanes);
        byte* even = (byte*)targets[0];
        for (int r = 0; r < rows; r++, lanes += columns)
        {
            float* target = step == 0 ? targets[r] : (float*)(even + (r * step));
            for (int c = 0; c < columns; c++)
            {
                target[c] = accumulate == 0 ? lanes[c] : target[c] + lanes[c];
            }
        }
    }

    /// <summary>In each 128 bits the sums over those of the four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Four(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        var ab = (Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b)).AsDouble();
        var cd = (Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d)).AsDouble();
        return Avx512F.UnpackLow(ab, cd).AsSingle() + Avx512F.UnpackHigh(ab, cd).AsSingle();
    }

    /// <summary>The sums of neighbouring 128 bits, of the first vector and of the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Halves(Vector512<float> a, Vector512<float> b) =>
        Avx512F.Shuffle4x128(a, b, 0b10_00_10_00) + Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Four(float* sums) =>
        Four(
            Vector512.Load(sums),
            Vector512.Load(sums + Together),
            Vector512.Load(sums + (2 * Together)),
            Vector512.Load(sums + (3 * Together))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSome(Vector512<float> values, float* target, int count, nint accumulate)
    {
        var mask = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
        if (accumulate != 0)
        {
            values += Avx512F.MaskLoad(target, mask, Vector512<float>.Zero);
        }

        Avx512F.MaskStore(target, mask, values);
    }
}
