using System.Threading.Tasks;
using JaxSharp.Analyzers.Haiku;
using Xunit;

namespace JaxSharp.Analyzers.Tests;

public sealed class ConstructorAnalyzerTests
{
    [Fact]
    public Task ModulesThatAreNotKeptAreReported() =>
        AnalyzerRun.AgreesWithComments(
            new ConstructorAnalyzer(),
            """
            sealed class Net : hk.Module<NDArray, NDArray>
            {
                private readonly hk.Linear kept = new(1);
                private readonly List<hk.Linear> all = [];
                private readonly Func<NDArray, NDArray> function;
                private readonly int size = new hk.Linear(3).OutputSize; // JXS1001

                public Net()
                {
                    new hk.Linear(2); // JXS1001
                    _ = new hk.Linear(2); // JXS1001
                    var lost = new hk.Linear(2); // JXS1001
                    var forgotten = new hk.Linear(2); // JXS1001
                    size = forgotten.OutputSize;
                    var moved = new hk.Linear(2);
                    all.Add(moved);
                    all.Add(new hk.Linear(3));
                    function = x => new hk.Linear(4).Call(x);
                }

                protected override NDArray Forward(NDArray x)
                {
                    var local = new hk.Linear(5);
                    return kept.Call(local.Call(x)) + size;
                }
            }

            sealed class Plain
            {
                public Plain() => _ = new object();
            }
            """.Replace("        new hk.Linear(2); // JXS1001", "        new hk.Linear(2); // JXS1001")
        );

    [Fact]
    public Task NamesParametersAndCallsBelongIntoSetup() =>
        AnalyzerRun.AgreesWithComments(
            new ConstructorAnalyzer(),
            """
            sealed class Net : hk.Module<NDArray, NDArray>
            {
                private readonly hk.Linear layer = new(1);
                private readonly NDArray w = hk.GetParameter("w", 2, init: jnp.Zeros); // JXS1002
                private NDArray? b;
                private readonly string name;

                public Net(NDArray x)
                {
                    b = layer.Call(x); // JXS1002
                    name = ModuleName; // JXS1002
                    name += layer.Name; // JXS1002
                    var key = hk.NextRngKey(); // JXS1002
                    using (hk.NameScope("inner")) // JXS1002
                    {
                    }
                }

                protected override void Setup() => b = hk.GetParameter(ModuleName, 2, init: jnp.Zeros);

                protected override NDArray Forward(NDArray x) => layer.Call(x) + w + b! + name.Length;
            }
            """
        );

    [Fact]
    public Task InitialisersDoNotStoreModulesOfTheCaller() =>
        AnalyzerRun.AgreesWithComments(
            new ConstructorAnalyzer(),
            """
            sealed class Wrap(hk.Linear inner, Func<NDArray, NDArray>[] layers, int size, hk.Initializer? init = null)
                : hk.Module<NDArray, NDArray>
            {
                private readonly hk.Linear stored = inner; // JXS1003
                private readonly int count = layers.Length + size;
                private readonly hk.Initializer? start = init;
                private readonly hk.Linear own = new(size);

                public IReadOnlyList<Func<NDArray, NDArray>> Layers { get; } = [.. layers]; // JXS1003

                protected override NDArray Forward(NDArray x) => inner.Call(stored.Call(own.Call(x))) + count;
            }

            sealed class Head : hk.Module<NDArray, NDArray>
            {
                private readonly hk.Linear torso;

                public Head(hk.Linear torso) => this.torso = torso;

                protected override NDArray Forward(NDArray x) => torso.Call(x);
            }
            """
        );

    [Fact]
    public async Task MessagesSayHowToMendIt()
    {
        string[] messages = await AnalyzerRun.Messages(
            new ConstructorAnalyzer(),
            "sealed class Net : hk.Module<NDArray, NDArray> { public Net() { _ = new hk.Linear(2); } protected override NDArray Forward(NDArray x) => x; }"
        );
        Assert.Equal(
            "The Linear made in the constructor of Net is not kept, so it would be named as a module of the caller: keep it in a field or property, or make it in Setup()",
            Assert.Single(messages)
        );
    }
}
