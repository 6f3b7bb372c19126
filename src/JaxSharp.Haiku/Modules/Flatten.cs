namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Makes one axis of all axes but the first ones.</summary>
    /// <param name="preserveDims">How many axes are kept, the batch by default; negative to count from the last axis.</param>
    /// <param name="name">The name of the module.</param>
    /// <example><code>NDArray logits = new hk.Linear(10).Call(new hk.Flatten().Call(images));</code></example>
    public class Flatten(int preserveDims = 1, ScopeName? name = null) : Reshape(-1, preserveDims, name);
}
