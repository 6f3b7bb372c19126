using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lanes = System.Runtime.Intrinsics.Vector512<float>;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Vectors in memory, by their number.</summary>
internal interface IWinogradVectors
{
    Lanes Load(int index);

    void Store(int index, Lanes value);
}

/// <summary>Vectors at one distance, in bytes, from each other.</summary>
internal readonly unsafe struct SpacedVectors(nint first, nint step) : IWinogradVectors
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(int index) => Vector512.Load((float*)(first + (index * step)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int index, Lanes value) => value.Store((float*)(first + (index * step)));
}

/// <summary>Vectors so many bytes from addresses in a table, of which each so many belong to other lines.</summary>
internal readonly unsafe struct ListedVectors(nint* addresses, int pitch, nint offset) : IWinogradVectors
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(int index) => Vector512.Load((float*)(addresses[index * pitch] + offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int index, Lanes value) => value.Store((float*)(addresses[index * pitch] + offset));
}

/// <summary>
/// The linear transformations of Winograd's algorithm along one axis: a line of elements d of the image and three taps g give sums at some
/// places, or elements and places p give sums at three taps, by one product for each element. Multiplied are values of polynomials at some
/// points, the last of which is infinity.
/// </summary>
internal interface IWinogradLine
{
    /// <summary>The places; elements are two more.</summary>
    static abstract int Places { get; }

    /// <summary>Brings elements of the image to the products.</summary>
    static abstract void Image<TFrom>(TFrom from, SpacedVectors to)
        where TFrom : struct, IWinogradVectors;

    /// <summary>Brings taps to the products.</summary>
    static abstract void Kernel(SpacedVectors from, SpacedVectors to);

    /// <summary>Brings places to the products.</summary>
    static abstract void Cotangent<TFrom>(TFrom from, SpacedVectors to)
        where TFrom : struct, IWinogradVectors;

    /// <summary>Brings products to the places.</summary>
    static abstract void ToPlaces<TTo>(SpacedVectors from, TTo to)
        where TTo : struct, IWinogradVectors;

    /// <summary>Brings products to the taps.</summary>
    static abstract void ToTaps(SpacedVectors from, SpacedVectors to);
}

/// <summary>
/// Two places, with the points 0, 1, -1:
/// <code>
/// d0 - d2, d1 + d2, d2 - d1, d1 - d3   times   g0, (g0 + g1 + g2) / 2, (g0 - g1 + g2) / 2, g2   or   p0, (p0 + p1) / 2, (p0 - p1) / 2, p1
/// m0 + m1 + m2, m1 - m2 - m3                                                                     or   m0 + m1 + m2, m1 - m2, m1 + m2 - m3
/// </code>
/// </summary>
internal readonly struct TwoPlaces : IWinogradLine
{
    public static int Places => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Image<TFrom>(TFrom from, SpacedVectors to)
        where TFrom : struct, IWinogradVectors
    {
        var (d1, d2) = (from.Load(1), from.Load(2));
        to.Store(0, from.Load(0) - d2);
        to.Store(1, d1 + d2);
        to.Store(2, d2 - d1);
        to.Store(3, d1 - from.Load(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel(SpacedVectors from, SpacedVectors to)
    {
        var half = Vector512.Create(0.5f);
        var (g0, g2) = (from.Load(0), from.Load(2));
        var middle = from.Load(1) * half;
        var sum = (g0 + g2) * half;
        to.Store(0, g0);
        to.Store(1, sum + middle);
        to.Store(2, sum - middle);
        to.Store(3, g2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Cotangent<TFrom>(TFrom from, SpacedVectors to)
        where TFrom : struct, IWinogradVectors
    {
        var half = Vector512.Create(0.5f);
        var (p0, p1) = (from.Load(0), from.Load(1));
        to.Store(0, p0);
        to.Store(1, (p0 + p1) * half);
        to.Store(2, (p0 - p1) * half);
        to.Store(3, p1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToPlaces<TTo>(SpacedVectors from, TTo to)
        where TTo : struct, IWinogradVectors
    {
        var (m1, m2) = (from.Load(1), from.Load(2));
        to.Store(0, from.Load(0) + (m1 + m2));
        to.Store(1, (m1 - m2) - from.Load(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToTaps(SpacedVectors from, SpacedVectors to)
    {
        var (m1, m2) = (from.Load(1), from.Load(2));
        var sum = m1 + m2;
        to.Store(0, from.Load(0) + sum);
        to.Store(1, m1 - m2);
        to.Store(2, sum - from.Load(3));
    }
}

/// <summary>
/// Four places, with the points 0, a, -a, b, -b where a is 5/8 and b is 3/2, which were found to give the smallest errors: those of 0, 1,
/// -1, 2, -2 are twice as large. All coefficients of elements and sums are exact.
/// <code>
/// a²b² d0 - (a² + b²) d2 + d4                   times   g0 / a²b²
/// (d4 - b² d2) ± a (d3 - b² d1)                         (g0 ± a g1 + a² g2) / 2a²(a² - b²)
/// (d4 - a² d2) ± b (d3 - a² d1)                         (g0 ± b g1 + b² g2) / 2b²(b² - a²)
/// a²b² d1 - (a² + b²) d3 + d5                           g2
/// m0 + (m1 + m2) + (m3 + m4), a (m1 - m2) + b (m3 - m4), a² (m1 + m2) + b² (m3 + m4), a³ (m1 - m2) + b³ (m3 - m4) + m5
/// </code>
/// Places take the place of taps with one power more, and taps that of places with one less.
/// </summary>
internal readonly struct FourPlaces : IWinogradLine
{
    private const float A = 0.625f;
    private const float B = 1.5f;
    private const float A2 = A * A;
    private const float B2 = B * B;
    private const float ByA = (float)(0.5 / ((double)A2 * (A2 - B2)));
    private const float ByB = (float)(0.5 / ((double)B2 * (B2 - A2)));

    public static int Places => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Image<TFrom>(TFrom from, SpacedVectors to)
        where TFrom : struct, IWinogradVectors
    {
        var (d1, d2, d3, d4) = (from.Load(1), from.Load(2), from.Load(3), from.Load(4));
        to.Store(0, Add(A2 * B2, from.Load(0), Add(-(A2 + B2), d2, d4)));
        to.Store(5, Add(A2 * B2, d1, Add(-(A2 + B2), d3, from.Load(5))));
        StorePair(1, Add(-B2, d2, d4), A, Add(-B2, d1, d3), to);
        StorePair(3, Add(-A2, d2, d4), B, Add(-A2, d1, d3), to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel(SpacedVectors from, SpacedVectors to)
    {
        var (g0, g1, g2) = (from.Load(0), from.Load(1), from.Load(2));
        to.Store(0, g0 * Vector512.Create(1 / (A2 * B2)));
        to.Store(5, g2);
        StorePair(1, Add(A2 * ByA, g2, g0 * Vector512.Create(ByA)), A * ByA, g1, to);
        StorePair(3, Add(B2 * ByB, g2, g0 * Vector512.Create(ByB)), B * ByB, g1, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Cotangent<TFrom>(TFrom from, SpacedVectors to)
        where TFrom : struct, IWinogradVectors
    {
        var (p0, p1, p2, p3) = (from.Load(0), from.Load(1), from.Load(2), from.Load(3));
        to.Store(0, p0 * Vector512.Create(1 / (A2 * B2)));
        to.Store(5, p3);
        StorePair(1, Add(A2 * ByA, p2, p0 * Vector512.Create(ByA)), A * ByA, Add(A2, p3, p1), to);
        StorePair(3, Add(B2 * ByB, p2, p0 * Vector512.Create(ByB)), B * ByB, Add(B2, p3, p1), to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToPlaces<TTo>(SpacedVectors from, TTo to)
        where TTo : struct, IWinogradVectors
    {
        var (m1, m2, m3, m4) = (from.Load(1), from.Load(2), from.Load(3), from.Load(4));
        var (sumA, sumB) = (m1 + m2, m3 + m4);
        var (differenceA, differenceB) = (m1 - m2, m3 - m4);
        to.Store(0, from.Load(0) + (sumA + sumB));
        to.Store(1, Add(B, differenceB, differenceA * Vector512.Create(A)));
        to.Store(2, Add(B2, sumB, sumA * Vector512.Create(A2)));
        to.Store(3, Add(B2 * B, differenceB, Add(A2 * A, differenceA, from.Load(5))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToTaps(SpacedVectors from, SpacedVectors to)
    {
        var (m1, m2, m3, m4) = (from.Load(1), from.Load(2), from.Load(3), from.Load(4));
        var (sumA, sumB) = (m1 + m2, m3 + m4);
        to.Store(0, from.Load(0) + (sumA + sumB));
        to.Store(1, Add(B, m3 - m4, (m1 - m2) * Vector512.Create(A)));
        to.Store(2, Add(B2, sumB, Add(A2, sumA, from.Load(5))));
    }

    // The values at a point and at its negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(int index, Lanes even, float point, Lanes odd, SpacedVectors to)
    {
        to.Store(index, Add(point, odd, even));
        to.Store(index + 1, Add(-point, odd, even));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes Add(float factor, Lanes value, Lanes sum) =>
        Vector512.MultiplyAddEstimate(value, Vector512.Create(factor), sum);
}
