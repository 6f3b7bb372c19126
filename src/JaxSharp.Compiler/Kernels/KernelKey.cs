using System;
using System.Linq;

namespace JaxSharp.Compiler.Kernels;

/// <summary>A kernel compared by what it computes: two programs, or two layers of one, often have the same loops.</summary>
/// <param name="kernel">The kernel.</param>
internal sealed class KernelKey(Kernel kernel) : IEquatable<KernelKey>
{
    private readonly int hash = Hash(kernel);

    /// <summary>The kernel.</summary>
    public Kernel Kernel { get; } = kernel;

    /// <inheritdoc/>
    public bool Equals(KernelKey? other) =>
        other is not null
        && hash == other.hash
        && Kernel.Grid.AsSpan().SequenceEqual(other.Kernel.Grid)
        && Kernel.Inputs.SequenceEqual(other.Kernel.Inputs)
        && Kernel.Outputs.SequenceEqual(other.Kernel.Outputs)
        && Kernel.Stages.Length == other.Kernel.Stages.Length
        && Kernel.Stages.Zip(other.Kernel.Stages).All(pair => Same(pair.First, pair.Second));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KernelKey);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    private static bool Same(Stage x, Stage y) =>
        x.Inner.AsSpan().SequenceEqual(y.Inner)
        && (x, y) switch
        {
            (Stage.Reduce a, Stage.Reduce b) => a.Monoid == b.Monoid
                && a.Body.Equals(b.Body)
                && a.Accumulation == b.Accumulation
                && a.Order == b.Order,
            (Stage.Store a, Stage.Store b) => a.Output == b.Output
                && a.Index.Equals(b.Index)
                && a.Value.Equals(b.Value),
            _ => false,
        };

    private static int Hash(Kernel kernel)
    {
        var hash = new HashCode();
        foreach (var type in kernel.Inputs)
        {
            hash.Add(type);
        }

        foreach (int extent in kernel.Grid)
        {
            hash.Add(extent);
        }

        foreach (var stage in kernel.Stages)
        {
            hash.Add(stage.InnerSize);
            hash.Add(stage is Stage.Reduce reduce ? reduce.Body : ((Stage.Store)stage).Value);
        }

        return hash.ToHashCode();
    }
}
