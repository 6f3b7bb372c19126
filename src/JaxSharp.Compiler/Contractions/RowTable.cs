using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Finds for a tile kernel where the rows of one strip after the other lie. Segments of K in which no row exists are left out, which is
/// most of them where an operand is dilated.
/// </summary>
internal unsafe ref struct RowTable
{
    // Rows are looked at in whole vectors; those beyond a strip repeat its last one.
    private const int Lanes = 8;
    private const int MostRows = (TileKernel.MaxRows + Lanes - 1) / Lanes * Lanes;

    private readonly ContractionCode code;
    private readonly OperandLayout layout;
    private readonly OperandOrigin left;
    private readonly InnerBlock block;
    private readonly nint* table;
    private readonly nint* offsets;
    private readonly long* segments;
    private readonly long* rows;
    private AxisCursor cursor;

    /// <summary>Begins with the first row of a block.</summary>
    /// <param name="code">The code of the contraction.</param>
    /// <param name="left">Where the left operand begins.</param>
    /// <param name="block">The block of K.</param>
    /// <param name="segments">The number of segments of the block that tiles meet.</param>
    /// <param name="start">The first row.</param>
    /// <param name="table">Receives the addresses of rows, <see cref="TableLength"/> entries.</param>
    /// <param name="offsets">Receives where a segment begins in the right operand.</param>
    /// <param name="scratch">Has room for <see cref="ScratchLength"/> numbers.</param>
    public RowTable(
        ContractionCode code,
        in OperandOrigin left,
        InnerBlock block,
        int segments,
        int start,
        nint* table,
        nint* offsets,
        long* scratch
    )
    {
        this.code = code;
        this.left = left;
        this.block = block;
        this.table = table;
        this.offsets = offsets;
        layout = code.Plan.Left;
        int checks = layout.Checks.Length;
        this.segments = scratch;
        rows = scratch + ((checks + 1) * segments);
        int* indices = (int*)(rows + ((checks + 1) * MostRows));
        int length = layout.Rows.Length + checks;
        cursor = new AxisCursor(layout.Rows, start, checks, new Span<int>(indices, length));
    }

    /// <summary>The step of rows along K, in bytes.</summary>
    public readonly nint Step =>
        layout.Inner.Length == 0 ? code.Size : (nint)(layout.Inner[^1].Stride / layout.Scale) * code.Size;

    // Only plain addresses can be in bytes.
    private readonly int Unit => layout.Scale == 1 ? code.Size : 1;

    /// <summary>The entries of the table of addresses.</summary>
    public static int TableLength(int segments) => (segments * TileKernel.MaxRows) + MostRows;

    /// <summary>The numbers that finding rows needs room for.</summary>
    public static int ScratchLength(OperandLayout layout, int segments)
    {
        int checks = layout.Checks.Length;
        return ((checks + 1) * (segments + MostRows)) + layout.Rows.Length + checks;
    }

    /// <summary>Finds where the segments of the block start, for all strips.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void FindSegments()
    {
        int checks = layout.Checks.Length;
        Span<int> coordinates = stackalloc int[checks];
        for (int s = 0; s < block.Segments; s++)
        {
            long* segment = segments + (s * (checks + 1));
            segment[checks] = OperandLayout.Locate(layout.Inner, block.Start + (s * block.Run), coordinates) * Unit;
            for (int c = 0; c < checks; c++)
            {
                segment[c] = coordinates[c] + left.Coordinates[c];
            }
        }
    }

    /// <summary>Rows that were packed, with either K or the rows side by side.</summary>
    public readonly void FindPacked(byte* packed, int start, int count, nint lead)
    {
        nint rowBytes = code.Plan.LeftAccess == LeftAccess.Strips ? code.Size : lead * code.Size;
        for (int r = 0; r < count; r++)
        {
            table[r] = (nint)packed + ((start + r) * rowBytes);
        }
    }

    /// <summary>The next rows of an operand all of whose elements exist, where they lie.</summary>
    public void FindRows(int count) =>
        Lines(ref cursor, layout.Rows, count, (nint)left.Memory + ((nint)left.Address * code.Size), code.Size, table);

    /// <summary>The addresses of the next positions along some axes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Lines(
        ref AxisCursor cursor,
        LayoutAxis[] axes,
        int count,
        nint origin,
        int size,
        nint* addresses
    )
    {
        nint step = axes.Length == 0 ? 0 : (nint)axes[^1].Stride * size;
        for (int done = 0; done < count; )
        {
            int run = Math.Min(cursor.Run, count - done);
            nint address = origin + ((nint)cursor.Address * size);
            for (int r = 0; r < run; r++)
            {
                addresses[done + r] = address;
                address += step;
            }

            cursor.Advance(run);
            done += run;
        }
    }

    /// <summary>The next rows where they lie in the operand; returns the number of segments, at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(int count, nint segmentColumns)
    {
        LocateRows(count);
        int found = 0;
        for (int s = 0; s < block.Segments; s++)
        {
            nint* places = table + (found * count);
            if (layout.Scale != 1 ? Scaled(count, s, places) : Plain(count, s, places))
            {
                offsets[found++] = s * segmentColumns;
            }
        }

        if (found == 0)
        {
            // Nothing exists, but sums must become zero.
            for (int r = 0; r < count; r++)
            {
                table[r] = code.ZeroRow;
            }

            offsets[0] = 0;
            found = 1;
        }

        return found;
    }

    // Addresses of rows, in bytes or scaled, then each of their coordinates.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LocateRows(int count)
    {
        int checks = layout.Checks.Length;
        long step = layout.Rows.Length == 0 ? 0 : layout.Rows[^1].Stride;
        for (int done = 0; done < count; )
        {
            int run = Math.Min(cursor.Run, count - done);
            long address = left.Address + cursor.Address;
            int end = done + run == count ? (count + Lanes - 1) / Lanes * Lanes : done + run;
            FillLine(rows + done, address * Unit, step * Unit, run, end - done);
            for (int c = 0; c < checks; c++)
            {
                long coef = layout.Rows.Length == 0 ? 0 : layout.Rows[^1].Coefs[c];
                FillLine(rows + ((c + 1) * MostRows) + done, cursor.Coordinates[c], coef, run, end - done);
            }

            cursor.Advance(run);
            done += run;
        }
    }

    // The last number is repeated up to the length.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillLine(long* line, long first, long step, int count, int length)
    {
        long last = first + ((count - 1) * step);
        for (int i = 0; i < length; i++)
        {
            line[i] = i < count ? first + (i * step) : last;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool Plain(int count, int number, nint* places)
    {
        var checks = layout.Checks;
        long* segment = segments + (number * (checks.Length + 1));
        var origin = Vector512.Create((long)left.Memory + segment[checks.Length]);
        var zero = Vector512.Create((long)code.ZeroRow);
        var any = Vector512<long>.Zero;
        for (int r = 0; r < count; r += Lanes)
        {
            var exists = Vector512<long>.AllBitsSet;
            for (int c = 0; c < checks.Length; c++)
            {
                var place = Vector512.Load(rows + ((c + 1) * MostRows) + r) + Vector512.Create(segment[c]);
                var extent = Vector512.Create((ulong)checks[c].Extent);
                exists &= Vector512.LessThan(place.AsUInt64(), extent).AsInt64();
            }

            any |= exists;
            Vector512.ConditionalSelect(exists, origin + Vector512.Load(rows + r), zero).Store((long*)places + r);
        }

        return any != Vector512<long>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool Scaled(int count, int number, nint* places)
    {
        int checks = layout.Checks.Length;
        long* segment = segments + (number * (checks + 1));
        int shift = BitOperations.IsPow2(layout.Scale) ? BitOperations.Log2((uint)layout.Scale) : -1;
        bool any = false;
        for (int r = 0; r < count; r++)
        {
            bool exists = true;
            for (int c = 0; c < checks && exists; c++)
            {
                exists = layout.Checks[c].Holds((int)(segment[c] + rows[((c + 1) * MostRows) + r]));
            }

            nint place = code.ZeroRow;
            if (exists)
            {
                nint scaled = (nint)(rows[r] + segment[checks]);
                place = (nint)left.Memory + ((shift >= 0 ? scaled >> shift : scaled / layout.Scale) * code.Size);
            }

            places[r] = place;
            any |= exists;
        }

        return any;
    }
}
