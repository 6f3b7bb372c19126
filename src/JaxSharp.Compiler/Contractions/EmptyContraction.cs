using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>A contraction without steps of K, all of whose results are zero: places that no window of a strided convolution meets.</summary>
internal sealed unsafe class EmptyContraction : Executable
{
    private const int BytesPerTask = 64 << 10;

    // Runs of neighbours, at places along the other axes.
    private readonly LayoutAxis[] axes;
    private readonly nint runBytes;
    private readonly int runs;
    private readonly int runsPerTask;
    private readonly int size;

    public EmptyContraction(ContractionSpec spec)
    {
        size = spec.Output.DType.Size;
        var all = ContractionPlan.OutputAxes(
            Enumerable
                .Range(0, spec.Axes.Length)
                .Where(axis => spec.Axes[axis].Role != AxisRole.K)
                .Select(axis => new LayoutAxis(spec.Axes[axis].Extent, spec.Output.Strides[axis], []))
                .OrderByDescending(axis => axis.Stride)
        );
        bool isDense = all is [.., { Stride: 1 }];
        axes = isDense ? all[..^1] : all;
        runBytes = (isDense ? all[^1].Extent : 1) * (nint)size;
        runs = axes.Aggregate(1, (count, axis) => checked(count * axis.Extent));
        runsPerTask = (int)Math.Max(1, BytesPerTask / Math.Max(1, runBytes));
    }

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        if (runs > 0 && runBytes > 0)
        {
            var work = new Tasks(this, outputs[0]);
            WorkerPool.Run(((runs - 1) / runsPerTask) + 1, ref work);
        }
    }

    private readonly struct Tasks(EmptyContraction contraction, nint output) : IParallelWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int chunk)
        {
            var axes = contraction.axes;
            int first = chunk * contraction.runsPerTask;
            int count = Math.Min(contraction.runsPerTask, contraction.runs - first);
            Span<int> indices = stackalloc int[axes.Length];
            var place = new AxisCursor(axes, first, 0, indices);
            for (int i = 0; i < count; i++)
            {
                nint target = output + ((nint)place.Address * contraction.size);
                NativeMemory.Clear((void*)target, (nuint)contraction.runBytes);
                place.Next();
            }
        }
    }
}
