using System;
using System.Linq;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Emits the kernels of <see cref="TileKernel"/>.</summary>
internal sealed partial class StepTile : TileEmitter
{
    // So many steps at a time leave little that is not arithmetic.
    private const int Unrolled = 4;

    // Sums enough to start two additions in each of the four cycles that one takes, and from how many steps of K they pay.
    private const int BusySums = 8;
    private const int LeastSteps = 64;

    private readonly TileForm form;
    private readonly int size;
    private readonly LocalBuilder[,] sums;

    // Where there are few sums, the steps take turns with several of each, so as not to wait for the addition before.
    private readonly LocalBuilder[][,] turns;
    private readonly LocalBuilder[] pointers;
    private readonly LocalBuilder[] right;
    private readonly LocalBuilder element;
    private readonly LocalBuilder table;
    private readonly LocalBuilder offset;
    private readonly LocalBuilder columns;
    private readonly LocalBuilder shift;
    private readonly LocalBuilder rowShift;
    private readonly LocalBuilder accumulate;
    private readonly LocalBuilder? rowStep;
    private readonly LocalBuilder? columnStep;
    private readonly LocalBuilder? targetStep;
    private readonly LocalBuilder? mask;

    /// <summary>Begins a kernel.</summary>
    public StepTile(DType type, int vectorBytes, TileForm form)
        : base("tile", typeof(TileArguments), type, vectorBytes, form.Rows, form.Vectors)
    {
        this.form = form;
        size = type.Size;
        turns = [.. Enumerable.Range(0, form.Turns).Select(_ => DeclareSums())];
        sums = turns[0];
        table = LoadArgument(nameof(TileArguments.Rows));
        pointers = new LocalBuilder[form.Steps == TileSteps.Strip || HasEvenRows ? 1 : Rows];
        for (int r = 0; r < pointers.Length; r++)
        {
            pointers[r] = Il.DeclareLocal(typeof(nint));
        }

        right = new LocalBuilder[Vectors * form.Taps];
        for (int v = 0; v < right.Length; v++)
        {
            right[v] = Il.DeclareLocal(Vector);
        }

        element = Il.DeclareLocal(Vector);
        offset = Il.DeclareLocal(typeof(nint));
        columns = Il.DeclareLocal(typeof(nint));
        shift = Il.DeclareLocal(typeof(nint));
        rowShift = Il.DeclareLocal(typeof(nint));
        accumulate = Il.DeclareLocal(typeof(nint));
        rowStep = form.Steps == TileSteps.Any ? LoadArgument(nameof(TileArguments.RowStep)) : null;
        columnStep = form.ColumnVectors == 0 ? LoadArgument(nameof(TileArguments.ColumnStep)) : null;
        targetStep = HasEvenRows ? LoadArgument(nameof(TileArguments.TargetStep)) : null;
        mask = form.IsMasked ? LoadMask() : null;
    }

    private Type MaskClass => VectorBytes == 64 ? typeof(Avx512F) : typeof(Avx512F.VL);

    private bool AddsLanes => form.Steps == TileSteps.Lanes;

    private bool HasEvenRows => form.RowBytes != 0;

    private bool HasTable => EntryBytes != 0;

    // The bytes of an entry of a table of steps.
    private int EntryBytes =>
        form.Steps switch
        {
            TileSteps.Table => sizeof(int),
            TileSteps.Places => nint.Size,
            _ => 0,
        };

    /// <summary>How many sums of each element pay where there are so many rows and vectors, and so many steps of K.</summary>
    public static int Turns(int rows, int vectors, int steps) =>
        steps < LeastSteps ? 1 : Math.Clamp(BusySums / (rows * vectors), 1, Unrolled);

    /// <summary>Emits the code.</summary>
    public TileCode Emit()
    {
        if (form.HasSegments && !HasEvenRows)
        {
            EmitPanels();
            return Finish<TileCode>();
        }

        var strips = LoadArgument(nameof(TileArguments.Strips));
        var last = Il.DefineLabel();
        Set(rowShift, 0);
        Repeat(
            strips,
            () =>
            {
                if (!form.HasSegments)
                {
                    EmitPointers();
                }

                EmitPanels();
                Il.Emit(OpCodes.Ldloc, strips);
                Il.Emit(OpCodes.Ldc_I4_1);
                Il.Emit(OpCodes.Conv_I);
                Il.Emit(OpCodes.Beq, last);
                if (form.HasSegments)
                {
                    Add(rowShift, () => EmitArgument(nameof(TileArguments.StripRows)));
                }
                else
                {
                    EmitAdvance(nameof(TileArguments.Rows), pointers.Length, nameof(TileArguments.StripRows));
                }

                EmitAdvance(nameof(TileArguments.Targets), HasEvenRows ? 1 : Rows, nameof(TileArguments.StripTargets));
            }
        );
        Il.MarkLabel(last);
        return Finish<TileCode>();
    }

    private void EmitPanels()
    {
        var panels = LoadArgument(nameof(TileArguments.Panels));
        var origin = LoadArgument(nameof(TileArguments.Columns));
        Set(shift, 0);
        Repeat(
            panels,
            () =>
            {
                EmitPrefetch();
                EmitArgument(nameof(TileArguments.Accumulate));
                Il.Emit(OpCodes.Stloc, accumulate);
                if (form.HasSegments)
                {
                    EmitSegments(origin);
                }
                else
                {
                    EmitWhole(origin);
                }

                Add(origin, () => EmitArgument(nameof(TileArguments.PanelStep)));
                Add(shift, Vectors * VectorBytes);
            }
        );
    }

    // Moves the addresses of a table on to the next strip.
    private void EmitAdvance(string addresses, int count, string distance)
    {
        var entries = LoadArgument(addresses);
        var step = LoadArgument(distance);
        for (int r = 0; r < count; r++)
        {
            EmitAddress(entries, r * nint.Size);
            EmitAddress(entries, r * nint.Size);
            Il.Emit(OpCodes.Ldind_I);
            Il.Emit(OpCodes.Ldloc, step);
            Il.Emit(OpCodes.Add);
            Il.Emit(OpCodes.Stind_I);
        }
    }

    private void EmitPointers()
    {
        for (int r = 0; r < pointers.Length; r++)
        {
            EmitAddress(table, r * nint.Size);
            Il.Emit(OpCodes.Ldind_I);
            if (form.HasSegments && HasEvenRows)
            {
                Il.Emit(OpCodes.Ldloc, rowShift);
                Il.Emit(OpCodes.Add);
            }

            Il.Emit(OpCodes.Stloc, pointers[r]);
        }
    }

    // K in one run, a section of which ends where the next begins.
    private void EmitWhole(LocalBuilder origin)
    {
        Copy(origin, columns);
        StartRow();
        var remaining = LoadArgument(nameof(TileArguments.Run));
        InSections(remaining, EmitRun);
    }

    private void EmitSegments(LocalBuilder origin)
    {
        EmitArgument(nameof(TileArguments.Rows));
        Il.Emit(OpCodes.Stloc, table);
        var offsets = LoadArgument(nameof(TileArguments.ColumnOffsets));
        var remaining = LoadArgument(nameof(TileArguments.Segments));
        InSections(
            remaining,
            some =>
                Repeat(
                    some,
                    () =>
                    {
                        EmitPointers();
                        Add(table, pointers.Length * nint.Size);
                        Il.Emit(OpCodes.Ldloc, origin);
                        Il.Emit(OpCodes.Ldloc, offsets);
                        Il.Emit(OpCodes.Ldind_I);
                        Il.Emit(OpCodes.Add);
                        Il.Emit(OpCodes.Stloc, columns);
                        Add(offsets, nint.Size);
                        StartRow();
                        EmitRun(LoadArgument(nameof(TileArguments.Run)));
                    }
                )
        );
    }

    private void StartRow()
    {
        if (HasTable)
        {
            EmitArgument(nameof(TileArguments.RowOffsets));
            Il.Emit(OpCodes.Stloc, offset);
        }
        else
        {
            Set(offset, 0);
        }
    }

    // Sums begin anew in every section; a count of what remains tells how much of it one has.
    private void InSections(LocalBuilder remaining, Action<LocalBuilder> emit)
    {
        var some = Il.DeclareLocal(typeof(nint));
        var next = Il.DefineLabel();
        Il.MarkLabel(next);
        EmitArgument(nameof(TileArguments.Section));
        Il.Emit(OpCodes.Ldloc, remaining);
        Il.Emit(OpCodes.Call, typeof(Math).GetMethod(nameof(Math.Min), [typeof(nint), typeof(nint)])!);
        Il.Emit(OpCodes.Stloc, some);
        Il.Emit(OpCodes.Ldloc, remaining);
        Il.Emit(OpCodes.Ldloc, some);
        Il.Emit(OpCodes.Sub);
        Il.Emit(OpCodes.Stloc, remaining);
        Array.ForEach(turns, EmitZeros);
        emit(some);
        foreach (var others in turns.AsSpan(1))
        {
            EmitAddition(others);
        }

        var targets = LoadArgument(nameof(TileArguments.Targets));
        if (AddsLanes)
        {
            EmitLaneSums(targets);
        }
        else
        {
            EmitEither(accumulate, adds => EmitStores(targets, adds));
        }

        Set(accumulate, 1);
        EmitBranch(remaining, OpCodes.Bgt, next);
    }

    private void EmitRun(LocalBuilder steps)
    {
        var group = Il.DefineLabel();
        var rest = Il.DefineLabel();
        var single = Il.DefineLabel();
        var done = Il.DefineLabel();
        Add(steps, -Unrolled);
        EmitBranch(steps, OpCodes.Blt, rest);
        Il.MarkLabel(group);
        EmitSteps(Unrolled);
        Add(steps, -Unrolled);
        EmitBranch(steps, OpCodes.Bge, group);
        Il.MarkLabel(rest);
        Add(steps, Unrolled);
        EmitBranch(steps, OpCodes.Ble, done);
        Il.MarkLabel(single);
        EmitSteps(1);
        Add(steps, -1);
        EmitBranch(steps, OpCodes.Bgt, single);
        Il.MarkLabel(done);
        if (AddsLanes && mask is not null)
        {
            EmitStep(sums, 0, 0, 0, mask);
        }
    }

    private void EmitSteps(int count)
    {
        int elements =
            form.Steps == TileSteps.Strip ? Rows
            : AddsLanes ? VectorBytes / size
            : 1;
        for (int step = 0; step < count; step++)
        {
            EmitStep(
                turns[step % turns.Length],
                step * form.ColumnVectors * form.Taps * VectorBytes,
                step * elements * size,
                step * EntryBytes
            );
            if (rowStep is not null)
            {
                Add(offset, () => Il.Emit(OpCodes.Ldloc, rowStep));
            }
        }

        if (columnStep is null)
        {
            Add(columns, count * form.ColumnVectors * form.Taps * VectorBytes);
        }

        if (rowStep is null)
        {
            Add(offset, count * (HasTable ? EntryBytes : elements * size));
        }
    }

    private void EmitStep(
        LocalBuilder[,] turn,
        int columnBytes,
        int rowBytes,
        int tableBytes,
        LocalBuilder? lanes = null
    )
    {
        for (int t = 0; t < form.Taps; t++)
        {
            for (int v = 0; v < Vectors; v++)
            {
                EmitAddress(columns, columnBytes + (((t * form.ColumnVectors) + v) * VectorBytes));
                EmitLoad(v == Vectors - 1 && !AddsLanes ? mask : null);
                Il.Emit(OpCodes.Stloc, right[(t * Vectors) + v]);
            }

            if (columnStep is not null)
            {
                Add(columns, () => Il.Emit(OpCodes.Ldloc, columnStep));
            }
        }

        LocalBuilder? place = null;
        if (HasTable)
        {
            place = Il.DeclareLocal(typeof(nint));
            EmitAddress(offset, tableBytes);
            if (form.Steps == TileSteps.Places)
            {
                Il.Emit(OpCodes.Ldind_I);
            }
            else
            {
                Il.Emit(OpCodes.Ldind_I4);
                Il.Emit(OpCodes.Conv_I);
            }

            Il.Emit(OpCodes.Stloc, place);
        }

        for (int r = 0; r < Rows + form.Taps - 1; r++)
        {
            Il.Emit(OpCodes.Ldloc, pointers[pointers.Length == 1 ? 0 : r]);
            Il.Emit(OpCodes.Ldloc, place ?? offset);
            Il.Emit(OpCodes.Add);
            EmitOffset(
                (r * form.RowBytes)
                    + form.Steps switch
                    {
                        TileSteps.Strip => rowBytes + (r * size),
                        TileSteps.Adjacent or TileSteps.Lanes => rowBytes,
                        _ => 0,
                    }
            );
            if (AddsLanes)
            {
                EmitLoad(lanes);
            }
            else
            {
                Il.Emit(OpCodes.Ldobj, Element);
                Il.Emit(OpCodes.Call, Operations.GetMethod("Create", [Element])!);
            }

            Il.Emit(OpCodes.Stloc, element);

            // With taps it is also an element of rows before.
            for (int t = Math.Max(0, r - Rows + 1); t < form.Taps && t <= r; t++)
            {
                for (int v = 0; v < Vectors; v++)
                {
                    Il.Emit(OpCodes.Ldloc, element);
                    Il.Emit(OpCodes.Ldloc, right[(t * Vectors) + v]);
                    EmitMultiplyAdd(turn[r - t, v]);
                }
            }
        }
    }
}
