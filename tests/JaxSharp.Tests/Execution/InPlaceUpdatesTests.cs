using System.Linq;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Execution;

/// <summary>Updates in the memory of the array that they update change nothing that somebody else reads.</summary>
public sealed class InPlaceUpdatesTests
{
    [Fact]
    public void ChainsAreUpdatedInPlaceAndWhatIsReadStays()
    {
        var at = jnp.Array(new[] { 1, 3, 3, 0 });
        static NDArray[] Chain(NDArray x, NDArray at)
        {
            var start = x * 2f;
            var kept = start.At[at].Add(1f);
            var read = kept.At[at].Set(x[..4]);
            var last = read.At[at].Multiply(3f).At[2].Add(5f);
            var other = jnp.Zeros(5).At[at].Add(x[..4]);
            return [last, kept, other, other.At[1].Add(kept[1]), x.At[0].Set(9f)];
        }

        var x = jnp.Array(new[] { 1f, 2f, 3f, 4f, 5f });
        var jitted = Jit((NDArray y) => Chain(y, at));
        for (int run = 0; run < 2; run++)
        {
            foreach (var (expected, got) in Chain(x, at).Zip(jitted(x)))
            {
                Assert.Equal(expected.ToString(), got.ToString());
            }
        }

        Assert.Equal(jnp.Array(new[] { 1f, 2f, 3f, 4f, 5f }).ToString(), x.ToString());
    }
}
