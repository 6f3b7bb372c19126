using System.Threading.Tasks;
using JaxSharp.Analyzers.Haiku;
using Xunit;

namespace JaxSharp.Analyzers.Tests;

public sealed class MethodAnalyzerTests
{
    [Fact]
    public Task MethodsThatMakeThingsRunThroughMethod() =>
        AnalyzerRun.AgreesWithComments(
            new MethodAnalyzer(),
            """
            class Net : hk.Module<NDArray, NDArray>
            {
                private readonly hk.Linear layer = new(1);

                public NDArray Encode(NDArray x) => Method(x, x => new hk.Linear(2).Call(x));

                public NDArray Decode(NDArray x) => new hk.Linear(2).Call(x); // JXS1004

                public NDArray Scale(NDArray x)
                {
                    return x * hk.GetParameter("scale", 1, init: jnp.Ones); // JXS1004
                }

                public NDArray Uses(NDArray x) => layer.Call(x);

                [hk.Transparent]
                public NDArray Block(NDArray x) => new hk.Linear(2).Call(x);

                public NDArray WithLocalFunction(NDArray x)
                {
                    return Method(x, Body);

                    NDArray Body(NDArray inputs) => new hk.Linear(2).Call(inputs);
                }

                protected override void Setup() => _ = hk.GetParameter("w", 1, init: jnp.Ones);

                protected override NDArray Forward(NDArray x) => new hk.Linear(2).Call(Decode(x));
            }

            sealed class Derived : Net
            {
                protected override NDArray Forward(NDArray x) => new hk.Linear(2).Call(base.Forward(x));
            }

            static class Functions
            {
                public static NDArray Layer(NDArray x) => new hk.Linear(2).Call(x);
            }
            """
        );
}
