using BenchmarkDotNet.Attributes;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Internals;

/// <summary>Memory on loan.</summary>
public class Memory
{
    [Params(4096, 1 << 20, 64 << 20)]
    public long Bytes { get; set; }

    [Benchmark]
    public nint RentAndReturn()
    {
        using var block = BufferPool.Borrow(Bytes);
        return block.Address;
    }
}
