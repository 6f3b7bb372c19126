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
