using System.Threading.Tasks;
using JaxSharp.Analyzers.Haiku;
using Xunit;

namespace JaxSharp.Analyzers.Tests;

public sealed class TransformationAnalyzerTests
{
    [Fact]
    public Task FunctionsWithModulesGoThroughHaikusTransformations() =>
        AnalyzerRun.AgreesWithComments(
            new TransformationAnalyzer(),
            """
            sealed class Net : hk.Module<NDArray, NDArray>
            {
                private readonly hk.Linear layer = new(1);

                protected override NDArray Forward(NDArray x)
                {
                    var a = Jax.Vmap((NDArray row) => new hk.Linear(2).Call(row))(x); // JXS1005
                    var b = Jax.Grad((NDArray v) => jnp.Sum(layer.Call(v)))(x); // JXS1005
                    var c = Jax.Grad((NDArray v) => jnp.Sum(v * hk.GetParameter("w", 1, init: jnp.Ones)))(x); // JXS1005
                    var compiled = Jax.Jit((NDArray v) => new hk.Linear(2).Call(v))(x); // JXS1005
                    var d = Jax.Grad((NDArray v) => jnp.Sum(v * v))(x);
                    return Jax.Vmap<NDArray, NDArray>(layer)(a + b + c + d); // JXS1005
                }
            }

            static class Training
            {
                public static NDArray Step(hk.Params parameters, NDArray x)
                {
                    var net = hk.Transform((NDArray x) => new Net().Call(x));
                    var gradient = Jax.Grad((NDArray v) => jnp.Sum(net.Apply(parameters, null, v)))(x);
                    return Jax.Grad(
                        (NDArray v) => jnp.Sum(hk.Transform((NDArray y) => new hk.Linear(2).Call(y)).Apply(parameters, null, v))
                    )(gradient);
                }

                public static hk.Params Judge(hk.Params parameters, NDArray x)
                {
                    var pair = hk.MultiTransform(() => (Generate: new hk.Linear(2), Judge: new hk.Linear(1)));
                    var plain = hk.WithoutApplyRng(pair);
                    var gradient = Jax.Grad((hk.Params p) => jnp.Sum(pair.Apply(p, null, f => f.Judge.Call(x))))(parameters);
                    return Jax.Grad((hk.Params p) => jnp.Sum(plain.Apply(p, f => f.Judge.Call(x))))(gradient);
                }
            }
            """
        );
}
