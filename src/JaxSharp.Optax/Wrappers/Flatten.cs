using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>A transformation that sees all parameters as one vector.</summary>
    public static GradientTransformation Flatten(GradientTransformation inner) => new Flatten(inner);
}

internal sealed class Flatten(GradientTransformation inner) : GradientTransformation
{
    public override OptState Init<T>(T @params) => inner.Init(Vector(Tree.Leaves(@params)));

    public override (T Updates, OptState State) Update<T>(
        T updates,
        OptState state,
        T? @params = default,
        ExtraArgs? extraArgs = null
    )
        where T : default
    {
        var (leaves, structure) = Tree.Flatten(updates);
        var given = @params is null ? [] : Tree.Leaves(@params);
        var (flat, next) = inner.Update(
            Vector(leaves),
            state,
            given.Length == leaves.Length ? Vector(given) : null,
            extraArgs
        );
        var parts = new NDArray[leaves.Length];
        int at = 0;
        for (int i = 0; i < leaves.Length; i++)
        {
            int size = (int)leaves[i].Size;
            parts[i] = Jnp.Reshape(flat[at..(at + size)], leaves[i].Shape.ToArray());
            at += size;
        }

        return (Tree.Unflatten<T>(structure, parts), next);
    }

    private static NDArray Vector(NDArray[] leaves) => Jnp.Concatenate([.. leaves.Select(leaf => Jnp.Ravel(leaf))]);
}
