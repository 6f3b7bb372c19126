using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Emit;

/// <summary>
/// Lanes in other orders: what is read backwards or at every second place, and what is written at every second place. They are
/// inlined into emitted code.
/// </summary>
internal static class VectorShuffles
{
    /// <summary>The last lane first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Reverse(Vector512<int> x) =>
        Vector512.Shuffle(x, Vector512.Create(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));

    /// <summary>Every second element, where the second vector begins with the last element of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Alternate(Vector512<int> x, Vector512<int> next) =>
        Pick(x, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31), next);

    /// <summary>The first halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> WeaveLower(Vector512<int> x, Vector512<int> y) =>
        Pick(x, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), y);

    /// <summary>The second halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> WeaveUpper(Vector512<int> x, Vector512<int> y) =>
        Pick(x, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), y);

    // Lanes of two vectors by their numbers, those of the second vector behind those of the first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Pick(Vector512<int> x, Vector512<int> places, Vector512<int> y)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.PermuteVar16x32x2(x, places, y);
        }

        var own = Vector512.BitwiseAnd(places, Vector512.Create(15));
        var isFirst = Vector512.Equals(places, own);
        return Vector512.ConditionalSelect(isFirst, Vector512.Shuffle(x, own), Vector512.Shuffle(y, own));
    }

    /// <summary>The last lane first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Reverse(Vector512<long> x) =>
        Vector512.Shuffle(x, Vector512.Create(7L, 6, 5, 4, 3, 2, 1, 0));

    /// <summary>Every second element, where the second vector begins with the last element of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Alternate(Vector512<long> x, Vector512<long> next) =>
        Pick(x, Vector512.Create(0L, 2, 4, 6, 9, 11, 13, 15), next);

    /// <summary>The first halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> WeaveLower(Vector512<long> x, Vector512<long> y) =>
        Pick(x, Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11), y);

    /// <summary>The second halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> WeaveUpper(Vector512<long> x, Vector512<long> y) =>
        Pick(x, Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Pick(Vector512<long> x, Vector512<long> places, Vector512<long> y)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.PermuteVar8x64x2(x, places, y);
        }

        var own = Vector512.BitwiseAnd(places, Vector512.Create(7L));
        var isFirst = Vector512.Equals(places, own);
        return Vector512.ConditionalSelect(isFirst, Vector512.Shuffle(x, own), Vector512.Shuffle(y, own));
    }

    /// <summary>The last lane first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Reverse(Vector256<int> x) =>
        Vector256.Shuffle(x, Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0));

    /// <summary>Every second element, where the second vector begins with the last element of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Alternate(Vector256<int> x, Vector256<int> next) =>
        Pick(x, Vector256.Create(0, 2, 4, 6, 9, 11, 13, 15), next);

    /// <summary>The first halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> WeaveLower(Vector256<int> x, Vector256<int> y) =>
        Pick(x, Vector256.Create(0, 8, 1, 9, 2, 10, 3, 11), y);

    /// <summary>The second halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> WeaveUpper(Vector256<int> x, Vector256<int> y) =>
        Pick(x, Vector256.Create(4, 12, 5, 13, 6, 14, 7, 15), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Pick(Vector256<int> x, Vector256<int> places, Vector256<int> y)
    {
        if (Avx512F.VL.IsSupported)
        {
            return Avx512F.VL.PermuteVar8x32x2(x, places, y);
        }

        var own = Vector256.BitwiseAnd(places, Vector256.Create(7));
        var isFirst = Vector256.Equals(places, own);
        return Vector256.ConditionalSelect(isFirst, Vector256.Shuffle(x, own), Vector256.Shuffle(y, own));
    }

    /// <summary>The last lane first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Reverse(Vector256<long> x) => Vector256.Shuffle(x, Vector256.Create(3L, 2, 1, 0));

    /// <summary>Every second element, where the second vector begins with the last element of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Alternate(Vector256<long> x, Vector256<long> next) =>
        Pick(x, Vector256.Create(0L, 2, 5, 7), next);

    /// <summary>The first halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> WeaveLower(Vector256<long> x, Vector256<long> y) =>
        Pick(x, Vector256.Create(0L, 4, 1, 5), y);

    /// <summary>The second halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> WeaveUpper(Vector256<long> x, Vector256<long> y) =>
        Pick(x, Vector256.Create(2L, 6, 3, 7), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Pick(Vector256<long> x, Vector256<long> places, Vector256<long> y)
    {
        if (Avx512F.VL.IsSupported)
        {
            return Avx512F.VL.PermuteVar4x64x2(x, places, y);
        }

        var own = Vector256.BitwiseAnd(places, Vector256.Create(3L));
        var isFirst = Vector256.Equals(places, own);
        return Vector256.ConditionalSelect(isFirst, Vector256.Shuffle(x, own), Vector256.Shuffle(y, own));
    }

    /// <summary>The last lane first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Reverse(Vector128<int> x) => Vector128.Shuffle(x, Vector128.Create(3, 2, 1, 0));

    /// <summary>Every second element, where the second vector begins with the last element of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Alternate(Vector128<int> x, Vector128<int> next) =>
        Pick(x, Vector128.Create(0, 2, 5, 7), next);

    /// <summary>The first halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> WeaveLower(Vector128<int> x, Vector128<int> y) =>
        Pick(x, Vector128.Create(0, 4, 1, 5), y);

    /// <summary>The second halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> WeaveUpper(Vector128<int> x, Vector128<int> y) =>
        Pick(x, Vector128.Create(2, 6, 3, 7), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pick(Vector128<int> x, Vector128<int> places, Vector128<int> y)
    {
        if (Avx512F.VL.IsSupported)
        {
            return Avx512F.VL.PermuteVar4x32x2(x, places, y);
        }

        var own = Vector128.BitwiseAnd(places, Vector128.Create(3));
        var isFirst = Vector128.Equals(places, own);
        return Vector128.ConditionalSelect(isFirst, Vector128.Shuffle(x, own), Vector128.Shuffle(y, own));
    }

    /// <summary>The last lane first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Reverse(Vector128<long> x) => Vector128.Shuffle(x, Vector128.Create(1L, 0));

    /// <summary>Every second element, where the second vector begins with the last element of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Alternate(Vector128<long> x, Vector128<long> next) =>
        Pick(x, Vector128.Create(0L, 3), next);

    /// <summary>The first halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> WeaveLower(Vector128<long> x, Vector128<long> y) =>
        Pick(x, Vector128.Create(0L, 2), y);

    /// <summary>The second halves, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> WeaveUpper(Vector128<long> x, Vector128<long> y) =>
        Pick(x, Vector128.Create(1L, 3), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<long> Pick(Vector128<long> x, Vector128<long> places, Vector128<long> y)
    {
        if (Avx512F.VL.IsSupported)
        {
            return Avx512F.VL.PermuteVar2x64x2(x, places, y);
        }

        var own = Vector128.BitwiseAnd(places, Vector128.Create(1L));
        var isFirst = Vector128.Equals(places, own);
        return Vector128.ConditionalSelect(isFirst, Vector128.Shuffle(x, own), Vector128.Shuffle(y, own));
    }
}
