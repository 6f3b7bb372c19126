using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Emit;

/// <summary>
/// Compiled loops with the extents to run them over. The grid is cut into chunks by the work in them, never by the number of
/// threads; they share nothing, so that results are the same in any case.
/// </summary>
internal sealed unsafe class EmittedKernel : Executable
{
    // Vector instructions in a chunk: some 20 µs.
    private const long ChunkWork = 60_000;

    private static readonly nint Nothing = (nint)NativeMemory.AllocZeroed(64);

    // Rows and columns of a tile, if some memory is read across the vector axis: whole cache lines of it are used then.
    private const int TileRows = 16;
    private const int TileColumns = 128;

    private readonly LoopBody body;
    private readonly Lazy<LoopBody>? unstreamed;
    private readonly TileLoop? turned;
    private readonly bool tiled;
    private readonly long outerSize;
    private readonly long vectorSize;
    private readonly long outerPerChunk;
    private readonly long vectorPerChunk;
    private readonly int chunks;
    private readonly int chunksPerOuter;
    private readonly int[] stored;

    private EmittedKernel(LoopPlan plan, LoopBody body, Lazy<LoopBody>? unstreamed, long work, bool strided)
    {
        this.body = body;
        this.unstreamed = unstreamed;
        var kernel = plan.Kernel;
        stored = [.. kernel.Stages.OfType<Stage.Store>().Select(store => store.Output).Distinct()];
        turned = plan.Turned is null ? null : new TileLoop(plan);
        vectorSize = plan.VectorAxis >= 0 ? kernel.Grid[plan.VectorAxis] : 1;
        outerSize = kernel.GridSize / vectorSize;
        long rowWork = Math.Max(1, work * (plan.VectorAxis >= 0 ? (vectorSize + 15) / 16 : 1));
        outerPerChunk = Math.Clamp(ChunkWork / rowWork, 1, outerSize);
        tiled =
            turned is not null
            || (strided && plan.VectorAxis >= 0 && outerSize >= TileRows && vectorSize >= TileColumns);
        if (tiled)
        {
            int rows = turned is null ? TileRows : TurnedLoads.TileRows;
            outerPerChunk = (outerPerChunk + rows - 1) / rows * rows;
        }
        else if (outerPerChunk < outerSize)
        {
            // Few chunks are of one size and an even number, so that no thread waits long for another.
            long count = (outerSize + outerPerChunk - 1) / outerPerChunk;
            count = Math.Min(count + (count & 1), outerSize);
            outerPerChunk = (outerSize + count - 1) / count;
        }

        vectorPerChunk = vectorSize;
        chunksPerOuter = 1;
        if (outerPerChunk == 1 && rowWork > 2 * ChunkWork && plan.VectorAxis >= 0)
        {
            long pieces = Math.Min(rowWork / ChunkWork, (vectorSize + 255) / 256);
            vectorPerChunk = ((vectorSize + pieces - 1) / pieces + 255) / 256 * 256;
            chunksPerOuter = (int)((vectorSize + vectorPerChunk - 1) / vectorPerChunk);
        }

        chunks = (int)((outerSize + outerPerChunk - 1) / outerPerChunk) * chunksPerOuter;
    }

    /// <summary>Compiles a kernel for vectors of a width; null where that cannot be done.</summary>
    public static EmittedKernel? Compile(LoopPlan plan, int vectorBits)
    {
        var kernel = plan.Kernel;
        if (kernel.GridSize == 0 || kernel.Stages.Any(stage => stage.InnerSize == 0))
        {
            return null;
        }

        StageAnalysis[] stages = [.. plan.Emitted.Stages.Select(stage => new StageAnalysis(plan, stage))];
        var body = LoopEmitter.Compile(plan, stages, vectorBits);
        long work = stages.Sum(stage =>
        {
            long size = stage.Stage.InnerSize;
            return (plan.VectorAxis >= 0 ? size : (size + 15) / 16) * CostModel.Of(stage);
        });
        if (body is null)
        {
            return null;
        }

        var unstreamed = plan.Streams
            ? new Lazy<LoopBody>(() => LoopEmitter.Compile(plan with { Streams = false }, stages, vectorBits)!)
            : null;
        return new EmittedKernel(plan, body, unstreamed, work, stages.Any(stage => stage.IsStrided));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        foreach (nint address in inputs)
        {
            if (address == 0)
            {
                inputs = WithoutNulls(inputs);
                break;
            }
        }

        fixed (nint* input = inputs)
        fixed (nint* output = outputs)
        {
            var loops = unstreamed is null || CanStream(inputs, outputs) ? body : unstreamed.Value;
            if (chunks == 1 && !tiled)
            {
                loops(input, output, 0, outerSize, 0, vectorSize);
                return;
            }

            var work = new Chunks(this, loops, input, output);
            WorkerPool.Run(chunks, ref work);
        }
    }

    // Streaming takes whole lines. It gains nothing where the kernel has just read what it writes to.
    private bool CanStream(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        foreach (int output in stored)
        {
            if (outputs[output] % Runtime.Buffer.Alignment != 0 || inputs.Contains(outputs[output]))
            {
                return false;
            }
        }

        return true;
    }

    // Empty inputs have no memory; guarded loads may still read element 0.
    private static nint[] WithoutNulls(ReadOnlySpan<nint> inputs)
    {
        nint[] copy = inputs.ToArray();
        for (int i = 0; i < copy.Length; i++)
        {
            copy[i] = copy[i] == 0 ? Nothing : copy[i];
        }

        return copy;
    }

    private readonly struct Chunks(EmittedKernel kernel, LoopBody body, nint* inputs, nint* outputs) : IParallelWork
    {
        public void Invoke(int chunk)
        {
            long outer = chunk / kernel.chunksPerOuter * kernel.outerPerChunk;
            long vector = chunk % kernel.chunksPerOuter * kernel.vectorPerChunk;
            long outerEnd = Math.Min(outer + kernel.outerPerChunk, kernel.outerSize);
            long vectorEnd = Math.Min(vector + kernel.vectorPerChunk, kernel.vectorSize);
            if (kernel.turned is { } loop)
            {
                loop.Run(body, inputs, outputs, (outer, outerEnd), (vector, vectorEnd));
                return;
            }

            if (!kernel.tiled)
            {
                body(inputs, outputs, outer, outerEnd, vector, vectorEnd);
                return;
            }

            for (long row = outer; row < outerEnd; row += TileRows)
            {
                for (long column = vector; column < vectorEnd; column += TileColumns)
                {
                    body(
                        inputs,
                        outputs,
                        row,
                        Math.Min(row + TileRows, outerEnd),
                        column,
                        Math.Min(column + TileColumns, vectorEnd)
                    );
                }
            }
        }
    }
}
