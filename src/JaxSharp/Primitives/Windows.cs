using System.Linq;

namespace JaxSharp.Primitives;

/// <summary>How a window moves along an axis: StableHLO's window attributes.</summary>
internal readonly record struct WindowDimension(int Stride, int Low, int High, int BaseDilation, int WindowDilation)
{
    /// <summary>The extent of an axis after dilation.</summary>
    public static int Dilate(int extent, int dilation) => extent == 0 ? 0 : ((extent - 1) * dilation) + 1;

    /// <summary>The number of places of a window of the given size.</summary>
    public int Places(int extent, int window)
    {
        int room = Dilate(extent, BaseDilation) + Low + High - Dilate(window, WindowDilation);
        return room < 0 ? 0 : (room / Stride) + 1;
    }

    /// <summary>
    /// The padding with which a window moves over the results, dilated by the stride, to give the cotangent of the operand.
    /// </summary>
    public (int Low, int High) PaddingOfOperandCotangent(int extent, int window, int places)
    {
        int dilatedWindow = Dilate(window, WindowDilation);
        int low = dilatedWindow - Low - 1;
        return (low, Dilate(extent, BaseDilation) + dilatedWindow - 1 - Dilate(places, Stride) - low);
    }

    /// <summary>The high padding with which the results, dilated by the stride, move as a window over the operand.</summary>
    public int HighPaddingOfWindowCotangent(int extent, int window, int places) =>
        Dilate(places, Stride) - Dilate(extent, BaseDilation) + Dilate(window, WindowDilation) - Low - 1;

    /// <summary>A list of window dimensions from parallel lists.</summary>
    public static WindowDimension[] Zip(
        Dims strides,
        (int Low, int High)[] padding,
        Dims baseDilation,
        Dims windowDilation
    ) =>
        [
            .. Enumerable
                .Range(0, padding.Length)
                .Select(i => new WindowDimension(
                    strides[i],
                    padding[i].Low,
                    padding[i].High,
                    baseDilation[i],
                    windowDilation[i]
                )),
        ];

    public override string ToString() =>
        $"WindowDimension(stride={Stride},low={Low},high={High},base_dilation={BaseDilation},window_dilation={WindowDilation})";
}
