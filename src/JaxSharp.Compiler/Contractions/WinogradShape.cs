using System;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// A convolution with windows of 3×3 that move by single steps, or its gradient by the kernel, as Winograd's algorithm sees it: squares
/// of 2×2 places, whose windows together are 4×4 elements of the image. In terms of a contraction: the <em>image</em> is the left
/// operand; <em>places</em> are what it shares with the result of a convolution, or with its cotangent; <em>lines</em> are what it shares
/// with the kernel but for the window itself: channels, which lie side by side, of some outer positions, such as a third axis of the
/// window; <em>columns</em> are the channels of the result.
/// </summary>
internal sealed class WinogradShape
{
    // Vectors are whole: the last one may begin inside of the one before it.
    private const int LeastChannels = 16;

    // What bringing an element of a line or a column of a square to its 16 products and back costs, in multiplications; and an element
    // of the kernel.
    private const double PerElement = 180;
    private const double PerWeight = 200;

    // What starting tasks once more costs.
    private const double Once = 1 << 20;

    // The gain that is asked for.
    private const double LeastGain = 1.2;

    private WinogradShape(WinogradAxis y, WinogradAxis x, OperandLayout outer)
    {
        (Y, X, Image) = (y, x, outer);
    }

    /// <summary>The outer axis of windows, then the inner one.</summary>
    public WinogradAxis Y { get; }

    public WinogradAxis X { get; }

    /// <summary>The image but for windows and channels: rows are outer places, K are outer positions of lines.</summary>
    public OperandLayout Image { get; }

    /// <summary>Whether places are summed over, so that the result is the gradient by the kernel.</summary>
    public bool IsGradient { get; private init; }

    public int Channels { get; private init; }

    public int OuterLines { get; private init; }

    public int Lines => Channels * OuterLines;

    public int Columns { get; private init; }

    public int OuterPlaces { get; private init; }

    /// <summary>The squares of the whole contraction.</summary>
    public int Squares => checked(OuterPlaces * Y.Origins.Length * X.Origins.Length);

    /// <summary>The array with an element for each place and column: the result of a convolution, or its cotangent.</summary>
    public WinogradArray Places { get; private init; }

    /// <summary>The array with an element for each tap, line and column: the kernel, or the gradient by it.</summary>
    public WinogradArray Taps { get; private init; }

    /// <summary>How far neighbouring channels and columns are in <see cref="Taps"/>, in elements.</summary>
    public long ChannelStep { get; private init; }

    public long ColumnStep { get; private init; }

    /// <summary>
    /// Whether this is faster than sums of products: there are sixteen products for the four times nine of a square, but some of them are
    /// for nothing where squares are cut off.
    /// </summary>
    public bool Gains
    {
        get
        {
            double elements = (double)Lines * Columns;
            double places = (double)OuterPlaces * Y.Extent * X.Extent;
            double products = Squares * ((16 * elements) + (PerElement * (Lines + Columns)));
            double direct = places * WinogradAxis.Taps * WinogradAxis.Taps * elements;
            return (products + (PerWeight * elements) + Once) * LeastGain <= direct;
        }
    }

    /// <summary>The contraction seen in this way; null if it is another one.</summary>
    public static WinogradShape? For(ContractionSpec spec)
    {
        bool fits =
            ReferenceEquals(spec.Accumulation, DType.F32)
            && ReferenceEquals(spec.Lhs.DType, DType.F32)
            && ReferenceEquals(spec.Rhs.DType, DType.F32)
            && ReferenceEquals(spec.Output.DType, DType.F32)
            && spec.Extent(AxisRole.Batch) == 1
            && Array.TrueForAll(spec.Lhs.Dims, dim => dim.Divisor == 1)
            && new OperandLayout(spec.Rhs, spec.Axes, [], [], []).IsWhole;
        return fits ? For(spec, AxisRole.K) ?? For(spec, AxisRole.M) : null;
    }

    // Lines and taps are what has the given role.
    private static WinogradShape? For(ContractionSpec spec, AxisRole lineRole)
    {
        var axes = spec.Axes;
        var placeRole = lineRole == AxisRole.K ? AxisRole.M : AxisRole.K;
        var windows = spec.Lhs.Dims.Where(IsWindow).OrderBy(dim => Math.Abs(dim.Stride)).Take(2).ToArray();
        var others = spec.Lhs.Dims.Except(windows).ToArray();
        int[] columns = [.. Moving(AxisRole.N)];
        int channel = Moving(lineRole).FirstOrDefault(a => others.Any(dim => IsChannel(dim, a)), -1);
        if (windows.Length < 2 || columns is not [var column] || channel < 0)
        {
            return null;
        }

        int[] taken = [Place(windows[0]), Tap(windows[0]), Place(windows[1]), Tap(windows[1]), channel];
        if (
            taken.Distinct().Count() < taken.Length
            || others.Any(dim => taken.Any(a => dim.Coefs[a] != 0 && axes[a].Extent > 1 && !IsChannel(dim, a)))
        )
        {
            return null;
        }

        long[] right = [.. axes.Select((_, a) => spec.Rhs.Dims.Sum(dim => dim.Coefs[a] * dim.Stride))];
        long rightBase = spec.Rhs.BaseOffset + spec.Rhs.Dims.Sum(dim => dim.Offset * dim.Stride);
        bool isGradient = lineRole == AxisRole.M;
        var ((places, placesBase), (taps, tapsBase)) = isGradient
            ? ((right, rightBase), (spec.Output.Strides, 0L))
            : ((spec.Output.Strides, 0L), (right, rightBase));
        bool vectors = places[column] == 1 && (taps[column] == 1 || (!isGradient && taps[channel] == 1));
        if (!vectors || axes[column].Extent < LeastChannels)
        {
            return null;
        }

        int[] outerPlaces = [.. Moving(placeRole).Except(taken).OrderByDescending(a => places[a])];
        int[] outerLines = [.. Moving(lineRole).Except(taken)];
        var (y, x) = (Axis(windows[1]), Axis(windows[0]));
        var outer = new OperandView(DType.F32, [.. others.Where(dim => !IsChannel(dim, channel))], spec.Lhs.BaseOffset);
        return new WinogradShape(y, x, new OperandLayout(outer, axes, [], outerPlaces, outerLines))
        {
            IsGradient = isGradient,
            Channels = axes[channel].Extent,
            OuterLines = Count(outerLines),
            Columns = axes[column].Extent,
            OuterPlaces = Count(outerPlaces),
            Places = new(placesBase, Outer(outerPlaces, places), places[Place(windows[1])], places[Place(windows[0])]),
            Taps = Turned(windows, new(tapsBase, Outer(outerLines, taps), TapStep(windows[1]), TapStep(windows[0]))),
            ChannelStep = taps[channel],
            ColumnStep = taps[column],
        };

        bool IsWindow(OperandDim dim)
        {
            int[] moving = [.. Enumerable.Range(0, axes.Length).Where(a => axes[a].Extent > 1 && dim.Coefs[a] != 0)];
            return moving.Length == 2
                && moving.Count(a => axes[a].Role == lineRole && axes[a].Extent == WinogradAxis.Taps) == 1
                && moving.Count(a => axes[a].Role == placeRole && dim.Coefs[a] == 1) == 1;
        }

        bool IsChannel(OperandDim dim, int axis) =>
            dim is { Stride: 1, Offset: 0 }
            && dim.Extent == axes[axis].Extent
            && dim.Extent >= LeastChannels
            && dim.Coefs.Select((coef, a) => axes[a].Extent == 1 || coef == (a == axis ? 1 : 0)).All(same => same);

        int[] Moving(AxisRole role) =>
            [.. Enumerable.Range(0, axes.Length).Where(a => axes[a].Role == role && axes[a].Extent > 1)];
        int Of(OperandDim dim, AxisRole role) =>
            Enumerable
                .Range(0, axes.Length)
                .First(a => axes[a].Role == role && axes[a].Extent > 1 && dim.Coefs[a] != 0);
        int Place(OperandDim dim) => Of(dim, placeRole);
        int Tap(OperandDim dim) => Of(dim, lineRole);
        int Count(int[] some) => some.Aggregate(1, (product, a) => checked(product * axes[a].Extent));
        LayoutAxis[] Outer(int[] some, long[] steps) =>
            [.. some.Select(a => new LayoutAxis(axes[a].Extent, steps[a], []))];
        long TapStep(OperandDim dim) => taps[Tap(dim)] * Math.Sign(dim.Coefs[Tap(dim)]);
        WinogradAxis Axis(OperandDim dim) => new(dim, axes[Place(dim)].Extent, dim.Coefs[Tap(dim)]);

        // Windows that are gone through backwards begin with the last tap.
        WinogradArray Turned(OperandDim[] some, WinogradArray array) =>
            array with
            {
                Base =
                    array.Base
                    + some.Where(dim => dim.Coefs[Tap(dim)] < 0).Sum(dim => (WinogradAxis.Taps - 1) * taps[Tap(dim)]),
            };
    }
}

/// <summary>An axis of windows: where squares begin, and where elements are in the image.</summary>
internal sealed class WinogradAxis
{
    public const int Taps = 3;

    /// <summary>An axis of the image.</summary>
    /// <param name="dim">The dimension of the image.</param>
    /// <param name="extent">The number of places.</param>
    /// <param name="step">From one tap of a window to the next, which may be backwards.</param>
    public WinogradAxis(OperandDim dim, int extent, int step)
    {
        Extent = extent;
        Step = Math.Abs(step);
        ImageExtent = dim.Extent;
        ImageStride = dim.Stride;
        Offset = dim.Offset + (step < 0 ? (Taps - 1) * step : 0);

        // Places one step apart share elements.
        Origins = [.. Enumerable.Range(0, extent).Where(place => place / Step % 2 == 0)];
    }

    /// <summary>The number of places.</summary>
    public int Extent { get; }

    /// <summary>How far the two places of a square, and taps, are from one another.</summary>
    public int Step { get; }

    /// <summary>The first places of squares.</summary>
    public int[] Origins { get; }

    public int ImageExtent { get; }

    public long ImageStride { get; }

    /// <summary>The coordinate in the image of the first tap at the first place.</summary>
    public int Offset { get; }
}

/// <summary>An array along outer positions and two inner axes of places or taps; distances are in elements.</summary>
internal readonly record struct WinogradArray(long Base, LayoutAxis[] Outer, long StepY, long StepX)
{
    /// <summary>Where an outer position begins.</summary>
    public long Start(int outer) => Base + OperandLayout.Locate(Outer, outer, []);
}
