using System;
using System.Linq;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Contractions of the same operands, each of which writes a part of the output.</summary>
/// <param name="parts">The contractions, each with the place of its first element in the output, in bytes.</param>
internal sealed class PhasedContraction((Executable Contraction, long Offset)[] parts) : Executable
{
    private readonly Executable[] parts = [.. parts.Select(part => part.Contraction)];
    private readonly nint[] offsets = [.. parts.Select(part => (nint)part.Offset)];

    /// <summary>The best way to run some contractions.</summary>
    public static Executable Of((Executable Contraction, long Offset)[] parts) =>
        PhasedBlocks.CanRun([.. parts.Select(part => part.Contraction)])
            ? new PhasedBlocks([.. parts.Select(part => ((BlockedContraction)part.Contraction, (nint)part.Offset))])
            : new PhasedContraction(parts);

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            nint target = outputs[0] + offsets[i];
            parts[i].Run(inputs, new ReadOnlySpan<nint>(in target));
        }
    }
}

/// <summary>
/// The same in one job: neighbouring blocks of all parts follow each other, so that what they read and write of the operands and of
/// the output is in cache for the parts after the first.
/// </summary>
internal sealed class PhasedBlocks : Executable
{
    private readonly (BlockedContraction Contraction, nint Offset)[] parts;
    private readonly nint[] places;
    private readonly nint packedBytes;
    private readonly ChunkOrder packings;
    private readonly ChunkOrder blocks;

    /// <summary>Makes one job of contractions for which <see cref="CanRun"/> holds.</summary>
    public PhasedBlocks((BlockedContraction Contraction, nint Offset)[] parts)
    {
        this.parts = parts;
        places = new nint[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            places[i] = packedBytes;
            packedBytes += (nint)parts[i].Contraction.PackedBytes;
        }

        var works = new BlockedContraction.Tasks[parts.Length];
        var packs = Prepare([0, 0], 0, 0, works);
        packings = new ChunkOrder([.. packs.Select((pack, i) => Packs(i) ? pack.Chunks : 0)]);
        blocks = new ChunkOrder([.. works.Select(work => work.Chunks)]);
    }

    /// <summary>Whether all are contractions in tiles, and what all of them pack fits into memory at once.</summary>
    public static bool CanRun(Executable[] parts) =>
        Array.TrueForAll(parts, part => part is BlockedContraction { IsSingleJob: true })
        && parts.Sum(part => ((BlockedContraction)part).PackedBytes) <= BlockedContraction.SharedBytes;

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        using var shared = BufferPool.Borrow(Math.Max(64, packedBytes));
        var works = new BlockedContraction.Tasks[parts.Length];
        var packs = Prepare(inputs, outputs[0], shared.Address, works);
        var packing = new Together<BlockedContraction.PackTasks>(packs, packings);
        WorkerPool.Run(packings.Count, ref packing);
        var work = new Together<BlockedContraction.Tasks>(works, blocks);
        WorkerPool.Run(blocks.Count, ref work);
    }

    private bool Packs(int part) => parts[part].Contraction.PackedBytes > 0;

    private BlockedContraction.PackTasks[] Prepare(
        ReadOnlySpan<nint> inputs,
        nint output,
        nint shared,
        BlockedContraction.Tasks[] works
    )
    {
        var packs = new BlockedContraction.PackTasks[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            var (contraction, offset) = parts[i];
            works[i] = contraction.Work(inputs, output + offset);
            if (Packs(i))
            {
                packs[i] = contraction.Share(ref works[i], shared + places[i], 0, contraction.Batches);
            }
        }

        return packs;
    }

    private readonly struct Together<TWork>(TWork[] works, ChunkOrder order) : IParallelWork
        where TWork : struct, IParallelWork
    {
        public void Invoke(int chunk)
        {
            var (part, number) = order[chunk];
            works[part].Invoke(number);
        }
    }

    /// <summary>The chunks of several parts in one order, in which all of them advance at the same rate.</summary>
    private sealed class ChunkOrder(int[] counts)
    {
        private readonly (int Part, int Chunk)[] order =
        [
            .. counts
                .SelectMany((count, part) => Enumerable.Range(0, count).Select(chunk => (Part: part, Chunk: chunk)))
                .OrderBy(item => (item.Chunk + 0.5) / counts[item.Part]),
        ];

        public int Count => order.Length;

        public (int Part, int Chunk) this[int number] => order[number];
    }
}
