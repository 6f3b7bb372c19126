using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Benchmarks;

/// <summary>Networks over sequences: a transformer and an LSTM.</summary>
internal static class SequenceRows
{
    private const int UsualLength = 100;

    private static readonly TransformerSize Usual = new(8, 128, 256, 4);

    public static IEnumerable<Benchmark> Rows =>
        [
            .. TransformerRows(Usual, 38e-3, 115e-3),
            new("transformer compile", 150e-3, TransformerCompile),
            .. LstmRows(UsualLength, 14e-3, 45e-3),
        ];

    /// <summary>A transformer's value, and the gradient of the mean of its square by all parameters.</summary>
    public static IEnumerable<Benchmark> TransformerRows(
        TransformerSize size,
        double forwardFloor = 0,
        double gradientFloor = 0
    )
    {
        string suffix = size == Usual ? "" : $" {size}";
        return
        [
            new($"transformer forward{suffix}", forwardFloor, () => Transformer(size, f => Jit(f)))
            {
                Kind = "transformer forward",
                Flops = size.Flops,
            },
            new($"transformer gradient{suffix}", gradientFloor, () => Transformer(size, f => Jit(Grad(Squares(f)))))
            {
                Kind = "transformer gradient",
                Flops = 3 * size.Flops,
            },
        ];
    }

    /// <summary>The outputs of an LSTM for 32 sequences, and the gradient of the mean of their squares by its parameters.</summary>
    public static IEnumerable<Benchmark> LstmRows(int length, double forwardFloor = 0, double gradientFloor = 0)
    {
        string suffix = length == UsualLength ? "" : $", {length}";
        double flops = 2.0 * length * 32 * (128 + 256) * 1024;
        return
        [
            new($"LSTM forward{suffix}", forwardFloor, () => Lstm(length, f => Jit(f)))
            {
                Kind = "LSTM forward",
                Flops = flops,
            },
            new($"LSTM gradient{suffix}", gradientFloor, () => Lstm(length, f => Jit(Grad(Squares(f)))))
            {
                Kind = "LSTM gradient",
                Flops = 3 * flops,
            },
        ];
    }

    private static Func<T, NDArray, NDArray> Squares<T>(Func<T, NDArray, NDArray> f) =>
        (parameters, x) =>
        {
            var y = f(parameters, x);
            return jnp.Mean(y * y);
        };

    private static Workload Transformer<TResult>(
        TransformerSize size,
        Func<Func<Block[], NDArray, NDArray>, Func<Block[], NDArray, TResult>> transform
    )
    {
        var (blocks, x) = (TransformerInit(size), Sample.Normal(size.Batch, size.Length, size.Width));
        var f = transform(Apply);
        return Workload.Of([x, .. Tree.Leaves(blocks)], () => f(blocks, x));
    }

    // The first call of a step on little data: traces and compiles, with no kernel known from before.
    private static Workload TransformerCompile()
    {
        var (blocks, x) = (TransformerInit(Usual), Sample.Normal(1, 16, Usual.Width));
        return Workload.Of(
            [x],
            () =>
            {
                KernelCompiler.Forget();
                return Jit(Grad(Squares<Block[]>(Apply)))(blocks, x);
            }
        );
    }

    private static Block[] TransformerInit(TransformerSize size)
    {
        int width = size.Width;
        double scale = 1 / Math.Sqrt(width);
        return
        [
            .. Enumerable
                .Range(0, size.Blocks)
                .Select(_ => new Block(
                    Sample.Normal(width, 3 * width) * scale,
                    Sample.Normal(width, width) * scale,
                    Sample.Normal(width, 4 * width) * scale,
                    Sample.Normal(4 * width, width) * (scale / 2),
                    jnp.Zeros(4 * width),
                    jnp.Zeros(width),
                    jnp.Ones(width),
                    jnp.Ones(width)
                )),
        ];
    }

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

    private static Workload Lstm<TResult>(
        int length,
        Func<Func<Cell, NDArray, NDArray>, Func<Cell, NDArray, TResult>> transform
    )
    {
        var cell = new Cell(Sample.Normal(128, 1024) / Math.Sqrt(128), Sample.Normal(256, 1024) / 16, jnp.Zeros(1024));
        var x = Sample.Normal(length, 32, 128);
        var f = transform((c, xs) => c.Run(xs));
        return Workload.Of([x, .. Tree.Leaves(cell)], () => f(cell, x));
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
            var (batch, length, width) = (x.Shape[0], x.Shape[1], x.Shape[2]);
            int size = width / TransformerSize.Heads;
            var qkv = jnp.Dot(x, Qkv).Reshape((batch, length, 3, TransformerSize.Heads, size));
            var (q, k, v) = (qkv[.., .., 0], qkv[.., .., 1], qkv[.., .., 2]);
            var scores = jnp.Einsum("bthd,bshd->bhts", q, k) / Math.Sqrt(size);
            var mixed = jnp.Einsum("bhts,bshd->bthd", Nn.Softmax(scores), v);
            return jnp.Dot(mixed.Reshape((batch, length, width)), Out);
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
