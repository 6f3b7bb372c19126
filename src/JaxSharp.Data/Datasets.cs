using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Data;

/// <summary>Data to learn from.</summary>
public static partial class Datasets
{
    /// <summary>
    /// A classification problem after scikit-learn's <c>make_classification</c>: normal clusters around corners of a hypercube, one or
    /// more for each class, with features that are linear combinations or copies of the informative ones, and noise.
    /// </summary>
    /// <param name="key">A random key; the same key gives the same data.</param>
    /// <param name="nSamples">The number of samples.</param>
    /// <param name="nFeatures">The number of features.</param>
    /// <param name="nInformative">The number of features that the classes depend on.</param>
    /// <param name="nRedundant">The number of random linear combinations of those.</param>
    /// <param name="nRepeated">The number of copies of informative or redundant features; the rest is noise.</param>
    /// <param name="nClasses">The number of classes.</param>
    /// <param name="nClustersPerClass">The number of clusters of each class.</param>
    /// <param name="weights">
    /// The proportions of the classes, or of all but the last, which has the rest; equal by default.
    /// </param>
    /// <param name="flipY">The fraction of samples whose class is drawn at random.</param>
    /// <param name="classSep">Half the edge of the hypercube: larger is easier.</param>
    /// <param name="hypercube">Whether the clusters are at corners of a hypercube or of a random box.</param>
    /// <param name="shift">What is added to the features.</param>
    /// <param name="scale">What the features are multiplied by, after the shift.</param>
    /// <param name="shuffle">Whether samples and features are in random order.</param>
    /// <returns>Samples, f32 of shape [nSamples, nFeatures], and their classes, i32.</returns>
    /// <exception cref="JaxArgumentException">A number is out of range, or the numbers do not fit together.</exception>
    /// <example><code>
    /// var (x, y) = Datasets.MakeClassification(JaxRandom.Key(0), nSamples: 500);
    /// x.Shape; // => (500,20)
    /// </code></example>
    public static (NDArray X, NDArray Y) MakeClassification(
        PrngKey key,
        int nSamples = 100,
        int nFeatures = 20,
        int nInformative = 2,
        int nRedundant = 2,
        int nRepeated = 0,
        int nClasses = 2,
        int nClustersPerClass = 2,
        IReadOnlyList<double>? weights = null,
        double flipY = 0.01,
        double classSep = 1.0,
        bool hypercube = true,
        double shift = 0.0,
        double scale = 1.0,
        bool shuffle = true
    )
    {
        if (
            nSamples < 1
            || nInformative < 1
            || nRedundant < 0
            || nRepeated < 0
            || (long)nInformative + nRedundant + nRepeated > nFeatures
        )
        {
            throw new JaxArgumentException(
                $"MakeClassification needs a sample and an informative feature at least, and informative, redundant and repeated features "
                    + $"({nInformative} + {nRedundant} + {nRepeated}) among the {nFeatures} features."
            );
        }

        if (
            nClasses < 1
            || nClustersPerClass < 1
            || Math.Log2(nClasses) + Math.Log2(nClustersPerClass) > Math.Min(nInformative, 30)
        )
        {
            throw new JaxArgumentException(
                $"MakeClassification needs a corner of a hypercube for each of {nClasses} · {nClustersPerClass} clusters: "
                    + $"{nInformative} informative features have {Math.Pow(2, nInformative)}."
            );
        }

        if (flipY is not (>= 0 and <= 1))
        {
            throw new JaxArgumentException($"MakeClassification needs a fraction from 0 to 1 as flipY; got {flipY}.");
        }

        int clusters = nClasses * nClustersPerClass;
        var draw = new Draws(key);
        int[] sizes = ClusterSizes(nSamples, nClasses, nClustersPerClass, weights);
        double[][] centres = Centres(draw, clusters, nInformative, classSep, hypercube);
        var x = new double[nSamples, nFeatures];
        int[] y = new int[nSamples];
        for (int k = 0, at = 0; k < clusters; at += sizes[k++])
        {
            double[] normal = draw.Normal(sizes[k] * nInformative);
            double[] mixing = draw.Uniform(nInformative * nInformative, -1, 1);
            for (int i = 0; i < sizes[k]; i++)
            {
                y[at + i] = k % nClasses;
                for (int j = 0; j < nInformative; j++)
                {
                    x[at + i, j] =
                        centres[k][j]
                        + Enumerable
                            .Range(0, nInformative)
                            .Sum(l => normal[(i * nInformative) + l] * mixing[(l * nInformative) + j]);
                }
            }
        }

        Combine(draw, x, nInformative, nRedundant, nRepeated);
        Flip(draw, y, nClasses, flipY);
        var rows = shuffle ? draw.Permutation(nSamples) : [.. Enumerable.Range(0, nSamples)];
        var columns = shuffle ? draw.Permutation(nFeatures) : [.. Enumerable.Range(0, nFeatures)];
        var data = new float[nSamples, nFeatures];
        for (int i = 0; i < nSamples; i++)
        {
            for (int j = 0; j < nFeatures; j++)
            {
                data[i, j] = (float)((x[rows[i], columns[j]] + shift) * scale);
            }
        }

        return (Jnp.Array(data), Jnp.Array(Array.ConvertAll(rows, row => y[row])));
    }

    private static int[] ClusterSizes(int samples, int classes, int perClass, IReadOnlyList<double>? weights)
    {
        double[] share = weights is null ? [.. Enumerable.Repeat(1.0 / classes, classes)] : [.. weights];
        if (share.Length == classes - 1)
        {
            share = [.. share, 1 - share.Sum()];
        }

        if (share.Length != classes)
        {
            throw new JaxArgumentException(
                $"MakeClassification needs a weight for each of {classes} classes; got {share.Length}."
            );
        }

        // Weights of all classes may have a sum below 1: what they leave is dealt out evenly.
        const double Rounding = 1e-9;
        if (
            !Array.TrueForAll(share, weight => weight is >= -Rounding and <= 1 + Rounding)
            || share.Sum() > 1 + Rounding
        )
        {
            throw new JaxArgumentException(
                $"MakeClassification needs weights from 0 to 1 whose sum is 1 at most; got ({string.Join(", ", weights!)})."
            );
        }

        int clusters = classes * perClass;
        int[] sizes =
        [
            .. Enumerable.Range(0, clusters).Select(k => (int)(samples * Math.Max(share[k % classes], 0) / perClass)),
        ];
        for (int i = 0, left = samples - sizes.Sum(); i < left; i++)
        {
            sizes[i % clusters]++;
        }

        return sizes;
    }

    private static double[][] Centres(Draws draw, int clusters, int dimensions, double separation, bool hypercube)
    {
        var corners = new HashSet<string>();
        var centres = new List<double[]>();
        while (centres.Count < clusters)
        {
            bool[] corner = [.. draw.Uniform(dimensions, 0, 1).Select(u => u < 0.5)];
            if (corners.Add(string.Concat(corner.Select(c => c ? '1' : '0'))))
            {
                centres.Add([.. corner.Select(c => c ? separation : -separation)]);
            }
        }

        if (hypercube)
        {
            return [.. centres];
        }

        double[] byCluster = draw.Uniform(clusters, 0, 1);
        double[] byDimension = draw.Uniform(dimensions, 0, 1);
        return [.. centres.Select((centre, k) => centre.Select((c, j) => c * byCluster[k] * byDimension[j]).ToArray())];
    }

    private static void Combine(Draws draw, double[,] x, int informative, int redundant, int repeated)
    {
        (int samples, int features) = (x.GetLength(0), x.GetLength(1));
        double[] mixing = draw.Uniform(informative * redundant, -1, 1);
        int useful = informative + redundant;
        double[] sources = draw.Uniform(repeated, 0, 1);
        int noise = features - useful - repeated;
        double[] normal = draw.Normal(samples * noise);
        for (int i = 0; i < samples; i++)
        {
            for (int j = 0; j < redundant; j++)
            {
                x[i, informative + j] = Enumerable
                    .Range(0, informative)
                    .Sum(l => x[i, l] * mixing[(l * redundant) + j]);
            }

            for (int j = 0; j < repeated; j++)
            {
                x[i, useful + j] = x[i, (int)(((useful - 1) * sources[j]) + 0.5)];
            }

            for (int j = 0; j < noise; j++)
            {
                x[i, useful + repeated + j] = normal[(i * noise) + j];
            }
        }
    }

    private static void Flip(Draws draw, int[] y, int classes, double fraction)
    {
        double[] flip = draw.Uniform(y.Length, 0, 1);
        double[] to = draw.Uniform(y.Length, 0, classes);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = flip[i] < fraction ? Math.Min((int)to[i], classes - 1) : y[i];
        }
    }

    /// <summary>Random numbers in the order of their use, each batch by a key of its own.</summary>
    private sealed class Draws(PrngKey key)
    {
        private int next;

        public double[] Normal(int count) => HostValues.Doubles(JaxRandom.Normal(NextKey(), count, DType.F32));

        public double[] Uniform(int count, double low, double high) =>
            HostValues.Doubles(JaxRandom.Uniform(NextKey(), count, DType.F32, low, high));

        public int[] Permutation(int count) => JaxRandom.Permutation(NextKey(), count).AsType(DType.I32).ToArray<int>();

        private PrngKey NextKey() => JaxRandom.FoldIn(key, next++);
    }
}
