using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;

namespace JaxSharp.Execution;

/// <summary>
/// The parts that the rows of a loop are cut into, which run side by side; one part if its rows are not independent or there is nothing
/// to gain. Parts compute the bits of the whole, so that there may be as many as there are threads.
/// </summary>
/// <param name="Rows">The first row of each part, and the number of rows.</param>
/// <param name="Programs">The program of each part; parts of the same size have the same one.</param>
/// <param name="CutInputs">The inputs whose first axis are the rows.</param>
/// <param name="CutOutputs">The results whose first axis are the rows.</param>
internal sealed record LoopParts(int[] Rows, Program[] Programs, bool[] CutInputs, bool[] CutOutputs)
{
    // Tiles of products take nearly as long for fewer rows.
    private const int LeastRows = 8;
    private const int UsualRows = 16;

    // What parts read in every step stays in the cache of their processor.
    private const long MostConstantBytes = 7 << 17;

    // A step of a part takes at least as long as so many multiplications, beside which starting its kernels is little.
    private const double LeastWork = 1 << 18;

    /// <summary>The number of parts.</summary>
    public int Count => Programs.Length;

    /// <summary>The body of a scan for so many threads, in parts if that gains anything.</summary>
    public static LoopParts Of(Scan scan, int threads, double leastWork = LeastWork)
    {
        var (body, lowerings) = ProgramCompiler.Flatten(scan.Body);
        if (
            threads > 1
            && scan.Length > 1
            && IndependentRows.Find(body, lowerings, scan.ConstCount, scan.CarryCount) is { } rows
            && rows.ConstantBytes <= MostConstantBytes
        )
        {
            foreach (int count in Counts(rows.Rows, threads))
            {
                if (rows.Work / count >= leastWork && Cut(rows, scan.ConstCount, count) is { } parts)
                {
                    return parts;
                }
            }
        }

        var program = ProgramCompiler.Compile(body, lowerings, body.Inputs[..scan.ConstCount]);
        return new LoopParts([0, 1], [program], new bool[body.Inputs.Length], new bool[body.Outputs.Length]);
    }

    // More parts than threads let a fast thread do more than a slow one; parts of one size have one program.
    private static IEnumerable<int> Counts(int rows, int threads)
    {
        for (int count = 2 * threads; count > threads && rows / count >= UsualRows; count--)
        {
            if (rows % count == 0)
            {
                yield return count;
            }
        }

        for (int count = threads + (threads / 2); count >= threads; count--)
        {
            if (rows / count >= LeastRows)
            {
                yield return count;
            }
        }
    }

    private static LoopParts? Cut(IndependentRows rows, int constants, int count)
    {
        int[] starts = [.. Enumerable.Range(0, count + 1).Select(i => (int)((long)rows.Rows * i / count))];
        int[] sizes = [.. Enumerable.Range(0, count).Select(i => starts[i + 1] - starts[i])];
        var bodies = sizes.Distinct().ToDictionary(size => size, rows.Part);
        if (bodies.ContainsValue(null))
        {
            return null;
        }

        bool[] cut = rows.CutInputs;
        var programs = bodies.ToDictionary(
            body => body.Key,
            body =>
            {
                var (part, lowerings) = body.Value!.Value;
                var lasting = part.Inputs.Take(constants).Where((_, input) => !cut[input]);
                return ProgramCompiler.Compile(part, lowerings, lasting);
            }
        );
        return new LoopParts(starts, Array.ConvertAll(sizes, size => programs[size]), cut, rows.CutOutputs);
    }
}
