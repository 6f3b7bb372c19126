using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Routines;

/// <summary>Which places of an array a task writes: blocks of it are dealt out in turn.</summary>
/// <param name="Shift">The logarithm of the length of a block.</param>
/// <param name="Mask">The number of tasks, a power of two, less one.</param>
/// <param name="Task">The number of the task.</param>
internal readonly record struct ScatterShare(int Shift, int Mask, int Task);

/// <summary>Where windows start that index vectors give, and which of them a task has to write.</summary>
internal static unsafe class ScatterPlaces
{
    /// <summary>So many windows are looked at together.</summary>
    public const int Together = 512;

    /// <summary>Lists the windows of a run that are in range and of the task's share, in their order.</summary>
    /// <param name="layout">The scatter.</param>
    /// <param name="loop">The loop of the run.</param>
    /// <param name="indices">The indices.</param>
    /// <param name="index">Where the index vector of the first window is.</param>
    /// <param name="place">Where batching axes put the first window.</param>
    /// <param name="count">The length of the run, at most <see cref="Together"/>.</param>
    /// <param name="share">The share of the task.</param>
    /// <param name="places">Where the windows go; as long as <see cref="Together"/> and a vector.</param>
    /// <param name="numbers">Their numbers in the run; as long.</param>
    /// <returns>How many there are.</returns>
    public static int List(
        ScatterLayout layout,
        ScatterAxis loop,
        nint indices,
        long index,
        long place,
        int count,
        ScatterShare share,
        long* places,
        int* numbers
    )
    {
        nint size = layout.IndexType.Size;
        indices += (nint)index * size;
        if (
            Avx512F.IsSupported
            && layout is { IndexType.Code: DTypeCode.I32, Components: [var only] }
            && loop is { IndexStride: 1, OperandStride: 0 }
            && layout.Size <= int.MaxValue
        )
        {
            return ListVectors(only, layout.Clamp, (int*)indices, (int)place, count, share, places, numbers);
        }

        return layout.IndexType.Code switch
        {
            DTypeCode.Bool or DTypeCode.U8 => List((byte*)indices),
            DTypeCode.I8 => List((sbyte*)indices),
            DTypeCode.I16 => List((short*)indices),
            DTypeCode.U16 => List((ushort*)indices),
            DTypeCode.I32 => List((int*)indices),
            DTypeCode.U32 => List((uint*)indices),
            _ => List((long*)indices),
        };

        int List<TIndex>(TIndex* from)
            where TIndex : unmanaged, IBinaryInteger<TIndex> =>
            ListScalars(layout, loop, from, place, count, share, places, numbers);
    }

    // Without branches that random indices would make a processor guess wrong.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ListScalars<TIndex>(
        ScatterLayout layout,
        ScatterAxis loop,
        TIndex* indices,
        long place,
        int count,
        ScatterShare share,
        long* places,
        int* numbers
    )
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        var components = layout.Components;
        long stride = layout.ComponentStride;
        bool clamp = layout.Clamp;
        int listed = 0;
        for (int i = 0; i < count; i++)
        {
            var vector = indices + (i * loop.IndexStride);
            long start = place + (i * loop.OperandStride);
            bool isInside = true;
            for (int c = 0; c < components.Length; c++)
            {
                long value = long.CreateTruncating(vector[c * stride]);
                long last = components[c].Last;
                long clamped = Math.Max(0, Math.Min(value, last));
                isInside &= clamp | (value == clamped);
                start += clamped * components[c].OperandStride;
            }

            places[listed] = start;
            numbers[listed] = i;
            listed += isInside & (((start >> share.Shift) & share.Mask) == share.Task) ? 1 : 0;
        }

        return listed;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ListVectors(
        ScatterComponent component,
        bool clamp,
        int* indices,
        int place,
        int count,
        ScatterShare share,
        long* places,
        int* numbers
    )
    {
        var last = Vector512.Create(component.Last);
        var stride = Vector512.Create((int)component.OperandStride);
        var first = Vector512.Create(place);
        var mask = Vector512.Create(share.Mask);
        var task = Vector512.Create(share.Task);
        var number = Vector512<int>.Indices;
        var all = Vector512.Create(count);
        int listed = 0;
        for (int i = 0; i < count; i += Vector512<int>.Count)
        {
            var isListed = Vector512.LessThan(number, all);
            var value =
                count - i >= Vector512<int>.Count
                    ? Vector512.Load(indices + i)
                    : Avx512F.MaskLoad(indices + i, isListed, Vector512<int>.Zero);
            var clamped = Vector512.Min(Vector512.Max(value, Vector512<int>.Zero), last);
            if (!clamp)
            {
                isListed &= Vector512.Equals(value, clamped);
            }

            var start = first + (clamped * stride);
            isListed &= Vector512.Equals(Vector512.ShiftRightArithmetic(start, share.Shift) & mask, task);
            var (low, high) = Vector512.Widen(Avx512F.Compress(Vector512<int>.Zero, isListed, start));
            low.Store(places + listed);
            high.Store(places + listed + Vector512<long>.Count);
            Avx512F.Compress(Vector512<int>.Zero, isListed, number).Store(numbers + listed);
            listed += BitOperations.PopCount(isListed.ExtractMostSignificantBits());
            number += Vector512.Create(Vector512<int>.Count);
        }

        return listed;
    }
}
