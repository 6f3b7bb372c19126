using System.Collections.Generic;
using Xunit;
using static JaxSharp.Jax;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests.Programs;

/// <summary>Recorded programs that lift inner functions and stack layers.</summary>
public sealed class LiftingPrograms : HaikuPrograms
{
    [Fact]
    public void LayerStackInit() =>
        Check(
            "inside/layer_stack init",
            (_, _, x) =>
                hk.Transform((NDArray x) => hk.LayerStack(3, x => new hk.Linear(3).Call(x))(x))
                    .Init(JaxRandom.Key(42), x)
        );

    [Fact]
    public void LayerStackPerLayerInputs() =>
        Check(
            "inside/layer_stack per layer inputs",
            (_, _, x) =>
                hk.Transform(
                        (NDArray x, NDArray y) =>
                            hk.LayerStack(
                                3,
                                (x, y) =>
                                {
                                    var b = hk.GetParameter("b", Shape.Scalar, init: jnp.Zeros);
                                    return (x * y + b, jnp.Sum(x));
                                }
                            )(x, y)
                    )
                    .Apply(
                        new() { ["__layer_stack_with_per_layer/~"] = new() { ["b"] = jnp.Array([1.0, 2.0, 3.0]) } },
                        null,
                        x,
                        jnp.Array([1.0, -1.0, 2.0])
                    )
        );

    [Fact]
    public void LayerStackReverse() =>
        Check(
            "inside/layer_stack reverse",
            (_, _, x) =>
                hk.Transform(
                        (NDArray x, NDArray y) =>
                            hk.LayerStack(3, (x, y) => (x * y + 1, jnp.Sum(x)))(x, y, reverse: true)
                    )
                    .Apply([], null, x, jnp.Array([1.0, -1.0, 2.0]))
        );

    [Fact]
    public void LiftedVmappedEnsemble() =>
        Check(
            "inside/lifted vmapped ensemble",
            (w, b, x) =>
            {
                var inner = hk.Transform((NDArray x) => new hk.Linear(2).Call(x));
                var f = hk.Transform(
                    (NDArray x) =>
                    {
                        var init = Vmap<hk.Rng?, NDArray, hk.Params>(inner.Init, inAxes: (0, null));
                        var members = hk.Lift(init, name: "e")(null, x);
                        return Vmap((hk.Params p, NDArray x) => inner.Apply(p, null, x), inAxes: (0, null))(members, x);
                    }
                );
                var parameters = new hk.Params
                {
                    ["e/linear"] = new() { ["w"] = jnp.Stack([w, -w]), ["b"] = jnp.Stack([b, b]) },
                };
                return f.Apply(parameters, null, x);
            }
        );

    [Fact]
    public void LayerStackNames() =>
        Check(
            "naming/layer_stack names",
            () =>
                Paths(
                    (NDArray x) =>
                    {
                        x = hk.LayerStack(3, x => new hk.Linear(2).Call(x))(x);
                        x = hk.LayerStack(2, x => new hk.Nets.MLP([3, 2]).Call(x), name: "stack")(x);
                        (x, _) = hk.LayerStack(2, (x, y) => (new hk.Linear(2).Call(x) + y, x))(x, jnp.Ones((2, 1, 2)));
                        return x;
                    },
                    jnp.Ones((1, 2))
                )
        );

    private sealed class Ensemble(hk.Transformed<NDArray, NDArray> inner) : hk.Module<NDArray, NDArray>
    {
        protected override NDArray Forward(NDArray x)
        {
            var init = Vmap<hk.Rng?, NDArray, hk.Params>(inner.Init, inAxes: (0, null));
            var p = hk.Lift(init, name: "member")(hk.RunningInit() ? hk.NextRngKeys(4) : null, x);
            return Vmap((hk.Params p, NDArray x) => inner.Apply(p, null, x), inAxes: (0, null))(p, x);
        }
    }

    [Fact]
    public void LiftInAModuleVmapped() =>
        Check(
            "naming/lift in a module vmapped",
            () =>
            {
                var inner = hk.Transform((NDArray x) => new hk.Nets.MLP([3, 2]).Call(x));
                return Paths((NDArray x) => new Ensemble(inner).Call(x), jnp.Ones((1, 2)));
            }
        );

    [Fact]
    public void Lift() =>
        Check(
            "naming/lift",
            () =>
            {
                var inner = hk.Transform((NDArray x) => new hk.Nets.MLP([3, 2]).Call(x));
                return Paths(
                    (NDArray x) =>
                    {
                        var p = hk.Lift(inner, name: "lifted_mlp")(hk.MaybeNextRngKey(), x);
                        var q = hk.TransparentLift(inner)(hk.MaybeNextRngKey(), x);
                        return inner.Apply(p, null, x) + inner.Apply(q, null, x);
                    },
                    jnp.Ones((1, 2))
                );
            }
        );
}
