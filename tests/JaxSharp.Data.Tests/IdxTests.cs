using System;
using System.IO;
using System.IO.Compression;
using Xunit;

namespace JaxSharp.Data.Tests;

public sealed class IdxTests
{
    private static readonly byte[] Bytes = [0, 0, 0x08, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    [Fact]
    public void Axes_and_elements_are_those_of_the_file()
    {
        NDArray array = Idx.Read(new MemoryStream(Bytes));
        Assert.Equal((DType.U8, new Shape(2, 3)), (array.DType, array.Shape));
        Assert.Equal([1, 2, 3, 4, 5, 255], Recorded.Doubles(array));
    }

    [Theory]
    [InlineData(0x08, "FE", "u8", 254)]
    [InlineData(0x09, "FE", "i8", -2)]
    [InlineData(0x0B, "FF02", "i16", -254)]
    [InlineData(0x0C, "FFFFFF02", "i32", -254)]
    [InlineData(0x0D, "C0200000", "f32", -2.5)]
    [InlineData(0x0E, "C004000000000000", "f32", -2.5)]
    public void Elements_are_big_endian(byte code, string element, string dtype, double value)
    {
        NDArray array = Idx.Read(new MemoryStream([0, 0, code, 1, 0, 0, 0, 1, .. Convert.FromHexString(element)]));
        Assert.Equal(dtype, array.DType.Name);
        Assert.Equal([value], Recorded.Doubles(array));
    }

    [Fact]
    public void Doubles_stay_doubles_with_64_bit_types()
    {
        using var scope = JaxConfig.X64();
        byte[] bytes = [0, 0, 0x0E, 0, .. Convert.FromHexString("3FB999999999999A")];
        Assert.Equal(0.1, (double)Idx.Read(new MemoryStream(bytes)));
    }

    [Fact]
    public void An_array_may_be_empty() =>
        Assert.Equal(new Shape(0, 5), Idx.Read(new MemoryStream([0, 0, 0x0C, 2, 0, 0, 0, 0, 0, 0, 0, 5])).Shape);

    [Fact]
    public void Gzip_is_recognised() =>
        Assert.Equal([1, 2, 3, 4, 5, 255], Recorded.Doubles(Idx.Read(new MemoryStream(Gzip(Bytes)))));

    [Theory]
    [InlineData("", "magic number")]
    [InlineData("00000A0100000000", "begins with 00000A01")]
    [InlineData("01000801000000020102", "begins with 01000801")]
    [InlineData("000008FF", "begins with 000008FF")]
    [InlineData("00000803000000020000", "extents of 3 axes")]
    [InlineData("0000080100000003AABB", "u8[3] needs 3 bytes")]
    [InlineData("0000080100000001AABB", "more bytes follow")]
    [InlineData("00000801FFFFFFFF", "extent of 4294967295")]
    [InlineData("000008017FFFFFFF", "needs 2147483647 bytes")]
    [InlineData("000008027FFFFFFF7FFFFFFF", "more than the 4294967296 bytes allowed")]
    [InlineData("00000E047FFFFFFF7FFFFFFF7FFFFFFF7FFFFFFF", "more than the 4294967296 bytes allowed")]
    public void What_is_wrong_is_said(string bytes, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<DataFormatException>(() => Idx.Read(new MemoryStream(Convert.FromHexString(bytes)))).Message
        );

    [Fact]
    public void A_small_gzip_file_cannot_claim_much()
    {
        byte[] claim = Gzip([0, 0, 0x08, 2, 0, 1, 0, 0, 0, 0, 1, 0]);
        Assert.Contains(
            "needs 16777216 bytes",
            Assert.Throws<DataFormatException>(() => Idx.Read(new MemoryStream(claim))).Message
        );
    }

    [Fact]
    public void A_bomb_is_not_unpacked_beyond_what_it_claims()
    {
        byte[] bomb = Gzip([0, 0, 0x08, 1, 0, 0, 0, 10, .. new byte[1 << 24]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(
            "more bytes follow",
            Assert.Throws<DataFormatException>(() => Idx.Read(new MemoryStream(bomb))).Message
        );
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_gzip_file_ends_with_its_length()
    {
        byte[] packed = Gzip(Bytes);
        byte[] damaged = [.. packed];
        damaged[^6] ^= 1;
        foreach (byte[] bytes in new[] { packed[..^1], [.. packed, 0], damaged })
        {
            Assert.Throws<DataFormatException>(() => Idx.Read(new MemoryStream(bytes)));
        }
    }

    [Fact]
    public void The_largest_size_is_the_callers_choice()
    {
        Assert.Equal(6, Idx.Read(new MemoryStream(Bytes), maxBytes: 6).Size);
        Assert.Throws<DataFormatException>(() => Idx.Read(new MemoryStream(Bytes), maxBytes: 5));
    }

    [Fact]
    public void A_stream_without_length_is_refused()
    {
        using var stream = new GZipStream(new MemoryStream(Gzip(Bytes)), CompressionMode.Decompress);
        Assert.Contains("tells its length", Assert.Throws<JaxArgumentException>(() => Idx.Read(stream)).Message);
    }

    [Fact]
    public void Beginnings_are_refused()
    {
        Corruption.RefusesBeginnings(Bytes, bytes => Idx.Read(new MemoryStream(bytes)));
        Corruption.RefusesBeginnings(Gzip(Bytes), bytes => Idx.Read(new MemoryStream(bytes)));
    }

    [Fact]
    public void Damage_gives_an_error_or_an_array()
    {
        Corruption.Survives(Bytes, bytes => Idx.Read(new MemoryStream(bytes)));
        Corruption.Survives(Gzip(Bytes), bytes => Idx.Read(new MemoryStream(bytes)));
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
