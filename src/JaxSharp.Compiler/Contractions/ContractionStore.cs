using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Writes finished sums of some rows and panels where they belong, converted to the output's type.</summary>
internal readonly unsafe ref struct ContractionStore
{
    private readonly ContractionCode code;
    private readonly ContractionPlan plan;
    private readonly (int Start, int Count) rows;
    private readonly (int Start, int Count) columns;

    public ContractionStore(ContractionCode code, (int Start, int Count) rows, (int Start, int End) panels)
    {
        this.code = code;
        plan = code.Plan;
        this.rows = rows;
        int start = panels.Start * plan.Width;
        columns = (start, Math.Min(panels.End * plan.Width, plan.Columns) - start);
    }

    /// <summary>Stores runs along the columns or, if only those are contiguous in the output, along the rows.</summary>
    public void Run(byte* sums, nint lead, nint output)
    {
        bool alongRows =
            plan.OutRows.Length > 0
            && plan.OutRows[^1].Stride == 1
            && (plan.OutColumns.Length == 0 || plan.OutColumns[^1].Stride != 1);
        if (alongRows)
        {
            Run(sums, code.Size, (plan.OutColumns, columns), lead, (plan.OutRows, rows), (byte*)output);
        }
        else
        {
            Run(sums, lead, (plan.OutRows, rows), code.Size, (plan.OutColumns, columns), (byte*)output);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(
        byte* sums,
        nint outerStep,
        (LayoutAxis[] Axes, (int Start, int Count) Range) outer,
        nint innerStep,
        (LayoutAxis[] Axes, (int Start, int Count) Range) inner,
        byte* output
    )
    {
        int size = plan.OutputType.Size;
        int run = inner.Axes.Length == 0 ? 1 : inner.Axes[^1].Extent;
        nint step = inner.Axes.Length == 0 ? 0 : (nint)inner.Axes[^1].Stride * size;
        Span<int> scratch = stackalloc int[outer.Axes.Length];
        for (int i = 0; i < inner.Range.Count; )
        {
            int position = inner.Range.Start + i;
            int length = Math.Min(run - (position % run), inner.Range.Count - i);
            nint address = (nint)OperandLayout.Locate(inner.Axes, position, []);
            var cursor = new AxisCursor(outer.Axes, outer.Range.Start, 0, scratch);
            for (int o = 0; o < outer.Range.Count; o++)
            {
                byte* target = output + ((address + (nint)cursor.Address) * size);
                code.Store(sums + (o * outerStep) + (i * innerStep), innerStep, target, step, length);
                cursor.Next();
            }

            i += length;
        }
    }
}
