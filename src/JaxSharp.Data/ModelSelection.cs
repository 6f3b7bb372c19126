using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Data;

/// <summary>Divides data into parts to learn from and to be judged by.</summary>
public static class ModelSelection
{
    /// <summary>Splits samples and their labels at random into a training and a test part.</summary>
    /// <param name="key">A random key.</param>
    /// <param name="x">Samples, along the first axis.</param>
    /// <param name="y">Labels, one for each sample.</param>
    /// <param name="testSize">The fraction (below 1) or number of test samples; a quarter by default.</param>
    /// <param name="trainSize">The fraction (below 1) or number of training samples; what the test leaves by default.</param>
    /// <param name="shuffle">Whether to take samples at random; otherwise the last ones are the test.</param>
    /// <param name="stratify">Class labels whose proportions both parts shall keep.</param>
    /// <example><code>
    /// var (xTrain, xTest, yTrain, yTest) = ModelSelection.TrainTestSplit(key, jnp.Ones((8, 2)), jnp.Arange(8));
    /// xTest.Shape; // => (2,2)
    /// </code></example>
    public static (NDArray XTrain, NDArray XTest, NDArray YTrain, NDArray YTest) TrainTestSplit(
        PrngKey key,
        NDArray x,
        NDArray y,
        double? testSize = null,
        double? trainSize = null,
        bool shuffle = true,
        NDArray? stratify = null
    )
    {
        Argument.Given(x);
        Argument.Given(y);
        if (x.Ndim == 0 || y.Ndim == 0 || x.Shape[0] != y.Shape[0])
        {
            throw new ShapeException(
                $"TrainTestSplit needs a label for each sample along the first axis; got shapes {x.Shape} and {y.Shape}."
            );
        }

        int n = x.Shape[0];
        var (train, test) = Sizes(n, testSize, trainSize);
        var (trainPlaces, testPlaces) =
            stratify is not null ? Stratified(key, stratify, n, train, test, shuffle)
            : shuffle ? Shuffled(key, n, train, test)
            : ([.. Enumerable.Range(0, train)], [.. Enumerable.Range(train, test)]);
        NDArray trainIndex = Jnp.Array(trainPlaces);
        NDArray testIndex = Jnp.Array(testPlaces);
        return (
            Jnp.Take(x, trainIndex, axis: 0),
            Jnp.Take(x, testIndex, axis: 0),
            Jnp.Take(y, trainIndex, axis: 0),
            Jnp.Take(y, testIndex, axis: 0)
        );
    }

    private static (int Train, int Test) Sizes(int n, double? testSize, double? trainSize)
    {
        double? test = Count("testSize", testSize ?? (trainSize is null ? 0.25 : null), n);
        double? train = Count("trainSize", trainSize, n);
        int testCount = test is { } t ? (int)Math.Ceiling(t) : n - (int)Math.Floor(train!.Value);
        int trainCount = train is { } u ? (int)Math.Floor(u) : n - testCount;
        return trainCount > 0 && testCount > 0 && trainCount + testCount <= n
            ? (trainCount, testCount)
            : throw new JaxArgumentException(
                $"TrainTestSplit of {n} samples cannot give {trainCount} to train and {testCount} to test: both parts need a sample, "
                    + "together at most all. Choose testSize and trainSize accordingly."
            );
    }

    private static double? Count(string name, double? size, int n) =>
        size switch
        {
            null => null,
            > 0 and < 1 => size * n,
            >= 1 when size <= n && size == Math.Floor(size.Value) => size,
            _ => throw new JaxArgumentException(
                $"TrainTestSplit needs {name} to be a fraction between 0 and 1 or a number of samples up to {n}; got {size}."
            ),
        };

    private static (int[] Train, int[] Test) Shuffled(PrngKey key, int n, int train, int test)
    {
        int[] order = Order(key, n);
        return (order[test..(test + train)], order[..test]);
    }

    // Each class gives to both parts in proportion to its size; what rounding leaves goes to the largest remainders. Then both parts are
    // shuffled, so that no class comes first.
    private static (int[] Train, int[] Test) Stratified(
        PrngKey key,
        NDArray stratify,
        int n,
        int train,
        int test,
        bool shuffle
    )
    {
        double[] classes = HostValues.Vector("TrainTestSplit", "stratify", stratify);
        if (classes.Length != n || !shuffle)
        {
            throw new JaxArgumentException(
                "TrainTestSplit with stratify needs a class for each sample, and shuffle to be true."
            );
        }

        var groups = Order(key, n)
            .GroupBy(i => classes[i])
            .OrderBy(group => group.Key)
            .Select(g => g.ToArray())
            .ToArray();
        if (groups.Any(group => group.Length < 2) || groups.Length > Math.Min(train, test))
        {
            throw new JaxArgumentException(
                $"TrainTestSplit with stratify needs at least 2 samples of each class and parts no smaller than the number of classes "
                    + $"({groups.Length})."
            );
        }

        int[] trains = Share(Array.ConvertAll(groups, g => g.Length), train);
        int[] tests = Share([.. groups.Select((g, i) => g.Length - trains[i])], test);
        int[] inTrain = [.. groups.SelectMany((g, i) => g[..trains[i]])];
        int[] inTest = [.. groups.SelectMany((g, i) => g[trains[i]..(trains[i] + tests[i])])];
        return (Reordered(inTrain, JaxRandom.FoldIn(key, 1)), Reordered(inTest, JaxRandom.FoldIn(key, 2)));
    }

    private static int[] Reordered(int[] places, PrngKey key) =>
        Array.ConvertAll(Order(key, places.Length), i => places[i]);

    private static int[] Share(int[] sizes, int draws)
    {
        double total = sizes.Sum();
        double[] exact = Array.ConvertAll(sizes, size => size / total * draws);
        int[] share = Array.ConvertAll(exact, e => (int)Math.Floor(e));
        int[] byRemainder = [.. Enumerable.Range(0, sizes.Length).OrderByDescending(i => exact[i] - share[i])];
        for (int i = 0, left = draws - share.Sum(); left > 0; i++, left--)
        {
            share[byRemainder[i]]++;
        }

        return share;
    }

    private static int[] Order(PrngKey key, int n) => JaxRandom.Permutation(key, n).AsType(DType.I32).ToArray<int>();
}
