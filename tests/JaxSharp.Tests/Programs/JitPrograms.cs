using Xunit;
using static JaxSharp.Jax;
using Dict = System.Collections.Generic.Dictionary<string, JaxSharp.NDArray>;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about compilation, checkpoints and held gradients.</summary>
public sealed class JitPrograms : ProgramTests
{
    [Fact]
    public void JitBasic() => Check("jit/basic", (NDArray x) => Jit(x => jnp.Sin(x) * 2)(x));

    [Fact]
    public void JitStaticArgnums() =>
        Check("jit/static_argnums", (NDArray x) => Jit((NDArray x, int n) => jnp.Power(x, n), staticArgNums: 1)(x, 3));

    [Fact]
    public void JitPythonControlFlowOnShape() =>
        Check("jit/python control flow on shape", (NDArray x) => Jit(x => x.Ndim == 1 ? x * 2 : x * 3)(x));

    [Fact]
    public void JitSameFunctionOnTwoShapes() =>
        Check(
            "jit/same function on two shapes",
            (NDArray x, NDArray y) =>
            {
                var g = Jit(x => jnp.Sum(x * 2));
                return (g(x), g(y));
            }
        );

    [Fact]
    public void JitOfGradOfJitOfVmap() =>
        Check("jit/of grad of jit of vmap", (NDArray x) => Jit(Grad(Jit(x => jnp.Sum(Vmap(x => jnp.Sin(x))(x)))))(x));

    [Fact]
    public void JitDonateArgnums() =>
        Check("jit/donate_argnums", (NDArray x) => Jit(x => x + 1, donateArgNums: 0)(x * 1));

    [Fact]
    public void JitKeepUnused() => Check("jit/keep_unused", (NDArray x, NDArray y) => Jit((x, y) => x * 2)(x, y));

    [Fact]
    public void CheckpointGrad() =>
        Check("checkpoint/grad", (NDArray x) => Grad(Checkpoint(x => jnp.Sum(jnp.Sin(jnp.Sin(x)))))(x));

    [Fact]
    public void CheckpointValueUnchanged() =>
        Check("checkpoint/value unchanged", (NDArray x) => Checkpoint(x => jnp.Sin(x) * 2)(x));

    [Fact]
    public void CheckpointPolicyEverythingSaveable() =>
        Check(
            "checkpoint/policy everything_saveable",
            (NDArray w, NDArray x) =>
                Grad(
                    Checkpoint(
                        w => jnp.Sum(jnp.Power(jnp.Tanh(jnp.MatMul(x, w)), 2)),
                        policy: CheckpointPolicy.EverythingSaveable
                    )
                )(w)
        );

    [Fact]
    public void CheckpointPolicyDotsSaveable() =>
        Check(
            "checkpoint/policy dots_saveable",
            (NDArray w, NDArray x) =>
                Grad(
                    Checkpoint(
                        w => jnp.Sum(jnp.Power(jnp.Tanh(jnp.MatMul(x, w)), 2)),
                        policy: CheckpointPolicy.DotsSaveable
                    )
                )(w)
        );

    [Fact]
    public void CheckpointSaveOnlyTheseNames() =>
        Check(
            "checkpoint/save_only_these_names",
            (NDArray x) =>
            {
                NDArray g(NDArray x) => jnp.Sum(jnp.Sin(CheckpointName(jnp.Exp(x), "e")));
                return Grad(Checkpoint(g, policy: CheckpointPolicy.SaveOnlyTheseNames("e")))(x);
            }
        );

    [Fact]
    public void CheckpointNested() =>
        Check(
            "checkpoint/nested",
            (NDArray x) => Grad(Checkpoint(x => jnp.Sum(Checkpoint(jnp.Sin)(jnp.Power(x, 2)))))(x)
        );

    [Fact]
    public void CheckpointSecondDerivative() =>
        Check("checkpoint/second derivative", (NDArray x) => Grad(Grad(Checkpoint(x => jnp.Sin(x) * x)))(x));

    [Fact]
    public void CheckpointJvpAndVmap() =>
        Check("checkpoint/jvp and vmap", (NDArray x) => Vmap(x => Jvp(Checkpoint(jnp.Sin), x, 1.0))(x));

    [Fact]
    public void CheckpointStaticArgnums() =>
        Check(
            "checkpoint/static_argnums",
            (NDArray x) => Grad(Checkpoint((NDArray x, int n) => jnp.Sum(jnp.Power(x, n))))(x, 3)
        );

    [Fact]
    public void StopGradientProduct() =>
        Check("stop_gradient/product", (NDArray x) => Grad(x => Lax.StopGradient(x) * x)(x));

    [Fact]
    public void StopGradientForwardMode() =>
        Check("stop_gradient/forward mode", (NDArray x) => Jvp(x => Lax.StopGradient(x) * x, x, 1.0));

    [Fact]
    public void StopGradientStraightThroughTrick() =>
        Check(
            "stop_gradient/straight-through trick",
            (NDArray x) => Grad(x => jnp.Sum(jnp.Power(x + Lax.StopGradient(jnp.Round(x) - x), 2)))(x)
        );

    [Fact]
    public void StopGradientTree() =>
        Check("stop_gradient/tree", (Dict p) => Grad((Dict p) => jnp.Sum(StopGradient(p)["a"] * p["a"]))(p));

    [Fact]
    public void StopGradientTDTarget() =>
        Check(
            "stop_gradient/TD target",
            (NDArray w, NDArray a, NDArray b) =>
                Grad(w => jnp.Power(jnp.Dot(w, a) - Lax.StopGradient(1 + 0.9 * jnp.Dot(w, b)), 2))(w)
        );
}
