using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>Lets a transformation see each complex leaf as two real ones.</summary>
        /// <param name="inner">The transformation.</param>
        public static GradientTransformation SplitRealAndImaginary(GradientTransformation inner) =>
            new SplitRealAndImaginary(inner);
    }
}

/// <summary>A complex leaf as two real ones.</summary>
/// <param name="Real">The real part.</param>
/// <param name="Imaginary">The imaginary part.</param>
public sealed record SplitRealAndImaginaryArrays(NDArray Real, NDArray Imaginary);

/// <summary>The state of <see cref="Optax.Contrib.SplitRealAndImaginary"/>.</summary>
/// <param name="InnerState">The state of the transformation, for a list of leaves.</param>
public sealed record SplitRealAndImaginaryState(OptState InnerState) : OptState;

internal sealed class SplitRealAndImaginary(GradientTransformation inner)
    : GradientTransformation<SplitRealAndImaginaryState>
{
    protected override SplitRealAndImaginaryState InitState<T>(T @params) => new(inner.Init(Split(@params)));

    protected override (T Updates, SplitRealAndImaginaryState State) UpdateState<T>(
        T updates,
        SplitRealAndImaginaryState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var leaves = Tree.LeavesWithPath(updates);
        var (steps, next) = inner.Update(
            Split(updates),
            state.InnerState,
            IsMissing(@params, updates) ? null : Split(@params!),
            extraArgs
        );
        var joined = leaves.Select(entry =>
            At(steps, entry.Path) is SplitRealAndImaginaryArrays pair
                ? Lax.Complex(pair.Real, pair.Imaginary)
                : (NDArray)At(steps, entry.Path)
        );
        return (Tree.Unflatten<T>(Tree.Structure(updates), [.. joined]), new SplitRealAndImaginaryState(next));
    }

    // The same paths, in dictionaries, so that a leaf may become a pair of leaves.
    private static object Split<T>(T tree)
    {
        var root = new Dictionary<string, object?>();
        foreach (var (path, leaf) in Tree.LeavesWithPath(tree))
        {
            object part = leaf.DType.IsComplex ? new SplitRealAndImaginaryArrays(Jnp.Real(leaf), Jnp.Imag(leaf)) : leaf;
            if (path.Length == 0)
            {
                return part;
            }

            var group = root;
            foreach (string entry in path.Entries.SkipLast(1).Select(Key))
            {
                if (!group.TryGetValue(entry, out object? below))
                {
                    group[entry] = below = new Dictionary<string, object?>();
                }

                group = (Dictionary<string, object?>)below!;
            }

            group[Key(path.Entries[^1])] = part;
        }

        return root;
    }

    private static object At(object tree, TreePath path) =>
        path.Entries.Aggregate(tree, (part, entry) => ((Dictionary<string, object?>)part)[Key(entry)]!);

    private static string Key(string entry) => entry.Trim('[', ']', '.', '\'', '"');
}
