using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Inner functions whose parameters and states are those of outer ones.</summary>
public sealed class LiftingTests
{
    private static readonly NDArray X = jnp.Ones((1, 2));

    private sealed class Layers : hk.LayerStackTransparencyMapping
    {
        public override string StackedToFlat(string stackedModuleName, int scanIdx) => $"{stackedModuleName}_{scanIdx}";

        public override (string StackedModuleName, int ScanIdx)? FlatToStacked(string unstackedModuleName) =>
            unstackedModuleName.Split('_') is [var name, var number]
                ? (name, int.Parse(number, CultureInfo.InvariantCulture))
                : null;
    }

    [Fact]
    public void TransparentStacksAreLoopsOverLayers()
    {
        var stack = hk.Transform(
            (NDArray x) =>
                hk.LayerStack(3, x => new hk.Linear(2).Call(x), transparencyMap: new Layers())(
                    new hk.Linear(2, name: "first").Call(x)
                )
        );
        var loop = hk.Transform(
            (NDArray x) =>
            {
                x = new hk.Linear(2, name: "first").Call(x);
                for (int i = 0; i < 3; i++)
                {
                    x = new hk.Linear(2, name: $"linear_{i}").Call(x);
                }

                return x;
            }
        );
        var parameters = stack.Init(42, X);
        Assert.Equal(["first", "linear_0", "linear_1", "linear_2"], parameters.Keys.Order());
        Assert.True((bool)jnp.AllClose(loop.Apply(parameters, null, X), stack.Apply(parameters, null, X), 1e-6));
    }

    [Fact]
    public void StacksKeepStates()
    {
        var stack = hk.TransformWithState(
            (NDArray x) =>
                hk.LayerStack(
                    3,
                    x =>
                    {
                        hk.SetState("seen", jnp.Sum(x));
                        return x + 1;
                    },
                    name: "stack"
                )(x)
        );
        var (_, state) = stack.Init(null, X);
        var (y, after) = stack.Apply([], state, null, X);
        Assert.Equal("[[4. 4.]] [2. 4. 6.]", $"{y} {after["stack/~"]["seen"]}");
    }

    [Fact]
    public void LiftedStatesComeBackByTheUpdater()
    {
        var inner = hk.TransformWithState(
            (NDArray x) =>
            {
                var n = hk.GetState("n", init: jnp.Zeros);
                hk.SetState("n", n + 1);
                return x + n;
            }
        );
        var outer = hk.TransformWithState(
            (NDArray x) =>
            {
                var (init, updater) = hk.LiftWithState(inner, name: "inner");
                var (parameters, state) = init(null, x);
                var (y, next) = inner.Apply(parameters, state, null, x);
                updater.Update(next);
                Assert.Throws<ModuleException>(updater.IgnoreUpdate);
                return y;
            }
        );
        var (p, s) = outer.Init(null, X);
        Assert.Equal("0.0", s["inner/~"]["n"].ToString());
        (_, s) = outer.Apply(p, s, null, X);
        (_, s) = outer.Apply(p, s, null, X);
        Assert.Equal("2.0", s["inner/~"]["n"].ToString());
    }

    [Fact]
    public void TransparentlyLiftedFunctionsUseNoOuterModules() =>
        Assert.Contains(
            "'linear'",
            Assert
                .Throws<ModuleException>(() =>
                    hk.Transform(
                            (NDArray x) =>
                            {
                                var outer = new hk.Linear(2);
                                outer.Call(x);
                                var inner = hk.Transform((NDArray x) => outer.Call(x));
                                hk.TransparentLift(inner)(hk.NextRngKey(), x);
                                return x;
                            }
                        )
                        .Init(42, X)
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void StacksTakeOneSliceForEachLayer()
    {
        var stack = hk.Transform((NDArray x, NDArray y) => hk.LayerStack(3, (x, y) => (x * y, x))(x, y).X);
        Assert.Throws<ShapeException>(() => stack.Init(null, X, jnp.Ones(2)));
        Assert.Throws<JaxArgumentException>(() => hk.LayerStack(0, x => x));
    }

    [Theory]
    [InlineData(false, 1, "module/inner/")]
    [InlineData(false, 2, "module/inner/inner/")]
    [InlineData(true, 1, "module/")]
    [InlineData(true, 2, "module/")]
    public void HooksKnowThePrefixOfLiftedParameters(bool isTransparent, int times, string prefix)
    {
        var created = new List<string?>();
        NDArray Lifted(NDArray x, int left)
        {
            if (left == 0)
            {
                return x + hk.GetParameter("b", 2, init: jnp.Zeros);
            }

            var inner = hk.Transform((NDArray x) => Lifted(x, left - 1));
            var init = isTransparent ? hk.TransparentLift(inner) : hk.Lift(inner, name: "inner");
            return inner.Apply(init(null, x), null, x);
        }

        var outer = hk.Transform(
            (NDArray x) =>
            {
                using var creator = hk.CustomCreator(
                    (next, shape, dtype, init, context) =>
                    {
                        created.Add(context.LiftedPrefixName);
                        return next(shape, dtype, init);
                    }
                );
                using var scope = hk.NameScope("module");
                hk.GetParameter("outside", Shape.Scalar, init: jnp.Zeros);
                return Lifted(x, times);
            }
        );
        outer.Init(null, X);
        Assert.Equal([null, prefix], created);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StackedLayersReadNothingByModulesFromOutside(bool isTransparent)
    {
        var map = isTransparent ? new Layers() : null;
        hk.Transformed<NDArray, NDArray> Stack(int times) =>
            hk.Transform(
                (NDArray x) =>
                {
                    var outer = new hk.Linear(2);
                    NDArray Layers(NDArray x, int left) =>
                        left == 0
                            ? outer.Call(x)
                            : hk.LayerStack(2, x => Layers(x, left - 1), transparencyMap: map, name: "stack")(x);
                    return Layers(x, times);
                }
            );
        foreach (int times in (int[])[1, 2])
        {
            var refused = Assert.Throws<ModuleException>(() => Stack(times).Init(42, X));
            Assert.Contains("'linear' was made outside", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Hk.LayerStack", refused.Message, StringComparison.Ordinal);
        }

        var parameters = hk.Transform(
                (NDArray x) => hk.LayerStack(2, x => new hk.Linear(2).Call(x), transparencyMap: map, name: "stack")(x)
            )
            .Init(42, X);
        Assert.Throws<ModuleException>(() => Stack(1).Apply(parameters, null, X));
    }

    [Fact]
    public void StackedLayersCallModulesFromOutsideThatHaveNoParameters()
    {
        var stack = hk.Transform(
            (NDArray x) =>
            {
                var outer = new hk.Sequential(x => x + 1);
                return hk.LayerStack(3, x => outer.Call(x))(x);
            }
        );
        Assert.Equal("[[4. 4.]]", stack.Apply(stack.Init(null, X), null, X).ToString());
    }

    [Fact]
    public void AModuleFromOutsideMakesNothingInAStack()
    {
        void Refused(Func<NDArray, NDArray> body)
        {
            var stack = hk.TransformWithState(
                (NDArray x) =>
                {
                    var outer = hk.ToModule(body)(name: "outer");
                    return hk.LayerStack(2, x => outer.Call(x))(x);
                }
            );
            Assert.Contains(
                "'outer' was made outside",
                Assert.Throws<ModuleException>(() => stack.Init(42, X)).Message,
                StringComparison.Ordinal
            );
        }

        Refused(x => new hk.Linear(2).Call(x));
        Refused(x => x + hk.GetParameter("b", 2, init: jnp.Zeros));
        Refused(x => x + hk.GetState("b", 2, init: jnp.Zeros));
        Refused(x =>
        {
            hk.SetState("b", (x, x));
            return x;
        });
        Refused(x =>
        {
            using var scope = hk.NameScope("scope");
            return x;
        });
    }

    [Fact]
    public void TransparentLiftsUseUpAName()
    {
        var inner = hk.Transform((NDArray x) => new hk.Linear(2).Call(x));
        var outer = hk.Transform(
            (NDArray x) =>
            {
                hk.TransparentLift(inner)(hk.NextRngKey(), x);
                hk.Lift(inner)(hk.NextRngKey(), x);
                return x;
            }
        );
        Assert.Equal(["linear", "lifted_1/linear"], outer.Init(42, X).Keys);
    }
}
