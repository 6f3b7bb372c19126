using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Tree
    {
        /// <summary>What stands under a name in a state, however deep: a property such as <c>Mu</c>, or an entry of a dictionary.</summary>
        /// <param name="tree">The state.</param>
        /// <param name="key">The name; <c>learning_rate</c> and <c>LearningRate</c> are one.</param>
        /// <param name="default">What is returned where nothing has the name.</param>
        /// <exception cref="JaxArgumentException">Several have the name.</exception>
        /// <example><code>
        /// var state = optax.Chain(optax.Clip(1.0), optax.Adam(0.1)).Init(jnp.Zeros(2));
        /// (NDArray)optax.Tree.Get(state, "mu")!; // => [0. 0.]
        /// </code></example>
        public static object? Get(object? tree, string key, object? @default = null)
        {
            var found = GetAllWithPath(tree, key);
            return found.Count <= 1
                ? found.Select(entry => entry.Value).DefaultIfEmpty(@default).First()
                : throw new JaxArgumentException(
                    $"Tree.Get found '{key}' {found.Count} times: {string.Join(", ", found.Select(entry => entry.Path))}. "
                        + "Use Tree.GetAllWithPath and choose by the path."
                );
        }

        /// <summary>All that stands under a name in a state, each with the way to it; see <see cref="Get"/>.</summary>
        /// <param name="tree">The state.</param>
        /// <param name="key">The name.</param>
        public static IReadOnlyList<(string Path, object? Value)> GetAllWithPath(object? tree, string key)
        {
            var found = new List<(string, object?)>();
            Search(tree, "", key.Replace("_", "", StringComparison.Ordinal), found);
            return found;
        }

        private static void Search(object? node, string path, string key, List<(string, object?)> found)
        {
            foreach (var (name, place, value) in Children(node))
            {
                if (
                    name?.Replace("_", "", StringComparison.Ordinal).Equals(key, StringComparison.OrdinalIgnoreCase)
                    == true
                )
                {
                    found.Add((path + place, value));
                }
                else
                {
                    Search(value, path + place, key, found);
                }
            }
        }

        private static IEnumerable<(string? Name, string Place, object? Value)> Children(object? node) =>
            node switch
            {
                OptState state => state
                    .GetType()
                    .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(property => property.GetIndexParameters().Length == 0)
                    .Select(property => ((string?)property.Name, $".{property.Name}", property.GetValue(state))),
                IDictionary dictionary => dictionary
                    .Keys.Cast<object>()
                    .Select(entry => (entry.ToString(), $"['{entry}']", dictionary[entry])),
                ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => ((string?)null, $"[{i}]", tuple[i])),
                IEnumerable<object?> list => list.Select((item, i) => ((string?)null, $"[{i}]", item)),
                _ => [],
            };
    }
}
