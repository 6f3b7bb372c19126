using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Products each of which is a single task, one or many of them: what they share is set up once for some of them, and only addresses
/// move on from one to the next. Setting up a task of <see cref="BlockedContraction"/> takes as long as a thousand multiplications,
/// which is most of the time of small matrices.
/// </summary>
internal sealed unsafe class SmallProducts : Executable
{
    // So many multiplications are enough for one thread to go on with, and beginning a product takes as long as so many.
    private const double PerChunk = 1 << 17;
    private const double PerProduct = 150;

    // Small right operands are turned element by element.
    private const int FewElements = 64;

    private readonly ContractionPlan plan;
    private readonly ContractionCode code;
    private readonly ContractionEpilogue? epilogue;
    private readonly InnerBlock block;
    private readonly int perChunk;
    private readonly bool packs;
    private readonly bool turns;

    // Whether results are not side by side, so that an epilogue works on each of them and not on all at once.
    private readonly bool finishesEach;
    private readonly nint rowStep;
    private readonly nint targetStep;
    private readonly int fullPanels;

    private SmallProducts(ContractionPlan plan, ContractionEpilogue? epilogue)
    {
        (this.plan, this.epilogue) = (plan, epilogue);
        code = new ContractionCode(plan);
        block = plan.InnerBlocks[0];
        packs = plan.RightAccess != RightAccess.Direct;
        turns =
            packs
            && plan is { Panels: 1, Right: { Rows: [var columns], Inner: [var steps] } }
            && columns.Extent * steps.Extent <= FewElements
            && ReferenceEquals(plan.Right.DType, plan.Type)
            && code.Size is sizeof(float) or sizeof(double);
        finishesEach =
            epilogue is not null
            && (plan.OutBatch is not [var batch] || batch.Stride != (long)plan.Rows * plan.Columns);
        rowStep = (nint)plan.RowStep;
        targetStep = plan.OutRows.Length == 0 ? 0 : (nint)plan.OutRows[0].Stride * code.Size;
        fullPanels = plan.Panels - (code.HasEdge ? 1 : 0);
        double each = ((double)plan.Rows * plan.Columns * plan.Inner) + PerProduct;
        perChunk = (int)Math.Clamp(PerChunk / each, 1, plan.Batches);
    }

    /// <summary>The executable for a plan of this form; otherwise null.</summary>
    public static SmallProducts? For(ContractionPlan plan, ContractionEpilogue? epilogue)
    {
        bool fits =
            plan.TasksPerBatch == 1
            && plan.DirectOutput
            && !plan.AddsLanes
            && !plan.IsComplex
            && !plan.TakesPacked
            && plan.Taps == 1
            && plan.InnerBlocks.Length == 1
            && plan.CountsRows(plan.InnerBlocks[0])
            && plan.Left is { IsWhole: true, Rows.Length: <= 1 }
            && plan.OutRows.Length <= 1
            && plan.Right.IsWhole
            && (epilogue is null || BlockedContraction.TakesEpilogue(plan, epilogue));
        return fits ? new SmallProducts(plan, epilogue) : null;
    }

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        var memory = stackalloc nint[inputs.Length + outputs.Length];
        var work = new Tasks(
            this,
            inputs[plan.IsSwapped ? 1 : 0],
            inputs[plan.IsSwapped ? 0 : 1],
            outputs[0],
            new EpilogueRun(epilogue, inputs, outputs, memory)
        );
        WorkerPool.Run(((plan.Batches - 1) / perChunk) + 1, ref work);
    }

    private readonly struct Tasks(SmallProducts owner, nint left, nint right, nint output, EpilogueRun epilogue)
        : IParallelWork
    {
        [SkipLocalsInit]
        public void Invoke(int chunk)
        {
            var plan = owner.plan;
            int size = plan.Type.Size;
            int first = chunk * owner.perChunk;
            int end = Math.Min(first + owner.perChunk, plan.Batches);
            var (leftAxes, rightAxes, outAxes) = (plan.Left.Batch, plan.Right.Batch, plan.OutBatch);
            var lefts = new AxisCursor(leftAxes, first, 0, stackalloc int[leftAxes.Length]);
            var rights = new AxisCursor(rightAxes, first, 0, stackalloc int[rightAxes.Length]);
            var targets = new AxisCursor(outAxes, first, 0, stackalloc int[outAxes.Length]);
            var tables = stackalloc nint[2 * TileKernel.MaxRows];
            var arguments = owner.Arguments(tables);
            for (int product = first; product < end; product++)
            {
                arguments.Columns = owner.packs
                    ? owner.PackRight(right, product, rights.Address)
                    : right + ((nint)(plan.Right.BaseOffset + rights.Address) * size);
                owner.RunTiles(
                    ref arguments,
                    left + ((nint)(plan.Left.BaseOffset + lefts.Address) * size),
                    output + ((nint)targets.Address * size)
                );
                if (owner.finishesEach)
                {
                    epilogue.Apply(targets.Address / plan.Columns, 0, plan.Rows, plan.Columns);
                }

                lefts.Next();
                rights.Next();
                targets.Next();
            }

            if (!owner.finishesEach)
            {
                epilogue.Apply((long)first * plan.Rows, 0, (end - first) * plan.Rows, plan.Columns);
            }
        }
    }

    private TileArguments Arguments(nint* tables)
    {
        var arguments = TileArguments.Single(tables, tables + TileKernel.MaxRows);
        arguments.Run = block.Count;
        arguments.Section = TileSections.Length(plan, block, bySegment: false);
        arguments.RowStep = plan.LeftStep;
        arguments.RowOffsets = (nint)code.Steps;
        arguments.PanelStep = packs ? (nint)block.Count * code.PanelRowBytes : code.PanelRowBytes;
        arguments.ColumnStep =
            packs || plan.Right.Inner.Length == 0 ? code.PanelRowBytes : (nint)plan.Right.Inner[0].Stride * code.Size;
        arguments.TargetStep = targetStep;
        arguments.Mask = code.Mask;
        return arguments;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunTiles(ref TileArguments arguments, nint row, nint target)
    {
        for (int strip = 0; strip < plan.Strips; )
        {
            int together = plan.EqualStrips(strip, plan.Strips);
            int count = plan.RowsOf(strip);
            arguments.Strips = together;
            arguments.StripRows = count * rowStep;
            arguments.StripTargets = count * targetStep;
            code.RunPanels(ref arguments, (fullPanels, code.HasEdge), count, row, target);
            row += together * arguments.StripRows;
            target += together * arguments.StripTargets;
            strip += together;
        }
    }

    private nint PackRight(nint right, int product, long address)
    {
        byte* panels = Scratch.Current.Get(2, (nint)plan.Panels * block.Count * code.PanelRowBytes);
        if (turns)
        {
            byte* source = (byte*)right + ((nint)(plan.Right.BaseOffset + address) * code.Size);
            var (columns, steps) = (plan.Right.Rows[0], plan.Right.Inner[0]);
            if (code.Size == sizeof(float))
            {
                Turn((float*)source, columns, steps, (float*)panels, plan.Width);
            }
            else
            {
                Turn((double*)source, columns, steps, (double*)panels, plan.Width);
            }

            return (nint)panels;
        }

        var origin = new OperandOrigin(plan.Right, right, product, []);
        code.PackPanels(origin, block, 0, plan.Panels, panels);
        return (nint)panels;
    }

    // Columns beyond the last are of no account: nothing of them is stored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn<T>(T* source, LayoutAxis columns, LayoutAxis steps, T* panel, int width)
        where T : unmanaged
    {
        for (int k = 0; k < steps.Extent; k++, panel += width, source += steps.Stride)
        {
            for (int c = 0; c < columns.Extent; c++)
            {
                panel[c] = source[c * columns.Stride];
            }
        }
    }
}
