using System;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Scopes of <c>WithRng</c> that are not closed, and modules whose <c>Setup</c> has failed.</summary>
public sealed class UnfinishedTests
{
    private static readonly NDArray X = jnp.Arange(6.0).Reshape(3, 2);

    [Fact]
    public void KeysLeftInForceAreRefusedWhereTheFunctionEnds() =>
        AssertRefused(
            "WithRng",
            x =>
            {
                hk.WithRng(1);
                return x;
            }
        );

    [Fact]
    public void KeysLeftInForceAreRefusedWhereTheMethodEnds()
    {
        bool isReached = false;
        AssertRefused(
            "Leaky",
            x =>
            {
                x = new Leaky().Call(x);
                isReached = true;
                return x;
            }
        );
        Assert.False(isReached);
    }

    [Fact]
    public void KeysOfTheCallerAreBackAfterAMethodThatLeftItsOwn()
    {
        var f = hk.Transform(
            (NDArray x) =>
            {
                Assert.Throws<ModuleException>(() => new Leaky().Call(x));
                return JaxRandom.KeyData(hk.NextRngKey());
            }
        );
        var plain = hk.Transform((NDArray x) => JaxRandom.KeyData(hk.NextRngKey()));
        Assert.Equal(plain.Apply([], 7, X).ToString(), f.Apply([], 7, X).ToString());
    }

    [Fact]
    public void KeysAreGivenBackInTheReverseOrder() =>
        AssertRefused(
            "reverse order",
            x =>
            {
                var outer = hk.WithRng(1);
                hk.WithRng(2);
                outer.Dispose();
                return x;
            }
        );

    [Fact]
    public void AModuleWhoseSetupFailedIsNotCalledAgain()
    {
        var f = hk.Transform(
            (NDArray x) =>
            {
                var module = new Failing();
                Assert.Throws<FormatException>(() => module.Call(x));
                return module.Call(x);
            }
        );
        string message = Assert.Throws<ModuleException>(() => f.Init(0, X)).Message;
        Assert.Contains("Failing", message, StringComparison.Ordinal);
        Assert.Contains("no width", message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string word, Func<NDArray, NDArray> f) =>
        Assert.Contains(
            word,
            Assert.Throws<ModuleException>(() => hk.Transform(f).Init(0, X)).Message,
            StringComparison.Ordinal
        );

    private sealed class Leaky() : hk.Module<NDArray, NDArray>
    {
        protected override NDArray Forward(NDArray x)
        {
            hk.WithRng(1);
            return x;
        }
    }

    private sealed class Failing() : hk.Module<NDArray, NDArray>
    {
        private hk.Linear? linear;

        protected override void Setup()
        {
            if (linear is null)
            {
                throw new FormatException("no width");
            }

            linear = new(2);
        }

        protected override NDArray Forward(NDArray x) => linear!.Call(x);
    }
}
