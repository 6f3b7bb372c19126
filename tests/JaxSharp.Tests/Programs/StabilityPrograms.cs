using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about functions that must not overflow.</summary>
public sealed class StabilityPrograms : ProgramTests
{
    [Fact]
    public void LogsumexpOfLargeInputs() =>
        Check("stability/logsumexp of large inputs", (NDArray x) => ValueAndGrad(x => Nn.LogSumExp(x))(x));

    [Fact]
    public void LogsumexpOfVeryNegativeInputs() =>
        Check("stability/logsumexp of very negative inputs", (NDArray x) => ValueAndGrad(x => Nn.LogSumExp(x))(x));

    [Fact]
    public void LogsumexpWithPlusInf() => Check("stability/logsumexp with +inf", (NDArray x) => Nn.LogSumExp(x));

    [Fact]
    public void SoftmaxJacobianAtLargeInputs() =>
        Check("stability/softmax jacobian at large inputs", (NDArray x) => JacRev(x => Nn.Softmax(x))(x));

    [Fact]
    public void SoftmaxWithMaskedLogits() =>
        Check(
            "stability/softmax with masked logits",
            (NDArray x, NDArray m) =>
                ValueAndGrad(x => jnp.Sum(Nn.Softmax(jnp.Where(m, x, -float.PositiveInfinity)) * jnp.Arange(3.0)))(x)
        );

    [Fact]
    public void SoftmaxWhereArgument() =>
        Check("stability/softmax where argument", (NDArray x, NDArray m) => Nn.Softmax(x, where: m));

    [Fact]
    public void SigmoidCrossEntropyAtLargeLogits() =>
        Check(
            "stability/sigmoid cross-entropy at large logits",
            (NDArray x, NDArray y) =>
                Vmap(ValueAndGrad((x, y) => jnp.Maximum(x, 0) - x * y + jnp.Log1p(jnp.Exp(-jnp.Abs(x)))))(x, y)
        );

    [Fact]
    public void LogOfSigmoidVersusLogSigmoid() =>
        Check(
            "stability/log of sigmoid versus log_sigmoid",
            (NDArray x) => (Vmap(Grad(x => jnp.Log(Nn.Sigmoid(x))))(x), Vmap(Grad(Nn.LogSigmoid))(x))
        );

    [Fact]
    public void LogaddexpGradient() =>
        Check(
            "stability/logaddexp gradient",
            (NDArray x, NDArray y) => Vmap(Grad(jnp.LogAddExp, argNums: (0, 1)))(x, y)
        );

    [Fact]
    public void TanhInverseRoundTrip() =>
        Check("stability/tanh inverse round trip", (NDArray x) => Vmap(Grad(x => jnp.ArcTanh(jnp.Tanh(x))))(x));

    [Fact]
    public void NormWithAnEpsilon() =>
        Check(
            "stability/norm with an epsilon",
            (NDArray x) => Grad(x => jnp.Sqrt(jnp.Sum(jnp.Power(x, 2)) + 1e-12))(x)
        );

    [Fact]
    public void GradientOfCosineSimilarity() =>
        Check(
            "stability/optimizer of cosine similarity",
            (NDArray x, NDArray y) =>
            {
                static NDArray norm(NDArray x) => jnp.Sqrt(jnp.Sum(x * x));
                return Grad((x, y) => jnp.Dot(x, y) / (norm(x) * norm(y)), argNums: (0, 1))(x, y);
            }
        );
}
