using System;
using System.Numerics;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// Distributions of counts: a direct method for small means, transformed rejection (W. Hörmann) for larger ones. Elements with a
/// small mean take part in the rounds of the rejection with substitute parameters, without effect on themselves.
/// </summary>
internal abstract class CountSampling<T>(long batch, long size, bool legacy) : RandomSampling<T>(batch, size, legacy)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaximalRounds = 100_000;

    protected static readonly T Half = T.CreateChecked(0.5);

    protected sealed override bool HasRounds => true;

    /// <summary>The constants of the rejection for the parameters of an element.</summary>
    protected abstract Rejection Prepare(T first, T second);

    protected sealed override int FirstAccepted(RandomKey key, long position, T first, T second)
    {
        var rejection = Prepare(first, second);
        for (int round = 0; round < MaximalRounds; round++)
        {
            if (Round(ref key, position, rejection) is not null)
            {
                return round;
            }
        }

        return MaximalRounds;
    }

    /// <summary>The number that an element accepts last.</summary>
    protected T LastAccepted(RandomKey key, long position, Rejection rejection, int lastRound)
    {
        T result = -T.One;
        for (int round = 0; round <= lastRound; round++)
        {
            result = Round(ref key, position, rejection) ?? result;
        }

        return result;
    }

    protected static T C(double value) => T.CreateChecked(value);

    private T? Round(ref RandomKey key, long position, Rejection rejection)
    {
        T u = key.Split(1, 3).Uniform<T>(position, Size) - Half;
        T v = key.Split(2, 3).Uniform<T>(position, Size);
        key = key.Split(0, 3);
        return rejection.Try(u, v);
    }

    /// <summary>One trial of the rejection.</summary>
    protected abstract class Rejection
    {
        /// <summary>The count that two uniform numbers give, the first in [−½, ½); null if it is rejected.</summary>
        public abstract T? Try(T u, T v);
    }
}

/// <summary>Poisson distribution: Knuth's method below a rate of 10.</summary>
internal sealed class PoissonSampling(long batch, long size, bool legacy) : CountSampling<float>(batch, size, legacy)
{
    protected override Rejection Prepare(float rate, float unused) => new PoissonRejection(IsSmall(rate) ? 1e5f : rate);

    protected override float Sample(RandomKey key, long position, float rate, float unused, int lastRound) =>
        rate == 0 ? 0
        : IsSmall(rate) ? Knuth(key, position, rate)
        : LastAccepted(key, position, Prepare(rate, rate), lastRound);

    private static bool IsSmall(float rate) => !(rate >= 10);

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

    private sealed class PoissonRejection : Rejection
    {
        private readonly float rate;
        private readonly float logRate;
        private readonly float a;
        private readonly float b;
        private readonly float inverseAlpha;
        private readonly float vR;

        public PoissonRejection(float rate)
        {
            this.rate = rate;
            logRate = MathF.Log(rate);
            b = 0.931f + (2.53f * MathF.Sqrt(rate));
            a = -0.059f + (0.02483f * b);
            inverseAlpha = 1.1239f + (1.1328f / (b - 3.4f));
            vR = 0.9277f - (3.6224f / (b - 2));
        }

        public override float? Try(float u, float v)
        {
            float us = 0.5f - MathF.Abs(u);
            float k = MathF.Floor((((2 * a / us) + b) * u) + rate + 0.43f);
            if (us >= 0.07f && v <= vR)
            {
                return k;
            }

            if (k < 0 || (us < 0.013f && v > us))
            {
                return null;
            }

            float s = MathF.Log(v * inverseAlpha / ((a / (us * us)) + b));
            float t = -rate + (k * logRate) - (float)GammaFunctions.LogGamma((double)k + 1);
            return s <= t ? k : null;
        }
    }
}

/// <summary>
/// Binomial distribution: sums of geometric numbers while the mean is at most 10. Parameters are the number of trials and the
/// probability.
/// </summary>
internal sealed class BinomialSampling<T>(long batch, long size, bool legacy) : CountSampling<T>(batch, size, legacy)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override Rejection Prepare(T count, T probability)
    {
        T q = SmallerSide(probability);
        return IsSmall(count, q) ? new BinomialRejection(C(1e4), Half) : new BinomialRejection(T.Floor(count), q);
    }

    protected override T Sample(RandomKey key, long position, T count, T probability, int lastRound)
    {
        if (T.IsNaN(count) || count < T.Zero || T.IsNaN(probability) || probability < T.Zero || probability > T.One)
        {
            return T.NaN;
        }

        if (T.IsInfinity(count))
        {
            return T.PositiveInfinity;
        }

        T q = SmallerSide(probability);
        T sample = IsSmall(count, q)
            ? Inversion(key, position, T.Floor(count), q)
            : LastAccepted(key, position, Prepare(count, probability), lastRound);
        return probability < Half ? sample : T.Floor(count) - sample;
    }

    // Invalid probabilities are replaced: they take part in the rounds of the rejection.
    private static T SmallerSide(T probability)
    {
        T q = probability < Half ? probability : T.One - probability;
        return q >= T.Zero ? q : C(0.01);
    }

    private static bool IsSmall(T count, T q) => !(count >= T.Zero) || count * q <= C(10);

    private T Inversion(RandomKey key, long position, T count, T q)
    {
        T logComplement = q == T.Zero ? T.NegativeZero : T.CreateChecked(Log1p(-double.CreateChecked(q)));
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

    private static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : Math.Log(u) * (x / (u - 1));
    }

    private sealed class BinomialRejection : Rejection
    {
        private readonly T count;
        private readonly T a;
        private readonly T b;
        private readonly T c;
        private readonly T vR;
        private readonly T r;
        private readonly T alpha;
        private readonly T m;

        public BinomialRejection(T count, T q)
        {
            this.count = count;
            T deviation = T.Sqrt(count * q * (T.One - q));
            b = C(1.15) + (C(2.53) * deviation);
            a = C(-0.0873) + (C(0.0248) * b) + (C(0.01) * q);
            c = (count * q) + Half;
            vR = C(0.92) - (C(4.2) / b);
            r = q / (T.One - q);
            alpha = (C(2.83) + (C(5.1) / b)) * deviation;
            m = T.Floor((count + T.One) * q);
        }

        public override T? Try(T u, T v)
        {
            T us = Half - T.Abs(u);
            T k = T.Floor((((C(2) * a / us) + b) * u) + c);
            if (us >= C(0.07) && v <= vR)
            {
                return k;
            }

            if (k < T.Zero || k > count)
            {
                return null;
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
            return v <= bound ? k : null;
        }

        /// <summary>log k! less Stirling's approximation of it.</summary>
        private static T Stirling(T k)
        {
            if (k <= C(9))
            {
                double n = double.CreateChecked(k) + 1;
                return C(GammaFunctions.LogGamma(n) - (((n - 0.5) * Math.Log(n)) - n + (0.5 * Math.Log(2 * Math.PI))));
            }

            T next = k + T.One;
            T square = next * next;
            return (C(1.0 / 12) - ((C(1.0 / 360) - (C(1.0 / 1260) / square)) / square)) / next;
        }
    }
}
