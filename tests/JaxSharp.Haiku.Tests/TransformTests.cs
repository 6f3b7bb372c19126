using System;
using System.Collections.Generic;
using Xunit;
using static JaxSharp.Jax;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Init and Apply as pure functions: transformed, with state, with keys, and misused.</summary>
public sealed class TransformTests
{
    private static readonly NDArray X = jnp.Arange(6.0).Reshape(3, 2);

    [Fact]
    public void ApplyGoesThroughJitGradAndVmap()
    {
        var network = hk.WithoutApplyRng(
            hk.Transform((NDArray x) => new hk.Linear(2).Call(Nn.Tanh(new hk.Linear(3).Call(x))))
        );
        hk.Params parameters = Jit((NDArray x) => network.Init(42, x))(X);
        Assert.Equal(["linear", "linear_1"], parameters.Keys);

        NDArray Loss(hk.Params p, NDArray x) => jnp.Sum(network.Apply(p, x));
        var gradient = Grad<hk.Params, NDArray>(Loss)(parameters, X);
        var jitted = Jit(Grad<hk.Params, NDArray>(Loss))(parameters, X);
        Assert.Equal((3, 2), gradient["linear"]["w"].Shape);
        foreach (var (path, group) in gradient)
        {
            foreach (var (name, value) in group)
            {
                Assert.True((bool)jnp.AllClose(value, jitted[path][name], 1e-6));
            }
        }

        NDArray direct = network.Apply(parameters, X);
        NDArray mapped = Vmap((NDArray x) => network.Apply(parameters, x))(X);
        Assert.True((bool)jnp.AllClose(direct, mapped, 1e-6));
        Assert.Equal(direct.ToString(), Jit<hk.Params, NDArray, NDArray>(network.Apply)(parameters, X).ToString());
    }

    [Fact]
    public void KeysComeAsHaikusDo()
    {
        var keys = hk.Transform(() => (First: hk.NextRngKey(), Next: hk.NextRngKeys(2))).Apply(null, 42);
        Assert.Equal([64467757u, 2916123636u], JaxRandom.KeyData(keys.First).ToArray<uint>());
        var sequence = new hk.PRNGSequence(42);
        Assert.Equal([64467757u, 2916123636u], JaxRandom.KeyData(sequence.Next()).ToArray<uint>());
        Assert.Equal([1705926158u, 899080142u], JaxRandom.KeyData(sequence.Next()).ToArray<uint>());
        var three = new hk.PRNGSequence(42).Take(3);
        Assert.Equal([3134548294u, 894150801u], JaxRandom.KeyData(three[2]).ToArray<uint>());
    }

    [Fact]
    public void StateStartsAtItsFirstValueAndGoesOn()
    {
        var t = hk.TransformWithState(
            (NDArray x) =>
            {
                var m = hk.GetState("m", 2, init: jnp.Zeros);
                hk.SetState("m", m + jnp.Sum(x, axis: 0));
                return m;
            }
        );
        var (p, s0) = t.Init(null, X);
        Assert.Equal("[0. 0.]", s0["~"]["m"].ToString());
        var (o1, s1) = Jit((hk.Params p, hk.State s, NDArray x) => t.Apply(p, s, null, x))(p, s0, X);
        var (o2, _) = t.Apply(p, s1, null, X);
        Assert.Equal("[0. 0.] [6. 9.]", $"{o1} {o2}");
    }

    [Fact]
    public void RawTransformationsOverModulesAreRefused()
    {
        void Refused(Func<NDArray, NDArray> f)
        {
            var t = hk.Transform(f);
            Assert.Contains(
                "Hk.Grad",
                Assert.Throws<JaxUsageException>(() => t.Init(1, X)).Message,
                StringComparison.Ordinal
            );
        }

#pragma warning disable JXS1005 // What the check refuses, as it goes without the check.
        Refused(x => Vmap((NDArray row) => new hk.Linear(2).Call(row))(x));
        Refused(x => Jit((NDArray row) => new hk.Linear(2).Call(row))(x));
        Refused(x => Grad((NDArray row) => jnp.Sum(new hk.Linear(2).Call(row)))(x));
        Refused(x => Lax.Scan((NDArray c, NDArray row) => (new hk.Linear(2).Call(c), row), x[0], x).Item1);
        Refused(x => Lax.Cond(true, (NDArray y) => new hk.Linear(2).Call(y), (NDArray y) => y, x));
#pragma warning restore JXS1005
    }

    [Fact]
    public void MisuseIsExplained()
    {
        Assert.Contains(
            "Hk.Transform",
            Assert.Throws<ModuleException>(() => new hk.Linear(2)).Message,
            StringComparison.Ordinal
        );
        var linear = hk.Transform((NDArray x) => new hk.Linear(2).Call(x));
        Assert.Throws<MissingRNGException>(() => linear.Init(null, X));
        Assert.Contains(
            "'w' of module 'linear'",
            Assert.Throws<ParameterException>(() => linear.Apply([], null, X)).Message,
            StringComparison.Ordinal
        );
        var parameters = linear.Init(0, X);
        Assert.Contains(
            "f32[2,2]",
            Assert.Throws<ParameterException>(() => linear.Apply(parameters, null, jnp.Ones((1, 5)))).Message,
            StringComparison.Ordinal
        );
        var stateful = hk.Transform(() => hk.GetState("s", init: jnp.Zeros));
        Assert.Contains(
            "TransformWithState",
            Assert.Throws<NonEmptyStateException>(() => stateful.Init(null)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Transform first",
            Assert.Throws<ModuleException>(() => hk.Transform(Jit((NDArray x) => x))).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ModuleException>(() => hk.Transform(() => new hk.Linear(2, name: "a b")).Init(0));
        Assert.Throws<ModuleException>(() => hk.Transform(() => hk.NameScope("/a")).Init(0));
        Assert.Throws<ParameterException>(() => hk.Transform(() => hk.GetParameter("w", 2)).Init(0));
        Assert.Throws<ParameterException>(() => hk.TransformWithState(() => hk.GetState("s")).Init(0));
        Assert.Throws<ShapeException>(() => linear.Init(0, 1.0));
    }

    [Fact]
    public void CreatorsAndGettersSeeEveryParameter()
    {
        var log = new List<string>();
        NDArray Creator(
            Func<Shape, DType, hk.Initializer?, NDArray> next,
            Shape shape,
            DType dtype,
            hk.Initializer? init,
            hk.ParamContext context
        )
        {
            log.Add($"create {context.FullName}");
            return next(shape, dtype, context.Name == "b" ? jnp.Ones : init);
        }

        NDArray Getter(Func<NDArray, NDArray> next, NDArray value, hk.ParamContext context)
        {
            log.Add($"get {context.FullName}");
            return next(value);
        }

        var parameters = hk.Transform(
                (NDArray x) =>
                {
                    using (hk.CustomCreator(Creator))
                    using (hk.CustomGetter(Getter))
                    {
                        return new hk.Linear(2).Call(x);
                    }
                }
            )
            .Init(0, X);
        Assert.Equal(["create linear/w", "get linear/w", "create linear/b", "get linear/b"], log);
        Assert.Equal("[1. 1.]", parameters["linear"]["b"].ToString());
    }

    [Fact]
    public void InterceptorsWrapMethods()
    {
        var log = new List<string>();
        hk.Transform(
                (NDArray x) =>
                {
                    using (
                        hk.InterceptMethods(
                            (next, inputs, context) =>
                            {
                                log.Add($"{context.Module.ModuleName}.{context.MethodName}");
                                return next(inputs);
                            }
                        )
                    )
                    {
                        return new hk.Sequential(new hk.Linear(2), Nn.Relu).Call(x);
                    }
                }
            )
            .Init(0, X);
        Assert.Equal(["sequential.Call", "linear.Call"], log);
    }

    [Fact]
    public void FunctionsThatShareModulesNeedNoKeyToApply()
    {
        var coder = hk.WithoutApplyRng(hk.MultiTransform(() => (Encoder: new hk.Linear(1), Decoder: new hk.Linear(2))));
        var parameters = coder.Init(42, f => f.Decoder.Call(f.Encoder.Call(X)));
        NDArray code = coder.Apply(parameters, f => f.Encoder.Call(X));
        Assert.Equal((3, 1), code.Shape);
        Assert.Equal((3, 2), coder.Apply(parameters, f => f.Decoder.Call(code)).Shape);
        Assert.Throws<MissingRNGException>(() => coder.Apply(parameters, _ => hk.NextRngKey()));

        var counting = hk.WithoutApplyRng(
            hk.MultiTransformWithState(() => (Norm: new hk.BatchNorm(true, true, 0.9), Linear: new hk.Linear(2)))
        );
        var (scales, state) = counting.Init(42, f => f.Norm.Call(X, isTraining: true));
        var (_, next) = counting.Apply(scales, state, f => f.Norm.Call(X, isTraining: true));
        Assert.Equal(1, (int)(NDArray)next["batch_norm/~/mean_ema"]["counter"]);
        Assert.Throws<MissingRNGException>(() => counting.Apply(scales, state, _ => hk.NextRngKey()));
    }

    [Fact]
    public void HooksThatWereTakenOffInTheWrongOrderDoNotStay()
    {
        hk.Transform(
                (NDArray x) =>
                {
                    var first = hk.CustomGetter((next, value, context) => next(value * 2));
                    var second = hk.CustomGetter((next, value, context) => next(value * 3));
                    Assert.Throws<ModuleException>(first.Dispose);
                    Assert.Throws<ModuleException>(second.Dispose);
                    return new hk.Linear(2, wInit: jnp.Ones).Call(x);
                }
            )
            .Init(0, X);
        var linear = hk.Transform((NDArray x) => new hk.Linear(2, wInit: jnp.Ones).Call(x));
        Assert.Equal(
            "[[1. 1.] [5. 5.] [9. 9.]]",
            linear.Apply(linear.Init(0, X), null, X).ToString().Replace("\n", "").Replace("  ", " ")
        );
    }

    [Fact]
    public void WhatIsLeftOpenIsRefusedAndDoesNotStay()
    {
        Assert.Contains(
            "using",
            Assert
                .Throws<ModuleException>(() =>
                    hk.Transform(
                            (NDArray x) =>
                            {
                                hk.CustomGetter((next, value, context) => next(value * 2));
                                return new hk.Linear(2).Call(x);
                            }
                        )
                        .Init(0, X)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ModuleException>(() =>
            hk.Transform(
                    (NDArray x) =>
                    {
                        hk.NameScope("open");
                        return x;
                    }
                )
                .Init(0, X)
        );
        Assert.Throws<FormatException>(() =>
            hk.Transform(
                    (NDArray x) =>
                    {
                        hk.CustomGetter((next, value, context) => next(value * 2));
                        throw new FormatException();
#pragma warning disable CS0162
                        return x;
#pragma warning restore CS0162
                    }
                )
                .Init(0, X)
        );
        var ones = hk.Transform((NDArray x) => hk.GetParameter("w", 1, init: jnp.Ones));
        Assert.Equal("[1.]", ones.Apply(ones.Init(0, X), null, X).ToString());
    }

    [Fact]
    public void ScopesAreClosedAfterAnException()
    {
        var names = hk.Transform(
            (NDArray x) =>
            {
                var outer = hk.ToModule<NDArray, NDArray>(y =>
                {
                    hk.NameScope("open");
                    throw new FormatException();
                })(name: "outer");
                Assert.ThrowsAny<Exception>(() => outer.Call(x));
                return new hk.Linear(2).Call(x);
            }
        );
        Assert.Equal(["linear"], names.Init(0, X).Keys);
    }

    [Fact]
    public void ParametersCanBeListedInsideOfRawTransformations()
    {
        var t = hk.TransformWithState(
            (NDArray x) =>
            {
                var linear = new hk.Linear(2);
                var y = linear.Call(x);
#pragma warning disable JXS1005 // Nothing is made or taken.
                return Grad(
                    (NDArray z) =>
                    {
                        Assert.Equal(2, linear.ParamsDict().Count + linear.StateDict().Count);
                        Assert.Single(hk.GetParams());
                        Assert.Empty(hk.GetCurrentState());
                        Assert.Null(hk.MaybeNextRngKey() ?? (hk.MaybeGetRngSequenceState() as object));
                        return jnp.Sum(z * y);
                    }
                )(x);
#pragma warning restore JXS1005
            }
        );
        var parameters = new hk.Params
        {
            ["linear"] = new() { ["w"] = jnp.Eye(2), ["b"] = jnp.Zeros(2) },
        };
        var (gradient, _) = t.Apply(parameters, null, null, X);
        Assert.True((bool)jnp.ArrayEqual(X, gradient));
    }

    [Fact]
    public void CreatorsAndSettersLeaveStatesOut()
    {
        var t = hk.TransformWithState(
            (NDArray x) =>
            {
                using var creator = hk.CustomCreator(
                    (next, shape, dtype, init, context) => hk.DoNotStore,
                    @params: false,
                    state: true
                );
                using var getter = hk.CustomGetter((next, value, context) => next(x), @params: false, state: true);
                using var setter = hk.CustomSetter(
                    (next, value, context) => context.Name == "kept" ? next(value) : hk.DoNotStore
                );
                hk.SetState("kept", x);
                hk.SetState("dropped", x);
                return hk.GetState("made", 2, init: jnp.Zeros);
            }
        );
        var (y, state) = t.Apply(null, null, null, X);
        Assert.Same(X, y);
        Assert.Equal(["kept"], state["~"].Keys);
    }

    [Fact]
    public void AFunctionTakesOneKey()
    {
        var linear = hk.Transform((NDArray x) => new hk.Linear(2).Call(x));
        Assert.Contains(
            "(4,)",
            Assert.Throws<ShapeException>(() => linear.Init(JaxRandom.Split(JaxRandom.Key(0), 4), X)).Message,
            StringComparison.Ordinal
        );
    }
}
