using System.Collections.Generic;
using System.Linq;
using Xunit;
using static JaxSharp.Jax;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests.Programs;

/// <summary>Recorded programs of recurrent networks, attention, tables, policies and shared functions.</summary>
public sealed class ModulePrograms : HaikuPrograms
{
    [Fact]
    public void CharLstm() =>
        Check(
            "inside/char LSTM loss and gradient",
            (w, b, x) =>
            {
                var t = hk.Transform(
                    (NDArray x) =>
                    {
                        var core = new hk.LSTM(3);
                        var (h, _) = hk.DynamicUnroll(core, x[.., null], core.InitialState(1));
                        return jnp.Sum(jnp.Power(new hk.Linear(2).Call(h), 2));
                    }
                );
                var p = Linear(w, b);
                p["lstm/linear"] = new()
                {
                    ["w"] = jnp.Outer(jnp.Linspace(-1, 1, 6), jnp.Linspace(1, -1, 12)),
                    ["b"] = jnp.Linspace(0, 1, 12),
                };
                return ValueAndGrad((hk.Params p) => t.Apply(p, null, x))(p);
            }
        );

    [Fact]
    public void TransformerLayer() =>
        Check(
            "naming/transformer layer",
            () =>
                Paths(
                    (NDArray x) =>
                    {
                        for (int i = 0; i < 2; i++)
                        {
                            var attention = new hk.MultiHeadAttention(2, 2, wInit: hk.Initializers.VarianceScaling());
                            x = new hk.LayerNorm(-1, true, true).Call(x + attention.Call(x, x, x));
                            x = new hk.LayerNorm(-1, true, true).Call(x + new hk.Nets.MLP([8, 4]).Call(x));
                        }

                        return x;
                    },
                    jnp.Ones((1, 3, 4))
                )
        );

    [Fact]
    public void TransformationsKeepNames() =>
        Check(
            "naming/vmap scan cond remat keep names",
            () =>
                Paths(
                    (NDArray x) =>
                    {
                        x = hk.Vmap(r => new hk.Linear(2).Call(r), splitRng: !hk.RunningInit())(x);
                        var cell = new hk.Linear(2, name: "cell");
                        x = hk.Scan((c, _) => (cell.Call(c), null), x, null, length: 3).Carry;
                        hk.Linear a = new(2, name: "yes");
                        hk.Linear b = new(2, name: "no");
                        if (hk.RunningInit())
                        {
                            a.Call(x);
                            b.Call(x);
                        }

                        x = hk.Cond(jnp.Sum(x) > 0, a.Call, b.Call, x);
                        x = hk.Remat(x => new hk.Nets.MLP([2, 2]).Call(x))(x);
                        var loop = new hk.Linear(2, name: "loop");
                        return hk.ForiLoop(0, 2, (i, x) => loop.Call(x), x);
                    },
                    jnp.Ones((3, 2))
                )
        );

    [Fact]
    public void TabulateMlp() =>
        Check(
            "naming/tabulate MLP",
            () => hk.Experimental.Tabulate((NDArray x) => new hk.Nets.MLP([3, 2]).Call(x))(jnp.Ones((4, 2)))
        );

    [Fact]
    public void MixedPrecisionPolicies() =>
        Check(
            "naming/mixed precision policies",
            () =>
            {
                var policy = hk.MixedPrecision.Policy.Parse("params=float32,compute=bfloat16,output=float32");
                var lines = new List<string>();
                void Note(NDArray y)
                {
                    lines.Add(y.DType.LongName);
                    lines.Add(hk.MixedPrecision.GetPolicy<hk.Linear>()?.ToString() ?? "None");
                }

                var p = hk.Transform(
                        (NDArray x) =>
                        {
                            NDArray y;
                            using (hk.MixedPrecision.PushPolicy<hk.Linear>(policy))
                            {
                                y = new hk.Linear(2).Call(x);
                                Note(y);
                            }

                            Note(new hk.Linear(2).Call(x));
                            return y;
                        }
                    )
                    .Init(JaxRandom.Key(42), jnp.Ones((1, 2), DType.BF16));
                lines.AddRange(
                    p.SelectMany(m => m.Value.Select(entry => $"{m.Key}/{entry.Key} {entry.Value.DType.LongName}"))
                );
                return lines;
            }
        );

    [Fact]
    public void MultiTransformWithState() =>
        Check(
            "naming/multi_transform_with_state",
            () =>
            {
                var t = hk.MultiTransformWithState(() =>
                    (Norm: new hk.BatchNorm(true, true, 0.9), Linear: new hk.Linear(2))
                );
                var x = jnp.Arange(6.0).Reshape(3, 2);
                var (p, s) = t.Init(JaxRandom.Key(42), f => f.Linear.Call(f.Norm.Call(x, isTraining: true)));
                var (_, s2) = t.Apply(p, s, null, f => f.Linear.Call(f.Norm.Call(x, isTraining: true)));
                return new List<object>
                {
                    p.Keys.Order().ToList(),
                    s.Keys.Order().ToList(),
                    (int)(NDArray)s2["batch_norm/~/mean_ema"]["counter"],
                };
            }
        );

    [Fact]
    public void ParamsDictAndStateDict() =>
        Check(
            "naming/params_dict and state_dict",
            () =>
            {
                var (mlp, norm, state) = hk.Testing.TransformAndRun(
                    (NDArray x) =>
                    {
                        var m = new hk.Nets.MLP([3, 2]);
                        var b = new hk.BatchNorm(true, true, 0.9);
                        b.Call(m.Call(x), isTraining: true);
                        return (
                            m.ParamsDict().Keys.Order().ToList(),
                            b.ParamsDict().Keys.Order().ToList(),
                            b.StateDict().Keys.Order().ToList()
                        );
                    }
                )(jnp.Ones((2, 2)));
                return new List<List<string>> { mlp, norm, state };
            }
        );
}
