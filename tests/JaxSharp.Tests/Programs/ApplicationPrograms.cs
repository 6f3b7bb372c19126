using System;
using Xunit;
using static JaxSharp.Jax;
using Dict = System.Collections.Generic.Dictionary<string, JaxSharp.NDArray>;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about small applications: networks, optimisers, simulations.</summary>
public sealed class ApplicationPrograms : ProgramTests
{
    [Fact]
    public void RK4HarmonicOscillator() =>
        Check(
            "apply/RK4 harmonic oscillator",
            (NDArray y0) =>
            {
                NDArray g(NDArray y) => jnp.Stack([y[1], -y[0]]);
                (NDArray, NDArray) step(NDArray y, NDArray _1)
                {
                    double h = 0.1;
                    var k1 = g(y);
                    var k2 = g(y + h / 2 * k1);
                    var k3 = g(y + h / 2 * k2);
                    var k4 = g(y + h * k3);
                    y += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
                    return (y, y);
                }

                return Lax.Scan(step, y0, null, length: 20);
            }
        );

    [Fact]
    public void LogisticRegression500StepsByForiLoop() =>
        Check(
            "apply/logistic regression 500 steps by fori_loop",
            (NDArray x, NDArray y) =>
            {
                NDArray loss(NDArray w) =>
                    jnp.Mean(jnp.LogAddExp(0, -y * jnp.MatMul(x, w))) + 0.001 * jnp.Sum(jnp.Power(w, 2));
                return Lax.ForiLoop(0, 500, (_, w) => w - 0.5 * Grad(loss)(w), jnp.Zeros(3));
            }
        );

    [Fact]
    public void LogisticRegression500StepsByScan() =>
        Check(
            "apply/logistic regression 500 steps by scan",
            (NDArray x, NDArray y) =>
            {
                NDArray loss(NDArray w) =>
                    jnp.Mean(jnp.LogAddExp(0, -y * jnp.MatMul(x, w))) + 0.001 * jnp.Sum(jnp.Power(w, 2));
                (NDArray, NDArray) step(NDArray w, NDArray _1)
                {
                    var (v, g) = ValueAndGrad(loss)(w);
                    return (w - 0.5 * g, v);
                }

                var (w, losses) = Lax.Scan(step, jnp.Zeros(3), null, length: 500);
                return (w, losses[(null, null, 50)]);
            }
        );

    [Fact]
    public void MLPCrossEntropyGradient() =>
        Check(
            "apply/MLP cross-entropy gradient",
            (Dict p, NDArray x, NDArray y) =>
            {
                NDArray net(Dict p, NDArray x) =>
                    jnp.MatMul(Nn.Relu(jnp.MatMul(x, p["w1"]) + p["b1"]), p["w2"]) + p["b2"];
                NDArray loss(Dict p) => -jnp.Mean(Nn.LogSoftmax(net(p, x))[jnp.Arange(5), y]);
                return ValueAndGrad((Dict p) => loss(p))(p);
            }
        );

    [Fact]
    public void MLPPerExampleGradients() =>
        Check(
            "apply/MLP per-example gradients",
            (Dict p, NDArray x, NDArray y) =>
            {
                NDArray net(Dict p, NDArray x) =>
                    jnp.MatMul(Nn.Relu(jnp.MatMul(x, p["w1"]) + p["b1"]), p["w2"]) + p["b2"];
                NDArray loss(Dict p, NDArray x, NDArray y) => -Nn.LogSoftmax(net(p, x))[y];
                return Vmap(Grad((Dict p, NDArray x, NDArray y) => loss(p, x, y)), inAxes: (null, 0, 0))(p, x, y);
            }
        );

    [Fact]
    public void CNNLossGradient() =>
        Check(
            "apply/CNN loss gradient",
            (Dict p, NDArray x, NDArray y) =>
            {
                NDArray net(Dict p, NDArray x)
                {
                    var h = Lax.ConvGeneralDilated(
                        x,
                        p["k"],
                        (1, 1),
                        "SAME",
                        dimensionNumbers: ("NHWC", "HWIO", "NHWC")
                    );
                    h = Lax.ReduceWindow(
                        Nn.Relu(h + p["b"]),
                        -float.PositiveInfinity,
                        Lax.Max,
                        (1, 2, 2, 1),
                        (1, 2, 2, 1),
                        "VALID"
                    );
                    return jnp.MatMul(h.Reshape((h.Shape[0], -1)), p["w"]);
                }

                NDArray loss(Dict p) => -jnp.Mean(jnp.Sum(Nn.OneHot(y, 3) * Nn.LogSoftmax(net(p, x)), -1));
                return ValueAndGrad((Dict p) => loss(p))(p);
            }
        );

    [Fact]
    public void RNNLossGradientByScan() =>
        Check(
            "apply/RNN loss gradient by scan",
            (Dict p, NDArray xs, NDArray y) =>
            {
                NDArray loss(Dict p)
                {
                    (NDArray, NDArray) step(NDArray h, NDArray x)
                    {
                        h = jnp.Tanh(jnp.MatMul(x, p["u"]) + jnp.MatMul(h, p["w"]) + p["b"]);
                        return (h, h);
                    }

                    var hs = Lax.Scan(step, jnp.Zeros(4), xs).Item2;
                    return jnp.Mean(jnp.Power(jnp.MatMul(hs, p["v"]) - y, 2));
                }

                return ValueAndGrad((Dict p) => loss(p))(p);
            }
        );

    [Fact]
    public void LSTMCellGradientByScan() =>
        Check(
            "apply/LSTM cell gradient by scan",
            (Dict p, NDArray xs) =>
            {
                ((NDArray, NDArray), NDArray) step((NDArray, NDArray) c, NDArray x)
                {
                    var (h, m) = c;
                    var gates = jnp.Split(jnp.MatMul(jnp.Concatenate([x, h]), p["w"]) + p["b"], 4);
                    var (i, g, f, o) = (gates[0], gates[1], gates[2], gates[3]);
                    m = Nn.Sigmoid(f + 1) * m + Nn.Sigmoid(i) * jnp.Tanh(g);
                    h = Nn.Sigmoid(o) * jnp.Tanh(m);
                    return ((h, m), h);
                }

                return Lax.Scan(step, (jnp.Zeros(2), jnp.Zeros(2)), xs);
            }
        );

    [Fact]
    public void SelfAttentionValueAndGradient() =>
        Check(
            "apply/self-attention value and gradient",
            (Dict p, NDArray x) =>
            {
                NDArray attend(Dict p)
                {
                    var (q, k, v) = (jnp.MatMul(x, p["q"]), jnp.MatMul(x, p["k"]), jnp.MatMul(x, p["v"]));
                    var a = jnp.MatMul(q, k.T) / jnp.Sqrt(q.Shape[^1]);
                    a = jnp.Where(jnp.TriL(jnp.Ones(a.Shape, DType.Bool)), a, -1000000000.0);
                    return jnp.MatMul(Nn.Softmax(a), v);
                }

                return (attend(p), Grad((Dict p) => jnp.Sum(jnp.Power(attend(p), 2)))(p));
            }
        );

    [Fact]
    public void MultiHeadAttentionByEinsum() =>
        Check(
            "apply/multi-head attention by einsum",
            (Dict p, NDArray x) =>
            {
                NDArray attend(Dict p)
                {
                    NDArray project(string name) => jnp.Einsum("btd,dhk->bthk", x, p[name]);
                    var (q, k, v) = (project("q"), project("k"), project("v"));
                    var w = Nn.Softmax(jnp.Einsum("bthk,bshk->bhts", q, k) / Math.Sqrt(2));
                    return jnp.Einsum("bthk,hkd->btd", jnp.Einsum("bhts,bshk->bthk", w, v), p["o"]);
                }

                return (attend(p), Grad((Dict p) => jnp.Sum(jnp.Power(attend(p), 2)))(p));
            }
        );

    [Fact]
    public void EmbeddingLookupGradient() =>
        Check(
            "apply/embedding lookup gradient",
            (NDArray e, NDArray n) => Grad(e => jnp.Sum(jnp.Power(jnp.Tanh(e[n]), 2)))(e)
        );

    [Fact]
    public void LangevinStepWithKeys() =>
        Check(
            "apply/Langevin step with keys",
            (PrngKey key, NDArray x) =>
            {
                NDArray logp(NDArray x) => -jnp.Sum(jnp.Power(x, 4) / 4 - jnp.Power(x, 2) / 2);
                (NDArray, NDArray?) step(NDArray x, PrngKey k)
                {
                    return (x + 0.01 * Grad(logp)(x) + jnp.Sqrt(0.02) * JaxRandom.Normal(k, x.Shape), null);
                }

                return Lax.Scan<NDArray, PrngKey, NDArray?>(step, x, JaxRandom.Split(key, 10)).Carry;
            }
        );

    [Fact]
    public void VAELossGradient() =>
        Check(
            "apply/VAE loss gradient",
            (PrngKey key, Dict p, NDArray x) =>
            {
                NDArray loss(Dict p)
                {
                    var h = jnp.Tanh(jnp.MatMul(x, p["enc"]));
                    var (mu, lv) = (jnp.MatMul(h, p["mu"]), jnp.MatMul(h, p["lv"]));
                    var z = mu + jnp.Exp(0.5 * lv) * JaxRandom.Normal(key, mu.Shape);
                    var rec = jnp.Sum(jnp.Power(jnp.Tanh(jnp.MatMul(z, p["dec"])) - x, 2), -1);
                    var kl = -0.5 * jnp.Sum(1 + lv - jnp.Power(mu, 2) - jnp.Exp(lv), -1);
                    return jnp.Mean(rec + kl);
                }

                return ValueAndGrad((Dict p) => loss(p))(p);
            }
        );

    [Fact]
    public void GameOfLife() =>
        Check(
            "apply/game of life",
            (NDArray b) =>
            {
                (NDArray, NDArray) step(NDArray b, NDArray _)
                {
                    NDArray n = -b;
                    foreach (int dy in (int[])[-1, 0, 1])
                    {
                        foreach (int dx in (int[])[-1, 0, 1])
                        {
                            n += jnp.Roll(b, (dy, dx), (0, 1));
                        }
                    }

                    return ((jnp.Equal(n, 3) | (jnp.Equal(b, 1) & jnp.Equal(n, 2))).AsType(DType.I32), null!);
                }

                return Lax.Scan(step, b, null, length: 4).Carry;
            }
        );

    [Fact]
    public void MandelbrotCounts() =>
        Check(
            "apply/mandelbrot counts",
            (NDArray c) =>
            {
                (NDArray, NDArray, NDArray) body((NDArray Z, NDArray Count, NDArray Step) s) =>
                    (jnp.Where(jnp.Abs(s.Z) < 2, jnp.Power(s.Z, 2) + c, s.Z), s.Count + (jnp.Abs(s.Z) < 2), s.Step + 1);
                return Lax.WhileLoop(
                    s => s.Item3 < 20,
                    body,
                    (jnp.ZerosLike(c), jnp.Zeros(c.Shape, DType.I32), 0)
                ).Item2;
            }
        );

    [Fact]
    public void KMeansFiveRounds() =>
        Check(
            "apply/k-means five rounds",
            (NDArray x, NDArray c) =>
            {
                NDArray step(NDArray _0, NDArray c)
                {
                    var a = jnp.ArgMin(jnp.Sum(jnp.Power(x[.., jnp.NewAxis] - c[jnp.NewAxis], 2), -1), 1);
                    var w = Nn.OneHot(a, c.Shape[0]);
                    return jnp.MatMul(w.T, x) / jnp.Sum(w, 0)[.., jnp.NewAxis];
                }

                return Lax.ForiLoop(0, 5, step, c);
            }
        );

    [Fact]
    public void BacktrackingLineSearch() =>
        Check(
            "apply/backtracking line search",
            (NDArray x) =>
            {
                NDArray g(NDArray x) => jnp.Sum(jnp.Power(x, 4) - 3 * jnp.Power(x, 2) + x);
                var d = -Grad(g)(x);
                var t = Lax.WhileLoop(
                    t => g(x + t * d) > (g(x) - 0.1 * t * jnp.Sum(jnp.Power(d, 2))),
                    t => t * 0.5,
                    1.0
                );
                return (t, x + t * d);
            }
        );
}
