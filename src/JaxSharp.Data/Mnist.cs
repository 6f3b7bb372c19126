using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using JaxSharp.Numpy;

namespace JaxSharp.Data;

/// <summary>
/// The MNIST database of handwritten digits: 60000 images to learn from and 10000 to test, of 28 × 28 grey values. It is part of this
/// library. Databases in the same four files, such as Fashion-MNIST, are read from a folder.
/// </summary>
public static class Mnist
{
    private const int Side = 28;

    private static readonly Dictionary<string, string> Sha256OfFiles = new()
    {
        ["train-images-idx3-ubyte"] = "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",
        ["train-labels-idx1-ubyte"] = "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203",
        ["t10k-images-idx3-ubyte"] = "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",
        ["t10k-labels-idx1-ubyte"] = "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",
    };

    private static readonly Func<NDArray, NDArray> Scale = Jax.Jit(Scaled);

    /// <summary>The digits of this library.</summary>
    /// <returns>Images u8[n,28,28] with labels i32[n], 60000 to learn from and 10000 to test.</returns>
    /// <exception cref="DataFormatException">The data do not have the SHA-256 they should: the assembly is damaged.</exception>
    /// <example><code>
    /// var (train, test) = Mnist.Load();
    /// train.Images.Shape; // => (60000,28,28)
    /// test.Labels[..5];   // => [7 2 1 0 4]
    /// </code></example>
    public static (LabelledImages Train, LabelledImages Test) Load() => Load(ReadEmbedded);

    /// <summary>
    /// Reads a database in the files of MNIST: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>,
    /// <c>t10k-images-idx3-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>, each with or without <c>.gz</c>.
    /// </summary>
    /// <param name="folder">The folder that holds the files.</param>
    /// <returns>Images u8[n,28,28] with labels i32[n].</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">
    /// A file is damaged or of another format, or the numbers of images and labels differ.
    /// </exception>
    public static (LabelledImages Train, LabelledImages Test) Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Load(name => ReadFile(folder, name));
    }

    /// <summary>
    /// Images as a network takes them: f32 between 0 and 1 with an axis of one channel. Inside of a compiled training step, the
    /// conversion fuses with what follows.
    /// </summary>
    /// <param name="images">Grey values, u8 of shape [n, height, width].</param>
    /// <returns>f32[n, height, width, 1].</returns>
    /// <exception cref="DTypeException">The elements are no u8.</exception>
    /// <exception cref="ShapeException">There are no three axes.</exception>
    /// <example><code>
    /// var (_, test) = Mnist.Load();
    /// NDArray x = Mnist.ToInputs(test.Images[..100]);
    /// x.Shape;    // => (100,28,28,1)
    /// jnp.Max(x); // => 1.0
    /// </code></example>
    public static NDArray ToInputs(NDArray images)
    {
        Argument.Given(images);
        if (images.DType != DType.U8)
        {
            throw new DTypeException($"Mnist.ToInputs needs grey values of type u8; got {images.Type}.");
        }

        return images.Ndim == 3
            ? Scale(images)
            : throw new ShapeException($"Mnist.ToInputs needs images of shape [n, height, width]; got {images.Type}.");
    }

    private static NDArray Scaled(NDArray images) => Jnp.ExpandDims(Jnp.AsType(images, DType.F32) / 255.0, -1);

    private static (LabelledImages, LabelledImages) Load(Func<string, NDArray> read) =>
        (LoadPart("train", read), LoadPart("t10k", read));

    private static LabelledImages LoadPart(string part, Func<string, NDArray> read)
    {
        string imagesName = $"{part}-images-idx3-ubyte";
        string labelsName = $"{part}-labels-idx1-ubyte";
        NDArray images = read(imagesName);
        NDArray labels = read(labelsName);
        if (images.DType != DType.U8 || images.Ndim != 3 || images.Shape[1] != Side || images.Shape[2] != Side)
        {
            throw new DataFormatException(
                $"{imagesName}: images of type u8[n,{Side},{Side}] are expected; the file holds {images.Type}. Idx.Read reads other arrays."
            );
        }

        if (labels.DType != DType.U8 || labels.Ndim != 1)
        {
            throw new DataFormatException(
                $"{labelsName}: labels of type u8[n] are expected; the file holds {labels.Type}."
            );
        }

        return images.Shape[0] == labels.Shape[0]
            ? new LabelledImages(images, Jnp.AsType(labels, DType.I32))
            : throw new DataFormatException(
                $"{imagesName} holds {images.Shape[0]} images, but {labelsName} holds {labels.Shape[0]} labels."
            );
    }

    private static NDArray ReadEmbedded(string name)
    {
        using Stream resource = typeof(Mnist).Assembly.GetManifestResourceStream(name + ".gz")!;
        string hash = Convert.ToHexStringLower(SHA256.HashData(resource));
        if (hash != Sha256OfFiles[name])
        {
            throw new DataFormatException(
                $"{name}.gz in {typeof(Mnist).Assembly.GetName().Name} has SHA-256 {hash}; it should be {Sha256OfFiles[name]}."
            );
        }

        resource.Position = 0;
        return Idx.Read(resource, name);
    }

    private static NDArray ReadFile(string folder, string name)
    {
        string[] places = [Path.Combine(folder, name), Path.Combine(folder, name + ".gz")];
        string path =
            places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"Mnist.Load needs the file {name} or {name}.gz in the folder {folder}.",
                places[0]
            );
        return Idx.Read(path);
    }
}
