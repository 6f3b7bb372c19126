using System.Linq;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Data.Tests;

/// <summary>Null in place of an argument is refused by name, wherever it is given.</summary>
public class NullArgumentTests
{
    [Fact]
    public void NoPublicFunctionFollowsNull()
    {
        var calls = NullCalls.Of(typeof(Npy).Assembly);
        Assert.True(calls.Count > 80, $"{calls.Count} calls");
        Assert.True(
            calls.Faults.Count == 0,
            string.Join('\n', calls.Faults.Prepend($"{calls.Faults.Count} faults of {calls.Count}"))
        );
    }
}
