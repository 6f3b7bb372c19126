using System;
using System.Collections.Generic;
using System.Linq;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Benchmarks;

/// <summary>Networks over sequences: a transformer and an LSTM.</summary>
internal static class SequenceRows
{
    private const int Batch = 8;
    private const int Length = 128;
    private const int Width = 256;
    private const int Heads = 8;
    private const int Blocks = 4;

    // Projections and perceptron, then scores and weighted values.
    private const double TransformerFlops = 2.0 * Blocks * Batch * Length * Width * ((12.0 * Width) + (2.0 * Length));

    private const double LstmFlops = 2.0 * 100 * 32 * (128 + 256) * 1024;

    public static IEnumerable<Benchmark> Rows =>
        [
            new("transformer forward", 38e-3, () => Transformer(f => Jit(f))) { Flops = TransformerFlops },
            new("transformer gradient", 115e-3, () => Transformer(f => Jit(Grad(Squares(f)))))
            {
                Flops = 3 * TransformerFlops,
            },
            new("transformer compile", 150e-3, TransformerCompile),
            new("LSTM forward", 14e-3, () => Lstm(f => Jit(f))) { Flops = LstmFlops },
            new("LSTM gradient", 45e-3, () => Lstm(f => Jit(Grad(Squares(f))))) { Flops = 3 * LstmFlops },
        ];

    private static Func<T, NDArray, NDArray> Squares<T>(Func<T, NDArray, NDArray> f) =>
        (parameters, x) =>
        {
            var y = f(parameters, x);
            return jnp.Mean(y * y);
        };

    private static Action Transformer<TResult>(
        Func<Func<Block[], NDArray, NDArray>, Func<Block[], NDArray, TResult>> transform
    )
    {
        var (blocks, x) = (TransformerInit(), Sample.Normal(Batch, Length, Width));
        var f = transform(Apply);
        return () => f(blocks, x);
    }

    // The first call: traces, compiles and runs once.
    private static Action TransformerCompile()
    {
        var (blocks, x) = (TransformerInit(), Sample.Normal(Batch, Length, Width));
        return () => Jit((Block[] p, NDArray x) => Apply(p, x))(blocks, x);
    }

    private static Block[] TransformerInit() =>
        [
            .. Enumerable
                .Range(0, Blocks)
                .Select(_ => new Block(
                    Sample.Normal(Width, 3 * Width) / 16,
                    Sample.Normal(Width, Width) / 16,
                    Sample.Normal(Width, 4 * Width) / 16,
                    Sample.Normal(4 * Width, Width) / 32,
                    jnp.Zeros(4 * Width),
                    jnp.Zeros(Width),
                    jnp.Ones(Width),
                    jnp.Ones(Width)
                )),
        ];

    private static NDArray Apply(Block[] blocks, NDArray x)
    {
        foreach (var block in blocks)
        {
            x += block.Attend(Normalized(x, block.Scale1));
            x += block.Transform(Normalized(x, block.Scale2));
        }

        return x;
    }

    private static NDArray Normalized(NDArray x, NDArray scale)
    {
        var centred = x - jnp.Mean(x, axis: -1, keepDims: true);
        return centred * Lax.Rsqrt(jnp.Mean(centred * centred, axis: -1, keepDims: true) + 1e-5f) * scale;
    }

    private static Action Lstm<TResult>(Func<Func<Cell, NDArray, NDArray>, Func<Cell, NDArray, TResult>> transform)
    {
        var cell = new Cell(Sample.Normal(128, 1024) / Math.Sqrt(128), Sample.Normal(256, 1024) / 16, jnp.Zeros(1024));
        var x = Sample.Normal(100, 32, 128);
        var f = transform((c, xs) => c.Run(xs));
        return () => f(cell, x);
    }

    private sealed record Block(
        NDArray Qkv,
        NDArray Out,
        NDArray W1,
        NDArray W2,
        NDArray B1,
        NDArray B2,
        NDArray Scale1,
        NDArray Scale2
    )
    {
        public NDArray Attend(NDArray x)
        {
            var qkv = jnp.Dot(x, Qkv).Reshape((Batch, Length, 3, Heads, Width / Heads));
            var (q, k, v) = (qkv[.., .., 0], qkv[.., .., 1], qkv[.., .., 2]);
            var scores = jnp.Einsum("bthd,bshd->bhts", q, k) / Math.Sqrt(Width / Heads);
            var mixed = jnp.Einsum("bhts,bshd->bthd", Nn.Softmax(scores), v);
            return jnp.Dot(mixed.Reshape((Batch, Length, Width)), Out);
        }

        public NDArray Transform(NDArray x) => jnp.Dot(Nn.Gelu(jnp.Dot(x, W1) + B1), W2) + B2;
    }

    private sealed record Cell(NDArray Wx, NDArray Wh, NDArray B)
    {
        public NDArray Run(NDArray xs)
        {
            var start = (H: jnp.Zeros((xs.Shape[1], 256)), C: jnp.Zeros((xs.Shape[1], 256)));
            var (_, outputs) = Lax.Scan(
                ((NDArray H, NDArray C) state, NDArray x) =>
                {
                    var gates = jnp.Dot(x, Wx) + jnp.Dot(state.H, Wh) + B;
                    var (i, f) = (Nn.Sigmoid(gates[.., ..256]), Nn.Sigmoid(gates[.., 256..512]));
                    var (g, o) = (jnp.Tanh(gates[.., 512..768]), Nn.Sigmoid(gates[.., 768..]));
                    var c = (f * state.C) + (i * g);
                    var h = o * jnp.Tanh(c);
                    return ((h, c), h);
                },
                start,
                xs
            );
            return outputs;
        }
    }
}
