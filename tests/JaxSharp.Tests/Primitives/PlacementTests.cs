using System;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Execution;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.TestKit;
using JaxSharp.Tracing;
using JaxSharp.Transforms;
using Xunit;

namespace JaxSharp.Tests.Primitives;

/// <summary>
/// Primitives that move elements, alone and fused with others, on random shapes: each element of the result against the
/// definition of the operation.
/// </summary>
public sealed class PlacementTests
{
    private delegate double Element(int i, int j);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Padding(int seed)
    {
        var (random, x, element) = Draw(seed);
        var (rows, columns) = (x.Shape[0], x.Shape[1]);
        PadDimension[] config =
        [
            new(random.Next(-1, 4), random.Next(1, 4), 0),
            new(random.Next(-1, 9), 3, random.Next(3)),
        ];
        double At(int i, int j)
        {
            var (u, v, step) = (i - config[0].Low, j - config[1].Low, config[1].Interior + 1);
            return u >= 0 && u < rows && v >= 0 && v % step == 0 && v / step < columns ? element(u, v / step) : 7;
        }

        var seven = DeviceArray.Scalar(7.0, DType.F32, weak: false);
        Check(xs => new Pad(config).Bind(xs[0], seven), At, 7, x);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Windows(int seed)
    {
        var (random, x, element) = Draw(seed);
        var (rows, columns) = (x.Shape[0], x.Shape[1]);
        Dims sizes = (random.Next(1, 5), random.Next(1, 5));
        WindowDimension[] window =
        [
            new(random.Next(1, 3), 2, random.Next(6), 1, 1),
            new(random.Next(1, 3), random.Next(4), 9, random.Next(1, 3), random.Next(1, 3)),
        ];
        double Combined(int i, int j, double start, Func<double, double, double> combine)
        {
            for (int p = 0; p < sizes[0]; p++)
            {
                for (int q = 0; q < sizes[1]; q++)
                {
                    int u = (i * window[0].Stride) + p - window[0].Low;
                    int v = (j * window[1].Stride) + (q * window[1].WindowDilation) - window[1].Low;
                    int hole = window[1].BaseDilation;
                    if (u >= 0 && u < rows && v >= 0 && v % hole == 0 && v / hole < columns)
                    {
                        start = combine(start, element(u, v / hole));
                    }
                }
            }

            return start;
        }

        Check(
            xs => WindowReduction.Of(Monoid.Add, sizes, window).Bind(xs[0]),
            (i, j) => Combined(i, j, 0, (a, b) => a + b),
            0,
            x
        );
        var nonnegative = new Mul().Bind(x, x);
        double[] squares = HostArray.ReadReal(nonnegative);
        element = (i, j) => squares[(i * columns) + j];
        Check(
            xs => WindowReduction.Of(Monoid.Max, sizes, window).Bind(xs[0]),
            (i, j) => Combined(i, j, double.NegativeInfinity, Math.Max),
            null,
            nonnegative
        );
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TheGradientOfMaxPoolingGoesToTheFirstMaximum(int seed)
    {
        var (random, x, element) = Draw(seed);
        var (rows, columns) = (x.Shape[0], x.Shape[1]);
        Dims sizes = (random.Next(1, 4), random.Next(1, 5));
        WindowDimension[] window = [new(random.Next(1, 3), 1, 2, 1, 1), new(random.Next(1, 4), 0, 3, 1, 1)];
        var pool = WindowReduction.Of(Monoid.Max, sizes, window);
        (NDArray[] pooled, LinearFunction linear) = Linearization.Linearize(xs => [pool.Bind(xs)], [x]);
        Shape places = pooled[0].Shape;
        var cotangent = new Sample($"f32[{places[0]},{places[1]}]").Draw(seed + 7);
        double[] ct = HostArray.ReadReal(cotangent);
        double[] expected = new double[rows * columns];
        for (int k = 0; k < ct.Length; k++)
        {
            var (best, at) = (double.NegativeInfinity, -1);
            for (int p = 0; p < sizes[0] * sizes[1]; p++)
            {
                int u = (k / places[1] * window[0].Stride) + (p / sizes[1]) - window[0].Low;
                int v = (k % places[1] * window[1].Stride) + (p % sizes[1]) - window[1].Low;
                if (u >= 0 && u < rows && v >= 0 && v < columns && element(u, v) > best)
                {
                    (best, at) = (element(u, v), (u * columns) + v);
                }
            }

            if (at >= 0)
            {
                expected[at] += ct[k];
            }
        }

        Compare(linear.Transpose([cotangent])[0]!, (i, j) => expected[(i * columns) + j]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void DynamicSlices(int seed)
    {
        var (random, x, element) = Draw(seed);
        var (rows, columns) = (x.Shape[0], x.Shape[1]);
        Shape block = (random.Next(1, rows + 1), random.Next(1, columns + 1));
        var update = new Sample($"f32[{block[0]},{block[1]}]").Draw(seed + 100);
        double[] updates = HostArray.ReadReal(update);
        int[] starts = [random.Next(-3, rows + 3), random.Next(-3, columns + 3)];
        int first = Math.Clamp(starts[0], 0, rows - block[0]);
        int second = Math.Clamp(starts[1], 0, columns - block[1]);
        NDArray[] indices = [.. starts.Select(s => DeviceArray.Scalar((long)s, DType.I32, weak: false))];
        Check(
            xs => new DynamicSlice(block).Bind([xs[0], .. indices]),
            (i, j) => element(first + i, second + j),
            null,
            x
        );
        Check(
            xs => new DynamicUpdateSlice().Bind([xs[0], xs[1], .. indices]),
            (i, j) =>
                i >= first && i < first + block[0] && j >= second && j < second + block[1]
                    ? updates[((i - first) * block[1]) + j - second]
                    : element(i, j),
            null,
            x,
            update
        );
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RowsAndConcatenation(int seed)
    {
        var (_, x, element) = Draw(seed);
        var (rows, columns) = (x.Shape[0], x.Shape[1]);
        var indices = new Sample("i32[13,1]", -3, rows + 2).Draw(seed);
        double[] chosen = HostArray.ReadReal(indices);
        var gather = new Gather(
            new GatherDimensionNumbers(1, 0, 0),
            (1, columns),
            GatherScatterMode.Fill,
            FillValue: 5
        );
        Check(
            xs => gather.Bind(xs[0], indices),
            (i, j) => chosen[i] < 0 || chosen[i] >= rows ? 5 : element((int)chosen[i], j),
            5,
            x
        );
        var half = new Slice((0, 0), (rows, columns), (1, 2));
        Check(
            xs => new Concatenate(1).Bind(xs[0], half.Bind(xs[0])),
            (i, j) => j < columns ? element(i, j) : element(i, 2 * (j - columns)),
            null,
            x
        );
    }

    private static (System.Random Random, NDArray X, Element Element) Draw(int seed)
    {
        var random = new System.Random(seed);
        int rows = random.Next(1, 60);
        int columns = random.Next(1, 120);
        var x = new Sample($"f32[{rows},{columns}]").Draw(seed);
        double[] values = HostArray.ReadReal(x);
        return (random, x, (i, j) => values[(i * columns) + j]);
    }

    // Alone, and fused with negations on either side; a constant that stands for missing elements is not negated inside.
    private static void Check(
        Func<NDArray[], NDArray> function,
        Element expected,
        double? constant,
        params NDArray[] xs
    )
    {
        Compare(function(xs), expected);
        if (constant is null)
        {
            (Jaxpr jaxpr, NDArray[] constants) = Staging.StageClosed(
                operands => [new Neg().Bind(function([.. operands.Select(x => new Neg().Bind(new Neg().Bind(x)))]))],
                [.. xs.Select(x => x.Type)]
            );
            var result = ProgramCompiler.Compile(jaxpr).Run([.. constants, .. xs])[0];
            Compare(result, (i, j) => -expected(i, j));
            return;
        }

        (Jaxpr fused, NDArray[] captured) = Staging.StageClosed(
            operands => [new Neg().Bind(function([.. operands.Select(x => new Neg().Bind(x))]))],
            [.. xs.Select(x => x.Type)]
        );
        var got = ProgramCompiler.Compile(fused).Run([.. captured, .. xs])[0];
        double missing = constant.Value;
        Compare(got, (i, j) => expected(i, j) is var e && e == missing ? -missing : e);
    }

    private static void Compare(NDArray result, Element expected)
    {
        double[] got = HostArray.ReadReal(result);
        int columns = result.Shape[1];
        for (int k = 0; k < got.Length; k++)
        {
            double wanted = (float)expected(k / columns, k % columns);
            Assert.True(
                got[k] == wanted || Math.Abs(got[k] - wanted) <= 1e-4 * (1 + Math.Abs(wanted)),
                $"element ({k / columns},{k % columns}) of {result.Type} is {got[k]}, expected {wanted}"
            );
        }
    }
}
