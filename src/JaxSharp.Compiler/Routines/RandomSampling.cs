using System;
using System.Numerics;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// Draws numbers whose sampling loops until it accepts, which no loop nest does: operands are keys of shape [batch, 2] and
/// parameters of shape [batch, size], the result has the shape of the parameters. Elements draw from counters or keys of their
/// own, so they do not depend on the number of threads.
/// </summary>
internal abstract unsafe class RandomSampling<T>(long batch, long size, bool legacy) : Executable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const long ChunkSize = 128;

    /// <summary>The number of elements that share a key.</summary>
    protected long Size => size;

    /// <summary>
    /// Whether the elements of a key draw in common rounds, which go on until all have accepted; those that accept again take the
    /// later number.
    /// </summary>
    protected virtual bool HasRounds => false;

    /// <summary>The number of the first round in which an element accepts.</summary>
    protected virtual int FirstAccepted(RandomKey key, long position, T first, T second) => 0;

    /// <summary>One element, from the parameters' elements at the same place.</summary>
    /// <param name="key">The key of the row.</param>
    /// <param name="position">The place in the row.</param>
    /// <param name="first">The first parameter.</param>
    /// <param name="second">The second parameter.</param>
    /// <param name="lastRound">The number of the last common round.</param>
    protected abstract T Sample(RandomKey key, long position, T first, T second, int lastRound);

    public sealed override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        var state = new State(
            this,
            (uint*)inputs[0],
            (T*)inputs[1],
            inputs.Length > 2 ? (T*)inputs[2] : (T*)inputs[1],
            (T*)outputs[0],
            new int[batch],
            HasRounds ? new int[batch * size] : []
        );
        int chunks = checked((int)(((batch * size) + ChunkSize - 1) / ChunkSize));
        if (HasRounds)
        {
            WorkerPool.Run(chunks, state, static (s, chunk) => s.Owner.FindRounds(s, chunk));
            for (long i = 0; i < state.Rounds.Length; i++)
            {
                state.LastRound[i / size] = Math.Max(state.LastRound[i / size], state.Rounds[i]);
            }
        }

        WorkerPool.Run(chunks, state, static (s, chunk) => s.Owner.SampleChunk(s, chunk));
    }

    private void FindRounds(State state, long chunk)
    {
        for (long i = chunk * ChunkSize; i < End(chunk); i++)
        {
            state.Rounds[i] = FirstAccepted(KeyOf(state, i), i % size, state.First[i], state.Second[i]);
        }
    }

    private void SampleChunk(State state, long chunk)
    {
        for (long i = chunk * ChunkSize; i < End(chunk); i++)
        {
            state.Result[i] = Sample(
                KeyOf(state, i),
                i % size,
                state.First[i],
                state.Second[i],
                state.LastRound[i / size]
            );
        }
    }

    private long End(long chunk) => Math.Min(batch * size, (chunk + 1) * ChunkSize);

    private RandomKey KeyOf(State state, long i)
    {
        long row = i / size;
        return new RandomKey(state.Keys[2 * row], state.Keys[(2 * row) + 1], legacy);
    }

    private sealed class State(
        RandomSampling<T> owner,
        uint* keys,
        T* first,
        T* second,
        T* result,
        int[] lastRound,
        int[] rounds
    )
    {
        public readonly RandomSampling<T> Owner = owner;
        public readonly uint* Keys = keys;
        public readonly T* First = first;
        public readonly T* Second = second;
        public readonly T* Result = result;
        public readonly int[] LastRound = lastRound;
        public readonly int[] Rounds = rounds;
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
    protected override T Sample(RandomKey key, long position, T alpha, T unused, int lastRound)
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
