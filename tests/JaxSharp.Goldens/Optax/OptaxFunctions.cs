using System;
using System.Linq;
using System.Reflection;

namespace JaxSharp.Goldens.Optax;

/// <summary>Finds public functions of JaxSharp.Optax by their Optax names.</summary>
internal static class OptaxFunctions
{
    private static readonly Type Root = typeof(JaxSharp.Optax.Optax);

    /// <summary>
    /// What a name such as <c>optax.adam</c> or <c>optax.tree.norm</c> stands for: a module may be a nested class, or its functions are
    /// in the class <c>Optax</c> itself.
    /// </summary>
    public static MethodInfo[] Find(string[] parts)
    {
        string name = parts[^1];
        Type? module =
            parts.Length > 2 ? Array.Find(Root.GetNestedTypes(), type => Names.Same(type.Name, parts[1])) : null;
        if (module is null && parts.Length > 2 && parts[1] == "tree_utils")
        {
            module = typeof(JaxSharp.Optax.Optax.Tree);
            name = name.StartsWith("tree_", StringComparison.Ordinal) ? name[5..] : name;
        }

        // Optax keeps the old names of functions that have moved to contrib.
        MethodInfo[] methods = In(module ?? Root, name);
        return methods.Length > 0 || module is not null ? methods : In(typeof(JaxSharp.Optax.Optax.Contrib), name);
    }

    private static MethodInfo[] In(Type type, string name) =>
        [.. type.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => Names.Same(method.Name, name))];
}
