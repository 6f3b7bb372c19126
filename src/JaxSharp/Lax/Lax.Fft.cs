using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>The discrete Fourier transform over the last axes.</summary>
    /// <param name="x">
    /// Complex numbers; real ones for <see cref="FftType.Rfft"/>. Real numbers become complex where that is needed, integers
    /// floating-point numbers.
    /// </param>
    /// <param name="fftType">The kind of transform.</param>
    /// <param name="fftLengths">
    /// The extents of the transformed axes, last axis last, on the real side of a real transform. The last axis of the complex side has
    /// n/2 + 1 elements.
    /// </param>
    /// <exception cref="DTypeException">Complex numbers for a transform of real ones, or f16 and bf16.</exception>
    /// <exception cref="ShapeException">The extents are not those of the last axes.</exception>
    public static NDArray Fft(NDArray x, FftType fftType, Dims fftLengths)
    {
        var dtype = Argument.Given(x).DType;
        if (!dtype.IsInexact)
        {
            dtype = JaxConfig.EnableX64 && dtype.Size == 8 ? DType.F64 : DType.F32;
        }

        if (fftType != FftType.Rfft && dtype.RealType.Code is DTypeCode.F32 or DTypeCode.F64)
        {
            dtype = dtype.ComplexType;
        }

        return new Fft(fftType, fftLengths).Bind(new ConvertElementType(dtype, x.WeakType).Bind(x));
    }
}
