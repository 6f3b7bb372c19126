using System;
using System.Linq;
using System.Runtime.InteropServices;
using JaxSharp.Compiler.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using Xunit;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Compiler.Tests.Emit;

/// <summary>Runs a kernel by the interpreter and by emitted code of every width.</summary>
internal static unsafe class Comparison
{
    /// <summary>Fails where the bits of outputs differ; all NaNs count as equal.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="inputLength">The number of elements in each input.</param>
    /// <param name="widths">The widths in bits to try; null for all.</param>
    /// <param name="streams">Whether to try stores past the caches too.</param>
    /// <param name="leastOutput">The least number of elements in each output.</param>
    public static void EmittedEqualsInterpreted(
        Kernel kernel,
        int inputLength,
        int[]? widths = null,
        bool streams = false,
        int leastOutput = 64
    )
    {
        int outputLength = (int)Math.Max(kernel.GridSize * kernel.Stages.Max(stage => stage.InnerSize), leastOutput);
        nint[] inputs = [.. kernel.Inputs.Select((type, i) => Sample(type, inputLength, i))];
        try
        {
            byte[][] expected = Run(kernel, 0, inputs, outputLength);
            foreach (int bits in (widths ?? [512, 256, 128]).Where(bits => bits <= Machine.VectorBits))
            {
                foreach (long streamedBytes in streams ? new[] { long.MaxValue, 0 } : [long.MaxValue])
                {
                    byte[][] actual = Run(kernel, bits, inputs, outputLength, streamedBytes);
                    for (int i = 0; i < expected.Length; i++)
                    {
                        Compare(kernel, bits, i, expected[i], actual[i]);
                    }
                }
            }
        }
        finally
        {
            foreach (nint input in inputs)
            {
                NativeMemory.Free((void*)input);
            }
        }
    }

    /// <summary>Fails where a kernel computes something else after all passes, but for the rounding of sums.</summary>
    public static void PlannedEqualsPlain(Kernel kernel, int inputLength)
    {
        int outputLength = (int)Math.Max(kernel.GridSize * kernel.Stages.Max(stage => stage.InnerSize), 64);
        nint[] inputs = [.. kernel.Inputs.Select((type, i) => Sample(type, inputLength, i))];
        byte[] expected = new byte[outputLength * kernel.Outputs[0].Size];
        fixed (byte* output = expected)
        {
            KernelInterpreter.Run(kernel, inputs, [(nint)output]);
        }

        // What is stored moves as far as the sum does that it is made of, and a sum in another order differs by rounding
        // errors of the size of what is added. That says nothing of the size of the stored value: both may cancel.
        bool sums = kernel.Stages.Any(stage => stage is Stage.Reduce { Monoid: Monoid.Add });
        byte[] magnitudes = sums ? new byte[expected.Length] : [];
        fixed (byte* output = magnitudes)
        {
            if (sums)
            {
                KernelInterpreter.Run(SumOfMagnitudes(kernel), inputs, [(nint)output]);
            }
        }

        byte[] actual = Run(kernel, 0, inputs, outputLength)[0];
        foreach (nint input in inputs)
        {
            NativeMemory.Free((void*)input);
        }

        var type = kernel.Outputs[0];
        double rounding = type == DType.F64 ? 1e-13 : 6e-5;
        for (int i = 0; i < outputLength; i++)
        {
            double x = ScalarValue.ToDouble(type, Element(expected, i, type.Size));
            double y = ScalarValue.ToDouble(type, Element(actual, i, type.Size));
            bool same = x.Equals(y) || x == y || (sums && IsRounding(i, Math.Abs(x - y)));
            if (!same)
            {
                Assert.Fail($"Output 0[{i}] is {y} instead of {x}:\n{kernel}");
            }
        }

        bool IsRounding(int place, double difference)
        {
            double magnitude = ScalarValue.ToDouble(type, Element(magnitudes, place, type.Size));
            return difference <= rounding * magnitude || !double.IsFinite(magnitude);
        }
    }

    // Stores at each place the sum of what its sum adds without signs.
    private static Kernel SumOfMagnitudes(Kernel kernel) =>
        new(
            kernel.Inputs,
            kernel.Outputs,
            kernel.Grid,
            [
                .. kernel.Stages.Select(stage =>
                    stage switch
                    {
                        Stage.Reduce sum => new Stage.Reduce(
                            sum.Monoid,
                            sum.Inner,
                            Scalar.Abs(sum.Body),
                            sum.Accumulation
                        ),
                        Stage.Store store => new Stage.Store(
                            store.Output,
                            store.Inner,
                            store.Index,
                            kernel.Stages.Any(other => other is Stage.Reduce)
                                ? Scalar.Reduced(0, store.Value.Type)
                                : store.Value
                        ),
                        _ => stage,
                    }
                ),
            ]
        );

    // Outputs are aligned as buffers are, or else nothing would go past the caches.
    private static byte[][] Run(Kernel kernel, int bits, nint[] inputs, int length, long streamedBytes = long.MaxValue)
    {
        var outputs = kernel.Outputs.Select(type => Buffer.Allocate((long)length * type.Size)).ToArray();
        foreach (var output in outputs)
        {
            output.Bytes.Clear();
        }

        var executable = KernelCompiler.Compile(kernel, bits, tiered: false, streamedBytes);
        executable.Run(inputs, [.. outputs.Select(output => output.Address)]);
        return [.. outputs.Select(output => output.Bytes.ToArray())];
    }

    private static void Compare(Kernel kernel, int bits, int output, byte[] expected, byte[] actual)
    {
        if (expected.AsSpan().SequenceEqual(actual))
        {
            return;
        }

        var type = kernel.Outputs[output];
        for (int i = 0; i < expected.Length / type.Size; i++)
        {
            ulong x = Element(expected, i, type.Size);
            ulong y = Element(actual, i, type.Size);
            bool bothNaN =
                type.IsFloating
                && double.IsNaN(ScalarValue.ToDouble(type, x))
                && double.IsNaN(ScalarValue.ToDouble(type, y));
            if (x != y && !bothNaN)
            {
                Assert.Fail(
                    $"Output {output}[{i}] with {bits} bits is {Text(type, y)} instead of {Text(type, x)}:\n{kernel}\n{string.Join('\n', KernelCompiler.Plan(kernel).Plans.AsEnumerable())}"
                );
            }
        }
    }

    private static string Text(DType type, ulong bits) => $"{Scalar.ConstBits(type, bits)} (0x{bits:x})";

    private static ulong Element(byte[] bytes, int index, int size)
    {
        ulong value = 0;
        for (int i = 0; i < size; i++)
        {
            value |= (ulong)bytes[index * size + i] << (8 * i);
        }

        return value;
    }

    // Ordinary numbers, special ones and random bits.
    private static nint Sample(DType type, int length, int seed)
    {
        double[] special =
        [
            0,
            -0.0,
            1,
            -1,
            2,
            0.5,
            1e-40,
            -1e-310,
            1e30,
            -1e300,
            double.NaN,
            double.PositiveInfinity,
            double.NegativeInfinity,
            127,
            -128,
            3,
        ];
        var random = new System.Random(seed + 17);
        byte* memory = (byte*)NativeMemory.Alloc((nuint)(length * type.Size));
        for (int i = 0; i < length; i++)
        {
            ulong bits = random.Next(6) switch
            {
                0 => ScalarValue.FromDouble(type, special[random.Next(special.Length)]),
                1 when !type.IsBool => (ulong)random.NextInt64(),
                _ => ScalarValue.FromDouble(type, (random.NextDouble() - 0.3) * 20),
            };
            for (int b = 0; b < type.Size; b++)
            {
                memory[i * type.Size + b] = (byte)(bits >> (8 * b));
            }
        }

        return (nint)memory;
    }
}
