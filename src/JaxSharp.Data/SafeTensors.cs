using System.Collections.Generic;
using System.IO;

namespace JaxSharp.Data;

/// <summary>
/// Trees of arrays in files of the <c>.safetensors</c> format, which holds all element types but c128, and texts beside. Arrays have the
/// names that <see cref="Npz"/> gives them.
/// </summary>
public static class SafeTensors
{
    /// <summary>Writes a tree of arrays. A file of that name is replaced at once, when the new one is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tree">The arrays: parameters, a dictionary, a tuple, …</param>
    /// <param name="metadata">Texts to put beside the arrays.</param>
    /// <exception cref="JaxArgumentException">
    /// Two arrays of the tree have the same name, one is called <c>__metadata__</c>, or its type is c128.
    /// </exception>
    /// <exception cref="ConcretizationException">An array is traced.</exception>
    /// <example><code>
    /// var parameters = new Dictionary&lt;string, NDArray&gt; { ["w"] = jnp.Ones((3, 2), jnp.BFloat16), ["b"] = jnp.Zeros(2) };
    /// string path = System.IO.Path.GetTempFileName();
    /// SafeTensors.Save(path, parameters, new Dictionary&lt;string, string&gt; { ["epoch"] = "7" });
    /// SafeTensors.Load(path)["w"].DType;          // => bf16
    /// SafeTensors.Load(path, parameters)["b"];    // => [0. 0.]
    /// SafeTensors.LoadMetadata(path)["epoch"];    // => 7
    /// </code></example>
    public static void Save<T>(string path, T tree, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(Argument.Given(path), stream => Save(stream, tree, metadata));

    /// <summary>Writes a tree of arrays to a stream.</summary>
    /// <inheritdoc cref="Save{T}(string, T, IReadOnlyDictionary{string, string}?)"/>
    public static void Save<T>(Stream stream, T tree, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensorsContent.Write(Argument.Given(stream), NamedLeaves.Of("SafeTensors.Save", tree), metadata);

    /// <summary>Reads all arrays by their names. Without 64-bit types enabled, 64-bit types narrow.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">The file is not in that format, cut off or damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Dictionary<string, NDArray> Load(string path)
    {
        using var file = File.OpenRead(path);
        return NamedLeaves.Canonical(SafeTensorsContent.Read(file, "SafeTensors.Load", path).Arrays);
    }

    /// <summary>Reads all arrays by their names from a stream that tells its length, up to its end.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static Dictionary<string, NDArray> Load(Stream stream) =>
        NamedLeaves.Canonical(
            SafeTensorsContent.Read(Argument.Given(stream), "SafeTensors.Load", SafeTensorsContent.Unnamed).Arrays
        );

    /// <summary>Reads the arrays of a tree.</summary>
    /// <param name="path">The file.</param>
    /// <param name="like">A tree with the structure, shapes and element types that are expected; its values do not matter.</param>
    /// <exception cref="TreeException">Names, shapes or element types in the file are not those of the tree.</exception>
    /// <exception cref="DataFormatException">The file is not in that format, cut off or damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static T Load<T>(string path, T like)
    {
        using var file = File.OpenRead(path);
        return NamedLeaves.Fit(
            "SafeTensors.Load",
            path,
            like,
            SafeTensorsContent.Read(file, "SafeTensors.Load", path).Arrays
        );
    }

    /// <summary>Reads the arrays of a tree from a stream that tells its length, up to its end.</summary>
    /// <inheritdoc cref="Load{T}(string, T)"/>
    public static T Load<T>(Stream stream, T like) =>
        NamedLeaves.Fit(
            "SafeTensors.Load",
            SafeTensorsContent.Unnamed,
            like,
            SafeTensorsContent.Read(Argument.Given(stream), "SafeTensors.Load", SafeTensorsContent.Unnamed).Arrays
        );

    /// <summary>Reads the texts beside the arrays.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static IReadOnlyDictionary<string, string> LoadMetadata(string path)
    {
        using var file = File.OpenRead(path);
        return SafeTensorsHeader.Read(ContentReader.Of(file, "SafeTensors.LoadMetadata", path)).Metadata;
    }
}
