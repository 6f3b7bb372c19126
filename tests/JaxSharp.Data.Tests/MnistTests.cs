using System.IO;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Data.Tests;

public sealed class MnistTests
{
    private static readonly byte[] OneImage = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[28 * 28]];
    private static readonly byte[] OneLabel = [0, 0, 8, 1, 0, 0, 0, 1, 7];

    [Fact]
    public void The_digits_are_in_the_library()
    {
        var (train, test) = Mnist.Load();
        Assert.Equal("u8[60000,28,28]", train.Images.TypeText());
        Assert.Equal("i32[60000]", train.Labels.TypeText());
        Assert.Equal("u8[10000,28,28]", test.Images.TypeText());
        Assert.Equal("i32[10000]", test.Labels.TypeText());
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], train.Labels[..10].ToArray<int>());

        // Mean and deviation that everyone who normalises MNIST knows.
        float[] x = Mnist.ToInputs(train.Images).ToArray<float>();
        double mean = x.Average(v => (double)v);
        Assert.Equal(0.1307, mean, 4);
        Assert.Equal(0.3081, System.Math.Sqrt(x.Average(v => (v - mean) * (v - mean))), 4);
        Assert.Equal(
            [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
            Jnp.BinCount(test.Labels, length: 10).AsType(DType.I32).ToArray<int>()
        );
    }

    [Fact]
    public void Inputs_are_grey_values_between_0_and_1()
    {
        NDArray images = Jnp.Arange(256, dtype: DType.U8).Reshape((2, 8, 16));
        NDArray inputs = Mnist.ToInputs(images);
        Assert.Equal("f32[2,8,16,1]", inputs.TypeText());
        Assert.Equal([.. Enumerable.Range(0, 256).Select(i => i / 255f)], inputs.ToArray<float>());
        Assert.Equal(inputs.ToArray<float>(), Jax.Jit(Mnist.ToInputs)(images).ToArray<float>());

        Assert.Throws<DTypeException>(() => Mnist.ToInputs(inputs));
        Assert.Throws<ShapeException>(() => Mnist.ToInputs(images[0]));
    }

    [Fact]
    public void Files_of_a_folder_are_read_packed_or_not()
    {
        using var folder = new TemporaryFolder();
        Write(folder, OneImage, OneLabel);
        File.Delete(folder["t10k-labels-idx1-ubyte"]);
        File.WriteAllBytes(folder["t10k-labels-idx1-ubyte.gz"], IdxTests.Gzip(OneLabel));

        var (train, test) = Mnist.Load(folder.Root);
        Assert.Equal("u8[1,28,28]", train.Images.TypeText());
        Assert.Equal([7], test.Labels.ToArray<int>());
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        Write(folder, OneImage, OneLabel);
        File.Delete(folder["t10k-labels-idx1-ubyte"]);
        Assert.Contains(
            "t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz",
            Assert.Throws<FileNotFoundException>(() => Mnist.Load(folder.Root)).Message
        );
    }

    [Fact]
    public void Numbers_of_images_and_labels_must_agree()
    {
        using var folder = new TemporaryFolder();
        Write(folder, OneImage, [0, 0, 8, 1, 0, 0, 0, 2, 7, 8]);
        Refused(folder, "1 images, but train-labels-idx1-ubyte holds 2 labels");
    }

    [Fact]
    public void Images_have_the_size_of_digits()
    {
        using var folder = new TemporaryFolder();
        Write(folder, [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9], OneLabel);
        Refused(folder, "u8[n,28,28] are expected; the file holds u8[1,1,1]");
    }

    [Fact]
    public void Labels_are_a_vector_of_bytes()
    {
        using var folder = new TemporaryFolder();
        Write(folder, OneImage, [0, 0, 9, 1, 0, 0, 0, 1, 7]);
        Refused(folder, "u8[n] are expected; the file holds i8[1]");
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        using var folder = new TemporaryFolder();
        Write(folder, OneImage[..^1], OneLabel);
        Refused(folder, folder["train-images-idx3-ubyte"]);
    }

    private static void Refused(TemporaryFolder folder, string message) =>
        Assert.Contains(message, Assert.Throws<DataFormatException>(() => Mnist.Load(folder.Root)).Message);

    private static void Write(TemporaryFolder folder, byte[] images, byte[] labels)
    {
        foreach (string part in new[] { "train", "t10k" })
        {
            File.WriteAllBytes(folder[$"{part}-images-idx3-ubyte"], images);
            File.WriteAllBytes(folder[$"{part}-labels-idx1-ubyte"], labels);
        }
    }
}
