using System;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// A convolution with windows of 3×3 that move by single steps, or its gradient by the kernel, as Winograd's algorithm sees it: squares
/// of 2×2 or 4×4 places, whose windows together are 4×4 or 6×6 elements of the image. In terms of a contraction: the <em>image</em> is
/// the left operand; <em>places</em> are what it shares with the result of a convolution, or with its cotangent; <em>lines</em> are what
/// it shares with the kernel but for the window itself: channels, which lie side by side, of some outer positions, such as a third axis
/// of the window; <em>columns</em> are the channels of the result.
/// </summary>
internal sealed class WinogradShape
{
    // Vectors are whole: the last one may begin inside of the one before it.
    private const int LeastChannels = 16;

    // The bytes of a kernel, brought to the products, that stay in the second-level cache.
    private const long CachedKernel = 3 << 19;

    // What takes time, in multiplications of sums of products, as measured: a multiplication of a matrix product, whose sums are short,
    // and shorter where the kernel is brought to the products while it is used; bringing an element of a line or a column of a square to
    // its products and back; and starting tasks once more.
    private const double PerProduct = 1.06;
    private const double PerProductOfStream = 1.19;
    private const double PerElementOfTwo = 180;
    private const double PerElementOfFour = 500;
    private const double Once = 1 << 20;

    // An element of the kernel for each product, and the same for channels side by side. Sums of products turn such elements, too.
    private static readonly (double Straight, double Turned) PerCachedWeight = (24, 48);
    private static readonly (double Straight, double Turned) PerStoredWeight = (34, 68);
    private static readonly (double Straight, double Turned) PerStreamedWeight = (24, 28);
    private static readonly (double Straight, double Turned) PerWeightOfSums = (0, 48);

    // The gains that are asked for: over sums of products, and of large squares, whose errors are larger, over small ones.
    private const double LeastGain = 1.2;
    private const double LeastGainOfFour = 1.1;

    private WinogradShape(int side, WinogradAxis y, WinogradAxis x, OperandLayout outer)
    {
        (Side, Y, X, Image) = (side, y, x, outer);
        Transforms = WinogradTransforms.For(side);
    }

    /// <summary>The places on a side of a square.</summary>
    public int Side { get; }

    /// <summary>The elements of the image on a side of a square.</summary>
    public int Reach => Side + WinogradAxis.Taps - 1;

    /// <summary>The products of a square.</summary>
    public int Products => Reach * Reach;

    public WinogradTransforms Transforms { get; }

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

    /// <summary>Where the tap of a line and a column lies in <see cref="Taps"/>, in elements.</summary>
    public long KernelPlace(int line, int column, int tap = 0)
    {
        (int outer, int channel) = Math.DivRem(line, Channels);
        (int y, int x) = Math.DivRem(tap, WinogradAxis.Taps);
        long start = Taps.Start(outer) + (channel * ChannelStep) + (column * ColumnStep);
        return start + (y * Taps.StepY) + (x * Taps.StepX);
    }

    /// <summary>Whether this is faster than sums of products.</summary>
    public bool Gains
    {
        get
        {
            double places = (double)OuterPlaces * Y.Extent * X.Extent;
            double direct = places * WinogradAxis.Taps * WinogradAxis.Taps * Lines * Columns;
            direct += WinogradAxis.Taps * WinogradAxis.Taps * OfWeights(PerWeightOfSums);
            return Cost * LeastGain <= direct;
        }
    }

    /// <summary>
    /// Whether the kernel of a convolution is brought to the products while it is used, once for each part of the squares. Otherwise it lies
    /// in memory there, or in the second-level cache.
    /// </summary>
    public bool StreamsKernel => !IsGradient && !StaysInCache && StreamCost < StoreCost;

    /// <summary>Whether the kernel stays in the second-level cache when it is brought to the products.</summary>
    public bool StaysInCache => (double)Products * sizeof(float) * Lines * Columns <= CachedKernel;

    private double Cost => StreamsKernel ? StreamCost : StoreCost;

    private double StoreCost =>
        OfSquares(PerProduct)
        + (Products * OfWeights(StaysInCache || IsGradient ? PerCachedWeight : PerStoredWeight))
        + Once;

    private double StreamCost =>
        OfSquares(PerProductOfStream) + (WinogradStream.Parts(this) * Products * OfWeights(PerStreamedWeight)) + Once;

    // Some products are for nothing where squares are cut off.
    private double OfSquares(double perProduct)
    {
        double perElement = Side == FourPlaces.Places ? PerElementOfFour : PerElementOfTwo;
        return Squares * ((perProduct * Products * Lines * Columns) + (perElement * (Lines + Columns)));
    }

    private double OfWeights((double Straight, double Turned) each) =>
        (double)Lines * Columns * (ColumnStep == 1 ? each.Straight : each.Turned);

    /// <summary>The contraction seen in this way, with the squares that take least time; null if it is another one.</summary>
    public static WinogradShape? For(ContractionSpec spec)
    {
        var two = spec.LargestSquare < TwoPlaces.Places ? null : For(spec, TwoPlaces.Places);
        return
            two is not null
            && spec.LargestSquare >= FourPlaces.Places
            && For(spec, FourPlaces.Places) is { } four
            && four.Cost * LeastGainOfFour <= two.Cost
            ? four
            : two;
    }

    /// <summary>The contraction seen in this way, with squares of so many places on a side; null if it is another one.</summary>
    public static WinogradShape? For(ContractionSpec spec, int side)
    {
        bool fits =
            ReferenceEquals(spec.Accumulation, DType.F32)
            && ReferenceEquals(spec.Lhs.DType, DType.F32)
            && ReferenceEquals(spec.Rhs.DType, DType.F32)
            && ReferenceEquals(spec.Output.DType, DType.F32)
            && spec.Extent(AxisRole.Batch) == 1
            && Array.TrueForAll(spec.Lhs.Dims, dim => dim.Divisor == 1)
            && new OperandLayout(spec.Rhs, spec.Axes, [], [], []).IsWhole;
        return fits ? For(spec, side, AxisRole.K) ?? For(spec, side, AxisRole.M) : null;
    }

    // Lines and taps are what has the given role.
    private static WinogradShape? For(ContractionSpec spec, int side, AxisRole lineRole)
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
        return new WinogradShape(side, y, x, new OperandLayout(outer, axes, [], outerPlaces, outerLines))
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
        WinogradAxis Axis(OperandDim dim) => new(dim, axes[Place(dim)].Extent, dim.Coefs[Tap(dim)], side);

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
    /// <param name="side">The places of a square.</param>
    public WinogradAxis(OperandDim dim, int extent, int step, int side)
    {
        Extent = extent;
        Step = Math.Abs(step);
        ImageExtent = dim.Extent;
        ImageStride = dim.Stride;
        Offset = dim.Offset + (step < 0 ? (Taps - 1) * step : 0);

        // Places one step apart share elements.
        Origins = [.. Enumerable.Range(0, extent).Where(place => place / Step % side == 0)];
    }

    /// <summary>The number of places.</summary>
    public int Extent { get; }

    /// <summary>How far neighbouring places of a square, and taps, are from one another.</summary>
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
