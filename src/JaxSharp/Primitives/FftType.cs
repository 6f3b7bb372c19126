namespace JaxSharp;

/// <summary>The kinds of discrete Fourier transform.</summary>
public enum FftType
{
    /// <summary>Complex to complex.</summary>
    Fft = 0,

    /// <summary>The inverse, complex to complex, divided by the number of elements.</summary>
    Ifft = 1,

    /// <summary>Real to the first half of the spectrum; the other half is its conjugate.</summary>
    Rfft = 2,

    /// <summary>The inverse of <see cref="Rfft"/>: the first half of a spectrum to real.</summary>
    Irfft = 3,
}
