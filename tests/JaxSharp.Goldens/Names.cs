using System;
using System.Linq;

namespace JaxSharp.Goldens;

/// <summary>The naming law: JAX's name without underscores and without case is JaxSharp's.</summary>
public static class Names
{
    public static string Normalize(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    public static bool Same(string? a, string? b) =>
        a is not null && b is not null && string.Equals(Normalize(a), Normalize(b), StringComparison.Ordinal);
}
