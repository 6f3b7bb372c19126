using System;
using System.Linq;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;
using JaxSharp.Primitives;

namespace JaxSharp;

/// <summary>Which values of a checkpointed function are kept for the backward pass; the others are computed again.</summary>
public sealed class CheckpointPolicy
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

    /// <summary>The name in printed programs.</summary>
    internal string Name { get; }

    /// <summary>Keeps the values that <c>Jax.CheckpointName</c> gave one of these names.</summary>
    public static CheckpointPolicy SaveOnlyTheseNames(params string[] names) =>
        new(
            $"save_only_these_names({string.Join(",", names)})",
            e => e.Primitive is CheckpointName name && names.Contains(name.Label)
        );

    /// <summary>Keeps all values but those that <c>Jax.CheckpointName</c> gave one of these names.</summary>
    public static CheckpointPolicy SaveAnythingExceptTheseNames(params string[] names) =>
        new(
            $"save_anything_except_these_names({string.Join(",", names)})",
            e => !(e.Primitive is CheckpointName name && names.Contains(name.Label))
        );

    internal bool Saves(Equation equation) => saves(equation);
}
