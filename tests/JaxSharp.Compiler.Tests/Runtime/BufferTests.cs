using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using JaxSharp.Compiler.Runtime;
using Xunit;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Compiler.Tests.Runtime;

public unsafe class BufferTests
{
    [Fact]
    public void BuffersAreAlignedAndDisjoint()
    {
        var random = new System.Random(1);
        var buffers = new Buffer[2000];
        for (int i = 0; i < buffers.Length; i++)
        {
            buffers[i] = Buffer.Allocate(random.Next(random.Next(2) == 0 ? 100 : 10_000));
            Assert.Equal(0, buffers[i].Address % Buffer.Alignment);
            buffers[i].Bytes.Fill((byte)i);
        }

        for (int i = 0; i < buffers.Length; i++)
        {
            Assert.False(buffers[i].Bytes.ContainsAnyExcept((byte)i));
        }
    }

    [Fact]
    public void ReleasedMemoryIsReused()
    {
        var first = Buffer.Allocate(5_000_000);
        nint address = first.Address;
        first.Release();
        first.Release();
        var second = Buffer.Allocate(5_000_001);
        Assert.Equal(address, second.Address);
        second.Release();
    }

    [Fact]
    public void AnImpossibleRequestIsRefused()
    {
        var e = Assert.Throws<OutOfMemoryRequestException>(() => Buffer.Allocate(1_000_000_000_000_000));
        Assert.Equal(1_000_000_000_000_000, e.RequestedBytes);
        Assert.Contains("1000000000000000 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALoopThatDropsItsBuffersStaysSmall()
    {
        long start = BufferPool.LiveBytes;
        for (int i = 0; i < 3000; i++)
        {
            Touch();
            Assert.True(BufferPool.LiveBytes - start < 200L << 20);
        }
    }

    [Fact]
    public void BlocksBelowTheSizeOfAHugePageShareOneWithoutOverlap()
    {
        long[] sizes = [3000, 65_536, 100_000, 1_500_000, 4096, 900_000, 1_800_000, 300_000];
        BufferPool.Block[] blocks = [.. sizes.Select(BufferPool.Rent)];
        for (int i = 0; i < blocks.Length; i++)
        {
            Assert.Equal(0, blocks[i].Address % Buffer.Alignment);
            Bytes(i).Fill((byte)i);
        }

        // Pieces that were given back are not freed by Trim while their neighbours are in use.
        blocks[1].Dispose();
        NativePages.Trim();
        foreach (int i in (int[])[0, 2, 3, 4, 5, 6, 7])
        {
            Assert.False(Bytes(i).ContainsAnyExcept((byte)i));
            blocks[i].Dispose();
        }

        NativePages.Trim();
        using var again = BufferPool.Borrow(sizes[1]);
        new Span<byte>((void*)again.Address, (int)sizes[1]).Clear();

        Span<byte> Bytes(int i) => new((void*)blocks[i].Address, (int)sizes[i]);
    }

    [Fact]
    public void ALoopsGarbageIsCollectedAfterAFewMegabytes()
    {
        int collections = GC.CollectionCount(0);
        for (int i = 0; i < 400 && GC.CollectionCount(0) == collections; i++)
        {
            Touch();
            Thread.Sleep(1);
        }

        Assert.NotEqual(collections, GC.CollectionCount(0));
    }

    [Fact]
    public void UserMemoryIsSeenWithoutACopy()
    {
        float[] values = [1, 2, 3, 4];
        var buffer = Buffer.Wrap(values.AsMemory(1, 2));
        Assert.Equal(8, buffer.ByteLength);
        values[1] = 7;
        Assert.Equal(7f, BitConverter.ToSingle(buffer.Bytes));
        Assert.True(buffer.IsWrapped);
        GC.KeepAlive(buffer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch() => Buffer.Allocate(1 << 20).Bytes[0] = 1;
}
