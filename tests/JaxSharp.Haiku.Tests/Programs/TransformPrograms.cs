using System.Collections.Generic;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests.Programs;

/// <summary>Recorded programs that transform functions inside of functions with modules.</summary>
public sealed class TransformPrograms : HaikuPrograms
{
    [Fact]
    public void Scan() =>
        Check(
            "inside/scan",
            (w, b, x) =>
            {
                var f = hk.Transform(
                    (NDArray x) =>
                    {
                        var l = new hk.Linear(3);
                        return hk.Scan((c, e) => (jnp.Tanh(l.Call(c) + e), jnp.Sum(c)), jnp.Ones(3), x);
                    }
                );
                var square = jnp.Concatenate([w, w[.., ..1]], axis: 1);
                return f.Apply(Linear(square, jnp.Concatenate([b, b[..1]])), null, x);
            }
        );

    [Fact]
    public void ScanStateReverse() =>
        Check(
            "inside/scan state reverse",
            (_, _, x) =>
            {
                var t = hk.TransformWithState(
                    (NDArray x) =>
                        hk.Scan(
                            (c, e) =>
                            {
                                var n = hk.GetState("n", init: jnp.Zeros);
                                hk.SetState("n", n + jnp.Sum(e));
                                return (c + e, n);
                            },
                            jnp.Zeros(3),
                            x,
                            reverse: true
                        )
                );
                var (p, s) = t.Init(null, x);
                return (s, t.Apply(p, s, null, x));
            }
        );

    [Fact]
    public void ScanRng() =>
        Check(
            "inside/scan rng",
            (_, _, _) =>
                hk.Transform(() => hk.Scan((c, _) => (c + 1, JaxRandom.Uniform(hk.NextRngKey())), 0, null, length: 4))
                    .Apply([], JaxRandom.Key(3))
        );

    [Fact]
    public void Cond() =>
        Check(
            "inside/cond",
            (w, b, x) =>
                hk.Transform(
                        (NDArray x) =>
                        {
                            var l = new hk.Linear(2);
                            return (
                                hk.Cond(jnp.Sum(x) > 100, x => l.Call(x), x => -l.Call(x), x),
                                hk.Cond(true, x => l.Call(x) * 2, x => l.Call(x), x)
                            );
                        }
                    )
                    .Apply(Linear(w, b), null, x)
        );

    [Fact]
    public void CondState() =>
        Check(
            "inside/cond state",
            (_, _, _) =>
            {
                var t = hk.TransformWithState(
                    (NDArray go) =>
                    {
                        var n = hk.GetState("n", init: jnp.Ones);
                        return hk.Cond(
                            go,
                            () =>
                            {
                                hk.SetState("n", n * 3);
                                return 1.0;
                            },
                            () => (NDArray)2.0
                        );
                    }
                );
                var (p, s) = t.Init(null, true);
                return (s, t.Apply(p, s, null, true), t.Apply(p, s, null, false));
            }
        );

    [Fact]
    public void Switch() =>
        Check(
            "inside/switch",
            (w, b, x) =>
            {
                var f = hk.Transform(
                    (NDArray i, NDArray x) =>
                    {
                        var l = new hk.Linear(2);
                        return hk.Switch(i, [x => l.Call(x), x => l.Call(x) + 1, x => x[.., ..2]], x);
                    }
                );
                var p = Linear(w, b);
                return new List<NDArray>
                {
                    f.Apply(p, null, 0, x),
                    f.Apply(p, null, 1, x),
                    f.Apply(p, null, 2, x),
                    f.Apply(p, null, 5, x),
                    f.Apply(p, null, -1, x),
                };
            }
        );

    [Fact]
    public void ForiLoop() =>
        Check(
            "inside/fori_loop",
            (w, b, x) =>
                hk.Transform(
                        (NDArray x) =>
                            hk.ForiLoop(
                                0,
                                4,
                                (i, c) =>
                                    jnp.Tanh(new hk.Linear(2).Call(jnp.Concatenate([c, c[.., ..1]], axis: 1))) + i,
                                x[.., ..2]
                            )
                    )
                    .Apply(Linear(w, b), null, x)
        );

    [Fact]
    public void Grad() =>
        Check(
            "inside/grad",
            (w, b, x) =>
                hk.Transform((NDArray x) => hk.Grad(x => jnp.Sum(jnp.Tanh(new hk.Linear(2).Call(x))))(x))
                    .Apply(Linear(w, b), null, x)
        );

    [Fact]
    public void ValueAndGrad() =>
        Check(
            "inside/value_and_grad argnums has_aux",
            (w, b, x) =>
                hk.Transform(
                        (NDArray x, double y) =>
                            hk.ValueAndGrad(
                                (NDArray x, NDArray scale) =>
                                    (
                                        jnp.Sum(new hk.Linear(2).Call(x) * scale),
                                        new Dictionary<string, double> { ["aux"] = y }
                                    ),
                                argNums: (0, 1)
                            )(x, y)
                    )
                    .Apply(Linear(w, b), null, x, 2.0)
        );

    [Fact]
    public void EvalShape() =>
        Check(
            "inside/eval_shape",
            (w, b, x) =>
                hk.Transform(
                        (NDArray x) =>
                        {
                            var o = hk.EvalShape(x => new hk.Linear(2).Call(x), x);
                            return jnp.Zeros(o.Shape, o.DType) + new hk.Linear(2).Call(x);
                        }
                    )
                    .Apply(Linear(w, b), null, x)
        );

    [Fact]
    public void RngReserveSize() =>
        Check(
            "inside/rng reserve size",
            (_, _, _) =>
            {
                int old = hk.Config.RngReserveSize;
                hk.Config.RngReserveSize = 4;
                try
                {
                    return hk.Transform(() =>
                        {
                            var keys = new List<NDArray>();
                            for (int i = 0; i < 6; i++)
                            {
                                keys.Add(JaxRandom.KeyData(hk.NextRngKey()));
                            }

                            return keys;
                        })
                        .Apply([], JaxRandom.Key(42));
                }
                finally
                {
                    hk.Config.RngReserveSize = old;
                }
            }
        );

    [Fact]
    public void RngSequenceState() =>
        Check(
            "inside/rng sequence state",
            (_, _, _) =>
                hk.Transform(() =>
                    {
                        var s = hk.MaybeGetRngSequenceState();
                        var a = hk.NextRngKey();
                        hk.ReplaceRngSequenceState(s!);
                        var c = hk.NextRngKey();
                        var d = hk.NextRngKey();
                        return new List<NDArray> { JaxRandom.KeyData(a), JaxRandom.KeyData(c), JaxRandom.KeyData(d) };
                    })
                    .Apply([], JaxRandom.Key(42))
        );
}
