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
}
