using System;
using System.IO;
using System.Linq;
using System.Text;
using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Data.Tests;

public sealed class NpyTests
{
    public static TheoryData<string, string> Descriptions =>
        new()
        {
            { "bool", "|b1" },
            { "i8", "|i1" },
            { "i16", "<i2" },
            { "i32", "<i4" },
            { "i64", "<i8" },
            { "u8", "|u1" },
            { "u16", "<u2" },
            { "u32", "<u4" },
            { "u64", "<u8" },
            { "f16", "<f2" },
            { "bf16", "<V2" },
            { "f32", "<f4" },
            { "f64", "<f8" },
            { "c64", "<c8" },
            { "c128", "<c16" },
        };

    [Fact]
    public void A_file_has_the_bytes_of_NumPy()
    {
        string header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2), }".PadRight(117) + "\n";
        byte[] expected =
        [
            .. Convert.FromHexString("934E554D505901007600"),
            .. Encoding.ASCII.GetBytes(header),
            .. Convert.FromHexString("010002000300FFFF"),
        ];
        NDArray array = Jnp.Array(
            new short[,]
            {
                { 1, 2 },
                { 3, -1 },
            }
        );
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Bytes(array)));
        Assert.Equal(0, (expected.Length - 8) % 64);
    }

    [Theory]
    [MemberData(nameof(Descriptions))]
    public void Every_element_type_has_its_description_and_comes_back(string dtype, string description)
    {
        using var scope = JaxConfig.X64();
        foreach (
            Shape shape in new[] { Shape.Scalar, new Shape(3), new Shape(2, 3), new Shape(0, 4), new Shape(1, 2, 3, 4) }
        )
        {
            NDArray array = Jnp.Arange(100)[..(int)shape.Size].Reshape(shape).AsType(DType.Parse(dtype)!);
            byte[] bytes = Bytes(array);
            string text = $"{{'descr': '{description}', 'fortran_order': False, 'shape': {PythonTuple(shape)}, }}";
            Assert.StartsWith(text, Encoding.ASCII.GetString(bytes)[10..]);

            NDArray back = Npy.Load(new MemoryStream(bytes));
            Assert.Equal(array.TypeText(), back.TypeText());
            Assert.True((bool)Jnp.All(Jnp.Equal(array, back)));
        }
    }

    [Theory]
    [InlineData(">i2", "00010002FFFF", "[ 1  2 -1]")]
    [InlineData(">f4", "3F800000C0000000", "[ 1. -2.]")]
    [InlineData(">c8", "3F80000040000000", "[1.+2.j]")]
    [InlineData(">f8", "BFF0000000000000", "[-1.]")]
    [InlineData("=i2", "0100", "[1]")]
    [InlineData("|V2", "803F00C0", "[1 -2]")]
    [InlineData("<f2", "003C", "[1.]")]
    public void Either_byte_order_is_read(string description, string bytes, string values)
    {
        byte[] data = Convert.FromHexString(bytes);
        int count = values.Split([' ', '[', ']'], StringSplitOptions.RemoveEmptyEntries).Length;
        NDArray array = Npy.Load(File(Header(description, shape: $"({count},)"), data));
        Assert.Equal(values, array.ToString());
    }

    [Fact]
    public void Fortrans_order_is_turned_into_Cs()
    {
        byte[] data = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        NDArray array = Npy.Load(File(Header("|u1", "True", "(2, 3, 4)"), data));
        NDArray expected = Jnp.Transpose(Jnp.Arange(24, dtype: DType.U8).Reshape((4, 3, 2)));
        Assert.Equal("u8[2,3,4]", array.TypeText());
        Assert.True((bool)Jnp.ArrayEqual(expected, array));
        Assert.Equal([0, 1], Npy.Load(File(Header("|u1", "True", "(2,)"), [0, 1])).ToArray<byte>());
        Assert.Equal(new Shape(0, 3), Npy.Load(File(Header("|u1", "True", "(0, 3)"), [])).Shape);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_is_read(byte version) =>
        Assert.Equal([7], Npy.Load(File(Header("|u1", shape: "(1,)"), [7], version)).ToArray<byte>());

    [Theory]
    [InlineData("{\"descr\":\"<i2\",\"shape\":(1,),\"fortran_order\":False}")]
    [InlineData("  {  'shape' : ( 1 , ) , 'fortran_order':False\t, 'descr':'<i2' , }  \n ")]
    [InlineData("{'shape': (1), 'fortran_order': True, 'descr': '<i2'}")]
    public void A_header_may_be_written_in_other_ways(string header) =>
        Assert.Equal([5], Npy.Load(File(header, [5, 0])).ToArray<short>());

    [Theory]
    [InlineData("", "'{'")]
    [InlineData("{}", "lacks descr")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "Python objects")]
    [InlineData("{'descr': 'O', 'fortran_order': False, 'shape': (1,), }", "'O'")]
    [InlineData("{'descr': [('a', '<i2')], 'fortran_order': False, 'shape': (1,), }", "records")]
    [InlineData("{'descr': '<U5', 'fortran_order': False, 'shape': (1,), }", "'<U5'")]
    [InlineData("{'descr': '<i3', 'fortran_order': False, 'shape': (1,), }", "'<i3'")]
    [InlineData("{'descr': '', 'fortran_order': False, 'shape': (1,), }", "''")]
    [InlineData("{'descr': '<i2', 'descr': '<i2', 'fortran_order': False, 'shape': (1,), }", "twice")]
    [InlineData("{'descr': '<i2', 'fortran_order': 0, 'shape': (1,), }", "True or False")]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (-1,), }", "an extent")]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (99999999999,), }", "an extent")]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (1,), 'x': 1}", "'x'")]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (1,)} + {}", "nothing more")]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (1 1)}", "')'")]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (1,)", "'}'")]
    [InlineData("{'descr': '<i2", "a text in quotes")]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647)}", "counted")]
    [InlineData(
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2147483647, 1000000)}",
        "needs 4294967294000000 bytes"
    )]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (2,)}", "needs 4 bytes")]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", "other than 0 and 1")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", "more bytes follow")]
    public void What_is_wrong_with_a_header_is_said(string header, string message) =>
        Says(message, File(header, [0, 2]));

    [Fact]
    public void Other_files_are_refused()
    {
        Says("magic number", new MemoryStream([1, 2, 3]));
        Says("begins with 504B030400000000", new MemoryStream(Convert.FromHexString("504B030400000000")));
        Says("version", new MemoryStream(Convert.FromHexString("934E554D5059040000000000")));
        Says("claims 4294967295 bytes", new MemoryStream(Convert.FromHexString("934E554D50590200FFFFFFFF00")));
    }

    [Fact]
    public void Without_64_bit_types_values_narrow_if_they_fit()
    {
        byte[] data = BitConverter.GetBytes(5L);
        Assert.Equal(DType.I32, Npy.Load(File(Header("<i8", shape: "()"), data)).DType);
        data[7] = 1;
        Assert.Throws<DTypeException>(() => Npy.Load(File(Header("<i8", shape: "()"), data)));
    }

    [Fact]
    public void A_file_is_replaced_whole_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        Npy.Save(folder["a.npy"], Jnp.Arange(3));
        Npy.Save(folder["a.npy"], Jnp.Arange(4));
        Assert.Throws<ConcretizationException>(() =>
            Jax.Jit(
                (NDArray x) =>
                {
                    Npy.Save(folder["a.npy"], x);
                    return x;
                }
            )(1)
        );
        Assert.Equal("[0 1 2 3]", Npy.Load(folder["a.npy"]).ToString());
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Beginnings_are_refused() =>
        Corruption.RefusesBeginnings(Bytes(Jnp.Arange(5)), bytes => Npy.Load(new MemoryStream(bytes)));

    [Fact]
    public void Damage_gives_an_error_or_an_array() =>
        Corruption.Survives(Bytes(Jnp.Arange(5)), bytes => Npy.Load(new MemoryStream(bytes)));

    internal static byte[] Bytes(NDArray array)
    {
        var stream = new MemoryStream();
        Npy.Save(stream, array);
        return stream.ToArray();
    }

    private static string Header(string description, string fortranOrder = "False", string shape = "(1,)") =>
        $"{{'descr': '{description}', 'fortran_order': {fortranOrder}, 'shape': {shape}, }}\n";

    private static MemoryStream File(string header, byte[] data, byte version = 1)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);
        byte[] length = BitConverter.GetBytes(text.Length);
        return new MemoryStream([
            0x93,
            .. "NUMPY"u8,
            version,
            0,
            .. version == 1 ? length[..2] : length,
            .. text,
            .. data,
        ]);
    }

    private static string PythonTuple(Shape shape) =>
        shape.Rank == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";

    private static void Says(string message, Stream stream) =>
        Assert.Contains(message, Assert.Throws<DataFormatException>(() => Npy.Load(stream)).Message);

    [Theory]
    [InlineData("(0, 2147483647, 2147483647, 2147483647)", "True")]
    [InlineData("(0, 2147483647, 2147483647, 2147483647)", "False")]
    [InlineData("(2147483647, 2147483647, 2147483647, 0)", "True")]
    public void Extents_that_cannot_be_counted_are_refused_where_another_is_zero(string shape, string fortran)
    {
        string header = $"{{'descr': '<f4', 'fortran_order': {fortran}, 'shape': {shape}, }}".PadRight(117) + "\n";
        byte[] file = [.. Convert.FromHexString("934E554D505901007600"), .. Encoding.ASCII.GetBytes(header)];
        var error = Assert.Throws<DataFormatException>(() => Npy.Load(new MemoryStream(file)));
        Assert.Contains("more elements than can be counted", error.Message);
    }
}
