using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// The linear transformations of Winograd's algorithm for windows of 3×3 along both axes, of vectors of channels. There are always at least
/// 16 channels; where they do not fill vectors, the last vector begins inside of the one before it.
/// </summary>
internal abstract unsafe class WinogradTransforms
{
    /// <summary>The channels of a vector.</summary>
    public const int Width = 16;

    /// <summary>The addresses in tables of elements and places from one row to the next.</summary>
    public const int Pitch = 8;

    /// <summary>The transformations for squares of so many places on a side.</summary>
    public static WinogradTransforms For(int side) =>
        side == FourPlaces.Places ? WinogradTransforms<FourPlaces>.Instance : WinogradTransforms<TwoPlaces>.Instance;

    /// <summary>Brings elements of the image to the products.</summary>
    /// <param name="elements">The addresses of the elements, row by row.</param>
    /// <param name="target">The place for the first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="count">The number of channels.</param>
    public abstract void Image(nint* elements, nint target, nint plane, int count);

    /// <summary>Brings 3×3 taps, the steps between which are given in bytes, to the products.</summary>
    /// <param name="taps">The first tap.</param>
    /// <param name="stepY">From one row of taps to the next.</param>
    /// <param name="stepX">From one tap of a row to the next.</param>
    /// <param name="target">The place for the first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="count">The number of channels.</param>
    public abstract void Kernel(nint taps, nint stepY, nint stepX, nint target, nint plane, int count);

    /// <summary>Brings places of a cotangent to the products.</summary>
    /// <param name="places">The addresses of the places, row by row.</param>
    /// <param name="target">The place for the first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="count">The number of channels.</param>
    public abstract void Cotangent(nint* places, nint target, nint plane, int count);

    /// <summary>Brings products to the places.</summary>
    /// <param name="products">The first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="places">The addresses of the places, row by row.</param>
    /// <param name="count">The number of channels.</param>
    public abstract void ToPlaces(nint products, nint plane, nint* places, int count);

    /// <summary>Brings products to 3×3 taps, the steps between which are given in bytes.</summary>
    /// <param name="products">The first product.</param>
    /// <param name="plane">From one product to the next, in bytes.</param>
    /// <param name="taps">The place for the first tap.</param>
    /// <param name="stepY">From one row of taps to the next.</param>
    /// <param name="stepX">From one tap of a row to the next.</param>
    /// <param name="count">The number of channels.</param>
    public abstract void ToTaps(nint products, nint plane, nint taps, nint stepY, nint stepX, int count);
}

/// <summary>The transformations that apply those of a line along both axes: to columns, then to rows.</summary>
internal sealed unsafe class WinogradTransforms<TLine> : WinogradTransforms
    where TLine : struct, IWinogradLine
{
    private const int Bytes = Width * sizeof(float);
    private const int Taps = WinogradAxis.Taps;

    public static readonly WinogradTransforms Instance = new WinogradTransforms<TLine>();

    private static int Reach => TLine.Places + Taps - 1;

    // The bytes of what is between both axes, and of a cache line that it begins in.
    private static int BetweenBytes => ((Reach * Reach) + 1) * Bytes;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Image(nint* elements, nint target, nint plane, int count)
    {
        byte* memory = stackalloc byte[BetweenBytes];
        nint between = WholeLine(memory);
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            for (int x = 0; x < Reach; x++)
            {
                TLine.Image(
                    new ListedVectors(elements + x, Pitch, at),
                    new SpacedVectors(between + (x * Bytes), Reach * Bytes)
                );
            }

            for (int y = 0; y < Reach; y++)
            {
                TLine.Image(
                    new SpacedVectors(between + (y * Reach * Bytes), Bytes),
                    new SpacedVectors(target + at + (y * Reach * plane), plane)
                );
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Kernel(nint taps, nint stepY, nint stepX, nint target, nint plane, int count)
    {
        byte* memory = stackalloc byte[BetweenBytes];
        nint between = WholeLine(memory);
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            for (int x = 0; x < Taps; x++)
            {
                TLine.Kernel(
                    new SpacedVectors(taps + at + (x * stepX), stepY),
                    new SpacedVectors(between + (x * Bytes), Taps * Bytes)
                );
            }

            for (int y = 0; y < Reach; y++)
            {
                TLine.Kernel(
                    new SpacedVectors(between + (y * Taps * Bytes), Bytes),
                    new SpacedVectors(target + at + (y * Reach * plane), plane)
                );
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Cotangent(nint* places, nint target, nint plane, int count)
    {
        byte* memory = stackalloc byte[BetweenBytes];
        nint between = WholeLine(memory);
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            for (int x = 0; x < TLine.Places; x++)
            {
                TLine.Cotangent(
                    new ListedVectors(places + x, Pitch, at),
                    new SpacedVectors(between + (x * Bytes), TLine.Places * Bytes)
                );
            }

            for (int y = 0; y < Reach; y++)
            {
                TLine.Cotangent(
                    new SpacedVectors(between + (y * TLine.Places * Bytes), Bytes),
                    new SpacedVectors(target + at + (y * Reach * plane), plane)
                );
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ToPlaces(nint products, nint plane, nint* places, int count)
    {
        byte* memory = stackalloc byte[BetweenBytes];
        nint between = WholeLine(memory);
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            for (int x = 0; x < Reach; x++)
            {
                TLine.ToPlaces(
                    new SpacedVectors(products + at + (x * plane), Reach * plane),
                    new SpacedVectors(between + (x * Bytes), Reach * Bytes)
                );
            }

            for (int y = 0; y < TLine.Places; y++)
            {
                TLine.ToPlaces(
                    new SpacedVectors(between + (y * Reach * Bytes), Bytes),
                    new ListedVectors(places + (y * Pitch), 1, at)
                );
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ToTaps(nint products, nint plane, nint taps, nint stepY, nint stepX, int count)
    {
        byte* memory = stackalloc byte[BetweenBytes];
        nint between = WholeLine(memory);
        for (int c = 0; c < count; c += Width)
        {
            nint at = Math.Min(c, count - Width) * sizeof(float);
            for (int x = 0; x < Reach; x++)
            {
                TLine.ToTaps(
                    new SpacedVectors(products + at + (x * plane), Reach * plane),
                    new SpacedVectors(between + (x * Bytes), Reach * Bytes)
                );
            }

            for (int y = 0; y < Taps; y++)
            {
                TLine.ToTaps(
                    new SpacedVectors(between + (y * Reach * Bytes), Bytes),
                    new SpacedVectors(taps + at + (y * stepY), stepX)
                );
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint WholeLine(byte* memory) => ((nint)memory + Bytes - 1) & -Bytes;
}
