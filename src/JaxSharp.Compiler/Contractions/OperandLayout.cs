using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// An axis as an operand sees it: how far a step moves in memory, in scaled elements, and how much it moves the coordinates
/// that must be checked.
/// </summary>
internal readonly record struct LayoutAxis(int Extent, long Stride, int[] Coefs)
{
    /// <summary>Whether steps along this axis leave every checked coordinate where it is.</summary>
    public bool IsFree => Coefs.All(c => c == 0);
}

/// <summary>A coordinate that may leave its dimension or hit a hole of a dilation.</summary>
internal readonly record struct CoordinateCheck(int Offset, int Divisor, int Extent)
{
    /// <summary>Whether there is an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(int q) =>
        Divisor == 1 ? (uint)q < (uint)Extent
        : Divisor == 2 ? (q & 1) == 0 && (uint)(q >> 1) < (uint)Extent
        : q >= 0 && q % Divisor == 0 && q / Divisor < Extent;
}

/// <summary>
/// An operand prepared for packing: its axes grouped into batch, rows (M or N) and K, neighbours merged where they make one
/// regular axis, and only those coordinates left to check that can be invalid. Addresses are linear in all axes; they are
/// scaled by <see cref="Scale"/> so that dilated operands stay in integers.
/// </summary>
internal sealed class OperandLayout
{
    public OperandLayout(OperandView view, IReadOnlyList<ContractionAxis> axes, int[] batch, int[] rows, int[] inner)
    {
        DType = view.DType;
        var dims = view.Dims.Select(d => d with { Coefs = [.. axes.Select((a, i) => a.Extent == 1 ? 0 : d.Coefs[i])] });
        var remaining = dims.Where(d => d.Extent != 1 || d.Offset != 0 || d.Coefs.Any(c => c != 0)).ToArray();
        int scale = remaining.Aggregate(1, (s, d) => Lcm(s, d.Divisor));
        Scale = scale;
        BaseOffset = (view.BaseOffset + remaining.Where(d => d.Divisor == 1).Sum(d => d.Offset * d.Stride)) * scale;
        BaseOffset += remaining.Where(d => d.Divisor != 1).Sum(d => d.Offset * d.Stride * (scale / d.Divisor));
        var strides = axes.Select((_, a) => remaining.Sum(d => d.Coefs[a] * d.Stride * (scale / d.Divisor))).ToArray();
        var checkedDims = remaining.Where(d => NeedsCheck(d, axes)).ToArray();
        Checks = [.. checkedDims.Select(d => new CoordinateCheck(d.Offset, d.Divisor, d.Extent))];
        Batch = Merge(batch.Select(Axis));
        Rows = Merge(rows.Select(Axis));
        Inner = Merge(inner.Select(Axis));

        LayoutAxis Axis(int a) => new(axes[a].Extent, strides[a], [.. checkedDims.Select(d => d.Coefs[a])]);
    }

    private OperandLayout(OperandLayout other, int factor, LayoutAxis[] inner)
    {
        DType = other.DType.RealType;
        Scale = other.Scale;
        BaseOffset = other.BaseOffset * factor;
        Checks = other.Checks;
        Batch = [.. other.Batch.Select(Times)];
        Rows = [.. other.Rows.Select(Times)];
        Inner = Merge(other.Inner.Select(Times).Concat(inner));

        LayoutAxis Times(LayoutAxis axis) => axis with { Stride = axis.Stride * factor };
    }

    /// <summary>The element type in memory.</summary>
    public DType DType { get; }

    /// <summary>What addresses are multiplied by.</summary>
    public int Scale { get; }

    /// <summary>The scaled address, in elements, of position zero of all axes.</summary>
    public long BaseOffset { get; }

    /// <summary>The coordinates to check.</summary>
    public CoordinateCheck[] Checks { get; }

    public LayoutAxis[] Batch { get; }

    public LayoutAxis[] Rows { get; }

    public LayoutAxis[] Inner { get; }

    /// <summary>Whether every element exists.</summary>
    public bool IsWhole => Checks.Length == 0 && Scale == 1;

    /// <summary>Whether all elements exist, and K lies side by side in rows at one distance.</summary>
    public bool IsOfRows => this is { IsWhole: true, Rows.Length: <= 1, Inner: [{ Stride: 1 }] };

    /// <summary>Whether the innermost K axis is a run of elements that exist together or not at all.</summary>
    public bool HasFreeInnerRun => Inner.Length == 0 || (Inner[^1].IsFree && Inner[^1].Stride % Scale == 0);

    /// <summary>A complex operand seen as a real one whose innermost K axis goes through real and imaginary part.</summary>
    public OperandLayout SplitComplex() => new(this, 2, [new LayoutAxis(2, Scale, new int[Checks.Length])]);

    /// <summary>The scaled address, in elements, and the checked coordinates of a position within the given axes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Locate(LayoutAxis[] axes, long position, Span<int> coordinates)
    {
        coordinates.Clear();
        long address = 0;
        for (int a = axes.Length - 1; a >= 0; a--)
        {
            long index = position;
            if (a > 0)
            {
                (position, index) = Math.DivRem(position, axes[a].Extent);
            }

            address += index * axes[a].Stride;
            for (int c = 0; c < coordinates.Length; c++)
            {
                coordinates[c] += (int)index * axes[a].Coefs[c];
            }
        }

        return address;
    }

    private static bool NeedsCheck(OperandDim dim, IReadOnlyList<ContractionAxis> axes)
    {
        long low = dim.Offset;
        long high = dim.Offset;
        for (int a = 0; a < axes.Count; a++)
        {
            long reach = (long)dim.Coefs[a] * (axes[a].Extent - 1);
            low += Math.Min(reach, 0);
            high += Math.Max(reach, 0);
        }

        return dim.Divisor != 1 || low < 0 || high >= dim.Extent;
    }

    private static LayoutAxis[] Merge(IEnumerable<LayoutAxis> axes)
    {
        var merged = new List<LayoutAxis>();
        foreach (var axis in axes.Where(a => a.Extent != 1))
        {
            if (merged.Count > 0 && Continues(merged[^1], axis))
            {
                merged[^1] = axis with { Extent = merged[^1].Extent * axis.Extent };
            }
            else
            {
                merged.Add(axis);
            }
        }

        return [.. merged];

        static bool Continues(LayoutAxis outer, LayoutAxis inner) =>
            outer.Stride == inner.Stride * inner.Extent
            && outer.Coefs.Zip(inner.Coefs).All(c => c.First == c.Second * inner.Extent);
    }

    private static int Lcm(int a, int b)
    {
        int x = a;
        int y = b;
        while (y != 0)
        {
            (x, y) = (y, x % y);
        }

        return a / x * b;
    }
}

/// <summary>Walks the positions of some axes in order, with the address and the checked coordinates of each.</summary>
internal ref struct AxisCursor
{
    private readonly ReadOnlySpan<LayoutAxis> axes;
    private readonly Span<int> indices;
    private readonly Span<int> coordinates;

    /// <summary>Starts at a position; the scratch holds an index per axis, then a coordinate per check.</summary>
    public AxisCursor(LayoutAxis[] axes, long position, int checks, Span<int> scratch)
    {
        this.axes = axes;
        indices = scratch[..axes.Length];
        coordinates = scratch.Slice(axes.Length, checks);
        coordinates.Clear();
        for (int a = axes.Length - 1; a >= 0; a--)
        {
            int index = (int)position;
            if (a > 0)
            {
                (position, long remainder) = Math.DivRem(position, axes[a].Extent);
                index = (int)remainder;
            }

            indices[a] = index;
            Address += index * axes[a].Stride;
            Move(axes[a].Coefs, index);
        }
    }

    /// <summary>The scaled address, in elements.</summary>
    public long Address { get; private set; }

    /// <summary>The checked coordinates, without the origin's.</summary>
    public readonly ReadOnlySpan<int> Coordinates => coordinates;

    /// <summary>How far positions go on along the last axis, from this one on.</summary>
    public readonly int Run => axes.Length < 2 ? int.MaxValue : axes[^1].Extent - indices[^1];

    /// <summary>Goes to the next position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next() => Advance(1);

    /// <summary>Goes on by so many positions, at most by <see cref="Run"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int positions)
    {
        for (int a = axes.Length - 1; a >= 0; a--)
        {
            ref readonly var axis = ref axes[a];
            Address += positions * axis.Stride;
            Move(axis.Coefs, positions);
            indices[a] += positions;
            if (indices[a] < axis.Extent || a == 0)
            {
                return;
            }

            indices[a] = 0;
            Address -= axis.Extent * axis.Stride;
            Move(axis.Coefs, -axis.Extent);
            positions = 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Move(int[] coefs, int steps)
    {
        for (int c = 0; c < coordinates.Length; c++)
        {
            coordinates[c] += coefs[c] * steps;
        }
    }
}
