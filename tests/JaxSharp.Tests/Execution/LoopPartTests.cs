using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using JaxSharp.Compiler.Runtime;
using JaxSharp.ControlFlow;
using JaxSharp.Execution;
using JaxSharp.Ir;
using JaxSharp.Passes;
using JaxSharp.Transforms;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Execution;

/// <summary>Loops whose rows are independent run in parts, which compute the bits of the whole.</summary>
public class LoopPartTests
{
    private const int Steps = 21;
    private const int Inputs = 24;
    private const int Hidden = 70;

    private static readonly NDArray W = Normal(100, Inputs, 4 * Hidden) / 5;
    private static readonly NDArray U = Normal(101, Hidden, 4 * Hidden) / 7;
    private static readonly NDArray V = Normal(102, Inputs + Hidden, Hidden) / 8;
    private static readonly NDArray B = Normal(103, 4 * Hidden);

    public static TheoryData<string, int> Independent
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in Loops.Keys)
            {
                foreach (int rows in (int[])[8, 21, 32, 33, 47, 66])
                {
                    data.Add(name, rows);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Mixed => [.. MixedLoops.Keys];

    // Results of sequences [steps, rows, inputs].
    private static readonly Dictionary<string, Func<NDArray, NDArray>> Loops = new()
    {
        ["lstm"] = xs => Lstm(W, U, B, xs, reverse: false),
        ["lstm in reverse"] = xs => Lstm(W, U, B, xs, reverse: true),
        ["gradients of an lstm"] = xs =>
        {
            var (dw, du, db) = Grad(
                (NDArray w, NDArray u, NDArray b, NDArray x) =>
                {
                    var y = Lstm(w, u, b, x, reverse: false);
                    return jnp.Sum(y * y);
                },
                argNums: (0, 1, 2)
            )(W, U, B, xs);
            return jnp.Concatenate([dw.Ravel(), du.Ravel(), db]);
        },
        ["joined operands"] = xs =>
            Scan(xs, Zeros(xs), (h, x) => jnp.Tanh(jnp.Dot(jnp.Concatenate([x, h], axis: 1), V))),
        ["in half precision"] = xs =>
            Scan(
                xs.AsType(DType.BF16),
                Zeros(xs).AsType(DType.BF16),
                (h, x) => jnp.Tanh(jnp.Dot(jnp.Concatenate([x, h], axis: 1), V.AsType(DType.BF16)))
            ),
        ["a mask of rows, a bias for each row and the largest of each row"] = xs =>
        {
            var mask = jnp.Equal(jnp.Mod(jnp.Arange(xs.Shape[1]), 3), 0).Reshape((-1, 1));
            var bias = Normal(7, xs.Shape[1], Hidden);
            return Scan(
                xs,
                Zeros(xs),
                (h, x) =>
                {
                    var next = jnp.Dot(h, U[.., ..Hidden]) + jnp.Dot(x, W[.., ..Hidden]) + bias;
                    var largest = jnp.Max((next * 100).AsType(DType.I32), axis: 1, keepDims: true);
                    return jnp.Where(mask, h, jnp.Tanh(next - largest.AsType(DType.F32) / 100));
                }
            );
        },
        ["transposed inside"] = xs =>
            Scan(xs, Zeros(xs), (h, x) => jnp.Tanh(jnp.Dot(U[.., ..Hidden].T, h.T).T + jnp.Dot(x, W[.., ..Hidden]))),
        ["cut and padded"] = xs =>
            Scan(
                xs,
                Zeros(xs),
                (h, x) =>
                    jnp.Tanh(
                        jnp.Pad(h[.., 5..20], new[] { (0, 0), (7, Hidden - 22) })
                            + jnp.Roll(h, 3, axis: 1)
                            + jnp.Dot(x, W[.., ..Hidden])
                    )
            ),
        ["a counter and a value that stays"] = xs =>
        {
            var ((h, count, kept), ys) = Lax.Scan(
                ((NDArray H, NDArray Count, NDArray Kept) s, NDArray x) =>
                {
                    var next = jnp.Tanh(s.H * s.Kept + jnp.Dot(x, W[.., ..Hidden]) * s.Count.AsType(DType.F32));
                    return ((next, s.Count + 1, s.Kept), next + 1);
                },
                (Zeros(xs), jnp.Array(1), Normal(8, xs.Shape[1], Hidden)),
                xs
            );
            return jnp.Concatenate([h.Ravel(), count.AsType(DType.F32).Ravel(), kept.Ravel(), ys.Ravel()]);
        },
        ["a loop without slices"] = xs =>
            Lax.ForiLoop(0, Steps, (i, h) => jnp.Sin(jnp.Dot(h, U[.., ..Hidden]) + i), jnp.Dot(xs[0], W[.., ..Hidden])),
        ["two axes of rows"] = xs =>
        {
            var pairs = jnp.Stack([xs, -xs], axis: 2);
            return Vmap((NDArray x) => Lstm(W, U, B, x, reverse: false), inAxes: 1, outAxes: 1)(pairs);
        },
    };

    private static readonly Dictionary<string, Func<NDArray, NDArray>> MixedLoops = new()
    {
        ["a mean over rows"] = xs =>
            Scan(xs, Zeros(xs), (h, x) => jnp.Tanh(h - jnp.Mean(h, axis: 0) + jnp.Dot(x, W[.., ..Hidden]))),
        ["rows in another order"] = xs =>
            Scan(xs, Zeros(xs), (h, x) => jnp.Tanh(jnp.Flip(h, axis: 0) + jnp.Dot(x, W[.., ..Hidden]))),
        ["rows moved by one"] = xs =>
            Scan(xs, Zeros(xs), (h, x) => jnp.Tanh(jnp.Roll(h, 1, axis: 0) + jnp.Dot(x, W[.., ..Hidden]))),
        ["the number of a row"] = xs =>
            Scan(
                xs,
                Zeros(xs),
                (h, x) => jnp.Tanh(h * Lax.BroadcastedIota(DType.F32, h.Shape, 0) + jnp.Dot(x, W[.., ..Hidden]))
            ),
        ["products of rows"] = xs =>
            Scan(xs, Zeros(xs), (h, x) => jnp.Tanh(jnp.Dot(jnp.Dot(h, h.T), h) + jnp.Dot(x, W[.., ..Hidden]))),
        ["rows that are not the first axis"] = xs =>
            Scan(
                jnp.SwapAxes(xs, 1, 2),
                Zeros(xs).T,
                (h, x) => jnp.Tanh(jnp.Dot(U[.., ..Hidden], h) + jnp.Dot(W[.., ..Hidden].T, x))
            ),
    };

    private static NDArray Normal(int seed, params int[] shape) => JaxRandom.Normal(JaxRandom.PRNGKey(seed), shape);

    private static NDArray Zeros(NDArray xs) => jnp.Zeros((xs.Shape[1], Hidden));

    private static NDArray Scan(NDArray xs, NDArray start, Func<NDArray, NDArray, NDArray> step)
    {
        var (last, ys) = Lax.Scan(
            (h, x) =>
            {
                var next = step(h, x);
                return (next, next);
            },
            start,
            xs
        );
        return jnp.Concatenate([last.Ravel(), ys.Ravel()]);
    }

    private static NDArray Lstm(NDArray w, NDArray u, NDArray b, NDArray xs, bool reverse)
    {
        var (_, ys) = Lax.Scan(
            ((NDArray H, NDArray C) s, NDArray x) =>
            {
                var gates = jnp.Dot(x, w) + jnp.Dot(s.H, u) + b;
                var (i, f) = (Nn.Sigmoid(gates[.., ..Hidden]), Nn.Sigmoid(gates[.., Hidden..(2 * Hidden)]));
                var (g, o) = (jnp.Tanh(gates[.., (2 * Hidden)..(3 * Hidden)]), Nn.Sigmoid(gates[.., (3 * Hidden)..]));
                var c = (f * s.C) + (i * g);
                var h = o * jnp.Tanh(c);
                return ((h, c), h);
            },
            (jnp.Zeros((xs.Shape[1], Hidden)), jnp.Zeros((xs.Shape[1], Hidden))),
            xs,
            reverse: reverse
        );
        return ys;
    }

    [Theory]
    [MemberData(nameof(Independent))]
    public void PartsComputeTheBitsOfTheWhole(string name, int rows)
    {
        foreach (int threads in (int[])[2, 3, 5, 8])
        {
            int cut = CountCut(Loops[name], Normal(rows, Steps, rows, Inputs), threads, out int loops);
            Assert.Equal(rows >= 8 * threads ? loops : 0, cut);
        }
    }

    [Fact]
    public void KernelsOfAPartAreExplained()
    {
        var (x, w) = (Normal(0, 60, 64, 128), Normal(1, 128, 128) / 12);
        var explanation = Explain(
            (NDArray xs, NDArray w) =>
                Lax.Scan(
                    (NDArray h, NDArray x) =>
                    {
                        var next = jnp.Sin(jnp.Dot(h, w) + x) * jnp.Flip(h, axis: 1);
                        return (next, next);
                    },
                    jnp.Ones((64, 128)),
                    xs
                ).Item2,
            x,
            w
        );
        var kernels = explanation.Kernels.Where(k => k.Depth == 1 && k.Name.Contains("sin", StringComparison.Ordinal));
        Assert.Equal(60 * 64.0, kernels.Sum(k => k.Runs * RowsOf(k.Name)));
        Assert.All(kernels, k => Assert.True(k.Measured > 0));

        // Of a name that ends in a type such as f32[16,128].
        static double RowsOf(string name) =>
            double.Parse(name[(name.LastIndexOf('[') + 1)..name.LastIndexOf(',')], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void AScheduleDealsOutEachStepOfEachPartOnceAndInOrder()
    {
        const int Parts = 5;
        const int Length = 1000;
        var schedule = new LoopSchedule(Parts, Length);
        int[] done = new int[Parts];
        Parallel.For(
            0,
            4,
            _ =>
            {
                while (schedule.Next() is { } turn)
                {
                    Assert.Equal(turn.First, Interlocked.Exchange(ref done[turn.Part], turn.End));
                    schedule.Finish(turn);
                }
            }
        );
        Assert.All(done, steps => Assert.Equal(Length, steps));
    }

    [Theory]
    [MemberData(nameof(Mixed))]
    public void LoopsThatMixRowsStayWhole(string name) =>
        Assert.Equal(0, CountCut(MixedLoops[name], Normal(1, Steps, 32, Inputs), 2, out _));

    // Runs a function, its loops whole and in parts; how many of them were cut.
    private static int CountCut(Func<NDArray, NDArray> function, NDArray argument, int threads, out int loops)
    {
        var (jaxpr, constants) = Staging.StageClosed(xs => [function(xs[0])], [argument.Type]);
        var (flat, _) = Inlining.Flatten(jaxpr);
        var values = new Dictionary<Var, DeviceArray>();
        foreach (var (variable, value) in flat.Inputs.Zip([.. constants, argument]))
        {
            values[variable] = (DeviceArray)value;
        }

        int cut = 0;
        loops = 0;
        foreach (var equation in flat.Equations)
        {
            NDArray[] operands = Array.ConvertAll(equation.Inputs, x => x is Var v ? values[v] : ((Literal)x).Value);
            Var[] inputs = Array.ConvertAll(operands, x => new Var(x.Type));
            var program = ProgramCompiler.Compile(
                new Jaxpr([], inputs, [equation with { Inputs = inputs }], equation.Outputs)
            );
            var results = program.Run(operands);
            if (equation.Primitive is Scan scan)
            {
                loops++;
                var parts = LoopParts.Of(scan, threads, leastWork: 0);
                cut += parts.Count > 1 ? 1 : 0;
                var whole = Run(new ScanExecutable(LoopParts.Of(scan, threads: 1), scan), operands, equation);
                var inParts = Run(new ScanExecutable(parts, scan), operands, equation);
                foreach (var (expected, actual) in whole.Zip(inParts))
                {
                    Assert.True(expected.Bytes().SequenceEqual(actual.Bytes()));
                }

                results = whole;
            }

            foreach (var (variable, value) in equation.Outputs.Zip(results))
            {
                values[variable] = (DeviceArray)value;
            }
        }

        return cut;
    }

    private static DeviceArray[] Run(Executable executable, NDArray[] operands, Equation equation)
    {
        var results = Array.ConvertAll(equation.Outputs, y => DeviceArray.Allocate(y.Type));
        executable.Run(
            Array.ConvertAll(operands, x => ((DeviceArray)x).Address),
            Array.ConvertAll(results, y => y.Address)
        );
        GC.KeepAlive(operands);
        return results;
    }
}
