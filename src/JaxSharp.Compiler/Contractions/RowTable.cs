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
    // Rows are looked at in whole vectors; lines have room for one that begins at the last row.
    private const int Lanes = 8;
    private const int MostRows = (TileKernel.MaxRows + Lanes - 1) / Lanes * Lanes;
    private const int LineLength = 2 * MostRows;

    private readonly ContractionCode code;
    private readonly OperandLayout layout;
    private readonly OperandOrigin left;
    private readonly InnerBlock block;
    private readonly nint* table;
    private readonly nint* offsets;
    private readonly long* segments;
    private readonly long* rows;
    private readonly long* steps;
    private readonly Range* ranges;
    private readonly int* doubtful;
    private readonly nint firstLine;
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
        steps = rows + ((checks + 1) * LineLength);
        ranges = (Range*)(steps + ((checks + 1) * MostRows));
        doubtful = (int*)(ranges + (2 * checks));
        long first = left.Address;
        if (layout.IsWhole && segments == 1 && code.Plan.LeftAccess == LeftAccess.Direct)
        {
            first += OperandLayout.Locate(layout.Inner, block.Start, []);
        }

        firstLine = (nint)left.Memory + ((nint)first * code.Size);
        int length = layout.Rows.Length + checks;
        cursor = new AxisCursor(layout.Rows, start, checks, new Span<int>(doubtful + checks, length));
    }

    /// <summary>Where the first row of all lies, without regard to the rows before the block's first.</summary>
    public readonly nint Origin => firstLine;

    // Only plain addresses can be in bytes.
    private readonly int Unit => layout.Scale == 1 ? code.Size : 1;

    /// <summary>The entries of the table of addresses.</summary>
    public static int TableLength(int segments) => (segments * TileKernel.MaxRows) + MostRows;

    /// <summary>The numbers that finding rows needs room for.</summary>
    public static int ScratchLength(OperandLayout layout, int segments)
    {
        int checks = layout.Checks.Length;
        return ((checks + 1) * (segments + LineLength + MostRows)) + layout.Rows.Length + (6 * checks);
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
                long q = coordinates[c] + left.Coordinates[c];
                segment[c] = q;
                ranges[c] = s == 0 ? new Range(q, q) : ranges[c].With(q);
            }
        }

        // How far neighbouring rows are from the first one of a line, and its coordinates.
        var axis = layout.Rows.Length == 0 ? new LayoutAxis(1, 0, new int[checks]) : layout.Rows[^1];
        for (int i = 0; i < MostRows; i++)
        {
            steps[i] = i * axis.Stride * Unit;
            for (int c = 0; c < checks; c++)
            {
                steps[((c + 1) * MostRows) + i] = i * axis.Coefs[c];
            }
        }
    }

    /// <summary>The addresses of rows that lie at one distance from each other.</summary>
    public static void Equidistant(nint first, nint step, int count, nint* addresses)
    {
        for (int r = 0; r < count; r++)
        {
            addresses[r] = first + (r * step);
        }
    }

    /// <summary>The next rows of an operand all of whose elements exist, where they lie.</summary>
    public void FindRows(int count) => Lines(ref cursor, layout.Rows, count, firstLine, code.Size, table);

    /// <summary>How far such rows are from each other if there is a single axis of them.</summary>
    public readonly nint RowStep => layout.Rows is [var axis] ? (nint)axis.Stride * code.Size : 0;

    /// <summary>Leaves so many rows of a single axis out.</summary>
    public void Skip(int count) => cursor.Advance(count);

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

    /// <summary>How many of the next rows are at one distance from each other and have all their segments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly int EvenRows()
    {
        var axis = layout.Rows[^1];
        long rows = cursor.Run;
        for (int c = 0; c < layout.Checks.Length; c++)
        {
            // The room before the first and behind the last element that a segment meets.
            long before = ranges[c].Low + cursor.Coordinates[c];
            long behind = layout.Checks[c].Extent - 1 - ranges[c].High - cursor.Coordinates[c];
            if (before < 0 || behind < 0)
            {
                return 0;
            }

            int coef = axis.Coefs[c];
            rows =
                coef == 0 ? rows
                : coef > 0 ? Math.Min(rows, (behind / coef) + 1)
                : Math.Min(rows, (before / -coef) + 1);
        }

        return (int)rows;
    }

    /// <summary>So many of these rows: finds the segments of the first of them, and goes on behind the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FindEven(int count, nint segmentColumns)
    {
        int checks = layout.Checks.Length;
        nint first = (nint)left.Memory + (nint)((left.Address + cursor.Address) * Unit);
        long* place = segments + checks;
        for (int s = 0; s < block.Segments; s++, place += checks + 1)
        {
            table[s] = first + (nint)(*place);
            offsets[s] = s * segmentColumns;
        }

        cursor.Advance(count);
    }

    /// <summary>The next rows where they lie in the operand; returns the number of segments, at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(int count, nint segmentColumns)
    {
        LocateRows(count);
        int doubts = FindDoubts();
        int found = 0;
        for (int s = 0; s < block.Segments; s++)
        {
            nint* places = table + (found * count);
            if (layout.Scale != 1 ? Scaled(count, s, places) : Plain(count, doubts, s, places))
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
        for (int done = 0; done < count; )
        {
            int run = Math.Min(cursor.Run, count - done);
            FillLine(rows + done, (left.Address + cursor.Address) * Unit, steps, run);
            for (int c = 0; c < checks; c++)
            {
                long* distances = steps + ((c + 1) * MostRows);
                long q = cursor.Coordinates[c];
                FillLine(rows + ((c + 1) * LineLength) + done, q, distances, run);
                ref var range = ref ranges[checks + c];
                range = (done == 0 ? new Range(q, q) : range.With(q)).With(q + distances[run - 1]);
            }

            cursor.Advance(run);
            done += run;
        }
    }

    // The coordinates of which some may be outside, whatever the segment; most strips have one or none.
    private readonly int FindDoubts()
    {
        var checks = layout.Checks;
        int found = 0;
        for (int c = 0; c < checks.Length; c++)
        {
            var (segment, row) = (ranges[c], ranges[checks.Length + c]);
            if (segment.Low + row.Low < 0 || segment.High + row.High >= checks[c].Extent)
            {
                doubtful[found++] = c;
            }
        }

        return found;
    }

    // A line goes on in whole vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillLine(long* line, long first, long* steps, int count)
    {
        var origin = Vector512.Create(first);
        for (int i = 0; i < count; i += Lanes)
        {
            (origin + Vector512.Load(steps + i)).Store(line + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool Plain(int count, int doubts, int number, nint* places)
    {
        var checks = layout.Checks;
        long* segment = segments + (number * (checks.Length + 1));
        var origin = Vector512.Create((long)left.Memory + segment[checks.Length]);
        var zero = Vector512.Create((long)code.ZeroRow);
        ulong any = 0;
        for (int r = 0; r < count; r += Lanes)
        {
            var exists = Vector512<long>.AllBitsSet;
            for (int i = 0; i < doubts; i++)
            {
                int c = doubtful[i];
                var place = Vector512.Load(rows + ((c + 1) * LineLength) + r) + Vector512.Create(segment[c]);
                var extent = Vector512.Create((ulong)checks[c].Extent);
                exists &= Vector512.LessThan(place.AsUInt64(), extent).AsInt64();
            }

            any |= exists.ExtractMostSignificantBits() << r;
            Vector512.ConditionalSelect(exists, origin + Vector512.Load(rows + r), zero).Store((long*)places + r);
        }

        return (any & ((1UL << count) - 1)) != 0;
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
                exists = layout.Checks[c].Holds((int)(segment[c] + rows[((c + 1) * LineLength) + r]));
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

    /// <summary>The lowest and the highest of some coordinates.</summary>
    private readonly record struct Range(long Low, long High)
    {
        public Range With(long place) => new(Math.Min(Low, place), Math.Max(High, place));
    }
}
