using System;
using System.Collections.Generic;

namespace JaxSharp;

/// <summary>How a compiled function used its cache so far.</summary>
/// <param name="Name">The name of the function.</param>
/// <param name="Hits">The number of calls that found a compiled program.</param>
/// <param name="Misses">The number of calls that traced the function.</param>
/// <param name="Reasons">Why each of the latest 100 misses happened: <c>first call</c>, <c>argument x: f32[8] → f32[4]</c>, …</param>
public sealed record JitInfo(string Name, long Hits, long Misses, IReadOnlyList<string> Reasons)
{
    /// <summary>The state of a function that <c>Jax.Jit</c> returned.</summary>
    /// <exception cref="JaxArgumentException">The function was not made by <c>Jax.Jit</c>.</exception>
    public static JitInfo Of(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return function.Target is JittedFunction jitted
            ? jitted.Info
            : throw new JaxArgumentException(
                $"JitInfo.Of needs a function that Jax.Jit returned; got {Transforms.FunctionName.Of(function)}."
            );
    }

    /// <summary>Name, hits, misses and the reasons.</summary>
    public override string ToString() =>
        $"{Name}: {Hits} hits, {Misses} misses" + (Reasons.Count > 0 ? $" ({string.Join("; ", Reasons)})" : "");
}
