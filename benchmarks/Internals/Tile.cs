using System;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using JaxSharp.Compiler.Contractions;

namespace JaxSharp.Internals;

/// <summary>The innermost loops of products: a tile of the output over K, with operands that lie in cache.</summary>
public unsafe class Tile : IDisposable
{
    private const int Alignment = 64;
    private readonly int vectors = TileKernel.Accumulators(TileKernel.NativeBytes) / TileKernel.MaxRows;
    private TileCode code = null!;
    private TileArguments arguments;
    private nint memory;

    [Params(64, 256)]
    public int K { get; set; }

    [Params(4, TileKernel.MaxRows)]
    public int Rows { get; set; }

    /// <summary>Packs nothing: the left operand has K next to each other, the right one a row of the tile for every step.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        int rowBytes = K * sizeof(float);
        int width = vectors * TileKernel.NativeBytes;
        nint left = Rows * rowBytes;
        nint right = K * width;
        nint tables = 2 * Rows * sizeof(nint);
        memory = (nint)
            NativeMemory.AlignedAlloc((nuint)(left + right + (Rows * width) + tables + sizeof(nint)), Alignment);
        new Span<byte>((void*)memory, (int)(left + right + (Rows * width) + tables + sizeof(nint))).Clear();

        // The right operand and the output are read and written in whole vectors, so they come first.
        nint output = memory + right;
        nint rows = output + (Rows * width);
        nint* table = (nint*)(rows + left);
        for (int i = 0; i < Rows; i++)
        {
            table[i] = rows + (i * rowBytes);
            table[Rows + i] = output + (i * width);
        }

        arguments = new TileArguments
        {
            Rows = (nint)table,
            Run = K,
            Section = K,
            Columns = memory,
            Panels = 1,
            Targets = (nint)(table + Rows),
        };
        var form = new TileForm(Rows, vectors, ColumnVectors: vectors);
        code = TileKernel.Get(DType.F32, TileKernel.NativeBytes, form);
    }

    [Benchmark]
    public void Run()
    {
        fixed (TileArguments* pinned = &arguments)
        {
            code(pinned);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        NativeMemory.AlignedFree((void*)memory);
        memory = 0;
        GC.SuppressFinalize(this);
    }
}
