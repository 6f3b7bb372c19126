using System;
using System.Collections.Generic;

namespace JaxSharp;

/// <summary>
/// The names of one or several mapped axes, for collectives: made implicitly from a text, a tuple or an array of texts. Several axes
/// count like one whose slices are numbered row by row, the first name outermost.
/// </summary>
/// <example><code>
/// NDArray x = jnp.Arange(6.0).Reshape((2, 3));
/// NDArray Share(NDArray y) => y / Lax.PSum(y, ("rows", "columns"));
/// jnp.Sum(Vmap(Vmap(Share, axisName: "columns"), axisName: "rows")(x)); // => 1.0
/// </code></example>
public readonly struct AxisNames
{
    private readonly string[]? names;

    private AxisNames(params string[] names) => this.names = names;

    /// <summary>The names, outermost first.</summary>
    public IReadOnlyList<string> Names => names ?? [];

    /// <summary>One name.</summary>
    public static implicit operator AxisNames(string name) => new(name);

    /// <summary>Two names.</summary>
    public static implicit operator AxisNames((string, string) names) => new(names.Item1, names.Item2);

    /// <summary>Three names.</summary>
    public static implicit operator AxisNames((string, string, string) names) =>
        new(names.Item1, names.Item2, names.Item3);

    /// <summary>Several names.</summary>
    public static implicit operator AxisNames(string[] names) =>
        new([.. Argument.AllGiven(names, caller: nameof(AxisNames))]);

    /// <summary>The names in parentheses, as they are printed in errors.</summary>
    public override string ToString() => $"({string.Join(", ", Names)})";
}
