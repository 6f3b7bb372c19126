using System;

namespace JaxSharp;

/// <summary>
/// Says that the marked method or type is wanted for more arguments too: the build writes it for <paramref name="from"/> to
/// <paramref name="to"/> arguments. It is written for one fewer than <paramref name="from"/>, with numbers at the names of the arguments
/// (<c>T1</c>, <c>T2</c>; <c>x1</c>, <c>x2</c>); the generator's <c>ArityRewriter</c> tells what it repeats.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
[System.Diagnostics.Conditional("NEVER")]
internal sealed class RepeatForAritiesAttribute(int from, int to) : Attribute
{
    public int From { get; } = from;

    public int To { get; } = to;
}
