using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Data.Tests;

public sealed class NpzTests
{
    internal static readonly Dictionary<string, Dictionary<string, NDArray>> Parameters = new()
    {
        ["mlp/~/linear_0"] = new() { ["w"] = Jnp.Arange(6.0).Reshape((2, 3)), ["b"] = Jnp.Arange(3.0) },
        ["conv2_d"] = new() { ["w"] = Jnp.Arange(4).AsType(DType.BF16) },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parameters_come_back_in_their_tree_and_by_name(bool compress)
    {
        using var folder = new TemporaryFolder();
        Npz.Save(folder["p.npz"], Parameters, compress);

        var byName = Npz.Load(folder["p.npz"]);
        Assert.Equal(["conv2_d/w", "mlp/~/linear_0/b", "mlp/~/linear_0/w"], byName.Keys);
        Assert.Equal("bf16[4]", byName["conv2_d/w"].TypeText());
        Same(Parameters, Npz.Load(folder["p.npz"], Tree.Map(x => Jnp.ZerosLike(x), Parameters)));
    }

    [Fact]
    public void Names_are_the_way_to_the_leaf()
    {
        var tree = (Jnp.Zeros(1), new List<NDArray> { Jnp.Zeros(2), Jnp.Zeros(3) }, new Layer(Jnp.Zeros(4), null));
        Assert.Equal(["0", "1/0", "1/1", "2/W"], Load(Bytes(tree)).Keys);
        Assert.Equal(["arr_0"], Load(Bytes(Jnp.Zeros(1))).Keys);
        Assert.Equal(
            ["2", "10"],
            Load(Bytes(new Dictionary<int, NDArray> { [10] = Jnp.Zeros(1), [2] = Jnp.Zeros(1) })).Keys
        );
    }

    [Fact]
    public void Any_tree_comes_back()
    {
        var tree = (Step: 7, Layers: new[] { new Layer(Jnp.Arange(4.0), Jnp.Array(true)), new Layer(2.5, null) });
        var back = Npz.Load(
            new MemoryStream(Bytes(tree)),
            (Step: 0, Layers: new[] { new Layer(Jnp.Zeros(4), Jnp.Array(false)), new Layer(0.0, null) })
        );
        Assert.Equal(7, back.Step);
        Same(tree.Layers, back.Layers);
        Assert.Null(back.Layers[1].B);
        Assert.True(back.Layers[1].W.WeakType);
    }

    [Fact]
    public void Names_that_clash_are_refused()
    {
        var tree = new Dictionary<string, Dictionary<string, NDArray>>
        {
            ["a"] = new() { ["b/c"] = 1 },
            ["a/b"] = new() { ["c"] = 2 },
        };
        Assert.Contains("\"a/b/c\"", Assert.Throws<JaxArgumentException>(() => Bytes(tree)).Message);
        Assert.Contains(
            "Unicode",
            Assert.Throws<JaxArgumentException>(() => Bytes(new Dictionary<string, NDArray> { ["\uD800"] = 1 })).Message
        );
    }

    [Fact]
    public void What_does_not_fit_a_tree_is_listed()
    {
        byte[] file = Bytes(
            new Dictionary<string, NDArray>
            {
                ["extra"] = Jnp.Zeros(1),
                ["shape"] = Jnp.Zeros(2),
                ["type"] = Jnp.Zeros(3, DType.I32),
            }
        );
        var like = new Dictionary<string, NDArray>
        {
            ["missing"] = Jnp.Zeros(1),
            ["shape"] = Jnp.Zeros(3),
            ["type"] = Jnp.Zeros(3),
        };
        string message = Assert.Throws<TreeException>(() => Npz.Load(new MemoryStream(file), like)).Message;
        Assert.Contains("\"missing\" of type f32[1] is missing", message);
        Assert.Contains("\"shape\" is f32[2], where the tree has f32[3]", message);
        Assert.Contains("\"type\" is i32[3], where the tree has f32[3]", message);
        Assert.Contains("\"extra\" has no place in the tree", message);
    }

    [Fact]
    public void Equal_arrays_make_equal_files() => Assert.Equal(Bytes(Parameters), Bytes(Parameters));

    [Fact]
    public void Names_like_paths_are_only_names()
    {
        string[] names = ["../../x", "/etc/passwd", "C:\\x", "é✓", ""];
        var tree = names.ToDictionary(name => name, name => (NDArray)Jnp.Zeros(1));
        Assert.Equal(names.Order(StringComparer.Ordinal), Load(Bytes(tree)).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_arrays_may_be_inside()
    {
        Says("\"readme.txt\", which is no .npy file", Zip(("readme.txt", [1])));
        Says("two arrays with the name \"a\"", Zip(("a.npy", Npy(1)), ("a.npy", Npy(2))));
        Says("\"a.npy\": no .npy file", Zip(("a.npy", new byte[100])));
        Says("more bytes follow", Zip(("a.npy", [.. Npy(1), 0])));
        Says("no zip archive", [1, 2, 3]);
    }

    [Fact]
    public void A_wrong_checksum_is_seen()
    {
        byte[] file = Bytes(Jnp.Arange(100));
        file[200] ^= 1;
        Says("checksum", file);
    }

    [Fact]
    public void Checksums_are_those_of_zip()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0xCBF43926u, Crc32.Append(Crc32.Append(0, "12"u8), "3456789"u8));
        Assert.Equal(0x414FA339u, Crc32.Append(0, "The quick brown fox jumps over the lazy dog"u8));
    }

    [Fact]
    public void A_bomb_is_not_unpacked()
    {
        byte[] bomb = Zip(("a.npy", [.. Npy(1), .. new byte[1 << 24]]));
        Says("more bytes follow", bomb);

        // An honest archive that is larger inside than allowed.
        byte[] large = Bytes(Jnp.Zeros(1 << 20), compress: true);
        Assert.Equal(1 << 20, Load(large)["arr_0"].Size);
        Assert.Contains(
            "Raise maxBytes",
            Assert.Throws<DataFormatException>(() => Npz.Load(new MemoryStream(large), maxBytes: 1 << 20)).Message
        );
    }

    [Fact]
    public void Beginnings_are_refused() => Corruption.RefusesBeginnings(Bytes(Parameters), bytes => Load(bytes));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damage_gives_an_error_or_arrays(bool compress) =>
        Corruption.Survives(Bytes(Parameters, compress), bytes => Load(bytes));

    internal static void Same<T>(T expected, T got)
    {
        Assert.Equal(Tree.Structure(expected), Tree.Structure(got));
        Assert.All(
            Tree.LeavesWithPath(expected).Zip(Tree.LeavesWithPath(got)),
            pair =>
            {
                Assert.Equal(pair.First.Leaf.TypeText(), pair.Second.Leaf.TypeText());
                Assert.True((bool)Jnp.All(Jnp.Equal(pair.First.Leaf, pair.Second.Leaf)), $"{pair.First.Path}");
            }
        );
    }

    private static Dictionary<string, NDArray> Load(byte[] bytes) => Npz.Load(new MemoryStream(bytes));

    private static void Says(string message, byte[] bytes) =>
        Assert.Contains(message, Assert.Throws<DataFormatException>(() => Load(bytes)).Message);

    private static byte[] Bytes<T>(T tree, bool compress = false)
    {
        var stream = new MemoryStream();
        Npz.Save(stream, tree, compress);
        return stream.ToArray();
    }

    private static byte[] Npy(int value) => NpyTests.Bytes(value);

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    internal sealed record Layer(NDArray W, NDArray? B);
}
