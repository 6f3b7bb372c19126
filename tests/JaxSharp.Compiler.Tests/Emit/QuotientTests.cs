using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Emit;
using JaxSharp.Compiler.Kernels;
using Xunit;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Compiler.Tests.Emit;

/// <summary>Quotients by way of a reciprocal are those of divisions, bit by bit.</summary>
public sealed class QuotientTests
{
    private const int Columns = 4096 + 7;

    private static readonly float[] Special =
    [
        0,
        -0f,
        1,
        -1,
        float.Epsilon,
        -float.Epsilon,
        1.1754942e-38f,
        1.17549435e-38f,
        float.MaxValue,
        float.MinValue,
        float.PositiveInfinity,
        float.NegativeInfinity,
        float.NaN,
        MathF.ScaleB(1, -59),
        MathF.ScaleB(-1.9999999f, -60),
        MathF.ScaleB(1, 120),
        MathF.ScaleB(1.9999999f, 119),
        MathF.ScaleB(1, 40),
        MathF.ScaleB(1.0000001f, 40),
        MathF.ScaleB(1, -40),
        MathF.ScaleB(1.9999999f, -41),
        1.0000001f,
        1.9999999f,
        5.656854f,
        1 / 3f,
    ];

    private static string Rows(int rows) =>
        $"""
            kernel (f32, f32) -> (f32) grid [{rows}]
            store 0 [{Columns}]: add(mul(a0, {Columns}), a1) = div(in0.f32[a1], in1.f32[a0])
            """;

    private static string Elements(int rows) =>
        $"""
            kernel (f32, f32) -> (f32) grid [{rows}, {Columns}]
            store 0 []: add(mul(a0, {Columns}), a1) = div(in0.f32[a1], in1.f32[a0])
            """;

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    public void AreThoseOfDivisions(int bits)
    {
        Assert.SkipWhen(bits > Machine.VectorBits, "There are no such vectors.");
        var random = new Random(7);
        float[] divisors = [.. Special, .. Enumerable.Range(0, 100).Select(_ => Any(random)), .. Usual(random, 200)];

        // Usual numbers alone, with zeros among them, and everything.
        float[] zeros = [.. Usual(random, 1024)];
        for (int i = 0; i < zeros.Length; i += 1 + random.Next(40))
        {
            zeros[i] = random.Next(2) == 0 ? 0 : -0f;
        }

        float[] start = [.. Usual(random, 1024), .. zeros, .. Special];
        float[] dividends = [.. start, .. Enumerable.Range(0, Columns - start.Length).Select(_ => Any(random))];
        foreach (string text in new[] { Rows(divisors.Length), Elements(divisors.Length) })
        {
            var kernel = KernelParser.Parse(text);
            Assert.Equal(
                Fma.IsSupported,
                KernelCompiler.Plan(kernel).Plans[0].Emitted.ToString().Contains("quotient", StringComparison.Ordinal)
            );
            using var x = new Floats(dividends);
            using var y = new Floats(divisors);
            using var quotients = new Floats(new float[divisors.Length * Columns]);
            KernelCompiler.Compile(kernel, bits, tiered: false).Run([x.Address, y.Address], [quotients.Address]);
            var got = quotients.Values;
            for (int i = 0; i < got.Length; i++)
            {
                float expected = dividends[i % Columns] / divisors[i / Columns];
                if (Bits(got[i]) != Bits(expected))
                {
                    Assert.Fail(
                        $"{dividends[i % Columns]:R} / {divisors[i / Columns]:R} is {expected:R}, got {got[i]:R}."
                    );
                }
            }
        }
    }

    [Theory]
    [InlineData("div(in0.f32[a0], in1.f32[a0])")]
    [InlineData("div(in1.f32[0], in0.f32[a0])")]
    public void VaryingDivisorsAreDividedBy(string value)
    {
        var kernel = KernelParser.Parse(
            $"""
            kernel (f32, f32) -> (f32) grid [40000]
            store 0 []: a0 = {value}
            """
        );
        Assert.DoesNotContain("quotient", KernelCompiler.Plan(kernel).Plans[0].Emitted.ToString());
        Comparison.EmittedEqualsInterpreted(kernel, 40000);
    }

    private static uint Bits(float x) => float.IsNaN(x) ? uint.MaxValue : BitConverter.SingleToUInt32Bits(x);

    private static float Any(Random random) => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));

    private static float[] Usual(Random random, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                    MathF.ScaleB(1 + random.NextSingle(), random.Next(-20, 21)) * (random.Next(2) == 0 ? 1 : -1)
                ),
        ];

    private sealed class Floats : IDisposable
    {
        private readonly Buffer memory;

        public Floats(float[] values)
        {
            memory = Buffer.Allocate(values.Length * sizeof(float));
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(memory.Bytes);
        }

        public nint Address => memory.Address;

        public float[] Values => MemoryMarshal.Cast<byte, float>(memory.Bytes).ToArray();

        public void Dispose() => memory.Release();
    }
}
