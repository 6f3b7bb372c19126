using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using JaxSharp.Data;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Examples.Introduction;

/// <summary>Features scaled to mean 0 and variance 1, and labels 0 or 1.</summary>
public sealed record Dataset(NDArray XTrain, NDArray XTest, NDArray YTrain, NDArray YTest)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "data");

    private static DType Float => JaxConfig.EnableX64 ? DType.F64 : DType.F32;

    /// <summary>The names of the recorded data sets.</summary>
    public static string[] Names =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    /// <summary>A new classification problem: 500 samples with 20 features, a quarter of them to test with.</summary>
    public static Dataset Make(PrngKey key)
    {
        var (dataKey, splitKey) = JaxRandom.Split(key);
        var (x, y) = Datasets.MakeClassification(dataKey, nSamples: 500);
        var (xTrain, xTest, yTrain, yTest) = ModelSelection.TrainTestSplit(splitKey, x.AsType(Float), y);
        var scaler = new StandardScaler().Fit(xTrain);
        return new Dataset(scaler.Transform(xTrain), scaler.Transform(xTest), yTrain, yTest);
    }

    /// <summary>
    /// A recorded data set: one that scikit-learn made, split and scaled, so that results can be compared with those of JAX.
    /// </summary>
    public static Dataset Load(string name)
    {
        string text = File.ReadAllText(Path.Combine(Folder, name + ".json"));
        using var json = JsonDocument.Parse(text);
        return new Dataset(Read("X_train_s"), Read("X_test_s"), Read("y_train"), Read("y_test"));

        NDArray Read(string member)
        {
            var array = json.RootElement.GetProperty(member);
            int[] shape = [.. array.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())];
            byte[] bytes = array.GetProperty("f32").GetBytesFromBase64();
            float[] values = new float[bytes.Length / sizeof(float)];
            Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
            return jnp.Array(values).Reshape(shape).AsType(Float);
        }
    }
}
