using System;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Caches as the processors of today have at least, and what steps through memory leave in them.</summary>
internal static class CacheModel
{
    /// <summary>An operand of more bytes is not taken to stay in cache.</summary>
    public const int KeptBytes = 1 << 20;

    /// <summary>What is used again soon and has no more bytes stays in the first-level cache.</summary>
    public const int NearBytes = 32 << 10;

    /// <summary>The bytes after which addresses fall on the same places of the first-level cache.</summary>
    public const int FirstWayBytes = 4 << 10;

    /// <summary>The bytes of a page, beyond which nothing is fetched ahead.</summary>
    public const int PageBytes = 4 << 10;

    private const int FirstWays = 8;
    private const int SecondWays = 8;
    private const int SecondWayBytes = 128 << 10;

    /// <summary>How many lines stay in the first-level cache that lie a step of so many bytes apart.</summary>
    public static int FirstLines(long step) => FirstWays * Places(FirstWayBytes, step);

    /// <summary>How many lines stay in the second-level cache that lie a step of so many bytes apart.</summary>
    public static int SecondLines(long step) => SecondWays * Places(SecondWayBytes, step);

    // Steps that are multiples of a power of two share few places.
    private static int Places(int wayBytes, long step) => (int)Math.Max(1, wayBytes / Math.Max(64, step & -step));
}
