using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>A copy of an array into a dense one with other strides, where elements may stand several times.</summary>
/// <param name="dims">The dimensions from the innermost one of the copy on.</param>
/// <param name="first">Where the first element is, in elements.</param>
/// <param name="elements">The elements of the copy.</param>
/// <param name="size">The size of an element: 4 or 8 bytes.</param>
internal sealed unsafe class StridedCopy(StridedCopy.Dim[] dims, long first, long elements, int size)
{
    private const long ElementsPerTask = 1 << 14;
    private const int MostWords = 16;

    /// <summary>The elements of the copy.</summary>
    public long Elements => elements;

    public long Bytes => elements * size;

    /// <summary>Makes the copy.</summary>
    public void Run(nint source, nint target)
    {
        long inner = 1;
        int split = 0;
        while (split < dims.Length && (split < 2 || inner * dims[split].Extent <= ElementsPerTask))
        {
            inner *= dims[split++].Extent;
        }

        var work = new Tasks(Merge(dims.AsSpan(0, split)), dims[split..], size, source + ((nint)first * size), target);
        WorkerPool.Run(checked((int)(elements / Math.Max(1, inner))), ref work);
    }

    /// <summary>Adds dimensions of an operand, the nearest neighbours first, to a view of its copy and to how that is made.</summary>
    /// <param name="rest">The dimensions.</param>
    /// <param name="dims">The dimensions of the copy so far.</param>
    /// <param name="copy">How they are copied.</param>
    /// <param name="stride">The elements of the copy so far.</param>
    /// <returns>The elements of the copy.</returns>
    public static long Follow(IEnumerable<OperandDim> rest, List<OperandDim> dims, List<Dim> copy, long stride)
    {
        // Single elements have no neighbours, whatever their stride says.
        foreach (var dim in rest.OrderBy(d => (d.Extent == 1, Math.Abs(d.Stride))))
        {
            dims.Add(dim with { Stride = stride });
            copy.Add(new(dim.Extent, dim.Stride, stride));
            stride *= dim.Extent;
        }

        return stride;
    }

    // Neighbours that go on where the dimension before them ends make it longer.
    private static Dim[] Merge(ReadOnlySpan<Dim> dims)
    {
        var merged = new List<Dim>();
        foreach (var dim in dims)
        {
            if (
                merged is [.., var last]
                && dim.Source == last.Source * last.Extent
                && dim.Target == last.Target * last.Extent
            )
            {
                merged[^1] = last with { Extent = last.Extent * dim.Extent };
            }
            else
            {
                merged.Add(dim);
            }
        }

        return [.. merged];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill<T>(ReadOnlySpan<Dim> dims, T* source, T* target)
        where T : unmanaged
    {
        if (dims.Length > 2)
        {
            var outer = dims[^1];
            for (int i = 0; i < outer.Extent; i++)
            {
                Fill(dims[..^1], source + (i * outer.Source), target + (i * outer.Target));
            }

            return;
        }

        var line = dims[0];
        var lines = dims.Length > 1 ? dims[1] : new Dim(1, 0, 0);
        int words = sizeof(T) / sizeof(uint);
        if (
            line is { Source: 0, Target: 1 }
            && lines.Source == 1
            && lines.Target == line.Extent
            && Vector256.IsHardwareAccelerated
            && lines.Extent * words >= Vector256<uint>.Count
            && line.Extent * words <= MostWords
        )
        {
            Repeat((uint*)source, (uint*)target, lines.Extent, line.Extent, words);
            return;
        }

        if (line.Target == 1 && lines.Source == 1)
        {
            Transposition.Run(
                (byte*)source,
                (nint)line.Source * sizeof(T),
                (byte*)target,
                (nint)lines.Target * sizeof(T),
                line.Extent,
                lines.Extent,
                sizeof(T)
            );
            return;
        }

        for (int i = 0; i < lines.Extent; i++)
        {
            T* from = source + (i * lines.Source);
            T* to = target + (i * lines.Target);
            for (int j = 0; j < line.Extent; j++)
            {
                to[j * line.Target] = from[j * line.Source];
            }
        }
    }

    // Each element several times, in words of 32 bits, which are brought to their lanes a vector at a time.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Repeat(uint* source, uint* target, int elements, int times, int words)
    {
        int lanes = Vector256<uint>.Count;
        int read = elements * words;
        int written = read * times;
        // The vectors of so many turns are alike.
        int turns = words * times / (int)BigInteger.GreatestCommonDivisor(lanes, words * times);
        var order = stackalloc Vector256<uint>[turns];
        var starts = stackalloc int[turns];
        var indices = stackalloc uint[lanes];
        for (int turn = 0; turn < turns; turn++)
        {
            starts[turn] = Source(turn * lanes) / words * words;
            for (int lane = 0; lane < lanes; lane++)
            {
                indices[lane] = (uint)(Source((turn * lanes) + lane) - starts[turn]);
            }

            order[turn] = Vector256.Load(indices);
        }

        int step = lanes * turns / times;
        int done = 0;
        for (int first = 0; done + lanes <= written; first += step)
        {
            for (int turn = 0; turn < turns && done + lanes <= written; turn++, done += lanes)
            {
                // The last vectors are read where they still are whole.
                int start = first + starts[turn];
                int back = Math.Max(0, start + lanes - read);
                var places = order[turn] + Vector256.Create((uint)back);
                Vector256.ShuffleNative(Vector256.Load(source + start - back), places).Store(target + done);
            }
        }

        for (; done < written; done++)
        {
            target[done] = source[Source(done)];
        }

        int Source(int word) => (word / words / times * words) + (word % words);
    }

    /// <summary>A dimension of the copy: how far its neighbours are apart in both places, in elements.</summary>
    public readonly record struct Dim(int Extent, long Source, long Target);

    private readonly struct Tasks(Dim[] within, Dim[] outer, int size, nint source, nint target) : IParallelWork
    {
        public void Invoke(int chunk)
        {
            long from = 0;
            long to = 0;
            foreach (var dim in outer)
            {
                (chunk, int index) = Math.DivRem(chunk, dim.Extent);
                from += index * dim.Source;
                to += index * dim.Target;
            }

            if (size == sizeof(float))
            {
                Fill(within, (float*)source + from, (float*)target + to);
            }
            else
            {
                Fill(within, (double*)source + from, (double*)target + to);
            }
        }
    }
}
