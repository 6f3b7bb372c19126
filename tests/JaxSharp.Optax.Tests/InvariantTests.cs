using System;
using CsCheck;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>What holds for all gradients.</summary>
public sealed class InvariantTests
{
    private static readonly Gen<float[]> Vectors = Gen.Float[-100f, 100f].Array[1, 8];

    [Fact]
    public void ClippedGradientsHaveAtMostTheNormAndKeepTheirDirection() =>
        Gen.Select(Vectors, Gen.Float[0.1f, 50f])
            .Sample(
                (values, limit) =>
                {
                    NDArray g = Jnp.Array(values);
                    var (clipped, _) = optax.ClipByGlobalNorm(limit).Update(g, EmptyState.Instance);
                    double norm = (double)optax.GlobalNorm(g);
                    double scale = norm > limit ? limit / norm : 1;
                    return (bool)Jnp.AllClose(clipped, g * scale, 1e-5, 1e-5);
                },
                iter: 50
            );

    [Fact]
    public void ProjectionsOntoTheSimplexAreDistributionsAndStayThere() =>
        Vectors.Sample(
            values =>
            {
                NDArray p = optax.ProjectionSimplex(Jnp.Array(values));
                return (bool)Jnp.All(p >= 0)
                    && Math.Abs((double)Jnp.Sum(p) - 1) < 1e-4
                    && (bool)Jnp.AllClose(optax.ProjectionSimplex(p), p, 1e-4, 1e-5);
            },
            iter: 50
        );

    [Fact]
    public void TheFirstStepOfAdamHasTheSizeOfTheRate() =>
        Vectors.Sample(
            values =>
            {
                NDArray g = Jnp.Where(Jnp.Abs(Jnp.Array(values)) < 1e-3, 1.0, Jnp.Array(values));
                var adam = optax.Adam(0.1);
                return (bool)Jnp.AllClose(adam.Update(g, adam.Init(g)).Updates, -0.1 * Jnp.Sign(g), 1e-3);
            },
            iter: 50
        );

    [Theory]
    [InlineData("f32", 2e-38, true)]
    [InlineData("bf16", 2e-38, true)]
    [InlineData("f64", 4e-308, true)]
    [InlineData("f16", 1e-4, false)]
    public void MomentsThatNothingRenewsBecomeZeroBelowTheNormalNumbers(string dtype, double last, bool vanishes)
    {
        using var _ = JaxConfig.X64();
        var zeros = Jnp.Zeros(3, DType.Parse(dtype));
        NDArray start = Jnp.FullLike(zeros, last);
        NDArray moment = start;
        for (int step = 0; step < 10; step++)
        {
            moment = optax.UpdateMoment(zeros, moment, 0.9, 1);
        }

        Assert.Equal(vanishes ? 0 : (double)start[0] * Math.Pow(0.9, 10), (double)moment[0], vanishes ? 0 : 1e-6);
        Assert.Equal(vanishes, (bool)Jnp.All(Jnp.Equal(optax.UpdateMomentPerElemNorm(zeros, start, 0.5, 2), 0)));
        var trace = optax.Trace(0.5);
        var (sums, state) = trace.Update(zeros, new TraceState(start));
        Assert.Equal(vanishes, (bool)Jnp.All(Jnp.Equal(sums, 0)));
        Assert.Equal(vanishes, (bool)Jnp.All(Jnp.Equal((NDArray)((TraceState)state).Trace!, 0)));
    }

    [Fact]
    public void MomentsOfNoNumberStayNone()
    {
        NDArray nan = Jnp.Array([float.NaN, 1f, -2e-38f]);
        var moment = optax.UpdateMoment(Jnp.ZerosLike(nan), nan, 0.9, 1).ToArray<float>();
        Assert.Equal([float.NaN, 0.9f, -1.8e-38f], moment);
    }
}
