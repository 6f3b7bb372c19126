using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Finds for a tile kernel where the rows of a strip lie. Segments of K in which no row exists are left out, which is most of
/// them where an operand is dilated.
/// </summary>
internal readonly unsafe ref struct RowTable
{
    private readonly ContractionCode code;
    private readonly OperandLayout layout;
    private readonly OperandOrigin left;
    private readonly InnerBlock block;
    private readonly nint* table;
    private readonly nint* offsets;
    private readonly nint* addresses;
    private readonly int* coordinates;

    /// <summary>
    /// The table has room for the rows of all segments and one more, the coordinates for those of all segments and rows.
    /// </summary>
    public RowTable(
        ContractionCode code,
        in OperandOrigin left,
        InnerBlock block,
        nint* table,
        nint* offsets,
        nint* addresses,
        int* coordinates
    )
    {
        this.code = code;
        this.left = left;
        this.block = block;
        this.table = table;
        this.offsets = offsets;
        this.addresses = addresses;
        this.coordinates = coordinates;
        layout = code.Plan.Left;
    }

    /// <summary>The step of rows along K, in bytes.</summary>
    public nint Step =>
        layout.Inner.Length == 0 ? code.Size : (nint)(layout.Inner[^1].Stride / layout.Scale) * code.Size;

    /// <summary>Finds where the segments of the block start, for all strips.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FindSegments()
    {
        int checks = layout.Checks.Length;
        for (int s = 0; s < block.Segments; s++)
        {
            var q = new Span<int>(coordinates + (s * checks), checks);
            addresses[s] = (nint)OperandLayout.Locate(layout.Inner, block.Start + (s * block.Run), q);
            for (int c = 0; c < checks; c++)
            {
                q[c] += left.Coordinates[c];
            }
        }
    }

    /// <summary>Rows that were packed, with either K or the rows side by side.</summary>
    public void FindPacked(byte* packed, int start, int count, nint lead)
    {
        nint rowBytes = code.Plan.LeftAccess == LeftAccess.Strips ? code.Size : lead * code.Size;
        for (int r = 0; r < count; r++)
        {
            table[r] = (nint)packed + ((start + r) * rowBytes);
        }
    }

    /// <summary>Rows of an operand all of whose elements exist, where they lie.</summary>
    public void FindRows(int start, int count) =>
        Lines(layout.Rows, start, count, (nint)left.Memory + ((nint)left.Address * code.Size), code.Size, table);

    /// <summary>Addresses of neighbouring positions along some axes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Lines(LayoutAxis[] axes, int start, int count, nint origin, int size, nint* addresses)
    {
        nint step = axes.Length == 0 ? 0 : (nint)axes[^1].Stride * size;
        int extent = axes.Length < 2 ? int.MaxValue : axes[^1].Extent;
        for (int done = 0; done < count; )
        {
            int position = start + done;
            int run = Math.Min(extent - (position % extent), count - done);
            nint address = origin + ((nint)OperandLayout.Locate(axes, position, []) * size);
            for (int r = 0; r < run; r++)
            {
                addresses[done + r] = address;
                address += step;
            }

            done += run;
        }
    }

    /// <summary>Rows where they lie in the operand; returns the number of segments, at least one.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(int start, int count, nint segmentColumns)
    {
        int checks = layout.Checks.Length;
        bool isScaled = layout.Scale != 1;
        var scratch = stackalloc int[layout.Rows.Length + checks];
        var ranges = stackalloc Range[checks];
        var cursor = new AxisCursor(layout.Rows, start, checks, new Span<int>(scratch, layout.Rows.Length + checks));
        nint* rows = table + (block.Segments * TileKernel.MaxRows);
        int* rowCoordinates = coordinates + (block.Segments * checks);
        for (int r = 0; r < count; r++)
        {
            nint address = (nint)(left.Address + cursor.Address);
            rows[r] = isScaled ? address : (nint)left.Memory + (address * code.Size);
            for (int c = 0; c < checks; c++)
            {
                int q = cursor.Coordinates[c];
                rowCoordinates[(c * TileKernel.MaxRows) + r] = q;
                ranges[c] =
                    r == 0 ? new Range(q, q) : new Range(Math.Min(ranges[c].Low, q), Math.Max(ranges[c].High, q));
            }

            cursor.Next();
        }

        int found = 0;
        for (int s = 0; s < block.Segments; s++)
        {
            nint* places = table + (found * count);
            if (
                isScaled
                    ? Scaled(rows, rowCoordinates, count, s, places)
                    : Plain(rows, rowCoordinates, ranges, count, s, places)
            )
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

    // Most segments exist for all rows or for none; where only one coordinate is in doubt, only that is looked at row by row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Plain(nint* rows, int* rowCoordinates, Range* ranges, int count, int segment, nint* places)
    {
        var checks = layout.Checks;
        int* q = coordinates + (segment * checks.Length);
        int doubtful = -1;
        bool several = false;
        for (int c = 0; c < checks.Length; c++)
        {
            int low = q[c] + ranges[c].Low;
            int high = q[c] + ranges[c].High;
            int extent = checks[c].Extent;
            if (high < 0 || low >= extent)
            {
                return false;
            }

            if (low < 0 || high >= extent)
            {
                several |= doubtful >= 0;
                doubtful = c;
            }
        }

        nint distance = addresses[segment] * code.Size;
        if (doubtful < 0)
        {
            for (int r = 0; r < count; r++)
            {
                places[r] = rows[r] + distance;
            }

            return true;
        }

        nint zero = code.ZeroRow;
        bool any = false;
        int first = several ? 0 : doubtful;
        int end = several ? checks.Length : doubtful + 1;
        for (int r = 0; r < count; r++)
        {
            bool exists = true;
            for (int c = first; c < end; c++)
            {
                int place = q[c] + rowCoordinates[(c * TileKernel.MaxRows) + r];
                exists &= (uint)place < (uint)checks[c].Extent;
            }

            places[r] = exists ? rows[r] + distance : zero;
            any |= exists;
        }

        return any;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Scaled(nint* rows, int* rowCoordinates, int count, int segment, nint* places)
    {
        int checks = layout.Checks.Length;
        int shift = BitOperations.IsPow2(layout.Scale) ? BitOperations.Log2((uint)layout.Scale) : -1;
        bool any = false;
        for (int r = 0; r < count; r++)
        {
            bool exists = true;
            for (int c = 0; c < checks && exists; c++)
            {
                int q = coordinates[(segment * checks) + c] + rowCoordinates[(c * TileKernel.MaxRows) + r];
                exists = layout.Checks[c].Holds(q);
            }

            nint place = code.ZeroRow;
            if (exists)
            {
                nint scaled = rows[r] + addresses[segment];
                place = (nint)left.Memory + ((shift >= 0 ? scaled >> shift : scaled / layout.Scale) * code.Size);
            }

            places[r] = place;
            any |= exists;
        }

        return any;
    }

    /// <summary>The lowest and the highest of some coordinates.</summary>
    private readonly record struct Range(int Low, int High);
}
