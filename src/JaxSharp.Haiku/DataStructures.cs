using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Functions of parameters and states, which are dictionaries of dictionaries. They go in the order of paths and names.</summary>
    public static class DataStructures
    {
        /// <summary>The parameters that a predicate of path, name and value holds for.</summary>
        /// <example><code>
        /// var parameters = new hk.Params { ["linear"] = new() { ["w"] = jnp.Eye(2), ["b"] = jnp.Zeros(2) } };
        /// hk.DataStructures.Filter((module, name, value) => name == "w", parameters)["linear"].Keys; // => [w]
        /// </code></example>
        public static Params Filter(Func<string, string, NDArray, bool> predicate, Params structure)
        {
            Argument.Given(structure);
            return Make<Params, NDArray>(Traverse(structure).Where(e => predicate(e.ModuleName, e.Name, e.Value)));
        }

        /// <summary>The states that a predicate of path, name and value holds for.</summary>
        public static State Filter(Func<string, string, object, bool> predicate, State structure)
        {
            Argument.Given(structure);
            return Make<State, object>(Traverse(structure).Where(e => predicate(e.ModuleName, e.Name, e.Value)));
        }

        /// <summary>Applies a function of path, name and value to all parameters.</summary>
        public static Params Map(Func<string, string, NDArray, NDArray> fn, Params structure)
        {
            Argument.Given(structure);
            return Make<Params, NDArray>(
                Traverse(structure).Select(e => (e.ModuleName, e.Name, fn(e.ModuleName, e.Name, e.Value)))
            );
        }

        /// <summary>Applies a function of path, name and value to all states.</summary>
        public static State Map(Func<string, string, object, object> fn, State structure)
        {
            Argument.Given(structure);
            return Make<State, object>(
                Traverse(structure).Select(e => (e.ModuleName, e.Name, fn(e.ModuleName, e.Name, e.Value)))
            );
        }

        /// <summary>The parameters that a predicate holds for, and the others.</summary>
        /// <example><code>
        /// var parameters = new hk.Params { ["torso"] = new() { ["w"] = jnp.Eye(2) }, ["head"] = new() { ["w"] = jnp.Ones(2) } };
        /// var (trained, kept) = hk.DataStructures.Partition((module, name, value) => module != "torso", parameters);
        /// trained.Keys; // => [head]
        /// </code></example>
        public static (Params True, Params False) Partition(
            Func<string, string, NDArray, bool> predicate,
            Params structure
        )
        {
            Argument.Given(structure);
            return (
                Filter(predicate, structure),
                Filter((module, name, value) => !predicate(module, name, value), structure)
            );
        }

        /// <summary>The states that a predicate holds for, and the others.</summary>
        public static (State True, State False) Partition(Func<string, string, object, bool> predicate, State structure)
        {
            Argument.Given(structure);
            return (
                Filter(predicate, structure),
                Filter((module, name, value) => !predicate(module, name, value), structure)
            );
        }

        /// <summary>The parameters in groups by a number from 0 to n − 1 that a function gives.</summary>
        /// <exception cref="JaxArgumentException">A number is out of range.</exception>
        public static Params[] PartitionN(Func<string, string, NDArray, int> fn, Params structure, int n)
        {
            Argument.Given(structure);
            var parts = Enumerable.Range(0, n).Select(_ => new Params()).ToArray();
            foreach (var (module, name, value) in Traverse(structure))
            {
                int part = fn(module, name, value);
                if (part < 0 || part >= n)
                {
                    throw new JaxArgumentException(
                        $"DataStructures.PartitionN got the part {part} for '{module}/{name}'; there are parts 0 to {n - 1}."
                    );
                }

                Add(parts[part], module, name, value);
            }

            return parts;
        }

        /// <summary>The parameters of all together; those of a later one replace those of an earlier one.</summary>
        public static Params Merge(params Params[] structures)
        {
            Argument.Given(structures);
            return Merge(structures, checkDuplicates: false);
        }

        /// <summary>The same; on request, a parameter of two structures must have the same shape and type in both.</summary>
        /// <exception cref="ParameterException">Two structures have a parameter in different shapes or types.</exception>
        public static Params Merge(IEnumerable<Params> structures, bool checkDuplicates)
        {
            ArgumentNullException.ThrowIfNull(structures);
            var result = new Params();
            foreach (var (module, name, value) in structures.SelectMany(Traverse))
            {
                if (
                    checkDuplicates
                    && result.TryGetValue(module, out var group)
                    && group.TryGetValue(name, out var other)
                    && (other.Shape != value.Shape || other.DType != value.DType)
                )
                {
                    throw new ParameterException(
                        $"DataStructures.Merge found '{module}/{name}' as {other.Type} and as {value.Type}. Rename one, or pass "
                            + "checkDuplicates: false to take the last."
                    );
                }

                Add(result, module, name, value);
            }

            return result;
        }

        /// <summary>The states of all together; those of a later one replace those of an earlier one.</summary>
        public static State Merge(params State[] structures)
        {
            Argument.Given(structures);
            return Make<State, object>(structures.SelectMany(Traverse));
        }

        /// <summary>Path, name and value of all parameters, in order.</summary>
        public static IEnumerable<(string ModuleName, string Name, NDArray Value)> Traverse(Params structure)
        {
            Argument.Given(structure);
            return Entries(structure);
        }

        /// <summary>Path, name and value of all states, in order.</summary>
        public static IEnumerable<(string ModuleName, string Name, object Value)> Traverse(State structure)
        {
            Argument.Given(structure);
            return Entries(structure);
        }

        /// <summary>Whether all parameters of one structure are in another.</summary>
        public static bool IsSubset(Params subset, Params superset)
        {
            Argument.Given(subset);
            return Traverse(subset)
                .All(e => superset.TryGetValue(e.ModuleName, out var group) && group.ContainsKey(e.Name));
        }

        /// <summary>The number of elements of all arrays of a tree.</summary>
        public static long TreeSize<T>(T tree) => Tree.Leaves(tree).Sum(leaf => leaf.Size);

        /// <summary>The number of bytes of all arrays of a tree.</summary>
        public static long TreeBytes<T>(T tree) => Tree.Leaves(tree).Sum(leaf => leaf.Type.ByteLength);

        /// <summary>A dictionary of dictionaries as parameters.</summary>
        public static Params ToHaikuDict<TGroup>(IEnumerable<KeyValuePair<string, TGroup>> structure)
            where TGroup : IEnumerable<KeyValuePair<string, NDArray>>
        {
            ArgumentNullException.ThrowIfNull(structure);
            var result = new Params();
            foreach (var (module, group) in structure)
            {
                result[module] = new(group);
            }

            return result;
        }

        /// <summary>The same as <see cref="ToHaikuDict"/>: parameters can be changed.</summary>
        public static Params ToMutableDict<TGroup>(IEnumerable<KeyValuePair<string, TGroup>> structure)
            where TGroup : IEnumerable<KeyValuePair<string, NDArray>> => ToHaikuDict(structure);

        /// <summary>Parameters as a dictionary that cannot be changed.</summary>
        public static ImmutableDictionary<string, ImmutableDictionary<string, NDArray>> ToImmutableDict(
            Params structure
        )
        {
            ArgumentNullException.ThrowIfNull(structure);
            return structure.ToImmutableDictionary(group => group.Key, group => group.Value.ToImmutableDictionary());
        }

        private static IEnumerable<(string ModuleName, string Name, T Value)> Entries<T>(
            IEnumerable<KeyValuePair<string, OrderedDictionary<string, T>>> structure
        ) =>
            structure
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .SelectMany(group =>
                    group
                        .Value.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                        .Select(entry => (group.Key, entry.Key, entry.Value))
                );

        private static TStructure Make<TStructure, T>(IEnumerable<(string ModuleName, string Name, T Value)> entries)
            where TStructure : IDictionary<string, OrderedDictionary<string, T>>, new()
        {
            var result = new TStructure();
            foreach (var (module, name, value) in entries)
            {
                Add(result, module, name, value);
            }

            return result;
        }

        private static void Add<T>(
            IDictionary<string, OrderedDictionary<string, T>> structure,
            string module,
            string name,
            T value
        )
        {
            structure.TryAdd(module, []);
            structure[module][name] = value;
        }
    }
}
