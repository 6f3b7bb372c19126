using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using JaxSharp.Compiler.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using Xunit;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Compiler.Tests.Scalars;

/// <summary>Powers and remainders beside those of the runtime, for vectors of every width and folded.</summary>
public sealed class BinaryFunctionTests(ITestOutputHelper output)
{
    private static readonly double[] Special =
    [
        0,
        0.3,
        0.5,
        1,
        1.5,
        2,
        2.5,
        3,
        4,
        7,
        100,
        1001,
        16777216,
        16777217,
        9007199254740991,
        9007199254740992,
        18014398509481984,
        1e-5,
        1e10,
        1e30,
        3e38,
        1e200,
        1e308,
        1e-30,
        1.1754943508222875e-38,
        1e-40,
        1.4e-45,
        1e-200,
        2.2250738585072014e-308,
        5e-324,
        double.PositiveInfinity,
        double.NaN,
        0.99999994,
        1.0000001,
        0.9999999999999999,
        1.0000000000000002,
    ];

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    public void Powers(int bits)
    {
        Check("pow", Singles(), bits, Math.Pow, 0.51);
        Check("pow", Doubles(), bits, Math.Pow, 1.5);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    public void Remainders(int bits)
    {
        Check("rem", Singles(), bits, (x, y) => (float)x % (float)y, 0);
        Check("rem", Doubles(), bits, (x, y) => x % y, 0);
    }

    [Theory]
    [InlineData("pow")]
    [InlineData("rem")]
    public void FoldedBitsAreThoseOfVectors(string name)
    {
        foreach (var type in new[] { DType.F32, DType.F64 })
        {
            double[] values = [-3.7, 1.1, 0.4, 250.3, -2];
            (double X, double Y)[] pairs = [.. values.SelectMany(x => values.Select(y => (x, y)))];
            double[] x = [.. pairs.Select(pair => Rounded(type, pair.X))];
            double[] y = [.. pairs.Select(pair => Rounded(type, pair.Y))];
            double[] vectors = type == DType.F32 ? Run<float>(name, x, y, 128) : Run<double>(name, x, y, 128);
            for (int i = 0; i < pairs.Length; i++)
            {
                ScalarOps.TryParse(name, out var op);
                var value = Scalar.Make(op, type, Scalar.Const(type, x[i]), Scalar.Const(type, y[i]));
                Assert.Equal(vectors[i], ScalarValue.ToDouble(type, ((ScalarExpr.Const)value).Bits));
            }
        }
    }

    private static double Rounded(DType type, double x) => type == DType.F32 ? (float)x : x;

    private static IEnumerable<double> Signed() => Special.Concat(Special.Select(x => -x));

    private static float[] Singles()
    {
        var random = new Random(5);
        return
        [
            .. Signed().Select(x => (float)x),
            .. Enumerable.Range(0, 200).Select(_ => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32))),
            .. Enumerable.Range(0, 200).Select(i => MathF.ScaleB(1 + random.NextSingle(), (i % 16) - 8)),
        ];
    }

    private static double[] Doubles()
    {
        var random = new Random(6);
        return
        [
            .. Signed(),
            .. Enumerable
                .Range(0, 200)
                .Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))),
            .. Enumerable.Range(0, 200).Select(i => Math.ScaleB(1 + random.NextDouble(), (i % 22) - 11)),
        ];
    }

    private void Check<T>(string name, T[] values, int bits, Func<double, double, double> oracle, double tolerance)
        where T : unmanaged
    {
        Assert.SkipWhen(bits > Machine.VectorBits, "There are no such vectors.");
        bool single = typeof(T) == typeof(float);
        double[] all = [.. values.Select(value => Convert.ToDouble(value))];
        double[] x = [.. all.SelectMany(value => Enumerable.Repeat(value, all.Length))];
        double[] y = [.. Enumerable.Repeat(all, all.Length).SelectMany(row => row)];
        double[] got = Run<T>(name, x, y, bits);
        double worst = 0;
        for (int i = 0; i < got.Length; i++)
        {
            double exact = oracle(x[i], y[i]);
            double rounded = single ? (float)exact : exact;
            string text = $"{name}({x[i]:R}, {y[i]:R}) is {exact:R}, got {got[i]:R}.";
            if (!double.IsFinite(rounded) || rounded == 0 || tolerance == 0)
            {
                Assert.True(
                    rounded.Equals(got[i]) && double.IsNegative(rounded) == double.IsNegative(got[i])
                        || double.IsNaN(rounded) && double.IsNaN(got[i]),
                    text
                );
                continue;
            }

            int exponent = Math.Max(Math.ILogB(rounded) - (single ? 23 : 52), single ? -149 : -1074);
            double error = Math.Abs(Math.ScaleB(got[i], -exponent) - Math.ScaleB(exact, -exponent));
            worst = Math.Max(worst, error);
            Assert.True(error <= tolerance, $"{text} {error:F3} ulp");
        }

        output.WriteLine($"{name} {typeof(T).Name}: {worst:F3} ulp");
    }

    private static double[] Run<T>(string name, double[] x, double[] y, int bits)
        where T : unmanaged
    {
        string type = typeof(T) == typeof(float) ? "f32" : "f64";
        var kernel = KernelParser.Parse(
            $"""
            kernel ({type}, {type}) -> ({type}) grid [{x.Length}]
            store 0 []: a0 = {name}(in0.{type}[a0], in1.{type}[a0])
            """
        );
        var left = Memory(x);
        var right = Memory(y);
        var result = Memory(new double[x.Length]);
        try
        {
            KernelCompiler.Compile(kernel, bits, tiered: false).Run([left.Address, right.Address], [result.Address]);
            return
            [
                .. MemoryMarshal.Cast<byte, T>(result.Bytes)[..x.Length].ToArray().Select(v => Convert.ToDouble(v)),
            ];
        }
        finally
        {
            left.Release();
            right.Release();
            result.Release();
        }

        static Buffer Memory(double[] values)
        {
            T[] elements = [.. values.Select(value => (T)Convert.ChangeType(value, typeof(T)))];
            var bytes = MemoryMarshal.AsBytes(elements.AsSpan());
            var memory = Buffer.Allocate(bytes.Length);
            bytes.CopyTo(memory.Bytes);
            return memory;
        }
    }
}
