using System.Threading.Tasks;
using JaxSharp.Analyzers.Haiku;
using Xunit;

namespace JaxSharp.Analyzers.Tests;

public sealed class SharingAnalyzerTests
{
    [Fact]
    public Task StaticModulesAreReported() =>
        AnalyzerRun.AgreesWithComments(
            new SharingAnalyzer(),
            """
            static class Shared
            {
                private static hk.Linear? layer; // JXS1006
                private static readonly List<hk.Linear> layers = []; // JXS1006
                private static readonly Func<hk.Linear> make = () => new(2);

                public static hk.Linear? Automatic { get; set; } // JXS1006

                public static hk.Linear Made => make();

                public static int Count => layers.Count + (layer?.OutputSize ?? 0);
            }
            """
        );

    [Fact]
    public Task OtherThreadsAreReported() =>
        AnalyzerRun.AgreesWithComments(
            new SharingAnalyzer(),
            """
            sealed class Net : hk.Module<NDArray, NDArray>
            {
                public async Task<NDArray> Later(NDArray x) // JXS1007
                {
                    await Task.Yield();
                    return x;
                }

                protected override NDArray Forward(NDArray x)
                {
                    Parallel.For(0, 2, i => { }); // JXS1007
                    Task.Run(() => 1); // JXS1007
                    return x;
                }
            }

            static class Elsewhere
            {
                public static void Run() => Parallel.For(0, 2, i => { });
            }
            """
        );
}
