using System;
using System.Collections.Generic;
using System.Linq;
using JaxTree = JaxSharp.Tree;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Tree
    {
        /// <summary>
        /// What stands under a name in a state, however deep: a property such as <c>Mu</c>, an entry of a dictionary, or a state by the name
        /// of its type, such as <c>ScaleByAdamState</c>.
        /// </summary>
        /// <param name="tree">The state.</param>
        /// <param name="key">The name; <c>learning_rate</c> and <c>LearningRate</c> are one.</param>
        /// <param name="default">What is returned where nothing has the name.</param>
        /// <param name="filtering">
        /// Which of several to take, by the path, such as <c>[0]ScaleByAdamState.Count</c>, and the value.
        /// </param>
        /// <exception cref="JaxArgumentException">Several have the name.</exception>
        /// <example><code>
        /// var state = optax.Chain(optax.Clip(1.0), optax.Adam(0.1)).Init(jnp.Zeros(2));
        /// (NDArray)optax.Tree.Get(state, "mu")!; // => [0. 0.]
        /// </code></example>
        public static object? Get(
            object? tree,
            string key,
            object? @default = null,
            Func<string, object?, bool>? filtering = null
        )
        {
            var found = GetAllWithPath(tree, key, filtering);
            return found.Count <= 1
                ? found.Select(entry => entry.Value).DefaultIfEmpty(@default).First()
                : throw new JaxArgumentException(
                    $"Tree.Get found '{key}' {found.Count} times: {string.Join(", ", found.Select(entry => entry.Path))}. "
                        + "Give a filtering, or use Tree.GetAllWithPath and choose by the path."
                );
        }

        /// <summary>All that stands under a name in a state, each with the way to it; see <see cref="Get"/>.</summary>
        /// <param name="tree">The state.</param>
        /// <param name="key">The name.</param>
        /// <param name="filtering">Which to take, by path and value; all by default.</param>
        public static IReadOnlyList<(string Path, object? Value)> GetAllWithPath(
            object? tree,
            string key,
            Func<string, object?, bool>? filtering = null
        ) => [.. Find(tree, key, filtering).Select(entry => (entry.Path, entry.Value))];

        /// <summary>A state with other values under some names; see <see cref="Get"/> for the names.</summary>
        /// <param name="tree">The state.</param>
        /// <param name="kwargs">
        /// Names and values: arrays, or trees with as many leaves as what they replace. Numbers take the element type of that.
        /// </param>
        /// <exception cref="JaxArgumentException">Nothing has a name, or a value has another number of leaves.</exception>
        /// <example><code>
        /// var state = optax.Adam(0.1).Init(jnp.Zeros(2));
        /// optax.Tree.Get(optax.Tree.Set(state, ("count", 7)), "count"); // => 7
        /// </code></example>
        public static T Set<T>(T tree, params (string Key, object? Value)[] kwargs)
        {
            ArgumentNullException.ThrowIfNull(kwargs);
            return Set(tree, null, kwargs);
        }

        /// <inheritdoc cref="Set{T}(T, ValueTuple{string, object}[])"/>
        /// <param name="tree">The state.</param>
        /// <param name="filtering">Which of those that have a name to replace, by path and value; all by default.</param>
        /// <param name="kwargs">Names and values.</param>
        public static T Set<T>(
            T tree,
            Func<string, object?, bool>? filtering,
            params (string Key, object? Value)[] kwargs
        )
        {
            ArgumentNullException.ThrowIfNull(kwargs);
            var (leaves, structure) = JaxTree.FlattenWithPath(tree);
            NDArray[] next = Array.ConvertAll(leaves, entry => entry.Leaf);
            foreach (var (key, value) in kwargs)
            {
                var found = Find(tree, key, filtering);
                if (found.Count == 0)
                {
                    throw new JaxArgumentException(
                        $"Tree.Set found nothing with the name '{key}'{(filtering is null ? "" : " that the filtering takes")} in a "
                            + $"{tree?.GetType().Name}."
                    );
                }

                foreach (StateEntry entry in found)
                {
                    Replace(key, entry, Leaves(value), leaves, next);
                }
            }

            return JaxTree.Unflatten<T>(structure, next);
        }

        /// <summary>
        /// A function of those leaves of a state that are parts of trees like the parameters, such as averages of gradients; the others,
        /// such as counters, stay or go through another function.
        /// </summary>
        /// <param name="initable">The transformation that the state belongs to.</param>
        /// <param name="f">The function of the leaves.</param>
        /// <param name="state">The state.</param>
        /// <param name="transformNonParams">The function of the other leaves; they stay as they are by default.</param>
        /// <example><code>
        /// var optimizer = optax.Adam(0.1);
        /// var state = optax.Tree.MapParams(optimizer, leaf => leaf + 1, optimizer.Init(jnp.Zeros(2)));
        /// optax.Tree.Get(state, "mu");    // => [1. 1.]
        /// optax.Tree.Get(state, "count"); // => 0
        /// </code></example>
        public static OptState MapParams(
            GradientTransformation initable,
            Func<NDArray, NDArray> f,
            OptState state,
            Func<NDArray, NDArray>? transformNonParams = null
        )
        {
            ArgumentNullException.ThrowIfNull(initable);
            ArgumentNullException.ThrowIfNull(f);
            ArgumentNullException.ThrowIfNull(state);
            return MapLikeParams(initable, (leaf, _) => f(leaf), state, transformNonParams, null);
        }

        /// <summary>A function of the leaves of a state that are parts of trees like the parameters, and the leaf of such a tree.</summary>
        /// <param name="initable">The transformation that the state belongs to.</param>
        /// <param name="f">The function of a leaf of the state and the leaf of <paramref name="rest"/> in the same place.</param>
        /// <param name="state">The state.</param>
        /// <param name="rest">A tree like the parameters.</param>
        /// <param name="transformNonParams">The function of the other leaves; they stay as they are by default.</param>
        /// <exception cref="TreeException">A tree of the state has another number of leaves than <paramref name="rest"/>.</exception>
        public static OptState MapParams<TRest>(
            GradientTransformation initable,
            Func<NDArray, NDArray, NDArray> f,
            OptState state,
            TRest rest,
            Func<NDArray, NDArray>? transformNonParams = null
        )
        {
            ArgumentNullException.ThrowIfNull(initable);
            ArgumentNullException.ThrowIfNull(f);
            ArgumentNullException.ThrowIfNull(state);
            ArgumentNullException.ThrowIfNull(rest);
            return MapLikeParams(initable, f, state, transformNonParams, JaxTree.Leaves(rest));
        }

        // Where the state of parameters without leaves holds them, any state holds a tree like them.
        private static OptState MapLikeParams(
            GradientTransformation initable,
            Func<NDArray, NDArray, NDArray> f,
            OptState state,
            Func<NDArray, NDArray>? transformNonParams,
            NDArray[]? rest
        )
        {
            var (leaves, structure) = JaxTree.FlattenWithPath(state);
            NDArray[] next = Array.ConvertAll(
                leaves,
                entry => transformNonParams is null ? entry.Leaf : transformNonParams(entry.Leaf)
            );
            var places = StateEntry
                .All(initable.Init(new ParamsPlaceholder()))
                .Where(entry => entry.Value is ParamsPlaceholder);
            foreach (StateEntry place in places)
            {
                int[] own = [.. Enumerable.Range(0, leaves.Length).Where(i => place.Holds(leaves[i].Path))];
                if (rest is not null && rest.Length != own.Length)
                {
                    throw new TreeException(
                        $"Tree.MapParams needs a tree like the parameters; {place.Path} has {own.Length} leaves, but the tree {rest.Length}."
                    );
                }

                for (int i = 0; i < own.Length; i++)
                {
                    next[own[i]] = f(leaves[own[i]].Leaf, rest is null ? leaves[own[i]].Leaf : rest[i]);
                }
            }

            return JaxTree.Unflatten<OptState>(structure, next);
        }

        private static IReadOnlyList<StateEntry> Find(
            object? tree,
            string key,
            Func<string, object?, bool>? filtering
        ) =>
            [
                .. StateEntry
                    .All(tree)
                    .Where(entry => entry.Has(key) && (filtering is null || filtering(entry.Path, entry.Value))),
            ];

        private static NDArray[] Leaves(object? value) =>
            value switch
            {
                null => [],
                int number => [number],
                double number => [number],
                float number => [(double)number],
                bool flag => [flag],
                _ => JaxTree.Leaves(value),
            };

        private static void Replace(
            string key,
            StateEntry entry,
            NDArray[] values,
            (TreePath Path, NDArray Leaf)[] leaves,
            NDArray[] next
        )
        {
            int[] own = [.. Enumerable.Range(0, leaves.Length).Where(i => entry.Holds(leaves[i].Path))];
            if (own.Length != values.Length)
            {
                throw new JaxArgumentException(
                    $"Tree.Set cannot put {values.Length} arrays in the place of '{key}', which has {own.Length} at {entry.Path}. Give a tree "
                        + "with as many leaves."
                );
            }

            for (int i = 0; i < own.Length; i++)
            {
                NDArray old = leaves[own[i]].Leaf;
                next[own[i]] = values[i].WeakType && !old.WeakType ? values[i].AsType(old.DType) : values[i];
            }
        }
    }

    /// <summary>Parameters without leaves.</summary>
    private sealed record ParamsPlaceholder;
}
