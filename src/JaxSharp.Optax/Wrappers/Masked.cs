using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// A transformation for a part of the parameters: it sees a tree in which the rest is null, and keeps state only for its part. The
    /// updates of the rest pass as they are.
    /// </summary>
    /// <param name="inner">The transformation.</param>
    /// <param name="mask">Its part.</param>
    /// <exception cref="TreeException">At Init or Update: the mask does not fit the parameters.</exception>
    public static GradientTransformation Masked(GradientTransformation inner, Mask mask) => new Masked(inner, mask);

    /// <summary>Zeros in place of the updates of a part of the parameters, which thus stay as they are.</summary>
    public static GradientTransformation Freeze(Mask mask) => Masked(SetToZero(), mask);

    /// <summary>An optimiser for all parameters but a part, which stays as it is.</summary>
    /// <param name="optimizer">The optimiser of the others.</param>
    /// <param name="freezeMask">The parameters that stay.</param>
    public static GradientTransformation SelectiveTransform(GradientTransformation optimizer, Mask freezeMask) =>
        Partition(
            new Dictionary<string, GradientTransformation> { ["train"] = optimizer, ["freeze"] = SetToZero() },
            Labels.Of(freezeMask, whenTrue: "freeze", whenFalse: "train")
        );
}

/// <summary>The state of <see cref="Optax.Masked"/>.</summary>
/// <param name="InnerState">The state of the transformation inside.</param>
public sealed record MaskedState(OptState InnerState) : OptState;

internal sealed class Masked(GradientTransformation inner, Mask mask) : GradientTransformation<MaskedState>
{
    protected override MaskedState InitState<T>(T @params) =>
        new(inner.Init(MaskedTree.Hide(@params, mask.Flags(@params))));

    protected override (T Updates, MaskedState State) UpdateState<T>(
        T updates,
        MaskedState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        bool[] flags = mask.Flags(updates);
        var (part, next) = inner.Update(
            MaskedTree.Hide(updates, flags),
            state.InnerState,
            IsMissing(@params, updates) ? default : MaskedTree.Hide(@params!, flags),
            extraArgs
        );
        return (MaskedTree.Replace(updates, part, flags), new MaskedState(next));
    }
}

/// <summary>Trees some of whose leaves are put aside.</summary>
internal static class MaskedTree
{
    /// <summary>The tree with null in the place of the leaves that are not chosen.</summary>
    public static T Hide<T>(T tree, bool[] chosen)
    {
        var (leaves, structure) = Tree.Flatten(tree);
        return Tree.Unflatten<T>(structure, [.. leaves.Select((leaf, i) => chosen[i] ? leaf : null!)]);
    }

    /// <summary>The tree with the leaves of another in the place of those that are chosen.</summary>
    public static T Replace<T>(T tree, T part, bool[] chosen)
    {
        var (leaves, structure) = Tree.Flatten(tree);
        var replacements = new Queue<NDArray>(Tree.Leaves(part));
        return Tree.Unflatten<T>(structure, [.. leaves.Select((leaf, i) => chosen[i] ? replacements.Dequeue() : leaf)]);
    }
}
