using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Optax.Tests;

/// <summary>Null in place of an argument is refused by name, wherever it is given.</summary>
public class NullArgumentTests
{
    [Fact]
    public void NoPublicFunctionFollowsNull() => NullCalls.Of(typeof(Optax).Assembly).Check(floor: 800);
}
