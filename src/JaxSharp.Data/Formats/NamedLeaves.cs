using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using JaxSharp.Arrays;
using JaxSharp.Numpy;

namespace JaxSharp.Data;

/// <summary>
/// Trees of arrays as arrays with names: the keys, indices and member names on the way to a leaf, with slashes between. The array of a
/// tree that is a single leaf is <c>arr_0</c>, as NumPy calls it.
/// </summary>
internal static class NamedLeaves
{
    private const string SingleLeaf = "arr_0";
    private const int ShownProblems = 8;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The leaves with their names.</summary>
    /// <exception cref="JaxArgumentException">Two leaves have the same name, or a name is no text that a file can hold.</exception>
    /// <exception cref="ConcretizationException">A leaf is traced.</exception>
    public static IReadOnlyList<(string Name, DeviceArray Array)> Of<T>(string caller, T tree)
    {
        var (leaves, structure) = Tree.Flatten(tree);
        string[] names = Names(caller, structure);
        return
        [
            .. names.Zip(
                leaves,
                (name, leaf) => (name, Ops.Concrete(leaf, caller, "Return the arrays and save them outside."))
            ),
        ];
    }

    /// <summary>The arrays of a file as arrays of the library: 64-bit types narrow unless they are enabled.</summary>
    public static Dictionary<string, NDArray> Canonical(Dictionary<string, DeviceArray> arrays) =>
        arrays.ToDictionary(pair => pair.Key, pair => ArrayConversion.Canonical(pair.Value));

    /// <summary>Puts the arrays of a file into a tree that has the structure and types of another.</summary>
    /// <exception cref="TreeException">Names, shapes or element types do not fit.</exception>
    public static T Fit<T>(string caller, string source, T like, Dictionary<string, DeviceArray> arrays)
    {
        var (leaves, structure) = Tree.Flatten(like);
        string[] names = Names(caller, structure);
        var problems = new List<string>();
        var fitted = new NDArray[leaves.Length];
        for (int i = 0; i < names.Length; i++)
        {
            var type = leaves[i].Type;
            if (!arrays.TryGetValue(names[i], out var array))
            {
                problems.Add($"\"{names[i]}\" of type {type} is missing");
            }
            else if (array.DType != type.DType || array.Shape != type.Shape)
            {
                problems.Add($"\"{names[i]}\" is {array.Type}, where the tree has {type}");
            }
            else
            {
                fitted[i] = type.Weak ? array.WithType(type) : array;
            }
        }

        problems.AddRange(arrays.Keys.Except(names).Select(name => $"\"{name}\" has no place in the tree"));
        return problems.Count == 0
            ? Tree.Unflatten<T>(structure, fitted)
            : throw new TreeException(
                $"{caller}: {source} does not hold the arrays of the tree: {string.Join("; ", problems.Take(ShownProblems))}"
                    + $"{(problems.Count > ShownProblems ? $"; and {problems.Count - ShownProblems} more" : "")}. Load it without a tree to "
                    + "get its arrays by name."
            );
    }

    private static string[] Names(string caller, TreeDef structure)
    {
        var names = new List<string>(structure.NumLeaves);
        Collect(structure, null, names);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (!seen.Add(name))
            {
                throw new JaxArgumentException(
                    $"{caller}: two arrays of the tree have the name \"{name}\". Use keys without slashes that clash."
                );
            }

            try
            {
                StrictUtf8.GetByteCount(name);
            }
            catch (EncoderFallbackException)
            {
                throw new JaxArgumentException($"{caller}: the name \"{name}\" of an array is no valid Unicode text.");
            }
        }

        return [.. names];
    }

    private static void Collect(TreeDef node, string? path, List<string> names)
    {
        if (node.Kind == TreeNodeKind.Leaf)
        {
            names.Add(path ?? SingleLeaf);
            return;
        }

        for (int i = 0; i < node.Nodes.Length; i++)
        {
            string step = node.Data switch
            {
                object[] keys => Convert.ToString(keys[i], CultureInfo.InvariantCulture)!,
                RecordShape shape => shape.Members[i],
                _ => i.ToString(CultureInfo.InvariantCulture),
            };
            Collect(node.Nodes[i], path is null ? step : $"{path}/{step}", names);
        }
    }
}
