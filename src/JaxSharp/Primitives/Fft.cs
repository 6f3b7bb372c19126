using System;
using System.Linq;
using JaxSharp.Compiler.Routines;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>The discrete Fourier transform over the last axes, whose extents (of the real side, where there is one) are given.</summary>
internal sealed record Fft(FftType FftType, Dims FftLengths) : LinearPrimitive
{
    public override string Name => "fft";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        Types.Check(Name, FftType == FftType.Rfft ? Domain.Floating : Domain.Complex, operand);
        Types.CheckComplexParts(Name, operand);
        int count = FftLengths.Count;
        if (count == 0 || count > operand.Rank)
        {
            throw new ShapeException(
                $"fft of {operand} got fft_lengths={FftLengths}: it needs one extent for each transformed axis, at least one and at "
                    + $"most {operand.Rank}."
            );
        }

        var leading = operand.Shape[..^count];
        int[] lengths = [.. FftLengths];
        int[] half = [.. lengths[..^1], (lengths[^1] / 2) + 1];
        int[] given = FftType == FftType.Irfft ? half : lengths;
        if (lengths.Any(n => n < 0) || !operand.Shape[^count..].SequenceEqual(given))
        {
            throw new ShapeException(
                $"fft ({FftType}) of {operand} with fft_lengths={FftLengths} needs last axes of extents ({string.Join(",", given)})."
            );
        }

        int[] result = FftType == FftType.Rfft ? half : lengths;
        var dtype = FftType switch
        {
            FftType.Rfft => operand.DType.ComplexType,
            FftType.Irfft => operand.DType.RealType,
            _ => operand.DType,
        };
        return [new ArrayType(dtype, new Shape([.. leading, .. result]), operand.Weak)];
    }

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands)
    {
        int last = ct.Ndim - 1;
        switch (FftType)
        {
            case FftType.Rfft:
                // A real transform is the first half of the complex one.
                var config = new PadDimension[ct.Ndim];
                config[last] = new PadDimension(0, FftLengths[^1] - ct.Shape[last], 0);
                return new Real().Bind(new Fft(FftType.Fft, FftLengths).Bind(Pad.WithZeros(ct, config)));
            case FftType.Irfft:
                // Every element of the half spectrum but the first, and the last of an even length, counts twice.
                var spectrum = new Conj().Bind(new Fft(FftType.Rfft, FftLengths).Bind(ct));
                var places = new Iota(DType.I32, spectrum.Shape, last).Bind();
                var isOnce = new Eq().Bind(places, Operators.FullLike(places, 0));
                if (FftLengths[^1] % 2 == 0)
                {
                    var middle = Operators.FullLike(places, FftLengths[^1] / 2);
                    isOnce = new Or().Bind(isOnce, new Eq().Bind(places, middle));
                }

                double scale = 1 / FftLengths.Aggregate(1.0, (product, n) => product * n);
                return spectrum
                    * SelectN.Where(
                        isOnce,
                        Operators.FullLike(spectrum, scale),
                        Operators.FullLike(spectrum, 2 * scale)
                    );
            default:
                return this.Bind(ct);
        }
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([this.Bind(Batching.ToFront(operands[0], dims[0]))], [0]);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var kind = FftType switch
        {
            FftType.Rfft => FourierKind.FromReal,
            FftType.Irfft => FourierKind.ToReal,
            _ => FourierKind.Complex,
        };
        bool inverse = FftType is FftType.Ifft or FftType.Irfft;
        bool isDouble = operands[0].DType.RealType == DType.F64;
        int[] lengths = [.. FftLengths];
        long batch = operands[0].Shape[..^lengths.Length].Size;
        return new Lowering.Routine(() =>
            new FourierRoutine(kind, inverse, isDouble, lengths.Contains(0) ? 0 : batch, lengths)
        );
    }
}
