using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Goldens.Programs;

/// <summary>A callable value.</summary>
internal delegate object? Function(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords);

/// <summary>A tuple; a list is a <see cref="List{T}"/>, a dictionary a <see cref="Dictionary{TKey, TValue}"/> with text keys.</summary>
internal sealed record PyTuple(IReadOnlyList<object?> Items) : IEnumerable<object?>
{
    public IEnumerator<object?> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"({string.Join(", ", Items)})";
}

/// <summary>A module such as <c>jnp</c>, by the name that the goldens use for it.</summary>
internal sealed record Module(string Path)
{
    /// <summary>The short name of what an attribute of the module is called in full.</summary>
    public string Member(string name) =>
        $"{Path}.{name}" switch
        {
            "jax.numpy" => "jnp",
            "jax.lax" => "lax",
            "jax.nn" => "nn",
            "jax.random" => "random",
            "jax.scipy" => "scipy",
            "jax.tree" or "jax.tree_util" => "tree",
            "jnp.linalg" => "linalg",
            "jnp.fft" => "fft",
            "nn.initializers" => "initializers",
            string other => other,
        };

    public static bool IsModule(string path) =>
        path
            is "jnp"
                or "lax"
                or "nn"
                or "random"
                or "scipy"
                or "tree"
                or "linalg"
                or "fft"
                or "initializers"
                or "scipy.special"
                or "scipy.stats"
                or "scipy.linalg"
                or "lax.linalg"
                or "jax.image"
                or "jax.dtypes"
                or "jax.checkpoint_policies"
                or "hk.initializers"
                or "hk.nets"
                or "hk.pad"
                or "hk.mixed_precision"
                or "hk.experimental"
                or "hk.testing"
                or "optax.contrib"
                or "optax.tree"
                or "optax.projections"
                or "optax.second_order"
                or "optax.schedules";
}

/// <summary>A function with attributes of its own, as <c>jax.custom_vjp</c> makes it.</summary>
internal sealed class FunctionObject(Function call)
{
    public Function Call { get; set; } = call;

    /// <summary>The name of a function of JAX.</summary>
    public string? Path { get; init; }
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);
}

/// <summary><c>x.at</c>, and with an index <c>x.at[i]</c>.</summary>
internal sealed record AtProxy(object? Array, object? Index, bool HasIndex);

/// <summary>A slice in an index.</summary>
internal sealed record PySlice(object? Start, object? Stop, object? Step);

/// <summary>Arrays inside of tuples, lists and dictionaries, and how to put others in their places.</summary>
internal static class PyTree
{
    public static List<object?> Leaves(object? tree)
    {
        var leaves = new List<object?>();
        Collect(tree, leaves);
        return leaves;
    }

    /// <summary>All leaves as arrays; numbers become weakly typed arrays.</summary>
    public static NDArray[] Arrays(object? tree) => [.. Leaves(tree).Select(ToArray)];

    public static NDArray ToArray(object? leaf) =>
        leaf switch
        {
            NDArray array => array,
            PrngKey key => key.Data,
            bool value => value,
            long value => value,
            double value => value,
            System.Numerics.Complex value => value,
            _ => throw new TreeException($"{leaf?.GetType().Name ?? "null"} is no array"),
        };

    public static object? Map(Func<object?, object?> map, object? tree) =>
        tree switch
        {
            null => null,
            PyTuple tuple => new PyTuple([.. tuple.Items.Select(item => Map(map, item))]),
            List<object?> list => list.Select(item => Map(map, item)).ToList(),
            Dictionary<string, object?> dictionary => dictionary
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .ToDictionary(entry => entry.Key, entry => Map(map, entry.Value)),
            _ => map(tree),
        };

    /// <summary>The same tree with other leaves.</summary>
    public static object? Rebuild(object? tree, IEnumerable<object?> leaves)
    {
        using IEnumerator<object?> next = leaves.GetEnumerator();
        return Map(
            _ => next.MoveNext() ? next.Current : throw new TreeException("A tree has more leaves than given."),
            tree
        );
    }

    /// <summary>A leaf for each leaf of a tree from a prefix of it, as in <c>in_axes</c>.</summary>
    public static List<object?> Broadcast(object? prefix, object? tree)
    {
        var result = new List<object?>();
        Spread(prefix, tree, result);
        return result;
    }

    private static void Spread(object? prefix, object? tree, List<object?> result)
    {
        switch (prefix)
        {
            case PyTuple or List<object?>:
                foreach ((object? p, object? t) in ((IEnumerable<object?>)prefix).Zip((IEnumerable<object?>)tree!))
                {
                    Spread(p, t, result);
                }

                break;
            case Dictionary<string, object?> dictionary:
                foreach ((string key, object? p) in dictionary.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    Spread(p, ((Dictionary<string, object?>)tree!)[key], result);
                }

                break;
            default:
                result.AddRange(Leaves(tree).Select(_ => prefix));
                break;
        }
    }

    private static void Collect(object? tree, List<object?> leaves)
    {
        switch (tree)
        {
            case null:
                break;
            case PyTuple or List<object?>:
                foreach (object? item in (IEnumerable<object?>)tree)
                {
                    Collect(item, leaves);
                }

                break;
            case Dictionary<string, object?> dictionary:
                foreach (var entry in dictionary.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    Collect(entry.Value, leaves);
                }

                break;
            default:
                leaves.Add(tree);
                break;
        }
    }
}
