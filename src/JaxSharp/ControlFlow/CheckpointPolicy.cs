using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;
using JaxSharp.Primitives;

namespace JaxSharp;

/// <summary>Which values of a checkpointed function are kept for the backward pass; the others are computed again.</summary>
public sealed class CheckpointPolicy : IEquatable<CheckpointPolicy>
{
    private readonly Func<Equation, bool> saves;

    private CheckpointPolicy(string name, Func<Equation, bool> saves)
    {
        Name = name;
        this.saves = saves;
    }

    /// <summary>Keeps nothing but the arguments: the least memory.</summary>
    public static CheckpointPolicy NothingSaveable { get; } = new("nothing_saveable", _ => false);

    /// <summary>Keeps everything, as without a checkpoint.</summary>
    public static CheckpointPolicy EverythingSaveable { get; } = new("everything_saveable", _ => true);

    /// <summary>Keeps the results of matrix products.</summary>
    public static CheckpointPolicy DotsSaveable { get; } = new("dots_saveable", e => e.Primitive is DotGeneral);

    /// <summary>Keeps the results of matrix products without batch dimensions.</summary>
    public static CheckpointPolicy DotsWithNoBatchDimsSaveable { get; } =
        new("dots_with_no_batch_dims_saveable", e => e.Primitive is DotGeneral { DimensionNumbers.LhsBatch.Count: 0 });

    /// <summary>JAX's name, with the names of values where the policy has some; policies of one name are equal.</summary>
    internal string Name { get; }

    /// <summary>Keeps the values that <c>Jax.CheckpointName</c> gave one of these names.</summary>
    public static CheckpointPolicy SaveOnlyTheseNames(params string[] names) =>
        new(Named("save_only_these_names", names), e => HasName(e, names));

    /// <summary>Keeps all values but those that <c>Jax.CheckpointName</c> gave one of these names.</summary>
    public static CheckpointPolicy SaveAnythingExceptTheseNames(params string[] names) =>
        new(Named("save_anything_except_these_names", names), e => !HasName(e, names));

    /// <inheritdoc/>
    public bool Equals(CheckpointPolicy? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CheckpointPolicy);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The policy's name, as in printed programs.</summary>
    public override string ToString() => Name;

    /// <summary>The policy of a name.</summary>
    internal static CheckpointPolicy Parse(string name)
    {
        CheckpointPolicy[] plain = [NothingSaveable, EverythingSaveable, DotsSaveable, DotsWithNoBatchDimsSaveable];
        string[] names = name.IndexOf('(', StringComparison.Ordinal) is var start and >= 0
            ? name[(start + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries)
            : [];
        return Array.Find(plain, policy => policy.Name == name)
            ?? Array.Find(
                [SaveOnlyTheseNames(names), SaveAnythingExceptTheseNames(names)],
                policy => policy.Name == name
            )
            ?? throw new FormatException($"'{name}' is no checkpoint policy");
    }

    internal bool Saves(Equation equation) => saves(equation);

    private static string Named(string kind, IEnumerable<string> names) =>
        $"{kind}({string.Join(",", Argument.Given(names, caller: kind).Distinct().Order(StringComparer.Ordinal))})";

    private static bool HasName(Equation equation, string[] names) =>
        equation.Primitive is CheckpointName name && names.Contains(name.Label);
}
