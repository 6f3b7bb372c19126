using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lanes = System.Runtime.Intrinsics.Vector512<float>;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// The linear transformations of Winograd's algorithm for windows of three taps, along both axes, of vectors of channels. Four elements
/// d and three taps g give two sums, and four elements d and two places g three sums, by four products each:
/// <code>
/// d0 - d2, d1 + d2, d2 - d1, d1 - d3   times   g0, (g0 + g1 + g2) / 2, (g0 - g1 + g2) / 2, g2   or   g0, (g0 + g1) / 2, (g0 - g1) / 2, g1
/// m0 + m1 + m2, m1 - m2 - m3                                                                     or   m0 + m1 + m2, m1 - m2, m1 + m2 - m3
/// </code>
/// There are always at least 16 channels; where they do not fill vectors, the last vector begins inside of the one before it.
/// </summary>
internal static unsafe class WinogradTransforms
{
    /// <summary>The channels of a vector.</summary>
    public const int Width = 16;

    /// <summary>The products of a square.</summary>
    public const int Products = 16;

    /// <summary>Brings 4×4 elements of the image to the products.</summary>
    /// <param name="elements">The addresses of the elements, row by row.</param>
    /// <param name="target">The place for the first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="count">The number of channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Image(nint* elements, nint target, nint plane, int count)
    {
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            Spread(elements, 4, at, out var a0, out var b0, out var c0, out var d0);
            Spread(elements + 1, 4, at, out var a1, out var b1, out var c1, out var d1);
            Spread(elements + 2, 4, at, out var a2, out var b2, out var c2, out var d2);
            Spread(elements + 3, 4, at, out var a3, out var b3, out var c3, out var d3);
            nint place = target + at;
            StoreSpread(a0, a1, a2, a3, place, plane);
            StoreSpread(b0, b1, b2, b3, place + (4 * plane), plane);
            StoreSpread(c0, c1, c2, c3, place + (8 * plane), plane);
            StoreSpread(d0, d1, d2, d3, place + (12 * plane), plane);
        }
    }

    /// <summary>Brings 3×3 taps, the steps between which are given in bytes, to the products.</summary>
    /// <param name="taps">The first tap.</param>
    /// <param name="stepY">From one row of taps to the next.</param>
    /// <param name="stepX">From one tap of a row to the next.</param>
    /// <param name="target">The place for the first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="count">The number of channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Kernel(nint taps, nint stepY, nint stepX, nint target, nint plane, int count)
    {
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            nint tap = taps + at;
            SpreadTaps(tap, stepY, out var a0, out var b0, out var c0, out var d0);
            SpreadTaps(tap + stepX, stepY, out var a1, out var b1, out var c1, out var d1);
            SpreadTaps(tap + (2 * stepX), stepY, out var a2, out var b2, out var c2, out var d2);
            nint place = target + at;
            StoreTaps(a0, a1, a2, place, plane);
            StoreTaps(b0, b1, b2, place + (4 * plane), plane);
            StoreTaps(c0, c1, c2, place + (8 * plane), plane);
            StoreTaps(d0, d1, d2, place + (12 * plane), plane);
        }
    }

    /// <summary>Brings 2×2 places of a cotangent to the products.</summary>
    /// <param name="places">The addresses of the places, row by row.</param>
    /// <param name="target">The place for the first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="count">The number of channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Cotangent(nint* places, nint target, nint plane, int count)
    {
        var half = Vector512.Create(0.5f);
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            var (a0, d0) = (Load(places[0] + at), Load(places[2] + at));
            var (a1, d1) = (Load(places[1] + at), Load(places[3] + at));
            var (b0, c0) = ((a0 + d0) * half, (a0 - d0) * half);
            var (b1, c1) = ((a1 + d1) * half, (a1 - d1) * half);
            nint place = target + at;
            StorePlaces(a0, a1, place, plane);
            StorePlaces(b0, b1, place + (4 * plane), plane);
            StorePlaces(c0, c1, place + (8 * plane), plane);
            StorePlaces(d0, d1, place + (12 * plane), plane);
        }
    }

    /// <summary>Brings products back to 2×2 places.</summary>
    /// <param name="products">The first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="places">The addresses of the places, row by row.</param>
    /// <param name="count">The number of channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Places(nint products, nint plane, nint* places, int count)
    {
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            nint place = products + at;
            AddUp(place, plane, out var a0, out var b0);
            AddUp(place + plane, plane, out var a1, out var b1);
            AddUp(place + (2 * plane), plane, out var a2, out var b2);
            AddUp(place + (3 * plane), plane, out var a3, out var b3);
            Store(a0 + (a1 + a2), places[0] + at);
            Store((a1 - a2) - a3, places[1] + at);
            Store(b0 + (b1 + b2), places[2] + at);
            Store((b1 - b2) - b3, places[3] + at);
        }
    }

    /// <summary>Brings products back to 3×3 taps, the steps between which are given in bytes.</summary>
    /// <param name="products">The first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="taps">The place for the first tap.</param>
    /// <param name="stepY">From one row of taps to the next.</param>
    /// <param name="stepX">From one tap of a row to the next.</param>
    /// <param name="count">The number of channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Taps(nint products, nint plane, nint taps, nint stepY, nint stepX, int count)
    {
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            nint place = products + at;
            AddUpTaps(place, plane, out var a0, out var b0, out var c0);
            AddUpTaps(place + plane, plane, out var a1, out var b1, out var c1);
            AddUpTaps(place + (2 * plane), plane, out var a2, out var b2, out var c2);
            AddUpTaps(place + (3 * plane), plane, out var a3, out var b3, out var c3);
            nint tap = taps + at;
            StoreSums(a0, a1, a2, a3, tap, stepX);
            StoreSums(b0, b1, b2, b3, tap + stepY, stepX);
            StoreSums(c0, c1, c2, c3, tap + (2 * stepY), stepX);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes Load(nint address) => Vector512.Load((float*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Lanes value, nint address) => value.Store((float*)address);

    // Elements below one another, so many addresses apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(nint* elements, int step, nint at, out Lanes a, out Lanes b, out Lanes c, out Lanes d)
    {
        var x0 = Load(elements[0] + at);
        var x1 = Load(elements[step] + at);
        var x2 = Load(elements[2 * step] + at);
        var x3 = Load(elements[3 * step] + at);
        a = x0 - x2;
        b = x1 + x2;
        c = x2 - x1;
        d = x1 - x3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSpread(Lanes x0, Lanes x1, Lanes x2, Lanes x3, nint place, nint plane)
    {
        Store(x0 - x2, place);
        Store(x1 + x2, place + plane);
        Store(x2 - x1, place + (2 * plane));
        Store(x1 - x3, place + (3 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpreadTaps(nint tap, nint step, out Lanes a, out Lanes b, out Lanes c, out Lanes d)
    {
        var half = Vector512.Create(0.5f);
        a = Load(tap);
        d = Load(tap + (2 * step));
        var middle = Load(tap + step) * half;
        var sum = (a + d) * half;
        b = sum + middle;
        c = sum - middle;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTaps(Lanes g0, Lanes g1, Lanes g2, nint place, nint plane)
    {
        var half = Vector512.Create(0.5f);
        var middle = g1 * half;
        var sum = (g0 + g2) * half;
        Store(g0, place);
        Store(sum + middle, place + plane);
        Store(sum - middle, place + (2 * plane));
        Store(g2, place + (3 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePlaces(Lanes g0, Lanes g1, nint place, nint plane)
    {
        var half = Vector512.Create(0.5f);
        Store(g0, place);
        Store((g0 + g1) * half, place + plane);
        Store((g0 - g1) * half, place + (2 * plane));
        Store(g1, place + (3 * plane));
    }

    // Products below one another are four planes apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddUp(nint place, nint plane, out Lanes a, out Lanes b)
    {
        var m1 = Load(place + (4 * plane));
        var m2 = Load(place + (8 * plane));
        a = Load(place) + (m1 + m2);
        b = (m1 - m2) - Load(place + (12 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddUpTaps(nint place, nint plane, out Lanes a, out Lanes b, out Lanes c)
    {
        var m1 = Load(place + (4 * plane));
        var m2 = Load(place + (8 * plane));
        var sum = m1 + m2;
        a = Load(place) + sum;
        b = m1 - m2;
        c = sum - Load(place + (12 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums(Lanes m0, Lanes m1, Lanes m2, Lanes m3, nint tap, nint step)
    {
        var sum = m1 + m2;
        Store(m0 + sum, tap);
        Store(m1 - m2, tap + step);
        Store(sum - m3, tap + (2 * step));
    }
}
