using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;

namespace JaxSharp.Execution;

/// <summary>
/// Places the temporaries of a program in one arena: memory is used again as soon as the last step that reads a temporary has run.
/// </summary>
/// <param name="Variables">The temporaries.</param>
/// <param name="Offsets">Their places in bytes.</param>
/// <param name="Bytes">The size of the arena.</param>
internal sealed record BufferPlan(Var[] Variables, long[] Offsets, long Bytes)
{
    private const long Alignment = 64;

    /// <summary>Plans for the variables of each step in order of execution; those that <paramref name="isPlaced"/> knows have memory already.</summary>
    public static BufferPlan Make(IReadOnlyList<Var[]> steps, Func<Var, bool> isPlaced)
    {
        var lastUse = new Dictionary<Var, int>();
        for (int step = 0; step < steps.Count; step++)
        {
            foreach (var variable in steps[step])
            {
                lastUse[variable] = step;
            }
        }

        var variables = new List<Var>();
        var offsets = new List<long>();
        var live = new List<Block>();
        var placed = new HashSet<Var>();
        long bytes = 0;
        for (int step = 0; step < steps.Count; step++)
        {
            live.RemoveAll(block => block.LastUse < step);
            foreach (var variable in steps[step])
            {
                if (isPlaced(variable) || !placed.Add(variable))
                {
                    continue;
                }

                long size = Math.Max(Alignment, (variable.Type.ByteLength + Alignment - 1) / Alignment * Alignment);
                var (start, at) = FirstGap(live, size);
                live.Insert(at, new Block(start, start + size, lastUse[variable]));
                variables.Add(variable);
                offsets.Add(start);
                bytes = Math.Max(bytes, start + size);
            }
        }

        return new BufferPlan([.. variables], [.. offsets], bytes);
    }

    // Blocks are in the order of their places.
    private static (long Start, int At) FirstGap(List<Block> live, long size)
    {
        long start = 0;
        for (int i = 0; i < live.Count; i++)
        {
            if (live[i].Start - start >= size)
            {
                return (start, i);
            }

            start = live[i].End;
        }

        return (start, live.Count);
    }

    private sealed record Block(long Start, long End, int LastUse);
}
