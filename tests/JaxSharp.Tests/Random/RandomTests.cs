using System;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.RandomNumbers;

public sealed class RandomTests
{
    [Fact]
    public void A_key_gives_the_numbers_of_Jax_and_stays_what_it_is()
    {
        var key = JaxRandom.Key(42);
        float[] first = JaxRandom.Uniform(key, 3).ToArray<float>();
        Assert.Equal(first, JaxRandom.Uniform(key, 3).ToArray<float>());
        Assert.Equal([0u, 42u], JaxRandom.KeyData(key).ToArray<uint>());
        Assert.Equal([1832780943u, 270669613u, 64467757u, 2916123636u], JaxRandom.Split(key).Words());
    }

    [Fact]
    public void Typed_and_raw_keys_give_the_same_numbers()
    {
        NDArray raw = JaxRandom.PRNGKey(7);
        Assert.Equal(
            JaxRandom.Normal(JaxRandom.Key(7), (2, 3)).ToArray<float>(),
            JaxRandom.Normal(raw, (2, 3)).ToArray<float>()
        );
        Assert.Equal("u32[3,2]", $"{JaxRandom.Split(raw, 3).DType}[{string.Join(",", JaxRandom.Split(raw, 3).Shape)}]");
        Assert.Equal("key<fry>[3]", JaxRandom.Split(JaxRandom.Key(7), 3).ToString());
        Assert.Equal("key<fry>[]", JaxRandom.Key(7).ToString());
    }

    [Fact]
    public void Keys_are_taken_apart_and_put_together()
    {
        var (a, b, c) = JaxRandom.Split(JaxRandom.Key(0), 3);
        Assert.True((bool)PrngKey.Stack(a, b, c)[1].EqualTo(b));
        Assert.Equal([false, false], a.EqualTo(PrngKey.Stack(b, c)).ToArray<bool>());
        Assert.Equal("key<fry>[2]", PrngKey.Stack(a, b, c)[1..].ToString());
        Assert.Equal("key<fry>[2,3]", JaxRandom.Split(a, (2, 3)).ToString());
        Assert.Contains(
            "JaxRandom.Split(key, 2)",
            Assert
                .Throws<ShapeException>(() =>
                {
                    var (_, _) = JaxRandom.Split(a, 3);
                })
                .Message
        );
    }

    [Fact]
    public void Mapping_over_keys_equals_stacking()
    {
        var keys = JaxRandom.Split(JaxRandom.Key(1), 3);
        AllEqual(key => JaxRandom.Bits(key, (2, 2)).AsType(DType.F32));
        AllEqual(key => JaxRandom.Normal(key, 5));
        AllEqual(key => JaxRandom.Normal(JaxRandom.Split(key)[1], 5));
        AllEqual(key => JaxRandom.Normal(JaxRandom.FoldIn(key, 9), 5));
        AllEqual(key => JaxRandom.Gamma(key, 0.5, 5));
        AllEqual(key => JaxRandom.Poisson(key, 20.0, 5).AsType(DType.F32));
        AllEqual(key => JaxRandom.Binomial(key, 40, 0.4, 5));
        AllEqual(key => JaxRandom.Permutation(key, 7).AsType(DType.F32));
        AllEqual(key => JaxRandom.Choice(key, 7, [3], replace: false).AsType(DType.F32));

        void AllEqual(Func<PrngKey, NDArray> sample)
        {
            float[] stacked = [.. Enumerable.Range(0, 3).SelectMany(i => sample(keys[i]).ToArray<float>())];
            Assert.Equal(stacked, Vmap(sample)(keys).ToArray<float>());
            Assert.Equal(stacked, Jit(Vmap(sample))(keys).ToArray<float>());
        }
    }

    [Fact]
    public void A_gradient_passes_through_gamma_numbers()
    {
        var key = JaxRandom.Key(5);
        Func<NDArray, NDArray> mean = a => Jnp.Mean(JaxRandom.Gamma(key, a, 20_000));
        Assert.Equal(3, (double)mean(3.0), 0.05);
        Assert.Equal(1, (double)Grad(mean)(3.0), 0.05);
    }

    [Fact]
    public void Moments_are_those_of_the_distributions()
    {
        var key = JaxRandom.Key(11);
        const int N = 100_000;
        Check(JaxRandom.Uniform(key, N), 0.5, 1 / 12.0);
        Check(JaxRandom.Normal(key, N), 0, 1);
        Check(JaxRandom.Exponential(key, N), 1, 1);
        Check(JaxRandom.Gumbel(key, N), 0.5772, Math.PI * Math.PI / 6);
        Check(JaxRandom.Poisson(key, 3.0, N).AsType(DType.F32), 3, 3);
        Check(JaxRandom.Poisson(key, 30.0, N).AsType(DType.F32), 30, 30);
        Check(JaxRandom.Binomial(key, 100, 0.3, N), 30, 21);
        Check(JaxRandom.Gamma(key, 0.4, N), 0.4, 0.4);
        Check(JaxRandom.Beta(key, 2.0, 3.0, N), 0.4, 0.04);

        static void Check(NDArray x, double mean, double variance)
        {
            double error = Math.Sqrt(variance / N);
            Assert.Equal(mean, (double)Jnp.Mean(x), 5 * error);
            Assert.InRange((double)Jnp.Var(x), 0.95 * variance, 1.05 * variance);
        }
    }

    [Fact]
    public void The_older_layout_can_be_chosen()
    {
        float[] modern = JaxRandom.Uniform(JaxRandom.Key(0), 3).ToArray<float>();
        JaxConfig.LegacyRandomBits = true;
        try
        {
            Assert.NotEqual(modern, JaxRandom.Uniform(JaxRandom.Key(0), 3).ToArray<float>());
        }
        finally
        {
            JaxConfig.LegacyRandomBits = false;
        }
    }

    [Fact]
    public void Misuse_is_explained()
    {
        var key = JaxRandom.Key(0);
        Says<ShapeException>("Map over keys with Vmap", () => JaxRandom.Uniform(JaxRandom.Split(key)));
        Says<DTypeException>("JaxRandom.Key(seed)", () => JaxRandom.Uniform(Jnp.Zeros(2)));
        Says<DTypeException>("Use RandInt", () => JaxRandom.Bits(key, 3, DType.F32));
        Says<DTypeException>("floating-point type", () => JaxRandom.Uniform(key, 3, DType.I32));
        Says<ShapeException>("cannot broadcast", () => JaxRandom.Beta(key, Jnp.Ones(3), 1.0, 2));
        Says<JaxArgumentException>("without replacement", () => JaxRandom.Choice(key, 3, [4], replace: false));
        Says<JaxArgumentException>("threefry2x32", () => JaxRandom.Key(0, "mersenne"));

        static void Says<TException>(string part, Func<object> call)
            where TException : JaxException => Assert.Contains(part, Assert.Throws<TException>(call).Message);
    }
}

internal static class KeyWords
{
    public static uint[] Words(this PrngKey key) => JaxRandom.KeyData(key).ToArray<uint>();
}
