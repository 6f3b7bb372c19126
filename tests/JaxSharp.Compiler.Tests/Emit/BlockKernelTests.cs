using System;
using System.Runtime.InteropServices;
using JaxSharp.Compiler.Kernels;
using Xunit;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Compiler.Tests.Emit;

/// <summary>Blocks of a matrix, run one by one, give what the whole gives.</summary>
public sealed class BlockKernelTests
{
    private const int Rows = 13;
    private const int Columns = 70;

    private const string Text = """
        kernel (f32, f32, f32) -> (f32) grid [13, 70]
        store 0 []: add(mul(a0, 70), a1) = add(exp(in0.f32[add(mul(a0, 70), a1)]), mul(in1.f32[a1], in2.f32[0]))
        """;

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    [InlineData(0)]
    public void BlocksGiveWhatTheWholeGives(int bits)
    {
        var kernel = KernelParser.Parse(Text);
        var random = new Random(3);
        float[] values = new float[(Rows * Columns) + Columns + 1];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(random.NextDouble() * 4) - 2;
        }

        using var inputs = new Floats(values);
        using var expected = new Floats(new float[Rows * Columns]);
        using var got = new Floats(new float[Rows * Columns]);
        nint[] addresses =
        [
            inputs.Address,
            inputs.Address + (Rows * Columns * sizeof(float)),
            inputs.Address + (((Rows * Columns) + Columns) * sizeof(float)),
        ];
        KernelInterpreter.Run(kernel, addresses, [expected.Address]);

        var blocks = KernelCompiler.CompileBlocks(kernel, bits);
        int[] rowEdges = [0, 1, 5, 12, Rows];
        int[] columnEdges = [0, 3, 16, 48, 69, Columns];
        for (int r = 1; r < rowEdges.Length; r++)
        {
            for (int c = 1; c < columnEdges.Length; c++)
            {
                blocks.Run(
                    addresses,
                    [got.Address],
                    (rowEdges[r - 1], rowEdges[r]),
                    (columnEdges[c - 1], columnEdges[c])
                );
            }
        }

        Assert.Equal(expected.Values, got.Values);
        got.Clear();
        blocks.Run(addresses, [got.Address]);
        Assert.Equal(expected.Values, got.Values);
    }

    private sealed class Floats : IDisposable
    {
        private readonly Buffer memory;
        private readonly int length;

        public Floats(float[] values)
        {
            length = values.Length;
            memory = Buffer.Allocate(length * sizeof(float));
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(memory.Bytes);
        }

        public nint Address => memory.Address;

        public float[] Values => MemoryMarshal.Cast<byte, float>(memory.Bytes)[..length].ToArray();

        public void Clear() => memory.Bytes.Clear();

        public void Dispose() => GC.KeepAlive(memory);
    }
}
