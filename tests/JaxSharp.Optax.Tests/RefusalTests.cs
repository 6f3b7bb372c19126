using System.Collections.Generic;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>What does not fit is refused, in words that say what was expected.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void GradientsOfAnotherStructure()
    {
        var optimizer = optax.Adam(0.1);
        var state = optimizer.Init(new Dictionary<string, NDArray> { ["a"] = Jnp.Ones(2) });
        var error = Assert.Throws<TreeException>(() =>
            optimizer.Update(new Dictionary<string, NDArray> { ["b"] = Jnp.Ones(2) }, state)
        );
        Assert.Contains("'a'", error.Message);
    }

    [Fact]
    public void MissingParameters()
    {
        var decay = optax.AddDecayedWeights(0.1);
        var error = Assert.Throws<JaxArgumentException>(() => decay.Update(Jnp.Ones(2), decay.Init(Jnp.Ones(2))));
        Assert.Contains("AddDecayedWeights needs the parameters", error.Message);
    }

    [Fact]
    public void MissingParametersOfAValueType()
    {
        var decay = optax.AddDecayedWeights(0.1);
        var p = (Jnp.Ones(2), Jnp.Ones(3));
        Assert.Throws<JaxArgumentException>(() => decay.Update(p, decay.Init(p)));
    }

    [Fact]
    public void TheStateOfAnotherTransformation()
    {
        var adam = optax.ScaleByAdam();
        var error = Assert.Throws<TreeException>(() => adam.Update(Jnp.Ones(2), optax.Trace(0.9).Init(Jnp.Ones(2))));
        Assert.Contains("needs a ScaleByAdamState; got TraceState", error.Message);
    }

    [Fact]
    public void TheStateOfParametersOfAnotherType()
    {
        var adam = optax.ScaleByAdam();
        var state = adam.Init((Jnp.Ones(2), Jnp.Ones(2)));
        Assert.Throws<TreeException>(() => adam.Update(Jnp.Ones(2), state));
    }

    [Fact]
    public void AnEmptyChain() => Assert.Throws<JaxArgumentException>(() => optax.Chain());

    [Fact]
    public void OneNameTwice() =>
        Assert.Throws<JaxArgumentException>(() => optax.NamedChain(("a", optax.Scale(1.0)), ("a", optax.Scale(1.0))));

    [Fact]
    public void StatesOfOtherNames()
    {
        NDArray g = Jnp.Ones(2);
        var chain = optax.NamedChain(("a", optax.Scale(1.0)));
        var error = Assert.Throws<TreeException>(() =>
            chain.Update(g, optax.NamedChain(("b", optax.Scale(1.0))).Init(g))
        );
        Assert.Contains("[a]; got [b]", error.Message);

        GradientTransformation Parts(string name) =>
            optax.Partition(
                new Dictionary<string, GradientTransformation> { [name] = optax.Sgd(0.1) },
                Labels.Where(_ => name)
            );
        error = Assert.Throws<TreeException>(() => Parts("x").Update(g, Parts("y").Init(g)));
        Assert.Contains("Partition needs states with the names [x]; got [y]", error.Message);
    }

    [Fact]
    public void NoSchedulesToJoin() =>
        Assert.Contains(
            "JoinSchedules",
            Assert.Throws<JaxArgumentException>(() => optax.JoinSchedules([], [])).Message
        );

    [Fact]
    public void ProbabilitiesOfOneClassThatAreNotOne() =>
        Assert.Throws<JaxArgumentException>(() =>
            optax.BinaryDiceLoss(Jnp.Full((2, 3, 1), 0.5f), Jnp.Ones((2, 3, 1)), applySigmoid: false)
        );

    [Fact]
    public void AMaskThatDoesNotFit()
    {
        var tx = optax.Masked(optax.Sgd(0.1), new Dictionary<string, bool> { ["a"] = true });
        var error = Assert.Throws<TreeException>(() =>
            tx.Init(new Dictionary<string, NDArray> { ["b"] = Jnp.Ones(2) })
        );
        Assert.Contains("['a']", error.Message);
    }

    [Fact]
    public void ALabelWithoutTransformation()
    {
        var tx = optax.Partition(
            new Dictionary<string, GradientTransformation> { ["a"] = optax.Sgd(0.1) },
            new Dictionary<string, string> { ["w"] = "zzz" }
        );
        var error = Assert.Throws<JaxArgumentException>(() =>
            tx.Init(new Dictionary<string, NDArray> { ["w"] = Jnp.Ones(2) })
        );
        Assert.Contains("'zzz'", error.Message);
    }

    [Fact]
    public void UpdatesOfAnotherStructureThanTheParameters() =>
        Assert.Throws<TreeException>(() =>
            optax.ApplyUpdates(
                new Dictionary<string, NDArray> { ["a"] = Jnp.Ones(2) },
                new Dictionary<string, NDArray> { ["b"] = Jnp.Ones(2) }
            )
        );
}
