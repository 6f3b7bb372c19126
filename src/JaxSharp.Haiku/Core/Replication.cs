using System.Linq;

namespace JaxSharp.Haiku;

/// <summary>Arguments that are given once for all spatial axes, or once for each.</summary>
internal static class Replication
{
    public static Dims Of(Dims given, int count, string caller, string name) =>
        new(Of(given.ToArray(), count, caller, name));

    public static T[] Of<T>(T[] given, int count, string caller, string name) =>
        given.Length == count ? given
        : given.Length == 1 ? [.. Enumerable.Repeat(given[0], count)]
        : throw new JaxArgumentException(
            $"{caller}: {name} must have one entry, or one for each of {count} axes; got {given.Length}, ({string.Join(",", given)})."
        );
}
