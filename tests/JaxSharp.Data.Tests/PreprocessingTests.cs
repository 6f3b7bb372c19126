using System.Linq;
using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Data.Tests;

public sealed class PreprocessingTests
{
    public static TheoryData<string> DataSets => [.. Recorded.Ids.Where(id => id.StartsWith("intro data"))];

    [Theory]
    [MemberData(nameof(DataSets))]
    public void The_scaler_is_that_of_scikit_learn(string id)
    {
        var recorded = Recorded.Case(id);
        var train = recorded.GetProperty("X_train").Array();
        var scaler = new StandardScaler().Fit(train);

        Close(scaler.Mean, "scaler_mean");
        Close(scaler.Scale, "scaler_scale");
        Close(scaler.Transform(train), "X_train_s");
        Close(scaler.Transform(recorded.GetProperty("X_test").Array()), "X_test_s");
        Close(scaler.InverseTransform(scaler.Transform(train)), "X_train");

        void Close(NDArray got, string expected)
        {
            double[] values = recorded.GetProperty(expected).Doubles();
            Assert.All(
                Recorded.Doubles(got).Zip(values),
                pair => Assert.Equal(pair.Second, pair.First, 1e-5 + (1e-5 * System.Math.Abs(pair.Second)))
            );
        }
    }

    [Fact]
    public void A_constant_feature_keeps_its_scale()
    {
        NDArray x = Jnp.Array([
            [1f, 5f],
            [3f, 5f],
        ]);
        Assert.Equal([-1, 0, 1, 0], Recorded.Doubles(new StandardScaler().FitTransform(x)));
    }

    [Fact]
    public void A_scaler_that_has_seen_nothing_says_so() =>
        Assert.Contains("call Fit", Assert.Throws<JaxArgumentException>(() => new StandardScaler().Mean).Message);

    [Fact]
    public void A_split_divides_all_samples_and_keeps_labels_with_them()
    {
        NDArray x = Jnp.Arange(40).Reshape((20, 2));
        NDArray y = Jnp.Arange(20);
        var (xTrain, xTest, yTrain, yTest) = ModelSelection.TrainTestSplit(JaxRandom.Key(1), x, y);

        Assert.Equal((15, 5), (xTrain.Shape[0], xTest.Shape[0]));
        int[] all = [.. yTrain.ToArray<int>(), .. yTest.ToArray<int>()];
        Assert.Equal(Enumerable.Range(0, 20), all.Order());
        Assert.NotEqual(Enumerable.Range(0, 20), all);
        Assert.All(
            xTrain.ToArray<int>().Chunk(2).Zip(yTrain.ToArray<int>()),
            pair => Assert.Equal([2 * pair.Second, (2 * pair.Second) + 1], pair.First)
        );
    }

    [Fact]
    public void A_stratified_split_keeps_proportions()
    {
        NDArray y = Jnp.Array([.. Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? 1 : 0)]);
        var (_, _, yTrain, yTest) = ModelSelection.TrainTestSplit(JaxRandom.Key(0), y, y, testSize: 8, stratify: y);
        Assert.Equal((8, 24), (yTrain.ToArray<int>().Sum(), yTrain.ToArray<int>().Count(v => v == 0)));
        Assert.Equal((2, 6), (yTest.ToArray<int>().Sum(), yTest.ToArray<int>().Count(v => v == 0)));
    }

    [Fact]
    public void A_stratified_split_is_in_random_order()
    {
        NDArray y = Jnp.Array([.. Enumerable.Range(0, 200).Select(i => i / 100)]);
        NDArray x = Jnp.Arange(200);
        var (xTrain, xTest, yTrain, yTest) = ModelSelection.TrainTestSplit(JaxRandom.Key(5), x, y, stratify: y);
        foreach (int[] part in new[] { yTrain.ToArray<int>(), yTest.ToArray<int>() })
        {
            // Not one class first, nor any other long run of one class.
            Assert.InRange(
                part.Zip(part.Skip(1)).Count(pair => pair.First != pair.Second),
                part.Length / 4,
                part.Length
            );
        }

        int[] all = [.. xTrain.ToArray<int>(), .. xTest.ToArray<int>()];
        Assert.Equal(Enumerable.Range(0, 200), all.Order());
        Assert.Equal(all.Select(i => i / 100), [.. yTrain.ToArray<int>(), .. yTest.ToArray<int>()]);
    }

    [Fact]
    public void Missing_values_are_left_out_of_the_moments()
    {
        NDArray x = Jnp.Array([
            [1f, float.NaN],
            [float.NaN, float.NaN],
            [3f, float.NaN],
        ]);
        var scaler = new StandardScaler().Fit(x);
        Assert.Equal([2, double.NaN], Recorded.Doubles(scaler.Mean));
        Assert.Equal([-1, float.NaN, 1], Recorded.Doubles(scaler.Transform(x)[.., 0]));
        Assert.Throws<JaxArgumentException>(() => new StandardScaler().Fit(Jnp.Full((2, 2), float.PositiveInfinity)));
    }

    [Fact]
    public void Classes_have_the_sizes_of_their_weights()
    {
        int[] Counts(params double[] weights) =>
            [
                .. Datasets
                    .MakeClassification(JaxRandom.Key(0), nSamples: 100, weights: weights, flipY: 0)
                    .Y.ToArray<int>()
                    .CountBy(label => label)
                    .OrderBy(count => count.Key)
                    .Select(count => count.Value),
            ];
        Assert.Equal([75, 25], Counts(0.75));
        Assert.Equal([70, 30], Counts(0.7, 0.3));
        foreach (double[] wrong in new[] { [], [0.1, 0.2, 0.7], [1.5], [-0.5, 1.5], [0.9, 0.9], new[] { double.NaN } })
        {
            Assert.Contains("weight", Assert.Throws<JaxArgumentException>(() => Counts(wrong)).Message);
        }

        Assert.Throws<JaxArgumentException>(() => Datasets.MakeClassification(JaxRandom.Key(0), flipY: 1.5));
        Assert.Throws<JaxArgumentException>(() => Datasets.MakeClassification(JaxRandom.Key(0), nRedundant: -1));
        Assert.Throws<JaxArgumentException>(() =>
            Datasets.MakeClassification(JaxRandom.Key(0), nClasses: 1 << 16, nClustersPerClass: 1 << 16)
        );
    }

    [Fact]
    public void Impossible_sizes_are_refused()
    {
        NDArray x = Jnp.Arange(4);
        Assert.Throws<JaxArgumentException>(() => ModelSelection.TrainTestSplit(JaxRandom.Key(0), x, x, testSize: 9));
        Assert.Throws<JaxArgumentException>(() =>
            ModelSelection.TrainTestSplit(JaxRandom.Key(0), x, x, testSize: -0.1)
        );
        Assert.Throws<ShapeException>(() => ModelSelection.TrainTestSplit(JaxRandom.Key(0), x, Jnp.Arange(3)));
    }

    [Fact]
    public void A_classification_problem_has_the_shape_asked_for_and_is_reproducible()
    {
        var (x, y) = Datasets.MakeClassification(
            JaxRandom.Key(3),
            nSamples: 61,
            nFeatures: 7,
            nRepeated: 1,
            nClasses: 3,
            nClustersPerClass: 1
        );
        var (again, _) = Datasets.MakeClassification(
            JaxRandom.Key(3),
            nSamples: 61,
            nFeatures: 7,
            nRepeated: 1,
            nClasses: 3,
            nClustersPerClass: 1
        );

        Assert.Equal("f32[61,7]", $"{x.DType}[{string.Join(",", x.Shape)}]");
        Assert.Equal([0, 1, 2], y.ToArray<int>().Distinct().Order());
        Assert.Equal(x.ToArray<float>(), again.ToArray<float>());
        Assert.Throws<JaxArgumentException>(() => Datasets.MakeClassification(JaxRandom.Key(3), nClasses: 5));
    }
}
