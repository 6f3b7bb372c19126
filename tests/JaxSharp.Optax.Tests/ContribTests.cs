using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>What newer transformations promise beyond their recorded numbers.</summary>
public sealed class ContribTests
{
    private static readonly NDArray Start = Jnp.Array([2f, -1.5f, 0.5f]);

    public static TheoryData<string, GradientTransformation, int> Optimizers =>
        new()
        {
            { "Lbfgs", optax.Lbfgs(0.5, linesearch: null), 30 },
            { "Adopt", optax.Contrib.Adopt(0.05), 300 },
            { "Prodigy", optax.Contrib.Prodigy(), 300 },
            { "ScheduleFreeSgd", optax.Contrib.ScheduleFreeSgd(0.3), 200 },
            { "Sam", optax.Contrib.Sam(optax.Sgd(0.1), optax.Chain(optax.Contrib.Normalize(), optax.Sgd(0.01))), 200 },
        };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void ACompiledStepReachesTheMinimum(string name, GradientTransformation optimizer, int steps)
    {
        var step = Jax.Jit(
            (NDArray w, OptState s) =>
            {
                var (updates, next) = optimizer.Update(2 * (w - 1), s, w);
                return (optax.ApplyUpdates(w, updates), next);
            }
        );
        var (w, state) = (Start, optimizer.Init(Start));
        for (int i = 0; i < steps; i++)
        {
            (w, state) = step(w, state);
        }

        Assert.True((float)Jnp.Max(Jnp.Abs(w - 1)) < 0.1f, $"{name} ends at {w}");
    }

    [Fact]
    public void TheAssignmentIsTheBestOfAll()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var costs = JaxRandom.Normal(JaxRandom.Key(seed), new Shape(4, 5));
            var (rows, columns) = optax.HungarianAlgorithm(costs);
            float best = Choices(5, 4).Min(choice => Enumerable.Range(0, 4).Sum(i => (float)costs[i, choice[i]]));
            Assert.Equal(best, (float)Jnp.Sum(costs[rows, columns]), 4);
            Assert.Equal([3, 2, 1, 0], rows.ToArray<int>());

            var (turnedRows, turnedColumns) = optax.HungarianAlgorithm(costs.T);
            Assert.Equal(best, (float)Jnp.Sum(costs.T[turnedRows, turnedColumns]), 4);
            Assert.Equal([3, 2, 1, 0], turnedColumns.ToArray<int>());

            (rows, columns) = optax.BaseHungarianAlgorithm(costs);
            Assert.Equal(best, (float)Jnp.Sum(costs[rows, columns]), 4);
            Assert.Equal([0, 1, 2, 3], rows.ToArray<int>());

            (rows, columns) = optax.HungarianAlgorithm(costs[.., ..4]);
            Assert.Equal([0, 1, 2, 3], columns.ToArray<int>());
            Assert.Equal([0, 1, 2, 3], rows.ToArray<int>().Order());
        }
    }

    [Fact]
    public void MuonBringsSingularValuesNearOne()
    {
        var tx = optax.Contrib.ScaleByMuon(nsSteps: 10, nsCoeffs: Jnp.Array([1.5f, -0.5f, 0f]));
        var g = Jnp.Array(
            new[,]
            {
                { 1f, 0.2f, 0f },
                { 0.1f, -1f, 0.3f },
            }
        );
        var x = tx.Update(g, tx.Init(g)).Updates;
        Assert.True((float)Jnp.Max(Jnp.Abs(Jnp.MatMul(x, x.T) - Jnp.Eye(2))) < 1e-3f);
        Assert.Throws<ShapeException>(() => tx.Update(g[0], tx.Init(g[0])));

        // In a tree each leaf needs its numbers.
        var tree = new Dictionary<string, NDArray> { ["w"] = g };
        Assert.Throws<TreeException>(() => tx.Update(tree, tx.Init(tree)));
    }

    [Fact]
    public void APlateauLowersTheScaleOnce()
    {
        var tx = optax.Contrib.ReduceOnPlateau(factor: 0.5, patience: 2, cooldown: 3);
        OptState state = tx.Init(Start);
        var scales = new List<float>();
        for (int i = 0; i < 5; i++)
        {
            (_, state) = tx.Update(Start, state, Start, new ExtraArgs { Value = 1f });
            scales.Add((float)((ReduceLROnPlateauState)state).Scale);
        }

        Assert.Equal([1f, 1f, 0.5f, 0.5f, 0.5f], scales);
        Assert.Throws<JaxArgumentException>(() => optax.Contrib.ReduceOnPlateau(factor: 2));
        Assert.Throws<JaxArgumentException>(() => tx.Update(Start, state, Start));
    }

    [Fact]
    public void AnInverseRootTimesTheRootIsOne()
    {
        var matrix = Jnp.Array(
            new[,]
            {
                { 3f, 1f },
                { 1f, 2f },
            }
        );
        var (root, _) = optax.MatrixInversePthRoot(matrix, 2);
        var product = Jnp.MatMul(Jnp.MatMul(root, matrix), root);
        Assert.True((float)Jnp.Max(Jnp.Abs(product - Jnp.Eye(2))) < 1e-3f);
        Assert.Throws<ShapeException>(() => optax.MatrixInversePthRoot(Start, 2));
    }

    [Fact]
    public void ClippedGradientsOfExamplesAreSummed()
    {
        NDArray[] gradients =
        [
            Jnp.Array(
                new[,]
                {
                    { 3f, 4f },
                    { 0f, 0.5f },
                }
            ),
        ];
        var (sum, clipped) = optax.PerExampleGlobalNormClip(gradients, 1.0);
        Assert.Equal(1, (int)clipped);
        Assert.Equal(0.6f, (float)sum[0][0], 5);
        Assert.Equal(1.3f, (float)sum[0][1], 5);
        Assert.Throws<ShapeException>(() => optax.PerExampleGlobalNormClip([Jnp.Array(1f)], 1.0));
    }

    // All ways to choose `take` of `count` columns in order.
    private static IEnumerable<int[]> Choices(int count, int take) =>
        take == 0
            ?
            [
                [],
            ]
            : Choices(count, take - 1)
                .SelectMany(start => Enumerable.Range(0, count).Except(start).Select(next => (int[])[.. start, next]));
}
