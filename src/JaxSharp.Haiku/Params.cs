using System.Collections.Generic;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Parameters by the path of their module, then by name: <c>parameters["linear"]["w"]</c>. Parameters that were made outside of
    /// modules stand under <c>~</c>. A tree of arrays, whose leaves go in the order of their paths, as text of code points.
    /// </summary>
    /// <example><code>
    /// var parameters = new hk.Params { ["linear"] = new() { ["w"] = jnp.Eye(2), ["b"] = jnp.Zeros(2) } };
    /// parameters["linear"]["w"].Shape; // => (2,2)
    /// </code></example>
    public sealed class Params : OrderedDictionary<string, OrderedDictionary<string, NDArray>>;

    /// <summary>
    /// State by the path of its module, then by name. A value is an array or a tree of arrays; read arrays by
    /// <c>(NDArray)state["batch_norm/~/mean_ema"]["average"]</c>.
    /// </summary>
    public sealed class State : OrderedDictionary<string, OrderedDictionary<string, object>>;
}
