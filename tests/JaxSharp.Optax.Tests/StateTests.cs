using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>What states hold, by name, and that it keeps its types from step to step.</summary>
public sealed class StateTests
{
    private static readonly Dictionary<string, GradientTransformation> Optimizers = new()
    {
        ["AdaBelief"] = optax.AdaBelief(0.1),
        ["AdaDelta"] = optax.AdaDelta(0.1),
        ["Adafactor"] = optax.Adafactor(0.1, minDimSizeToFactor: 2, momentum: 0.9),
        ["AdaGrad"] = optax.AdaGrad(0.1),
        ["Adam"] = optax.Adam(optax.CosineDecaySchedule(0.1, 10), muDtype: DType.BF16),
        ["Adamax"] = optax.Adamax(0.1),
        ["AdamW"] = optax.AdamW(0.1, mask: Mask.Where(leaf => leaf.Ndim > 1)),
        ["Adan"] = optax.Adan(0.1),
        ["Amsgrad"] = optax.Amsgrad(0.1),
        ["Lamb"] = optax.Lamb(0.1),
        ["Lars"] = optax.Lars(0.1),
        ["Lion"] = optax.Lion(0.1),
        ["NAdamW"] = optax.NAdamW(0.1),
        ["NoisySgd"] = optax.NoisySgd(0.1),
        ["NovoGrad"] = optax.NovoGrad(0.1),
        ["RAdam"] = optax.RAdam(0.1),
        ["RmsProp"] = optax.RmsProp(0.1, centered: true, momentum: 0.9),
        ["Rprop"] = optax.Rprop(0.1),
        ["Sgd"] = optax.Sgd(optax.LinearSchedule(0.1, 0.0, 5), momentum: 0.9, accumulatorDtype: DType.F32),
        ["Sm3"] = optax.Sm3(0.1),
        ["Yogi"] = optax.Yogi(0.1),
        ["Adopt"] = optax.Contrib.Adopt(0.1),
        ["AdEMAMix"] = optax.Contrib.Ademamix(0.1),
        ["Muon"] = optax.Contrib.Muon(0.1),
        ["ScheduleFree"] = optax.Contrib.ScheduleFreeAdamw(0.1),
        ["Clipped"] = optax.Chain(optax.ClipByGlobalNorm(1.0), optax.ApplyEvery(2), optax.Sgd(0.1)),
        ["Averaged"] = optax.Ema(0.9, accumulatorDtype: DType.F32),
        ["MultiSteps"] = optax.MultiSteps(optax.Adam(0.1), 2, shouldSkipUpdateFn: ShouldSkipUpdate.Large(10.0)),
        ["Finite"] = optax.ApplyIfFinite(optax.Adam(0.1), 3),
        ["Injected"] = optax.InjectHyperparams(
            h => optax.Adam(h["rate"], b1: h["b1"]),
            new Dictionary<string, InjectedHyperparameter>
            {
                ["rate"] = optax.ExponentialDecay(0.1, 10, 0.5),
                ["b1"] = 0.9,
            }
        ),
    };

    public static TheoryData<string, string> Cases =>
        [.. Optimizers.Keys.SelectMany(name => new[] { "f32", "bf16", "f64" }, (name, dtype) => (name, dtype))];

    // A type that changes makes each step of a compiled program another program, and refuses Lax.Scan.
    [Theory]
    [MemberData(nameof(Cases))]
    public void AStateKeepsItsTypes(string name, string dtype)
    {
        using var scope = JaxConfig.X64(dtype == "f64");
        DType type = DType.All.First(d => d.Name == dtype);
        var p = new Dictionary<string, NDArray>
        {
            ["w"] = Jnp.Full((4, 3), 0.5, type),
            ["b"] = Jnp.Full(3, 0.25, type),
        };
        var optimizer = Optimizers[name];
        var first = optimizer.Init(p);
        var (updates, second) = optimizer.Update(optax.Tree.Scale(0.5, p), first, p);
        Assert.Equal(Types(first), Types(second));
        Assert.Equal([type, type], Tree.Leaves(optax.ApplyUpdates(p, updates)).Select(leaf => leaf.DType));
    }

    [Fact]
    public void ValuesAreReplacedByNameAndKeepTheirTypes()
    {
        var optimizer = optax.Chain(optax.Adam(0.1), optax.Ema(0.9));
        NDArray p = Jnp.Zeros(2);
        var state = optimizer.Init(p);
        var next = optax.Tree.Set(state, ("mu", Jnp.Ones(2)), ("nu", 3.0 * Jnp.Ones(2)));
        Assert.Equal([1f, 1f], ((NDArray)optax.Tree.Get(next, "mu")!).ToArray<float>());
        Assert.Equal([3f, 3f], ((NDArray)optax.Tree.Get(next, "Nu")!).ToArray<float>());

        next = optax.Tree.Set(state, (path, _) => path.Contains("EmaState"), ("count", 5));
        Assert.Equal(
            ["[0][0]ScaleByAdamState.Count: 0", "[1]EmaState.Count: 5"],
            optax.Tree.GetAllWithPath(next, "count").Select(found => $"{found.Path}: {found.Value}")
        );
        Assert.Equal(Types(state), Types(next));
        Assert.Equal([0f, 0f], Tree.Leaves(state)[1].ToArray<float>());
    }

    [Fact]
    public void StatesAreFoundByTheNameOfTheirType()
    {
        var state = optax.Chain(optax.Trace(0.9), optax.ScaleByAdam()).Init(Jnp.Zeros(1));
        Assert.IsType<ScaleByAdamState>(optax.Tree.Get(state, "ScaleByAdamState"));
        var trace = new TraceState(Jnp.Array([7f]));
        var next = optax.Tree.Set<OptState>(state, ("TraceState", trace));
        Assert.Equal(7f, (float)((NDArray)((TraceState)((ChainState)next)[0]).Trace!)[0]);
    }

    [Fact]
    public void WhatCannotBeReplacedIsRefused()
    {
        var state = optax.Adam(0.1).Init(Jnp.Zeros(2));
        Assert.Contains(
            "'nothing'",
            Assert.Throws<JaxArgumentException>(() => optax.Tree.Set(state, ("nothing", 1))).Message
        );
        Assert.Throws<JaxArgumentException>(() => optax.Tree.Set(state, ("mu", (Jnp.Ones(2), Jnp.Ones(2)))));
    }

    [Fact]
    public void LeavesLikeTheParametersAreMapped()
    {
        var p = new Dictionary<string, NDArray> { ["a"] = Jnp.Zeros(2), ["b"] = Jnp.Zeros(3) };
        var factors = new Dictionary<string, NDArray> { ["a"] = 2f, ["b"] = 3f };
        var optimizer = optax.Chain(optax.ClipByGlobalNorm(1.0), optax.Adam(optax.ConstantSchedule(0.1)));
        var state = optax.Tree.MapParams(
            optimizer,
            (leaf, factor) => leaf + factor,
            optimizer.Init(p),
            factors,
            x => x + 1
        );
        var mu = (Dictionary<string, NDArray>)optax.Tree.Get(state, "mu")!;
        Assert.Equal((2f, 3f), ((float)mu["a"][0], (float)mu["b"][2]));
        Assert.All(optax.Tree.GetAllWithPath(state, "count"), found => Assert.Equal(1, (int)(NDArray)found.Value!));
        Assert.Throws<TreeException>(() =>
            optax.Tree.MapParams(optimizer, (leaf, _) => leaf, optimizer.Init(p), Jnp.Ones(1))
        );
    }

    [Fact]
    public void CountersStayAtTheirLargestNumber()
    {
        var adam = optax.ScaleByAdam();
        NDArray g = Jnp.Array([1f]);
        var state = optax.Tree.Set(adam.Init(g), ("count", int.MaxValue));
        var (updates, next) = adam.Update(g, state);
        Assert.Equal(int.MaxValue, (int)((ScaleByAdamState)next).Count);
        Assert.True(float.IsFinite((float)updates[0]));
    }

    private static List<string> Types(OptState state) =>
        [
            .. Tree.LeavesWithPath(state)
                .Select(entry =>
                    $"{entry.Path}: {entry.Leaf.DType}{entry.Leaf.Shape}{(entry.Leaf.WeakType ? " weak" : "")}"
                ),
        ];
}
