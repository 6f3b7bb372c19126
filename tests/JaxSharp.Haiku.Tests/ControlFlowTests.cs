using System;
using Xunit;
using static JaxSharp.Jax;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Transformations of Hk: what they share, what they change, what they refuse.</summary>
public sealed class ControlFlowTests
{
    private static readonly NDArray X = jnp.Arange(6.0).Reshape(3, 2);

    private static NDArray Dense(NDArray x) => new hk.Linear(2).Call(x);

    private static NDArray Count()
    {
        var n = hk.GetState("n", init: jnp.Zeros);
        hk.SetState("n", n + 1);
        return n;
    }

    [Fact]
    public void EveryTransformationGivesWhatTheFunctionGives()
    {
        var plain = hk.Transform((NDArray x) => Dense(x));
        var parameters = plain.Init(1, X);
        void Same(Func<NDArray, NDArray> f)
        {
            var t = hk.Transform(f);
            Assert.Equal(["linear"], t.Init(1, X).Keys);
            Assert.True((bool)jnp.AllClose(plain.Apply(parameters, null, X), t.Apply(parameters, null, X), 1e-6));
        }

        Same(x => hk.Remat(Dense)(x));
        Same(x => hk.Map(Dense, x));
        Same(x => hk.Vmap(Dense, splitRng: false)(x));
        Same(x => hk.Cond(jnp.Sum(x) > 0, Dense, Dense, x));
        Same(x => hk.ForiLoop(0, 1, (i, y) => Dense(y), x));
        Same(x => hk.Scan((c, row) => (c, Dense(row)), 0.0, x).Ys);
        Same(x => hk.Scan((c, row) => (c, Dense(row)), 0.0, x, reverse: true).Ys);
        Same(x => hk.ValueAndGrad(x => (jnp.Sum(x), Dense(x)))(x).Value.Aux);
        Same(x => hk.Switch(0, [Dense, Dense], x));
    }

    [Fact]
    public void LoopsAtInitLeaveTheParametersOfTheirBodies()
    {
        var t = hk.Transform(
            (NDArray x) =>
            {
                x = hk.Scan((c, _) => (Dense(c), null), x, null, length: 3).Carry;
                return hk.ForiLoop(0, 3, (_, y) => new hk.Linear(2, name: "loop").Call(y), x);
            }
        );
        var parameters = t.Init(1, X);
        Assert.Equal(["linear", "loop"], parameters.Keys);
        Assert.Equal(
            t.Apply(parameters, null, X).ToString(),
            Jit((hk.Params p) => t.Apply(p, null, X))(parameters).ToString()
        );
    }

    [Fact]
    public void StatesGoFromStepToStep()
    {
        var t = hk.TransformWithState(
            (NDArray x) =>
            {
                var counts = hk.Scan((c, _) => (c, Count()), 0.0, x).Ys;
                hk.ForiLoop(0, 2, (_, c) => c + Count(), 0.0);
                hk.Remat(x => x + Count())(x);
                hk.Grad(x => x * Count())(1.0);
                hk.Cond(true, () => Count(), () => (NDArray)0.0);
                return counts;
            }
        );
        var (parameters, state) = t.Init(null, X);
        Assert.Equal("0.0", state["~"]["n"].ToString());
        var (counts, after) = t.Apply(parameters, state, null, X);
        Assert.Equal("[0. 1. 2.]", counts.ToString());
        Assert.Equal("8.0", after["~"]["n"].ToString());
    }

    [Fact]
    public void WhileLoopsUseModules()
    {
        var t = hk.TransformWithState(
            (NDArray x) =>
            {
                var layer = new hk.Linear(2);
                NDArray Body(NDArray y)
                {
                    Count();
                    return layer.Call(y) + 1;
                }

                return hk.RunningInit() ? Body(x) : hk.WhileLoop(y => jnp.Sum(y) < 100, Body, x, maxSteps: 50);
            }
        );
        var (parameters, state) = t.Init(1, X);
        parameters["linear"] = new() { ["w"] = 2 * jnp.Eye(2), ["b"] = jnp.Zeros(2) };
        var (y, after) = t.Apply(parameters, state, null, X);
        Assert.Equal("3.0", after["~"]["n"].ToString());
        Assert.Equal("162.0", jnp.Sum(y).ToString());
    }

    [Fact]
    public void SlicesShareKeysOrHaveTheirOwn()
    {
        NDArray Draw(NDArray x) => JaxRandom.Uniform(hk.NextRngKey());
        NDArray Run(bool splitRng) => hk.Transform((NDArray x) => hk.Vmap(Draw, splitRng)(x)).Apply(null, 1, X);
        var shared = Run(false);
        var own = Run(true);
        Assert.True((bool)jnp.AllClose(shared[0], shared[1]));
        Assert.False((bool)jnp.AllClose(own[0], own[1]));
        NDArray mixed = hk.Transform(
                (NDArray x, NDArray y) => hk.Vmap((x, y) => x * y, splitRng: false, inAxes: (0, null))(x, y)
            )
            .Apply(null, null, X, 2.0);
        Assert.Equal((3, 2), mixed.Shape);
    }

    [Fact]
    public void UnequalBranchesAreRefused()
    {
        string message = Assert
            .Throws<ParameterException>(() => hk.Transform((NDArray x) => hk.Cond(true, Dense, x => x, x)).Init(1, X))
            .Message;
        Assert.Contains("'linear/w'", message, StringComparison.Ordinal);
        Assert.Contains("hk.RunningInit()", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SplitKeysCannotMakeParameters() =>
        Assert.Contains(
            "splitRng: !hk.RunningInit()",
            Assert
                .Throws<ModuleException>(() =>
                    hk.Transform((NDArray x) => hk.Vmap(Dense, splitRng: true)(x)).Init(1, X)
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void ConditionsChangeNothing() =>
        Assert.Contains(
            "condition",
            Assert
                .Throws<ModuleException>(() =>
                    hk.TransformWithState((NDArray x) => hk.WhileLoop(y => Count() < 3, y => y, x))
                        .Apply(null, null, null, X)
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void StatesAreMadeBeforeLoops() =>
        Assert.Contains(
            "state '~/n'",
            Assert
                .Throws<ParameterException>(() =>
                    hk.TransformWithState((NDArray x) => hk.Map(row => row + Count(), x)).Apply(null, null, null, X)
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void TransformationsNeedATransformedFunction()
    {
        Assert.Throws<ModuleException>(() => hk.Grad((NDArray x) => x));
        Assert.Throws<ModuleException>(() => hk.Vmap((NDArray x) => x, splitRng: false));
        Assert.Throws<ModuleException>(() => hk.Scan((c, x) => (c, x), 0.0, X));
    }

    [Fact]
    public void GradientsOfManyArguments()
    {
        var (value, gradients) = hk.Transform(
                (NDArray x, NDArray y) => hk.ValueAndGrad((x, y) => x * y, argNums: (0, 1))(x, y)
            )
            .Apply(null, null, 2.0, 3.0);
        Assert.Equal("6.0 (3.0, 2.0)", $"{value} ({gradients.Item1}, {gradients.Item2})");
        Assert.Equal(
            "3.0",
            hk.Transform(() => hk.Grad((NDArray x, NDArray y) => x * y, argNums: 0)(2.0, 3.0))
                .Apply(null, null)
                .ToString()
        );
        Assert.Single(
            hk.Transform(() => hk.Grad((hk.Params p) => jnp.Sum(p["a"]["b"]))(new() { ["a"] = new() { ["b"] = X } }))
                .Apply(null, null)
                .Keys
        );
    }

    [Fact]
    public void ReservedKeysAreSplitOffAtOnce()
    {
        NDArray Two(NDArray x) => JaxRandom.Uniform(hk.NextRngKey()) + JaxRandom.Uniform(hk.NextRngKey());
        var direct = hk.Transform(() =>
        {
            hk.ReserveRngKeys(2);
            return Two(0);
        });
        var optimised = hk.Transform(() => hk.Experimental.OptimizeRngUse<NDArray, NDArray>(Two)(0));
        Assert.Equal(direct.Apply(null, 3).ToString(), optimised.Apply(null, 3).ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ScansRefuseTheSameInInitAndApply(bool init)
    {
        void Refused<TException>(Func<NDArray, NDArray> f)
            where TException : JaxException
        {
            var t = hk.Transform(f);
            var refused = Assert.Throws<TException>(() => (object)(init ? t.Init(1, X) : t.Apply(null, null, X)));
            Assert.StartsWith("Hk.", refused.Message, StringComparison.Ordinal);
        }

        NDArray Scan<T>(T xs, int? length = null) => hk.Scan((NDArray c, T _) => (c, c), 0.0, xs, length).Carry;
        Refused<ShapeException>(x => Scan(x, length: 2));
        Refused<ShapeException>(x => Scan((x, x[0])));
        Refused<ShapeException>(x => Scan((NDArray)1.0));
        Refused<JaxArgumentException>(x => Scan<NDArray?>(null));
        Refused<JaxArgumentException>(x => Scan<NDArray?>(null, length: -1));
        Refused<ShapeException>(x => hk.Map((NDArray y) => y, 1.0));
        Refused<DTypeException>(x => hk.ForiLoop(0.5, 1, (_, y) => y, x));
    }

    [Fact]
    public void WrongAxesOfResultsAreNoMatterOfState()
    {
        var outAxes = hk.Transform((NDArray x) => hk.Vmap(Dense, splitRng: false, outAxes: 5)(x));
        Assert.Contains("axis 5", Assert.Throws<AxisException>(() => outAxes.Init(1, X)).Message);
        var inner = hk.Transform(
            (NDArray x) =>
                hk.Vmap(
                    row =>
                    {
                        var y = Dense(row);
                        return jnp.Sum(y, axis: 3);
                    },
                    splitRng: false
                )(x)
        );
        Assert.Throws<AxisException>(() => inner.Init(1, X));
    }

    [Fact]
    public void StatesOfSlicesMustNotDiffer()
    {
        var state = hk.TransformWithState(
            (NDArray x) =>
                hk.Vmap(
                    row =>
                    {
                        hk.SetState("same", jnp.Ones(2));
                        hk.SetState("row", row);
                        return row;
                    },
                    splitRng: false
                )(x)
        );
        Assert.Contains("state '~/row' differs", Assert.Throws<ModuleException>(() => state.Init(1, X)).Message);
    }

    [Fact]
    public void OnlySingleKeysAreReserved()
    {
        NDArray Draw(NDArray x)
        {
            var many = hk.NextRngKeys(2);
            using (hk.WithRng(7))
            {
                hk.NextRngKey();
            }

            return JaxRandom.Uniform(many[1]) + JaxRandom.Uniform(hk.NextRngKey());
        }

        var direct = hk.Transform(() =>
        {
            hk.ReserveRngKeys(2);
            return Draw(0);
        });
        var optimised = hk.Transform(() => hk.Experimental.OptimizeRngUse<NDArray, NDArray>(Draw)(0));
        Assert.Equal(direct.Apply(null, 3).ToString(), optimised.Apply(null, 3).ToString());
    }
}
