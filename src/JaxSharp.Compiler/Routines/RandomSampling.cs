using System;
using System.Numerics;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// Draws numbers whose sampling loops until it accepts, which no loop nest does: operands are keys of shape [batch, 2] and
/// parameters of shape [batch, size], the result has the shape of the parameters. Elements draw from counters or keys of their
/// own, so they are independent of each other and of the number of threads.
/// </summary>
internal abstract unsafe class RandomSampling<T>(long batch, long size, bool legacy) : Executable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const long ChunkSize = 128;

    /// <summary>The number of elements that share a key.</summary>
    protected long Size => size;

    /// <summary>One element, from the parameters' elements at the same place.</summary>
    protected abstract T Sample(RandomKey key, long position, T first, T second);

    public sealed override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        var state = new State(
            this,
            (uint*)inputs[0],
            (T*)inputs[1],
            inputs.Length > 2 ? (T*)inputs[2] : (T*)inputs[1],
            (T*)outputs[0]
        );
        long chunks = ((batch * size) + ChunkSize - 1) / ChunkSize;
        WorkerPool.Run(checked((int)chunks), state, static (s, chunk) => s.Owner.RunChunk(s, chunk));
    }

    private void RunChunk(State state, long chunk)
    {
        long end = Math.Min(batch * size, (chunk + 1) * ChunkSize);
        for (long i = chunk * ChunkSize; i < end; i++)
        {
            long row = i / size;
            var key = new RandomKey(state.Keys[2 * row], state.Keys[(2 * row) + 1], legacy);
            state.Result[i] = Sample(key, i % size, state.First[i], state.Second[i]);
        }
    }

    private sealed class State(RandomSampling<T> owner, uint* keys, T* first, T* second, T* result)
    {
        public readonly RandomSampling<T> Owner = owner;
        public readonly uint* Keys = keys;
        public readonly T* First = first;
        public readonly T* Second = second;
        public readonly T* Result = result;
    }
}

/// <summary>
/// Gamma distribution with unit scale, by Marsaglia and Tsang's method; with <paramref name="logSpace"/> the logarithm of it. Each
/// element has a key of its own.
/// </summary>
internal sealed class GammaSampling<T>(long batch, long size, bool legacy, bool logSpace)
    : RandomSampling<T>(batch, size, legacy)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override T Sample(RandomKey key, long position, T alpha, T unused)
    {
        if (T.IsNaN(alpha))
        {
            return alpha;
        }

        key = key.Split(position, Size);
        T third = T.CreateChecked(1.0 / 3);
        T half = T.CreateChecked(0.5);
        T squeeze = T.CreateChecked(0.0331);

        // Below 1, Gamma(α) = Gamma(α + 1) · U^(1/α).
        bool boosted = !(alpha >= T.One);
        T original = alpha;
        alpha = boosted ? alpha + T.One : alpha;
        T d = alpha - third;
        T c = third / T.Sqrt(d);
        T boost = T.One - key.Split(1, 2).Uniform<T>();
        key = key.Split(0, 2);

        T v;
        while (true)
        {
            var normalKey = key.Split(1, 3);
            T u = key.Split(2, 3).Uniform<T>();
            key = key.Split(0, 3);
            T x;
            do
            {
                x = normalKey.Split(1, 2).Normal<T>();
                normalKey = normalKey.Split(0, 2);
                v = T.One + (x * c);
            } while (v <= T.Zero);

            x *= x;
            v = v * v * v;
            if (!(u >= T.One - (squeeze * (x * x))) || !(T.Log(u) >= (x * half) + (d * (T.One - v + T.Log(v)))))
            {
                break;
            }
        }

        if (logSpace)
        {
            T logBoost = boosted && boost != T.One ? T.Log(boost) * (T.One / original) : T.Zero;
            return T.Log(d) + T.Log(v) + logBoost;
        }

        T z = d * v * (boosted ? T.Pow(boost, T.One / original) : T.One);
        return z == T.Zero ? SmallestNormal() : z;
    }

    private static T SmallestNormal() =>
        typeof(T) == typeof(double) ? T.CreateChecked(2.2250738585072014e-308)
        : typeof(T) == typeof(float) ? T.CreateChecked(1.17549435e-38f)
        : T.CreateChecked(6.103515625e-05);
}

/// <summary>Poisson distribution: Knuth's method below a rate of 10, Hörmann's transformed rejection from there.</summary>
internal sealed class PoissonSampling(long batch, long size, bool legacy) : RandomSampling<float>(batch, size, legacy)
{
    private const int MaximalRounds = 100_000;

    protected override float Sample(RandomKey key, long position, float rate, float unused)
    {
        if (rate == 0)
        {
            return 0;
        }

        return float.IsNaN(rate) || rate < 10 ? Knuth(key, position, rate) : Rejection(key, position, rate);
    }

    private float Knuth(RandomKey key, long position, float rate)
    {
        float count = 0;
        for (float logProduct = 0; logProduct > -rate; count++)
        {
            logProduct += MathF.Log(key.Split(1, 2).Uniform<float>(position, Size));
            key = key.Split(0, 2);
        }

        return count - 1;
    }

    private float Rejection(RandomKey key, long position, float rate)
    {
        float logRate = MathF.Log(rate);
        float b = 0.931f + (2.53f * MathF.Sqrt(rate));
        float a = -0.059f + (0.02483f * b);
        float inverseAlpha = 1.1239f + (1.1328f / (b - 3.4f));
        float vR = 0.9277f - (3.6224f / (b - 2));
        for (int round = 0; round < MaximalRounds; round++)
        {
            float u = key.Split(1, 3).Uniform<float>(position, Size) - 0.5f;
            float v = key.Split(2, 3).Uniform<float>(position, Size);
            key = key.Split(0, 3);
            float shifted = 0.5f - MathF.Abs(u);
            float k = MathF.Floor((((2 * a / shifted) + b) * u) + rate + 0.43f);
            if (shifted >= 0.07f && v <= vR)
            {
                return k;
            }

            if (k < 0 || (shifted < 0.013f && v > shifted))
            {
                continue;
            }

            float s = MathF.Log(v * inverseAlpha / ((a / (shifted * shifted)) + b));
            float t = -rate + (k * logRate) - (float)LogGamma.Of((double)k + 1);
            if (s <= t)
            {
                return k;
            }
        }

        return -1;
    }
}

/// <summary>
/// Binomial distribution: sums of geometric numbers while the mean is at most 10, Hörmann's transformed rejection (BTRS) from
/// there. Parameters are the number of trials and the probability.
/// </summary>
internal sealed class BinomialSampling<T>(long batch, long size, bool legacy) : RandomSampling<T>(batch, size, legacy)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaximalRounds = 100_000;

    private static readonly T Half = T.CreateChecked(0.5);

    protected override T Sample(RandomKey key, long position, T count, T probability)
    {
        if (T.IsNaN(count) || count < T.Zero || T.IsNaN(probability))
        {
            return T.NaN;
        }

        bool low = probability < Half;
        T q = low ? probability : T.One - probability;
        if (q < T.Zero)
        {
            return T.NaN;
        }

        if (T.IsInfinity(count))
        {
            return T.PositiveInfinity;
        }

        bool direct = count * q <= T.CreateChecked(10);
        count = T.Floor(count);
        T sample = direct ? Inversion(key, position, count, q) : Rejection(key, position, count, q);
        return low ? sample : count - sample;
    }

    private T Inversion(RandomKey key, long position, T count, T q)
    {
        T logComplement = T.LogP1(-q);
        T trials = T.Zero;
        T number = T.Zero;
        while (trials <= count)
        {
            number++;
            T u = key.Split(0, 2).Uniform<T>(position, Size);
            key = key.Split(1, 2);
            trials += T.Ceiling(T.Log(u) / logComplement);
        }

        return number - T.One;
    }

    private T Rejection(RandomKey key, long position, T count, T q)
    {
        T C(double value) => T.CreateChecked(value);
        T deviation = T.Sqrt(count * q * (T.One - q));
        T b = C(1.15) + (C(2.53) * deviation);
        T a = C(-0.0873) + (C(0.0248) * b) + (C(0.01) * q);
        T c = (count * q) + Half;
        T vR = C(0.92) - (C(4.2) / b);
        T r = q / (T.One - q);
        T alpha = (C(2.83) + (C(5.1) / b)) * deviation;
        T m = T.Floor((count + T.One) * q);
        for (int round = 0; round < MaximalRounds; round++)
        {
            T u = key.Split(1, 3).Uniform<T>(position, Size) - Half;
            T v = key.Split(2, 3).Uniform<T>(position, Size);
            key = key.Split(0, 3);
            T us = Half - T.Abs(u);
            T k = T.Floor((((C(2) * a / us) + b) * u) + c);
            if (us >= C(0.07) && v <= vR)
            {
                return k;
            }

            if (k < T.Zero || k > count)
            {
                continue;
            }

            v = T.Log(v * alpha / ((a / (us * us)) + b));
            T rest = count - m + T.One;
            T bound =
                ((m + Half) * T.Log((m + T.One) / (r * rest)))
                + ((count + T.One) * T.Log(rest / (count - k + T.One)))
                + ((k + Half) * T.Log(r * (count - k + T.One) / (k + T.One)))
                + Stirling(m)
                + Stirling(count - m)
                - Stirling(k)
                - Stirling(count - k);
            if (v <= bound)
            {
                return k;
            }
        }

        return -T.One;
    }

    /// <summary>log k! less Stirling's approximation of it.</summary>
    private static T Stirling(T k)
    {
        if (k <= T.CreateChecked(9))
        {
            double n = double.CreateChecked(k) + 1;
            double tail = LogGamma.Of(n) - (((n - 0.5) * Math.Log(n)) - n + (0.5 * Math.Log(2 * Math.PI)));
            return T.CreateChecked(tail);
        }

        T next = k + T.One;
        T square = next * next;
        return (
                T.CreateChecked(1.0 / 12)
                - ((T.CreateChecked(1.0 / 360) - (T.CreateChecked(1.0 / 1260) / square)) / square)
            ) / next;
    }
}

/// <summary>The logarithm of the gamma function for positive arguments.</summary>
internal static class LogGamma
{
    public static double Of(double x)
    {
        double shift = 0;
        while (x < 10)
        {
            shift -= Math.Log(x);
            x++;
        }

        double inverse = 1 / x;
        double square = inverse * inverse;
        double series =
            inverse
            * (
                (1.0 / 12)
                - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square / 1188)))))))
            );
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series;
    }
}
