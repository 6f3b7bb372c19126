using System.Collections.Generic;
using System.IO;

namespace JaxSharp.Data;

/// <summary>
/// Trees of arrays in files of NumPy's <c>.npz</c> format, zip archives of <see cref="Npy"/> files. The name of an array is the way to it in
/// the tree, with slashes: the parameters <c>{"mlp/~/linear_0": {"w": …}}</c> have the name <c>mlp/~/linear_0/w</c>, items of tuples and lists
/// their index, members of records their name; a single array is <c>arr_0</c>. Names are never taken for paths of files.
/// </summary>
public static class Npz
{
    /// <summary>The most bytes that the arrays of a compressed file may take by default: 4 GiB.</summary>
    public const long DefaultMaxBytes = 4L << 30;

    /// <summary>Writes a tree of arrays. A file of that name is replaced at once, when the new one is complete.</summary>
    /// <param name="path">The file; NumPy's end in <c>.npz</c>.</param>
    /// <param name="tree">The arrays: parameters, a dictionary, a tuple, …</param>
    /// <param name="compress">Whether to compress the arrays, like NumPy's <c>savez_compressed</c>.</param>
    /// <exception cref="JaxArgumentException">Two arrays of the tree have the same name.</exception>
    /// <exception cref="ConcretizationException">An array is traced.</exception>
    /// <example><code>
    /// var parameters = new Dictionary&lt;string, Dictionary&lt;string, NDArray&gt;&gt;
    /// {
    ///     ["linear"] = new() { ["w"] = jnp.Ones((3, 2)), ["b"] = jnp.Zeros(2) },
    /// };
    /// string path = System.IO.Path.GetTempFileName();
    /// Npz.Save(path, parameters);
    /// Npz.Load(path).Keys;                       // => [linear/b, linear/w]
    /// Npz.Load(path, parameters)["linear"]["b"]; // => [0. 0.]
    /// </code></example>
    public static void Save<T>(string path, T tree, bool compress = false) =>
        AtomicFile.Write(Argument.Given(path), stream => Save(stream, tree, compress));

    /// <summary>Writes a tree of arrays to a stream.</summary>
    /// <inheritdoc cref="Save{T}(string, T, bool)"/>
    public static void Save<T>(Stream stream, T tree, bool compress = false) =>
        NpzArchive.Write(Argument.Given(stream), NamedLeaves.Of("Npz.Save", tree), compress);

    /// <summary>Reads all arrays by their names. Without 64-bit types enabled, 64-bit types narrow.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes that the arrays may take together, where that is more than the file has.</param>
    /// <exception cref="DataFormatException">
    /// The file is not in that format, cut off or damaged, too large when unpacked, or holds anything but arrays of numbers.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Dictionary<string, NDArray> Load(string path, long maxBytes = DefaultMaxBytes)
    {
        using var file = File.OpenRead(path);
        return NamedLeaves.Canonical(NpzArchive.Read(file, "Npz.Load", path, maxBytes));
    }

    /// <summary>Reads all arrays by their names from a stream that tells its length.</summary>
    /// <inheritdoc cref="Load(string, long)"/>
    public static Dictionary<string, NDArray> Load(Stream stream, long maxBytes = DefaultMaxBytes) =>
        NamedLeaves.Canonical(NpzArchive.Read(Argument.Given(stream), "Npz.Load", ".npz stream", maxBytes));

    /// <summary>Reads the arrays of a tree.</summary>
    /// <param name="path">The file.</param>
    /// <param name="like">A tree with the structure, shapes and element types that are expected; its values do not matter.</param>
    /// <param name="maxBytes">The most bytes that the arrays may take together, where that is more than the file has.</param>
    /// <exception cref="TreeException">Names, shapes or element types in the file are not those of the tree.</exception>
    /// <exception cref="DataFormatException">
    /// The file is not in that format, cut off or damaged, too large when unpacked, or holds anything but arrays of numbers.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static T Load<T>(string path, T like, long maxBytes = DefaultMaxBytes)
    {
        using var file = File.OpenRead(path);
        return NamedLeaves.Fit("Npz.Load", path, like, NpzArchive.Read(file, "Npz.Load", path, maxBytes));
    }

    /// <summary>Reads the arrays of a tree from a stream that tells its length.</summary>
    /// <inheritdoc cref="Load{T}(string, T, long)"/>
    public static T Load<T>(Stream stream, T like, long maxBytes = DefaultMaxBytes) =>
        NamedLeaves.Fit(
            "Npz.Load",
            ".npz stream",
            like,
            NpzArchive.Read(Argument.Given(stream), "Npz.Load", ".npz stream", maxBytes)
        );
}
