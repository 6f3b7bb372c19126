using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Runtime.InteropServices;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Data.Tests;

/// <summary>Archives that NumPy wrote; NumPy/README.md says how.</summary>
public sealed class NumPyTests
{
    private static readonly string[] Names =
    [
        "f4",
        "f8",
        "f2",
        "i4",
        "i8",
        "u1",
        "bool",
        "c8",
        "scalar",
        "empty",
        "deep",
        "fortran",
        "strided",
        "big",
        "big_f8",
    ];

    /// <summary>Arrays that NumPy wrote in the order of their elements and in this machine's order of bytes.</summary>
    public static TheoryData<string> Plain => [.. Names.Except(["fortran", "big", "big_f8"])];

    [Theory]
    [InlineData("stored.npz")]
    [InlineData("compressed.npz")]
    public void NumPys_archives_are_read(string file)
    {
        using var scope = JaxConfig.X64();
        var arrays = Npz.Load(PathOf(file));
        Assert.Equal(Names.Order(StringComparer.Ordinal), arrays.Keys.Order(StringComparer.Ordinal));
        float nan = BitConverter.UInt32BitsToSingle(0x7FC00000); // .NET's has its sign set.
        Is("f32[2,3]", [1.5f, -0.25f, 1e-40f, float.PositiveInfinity, float.NegativeInfinity, nan], "f4");
        Is("f64[4]", [0.1, -1e300, double.Epsilon, -0.0], "f8");
        Is("f16[2,2]", [(Half)1, (Half)(-2), (Half)65504, (Half)6e-8], "f2");
        Is("i32[3]", [int.MinValue, int.MaxValue, 7], "i4");
        Is("i64[2,1]", [long.MinValue, long.MaxValue], "i8");
        Is("u8[2,8,16]", Enumerable.Range(0, 256).Select(i => (byte)i), "u1");
        Is("bool[3]", [true, false, true], "bool");
        Is("i32[]", [42], "scalar");
        Is<float>("f32[3,0,2]", [], "empty");
        Is("f32[1,1,1,1,1,1,1,1,1,1,1,1,1,1,2]", [0f, 1], "deep");
        Is("f32[2,3]", [0f, 1, 2, 3, 4, 5], "fortran");
        Is("i32[3,2]", [8, 10, 4, 6, 0, 2], "strided");
        Is("i32[3]", [1, -2, 300000], "big");
        Is("f64[2,2]", [0.5, 1.5, 2.5, 3.5], "big_f8");
        Is("c64[2]", [new Complex64(1, 2), new Complex64(-0f, -0.5f)], "c8");

        void Is<T>(string type, IEnumerable<T> elements, string name)
            where T : unmanaged
        {
            Assert.Equal(type, arrays[name].TypeText());
            Assert.Equal(Bits(elements), Bits(arrays[name].ToArray<T>()));
        }
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public void Arrays_are_written_with_the_bytes_of_NumPy(string name)
    {
        using var scope = JaxConfig.X64();
        byte[] expected = Member(File.ReadAllBytes(PathOf("stored.npz")), name);
        using var stream = new MemoryStream();
        Npy.Save(stream, Npz.Load(PathOf("stored.npz"))[name]);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(stream.ToArray()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Members_of_archives_have_the_names_and_bytes_of_NumPy(bool compress)
    {
        using var scope = JaxConfig.X64();
        byte[] expected = File.ReadAllBytes(PathOf("stored.npz"));
        using var stream = new MemoryStream();
        Npz.Save(stream, Npz.Load(PathOf("stored.npz")), compress);
        foreach (string name in Plain)
        {
            Assert.Equal(Member(expected, name), Member(stream.ToArray(), name));
        }
    }

    private static string PathOf(string file) => Repository.PathOf("tests", "JaxSharp.Data.Tests", "NumPy", file);

    private static byte[] Member(byte[] archive, string name)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        using var stream = zip.GetEntry(name + ".npy")!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    // −0 is not 0, and NaN is NaN.
    private static string Bits<T>(IEnumerable<T> elements)
        where T : unmanaged => Convert.ToHexString(MemoryMarshal.AsBytes<T>(elements.ToArray()));
}
