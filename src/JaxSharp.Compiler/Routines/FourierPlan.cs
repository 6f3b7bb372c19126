using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// The discrete Fourier transform of one length, X[k] = Σ x[j] e^(−2πi jk/n): by Stockham's self-sorting algorithm over the prime
/// factors of the length, by Bluestein's convolution where a factor is large.
/// </summary>
internal sealed class FourierPlan
{
    private const int LargestFactor = 61;

    // Beyond this many numbers all plans are forgotten: transforms of ever new lengths must not fill the memory.
    private const long Capacity = 1 << 23;

    private static readonly ConcurrentDictionary<int, FourierPlan> Plans = new();
    private static long kept;

    private readonly int length;
    private readonly int[] factors;
    private readonly Complex[] roots;
    private readonly FourierPlan? convolution;
    private readonly Complex[] chirp = [];
    private readonly Complex[] chirpSpectrum = [];

    private FourierPlan(int length)
    {
        this.length = length;
        factors = Factorize(length);
        if (factors.Length > 0 && factors[^1] > LargestFactor)
        {
            int padded = (int)BitOperations.RoundUpToPowerOf2((uint)((2 * length) - 1));
            convolution = For(padded);
            chirp = MakeChirp(length);
            chirpSpectrum = convolution.SpectrumOfChirp(chirp);
            roots = [];
        }
        else
        {
            roots = new Complex[length];
            for (int k = 0; k < length; k++)
            {
                roots[k] = RootOfUnity(k, length);
            }
        }
    }

    /// <summary>The plan for a length.</summary>
    public static FourierPlan For(int length)
    {
        if (Plans.TryGetValue(length, out var known))
        {
            return known;
        }

        var plan = new FourierPlan(length);
        long size = plan.roots.Length + plan.chirp.Length + plan.chirpSpectrum.Length;
        if (Interlocked.Add(ref kept, size) > Capacity)
        {
            Plans.Clear();
            Interlocked.Exchange(ref kept, size);
        }

        Plans[length] = plan;
        return plan;
    }

    /// <summary>The number of elements that <see cref="Run"/> needs for scratch.</summary>
    public int ScratchLength => convolution is null ? length : 2 * convolution.length;

    /// <summary>Transforms in place; the inverse has the opposite sign in the exponent and is divided by the length.</summary>
    public void Run(Span<Complex> data, Span<Complex> scratch, bool inverse)
    {
        if (!inverse)
        {
            Forward(data, scratch);
            return;
        }

        // Exchanging real and imaginary parts before and after turns the sign of the exponent.
        foreach (ref var value in data)
        {
            value = new Complex(value.Imaginary, value.Real);
        }

        Forward(data, scratch);
        foreach (ref var value in data)
        {
            value = new Complex(value.Imaginary / length, value.Real / length);
        }
    }

    private void Forward(Span<Complex> data, Span<Complex> scratch)
    {
        if (convolution is not null)
        {
            Convolve(data, scratch);
            return;
        }

        var from = data;
        var to = scratch[..length];
        int stride = 1;
        int rest = length;
        foreach (int factor in factors)
        {
            rest /= factor;
            if (factor == 2)
            {
                Pairs(from, to, rest, stride);
            }
            else
            {
                Groups(from, to, factor, rest, stride);
            }

            stride *= factor;
            var swap = from;
            from = to;
            to = swap;
        }

        if (factors.Length % 2 == 1)
        {
            from.CopyTo(data);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pairs(ReadOnlySpan<Complex> from, Span<Complex> to, int rest, int stride)
    {
        for (int q = 0; q < rest; q++)
        {
            var twiddle = roots[q * stride];
            for (int k = 0; k < stride; k++)
            {
                var a = from[k + (stride * q)];
                var b = from[k + (stride * (q + rest))];
                to[k + (stride * 2 * q)] = a + b;
                to[k + (stride * ((2 * q) + 1))] = Multiply(a - b, twiddle);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Groups(ReadOnlySpan<Complex> from, Span<Complex> to, int factor, int rest, int stride)
    {
        int step = length / factor;
        for (int q = 0; q < rest; q++)
        {
            for (int k = 0; k < stride; k++)
            {
                for (int r = 0; r < factor; r++)
                {
                    var sum = from[k + (stride * q)];
                    for (int j = 1; j < factor; j++)
                    {
                        sum += Multiply(from[k + (stride * (q + (rest * j)))], roots[j * r % factor * step]);
                    }

                    to[k + (stride * ((factor * q) + r))] = Multiply(sum, roots[(int)((long)q * r * stride % length)]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Convolve(Span<Complex> data, Span<Complex> scratch)
    {
        int padded = convolution!.length;
        var work = scratch[..padded];
        work.Clear();
        for (int k = 0; k < length; k++)
        {
            work[k] = Multiply(data[k], chirp[k]);
        }

        var inner = scratch.Slice(padded, padded);
        convolution.Run(work, inner, inverse: false);
        for (int k = 0; k < padded; k++)
        {
            work[k] = Multiply(work[k], chirpSpectrum[k]);
        }

        convolution.Run(work, inner, inverse: true);
        for (int k = 0; k < length; k++)
        {
            data[k] = Multiply(work[k], chirp[k]);
        }
    }

    private Complex[] SpectrumOfChirp(Complex[] chirp)
    {
        var result = new Complex[length];
        for (int k = 0; k < chirp.Length; k++)
        {
            var value = Complex.Conjugate(chirp[k]);
            result[k] = value;
            result[(length - k) % length] = value;
        }

        Run(result, new Complex[ScratchLength], inverse: false);
        return result;
    }

    // e^(−πi k²/n)
    private static Complex[] MakeChirp(int n)
    {
        var result = new Complex[n];
        for (long k = 0; k < n; k++)
        {
            result[k] = RootOfUnity(k * k % (2L * n), 2L * n);
        }

        return result;
    }

    private static Complex RootOfUnity(long k, long n)
    {
        var (sin, cos) = Math.SinCos(-2 * Math.PI * k / n);
        return new Complex(4 * k == n || 4 * k == 3 * n ? 0 : cos, 2 * k == n || k == 0 ? 0 : sin);
    }

    // Without the special treatment of infinities of Complex.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Complex Multiply(Complex x, Complex y) =>
        new((x.Real * y.Real) - (x.Imaginary * y.Imaginary), (x.Real * y.Imaginary) + (x.Imaginary * y.Real));

    private static int[] Factorize(int n)
    {
        var factors = new List<int>();
        for (int p = 2; p * p <= n; p++)
        {
            while (n % p == 0)
            {
                factors.Add(p);
                n /= p;
            }
        }

        if (n > 1)
        {
            factors.Add(n);
        }

        return [.. factors];
    }
}
