using System.IO;
using System.Linq;
using JaxSharp.Arrays;

namespace JaxSharp.Data;

/// <summary>
/// Arrays in files of NumPy's <c>.npy</c> format. NumPy has no bf16: such an array is written as two bytes without type, <c>&lt;V2</c>, as
/// JAX does with NumPy, which gets it back by <c>np.load(path).view(ml_dtypes.bfloat16)</c>; and what is read of that type is bf16.
/// </summary>
public static class Npy
{
    /// <summary>Writes an array. A file of that name is replaced at once, when the new one is complete.</summary>
    /// <param name="path">The file; NumPy's end in <c>.npy</c>.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="ConcretizationException">The array is traced.</exception>
    /// <example><code>
    /// string path = System.IO.Path.GetTempFileName();
    /// Npy.Save(path, jnp.Arange(6).Reshape((2, 3)));
    /// Npy.Load(path); // => [[0 1 2] [3 4 5]]
    /// </code></example>
    public static void Save(string path, NDArray array) =>
        AtomicFile.Write(Argument.Given(path), stream => Save(stream, array));

    /// <summary>Writes an array to a stream.</summary>
    /// <exception cref="ConcretizationException">The array is traced.</exception>
    public static void Save(Stream stream, NDArray array) =>
        NpyContent.Write(Argument.Given(stream), NamedLeaves.Of("Npy.Save", Argument.Given(array)).Single().Array);

    /// <summary>
    /// Reads an array, of either byte order and of C's or Fortran's order of elements. Without 64-bit types enabled, 64-bit types narrow.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">
    /// The file is not in that format, cut off or damaged, or holds anything but numbers: Python objects are never loaded.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NDArray Load(string path)
    {
        using var file = File.OpenRead(path);
        return Load(file, path);
    }

    /// <summary>Reads an array from a stream that tells its length, up to its end.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static NDArray Load(Stream stream) => Load(Argument.Given(stream), ".npy stream");

    private static NDArray Load(Stream stream, string source) =>
        ArrayConversion.Canonical(NpyContent.Read(ContentReader.Of(stream, "Npy.Load", source)));
}
