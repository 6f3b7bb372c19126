using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Data.Tests;

public sealed class SafeTensorsTests
{
    [Fact]
    public void A_file_has_the_bytes_of_the_format()
    {
        var tree = new Dictionary<string, NDArray>
        {
            ["b"] = Jnp.Array(
                new short[,]
                {
                    { 1 },
                    { -1 },
                }
            ),
            ["a"] = Jnp.Array([true]),
            ["c"] = Jnp.Array(1.5f),
        };
        const string Json =
            """{"__metadata__":{"k":"v"},"c":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"I16","shape":[2,1],"data_offsets":[4,8]},"a":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}""";
        string padded = Json.PadRight((Json.Length + 7) / 8 * 8);
        byte[] expected =
        [
            .. BitConverter.GetBytes((long)padded.Length),
            .. Encoding.ASCII.GetBytes(padded),
            .. Convert.FromHexString("0000C03F" + "0100FFFF" + "01"),
        ];
        Assert.Equal(
            Encoding.Latin1.GetString(expected),
            Encoding.Latin1.GetString(Bytes(tree, new() { ["k"] = "v" }))
        );
    }

    [Fact]
    public void Every_element_type_but_c128_comes_back()
    {
        using var scope = JaxConfig.X64();
        var tree = DType
            .All.Where(dtype => dtype != DType.C128)
            .SelectMany(dtype =>
                new[]
                {
                    ($"{dtype}", Jnp.Arange(6).Reshape((3, 2)).AsType(dtype)),
                    ($"{dtype} scalar", Jnp.Array(1).AsType(dtype)),
                    ($"{dtype} empty", Jnp.Zeros((2, 0), dtype)),
                }
            )
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
        byte[] bytes = Bytes(tree);
        NpzTests.Same(tree, Load(bytes));
        NpzTests.Same(tree, SafeTensors.Load(new MemoryStream(bytes), Tree.Map(x => Jnp.ZerosLike(x), tree)));
        Assert.Contains(
            "c128. Use Npz.Save",
            Assert.Throws<JaxArgumentException>(() => Bytes(Jnp.Zeros(1, DType.C128))).Message
        );
    }

    [Fact]
    public void Parameters_come_back_from_a_file()
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Save(folder["p"], NpzTests.Parameters, new Dictionary<string, string> { ["é\"\n"] = "✓" });
        Assert.Equal(["mlp/~/linear_0/b", "mlp/~/linear_0/w", "conv2_d/w"], SafeTensors.Load(folder["p"]).Keys);
        NpzTests.Same(
            NpzTests.Parameters,
            SafeTensors.Load(folder["p"], Tree.Map(x => Jnp.ZerosLike(x), NpzTests.Parameters))
        );
        Assert.Equal([new("é\"\n", "✓")], SafeTensors.LoadMetadata(folder["p"]));
        Assert.Throws<TreeException>(() => SafeTensors.Load(folder["p"], Jnp.Zeros(1)));
    }

    [Fact]
    public void Large_arrays_are_written_and_read_in_pieces()
    {
        NDArray array = Jnp.Arange((ArrayMemory.PieceBytes / 4) + 3, dtype: DType.U32);
        using var folder = new TemporaryFolder();
        SafeTensors.Save(folder["large"], array);
        Assert.True((bool)Jnp.ArrayEqual(array, SafeTensors.Load(folder["large"], array)));
    }

    [Theory]
    [InlineData("""{}""", "", 0)]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}   """, "", 1)]
    [InlineData(
        """{"a":{"data_offsets":[2,4],"shape":[2],"dtype":"U8"},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""",
        "01020304",
        2
    )]
    [InlineData("""{"__metadata__":{},"../x":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", "01", 1)]
    public void A_header_may_be_written_in_many_ways(string header, string data, int count) =>
        Assert.Equal(count, Load(File(header, data)).Count);

    [Theory]
    [InlineData("", "", "does not begin with")]
    [InlineData(" {}", "", "does not begin with")]
    [InlineData("{", "", "no valid JSON")]
    [InlineData("{}x", "", "no valid JSON")]
    [InlineData("""{"a":1}""", "", "StartObject")]
    [InlineData("""{"a":[]}""", "", "StartObject")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[[[1]]]],"data_offsets":[0,1]}}""", "01", "no valid JSON")]
    [InlineData("""{"\uD800":{}}""", "", "no valid JSON")]
    [InlineData("""{"a":{}}""", "", "lacks")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", "01", "lacks")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}""", "01", "at most 2 integers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", "01", "integers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", "01", "integers")]
    [InlineData("""{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", "01", "integers")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", "01", "F8_E4M3")]
    [InlineData("""{"a":{"dtype":"bool","shape":[1],"data_offsets":[0,1]}}""", "01", "type bool")]
    [InlineData("""{"a":{"dtype":1,"shape":[1],"data_offsets":[0,1]}}""", "01", "Number")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "01", "twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":0}}""", "01", "\"x\"")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}""", "01", "u8[2] at bytes 0 to 1 of 1")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "01", "u8[2] at bytes 0 to 2 of 1")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", "01", "at bytes 1 to 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9999999999],"data_offsets":[0,9999999999]}}""", "01", "9999999999")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "", "4294967296")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,0]}}""",
        "",
        "2147483647"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
        "0102",
        "twice"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""",
        "010203",
        "overlap"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""",
        "010203",
        "gaps"
    )]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "0102", "but 2 follow")]
    [InlineData("""{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}""", "02", "other than 0 and 1")]
    [InlineData("""{"__metadata__":{"a":1}}""", "", "String")]
    [InlineData("""{"__metadata__":{"a":"","a":""}}""", "", "twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "", "twice")]
    public void What_is_wrong_is_said(string header, string data, string message) => Says(message, File(header, data));

    [Fact]
    public void A_header_cannot_claim_more_than_follows()
    {
        Says("claims 18446744073709551615 bytes", [.. BitConverter.GetBytes(ulong.MaxValue), 0]);
        Says("claims 100 bytes, but 1 follow", [.. BitConverter.GetBytes(100L), 0]);
        Says("length of the header", [1, 2, 3]);
    }

    [Fact]
    public void Nesting_does_not_run_away()
    {
        string deep = "{\"a\":" + new string('[', 1 << 20) + new string(']', 1 << 20) + "}";
        Says("StartObject", File(deep, ""));
        Says("valid JSON", File("{\"a\":{\"shape\":" + new string('[', 1 << 20), ""));
    }

    [Fact]
    public void A_name_may_not_be_that_of_the_metadata() =>
        Assert.Throws<JaxArgumentException>(() =>
            Bytes(new Dictionary<string, NDArray> { ["__metadata__"] = Jnp.Zeros(1) })
        );

    [Fact]
    public void Beginnings_are_refused() =>
        Corruption.RefusesBeginnings(Bytes(NpzTests.Parameters), bytes => Load(bytes));

    [Fact]
    public void Damage_gives_an_error_or_arrays() =>
        Corruption.Survives(Bytes(NpzTests.Parameters, new() { ["k"] = "v" }), bytes => Load(bytes));

    private static Dictionary<string, NDArray> Load(byte[] bytes) => SafeTensors.Load(new MemoryStream(bytes));

    private static void Says(string message, byte[] bytes) =>
        Assert.Contains(message, Assert.Throws<DataFormatException>(() => Load(bytes)).Message);

    private static byte[] Bytes<T>(T tree, Dictionary<string, string>? metadata = null)
    {
        var stream = new MemoryStream();
        SafeTensors.Save(stream, tree, metadata);
        return stream.ToArray();
    }

    private static byte[] File(string header, string data) =>
        [
            .. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)),
            .. Encoding.UTF8.GetBytes(header),
            .. Convert.FromHexString(data),
        ];
}
