using System;
using System.Collections.Generic;

namespace JaxSharp.Haiku;

/// <summary>
/// A running method of a module, a <c>NameScope</c>, or the transformed function itself: the place where modules get their names and
/// parameters their paths. Counters and used names are new in every scope, so that a second call of a method makes the same names.
/// </summary>
/// <param name="path">The path of the parameters; <c>~</c> outside of modules.</param>
/// <param name="childPrefix">What stands before the names of modules made here.</param>
/// <param name="module">The module whose method runs, if any.</param>
/// <param name="method">The method that runs, by its name in C# or Python.</param>
internal sealed class Scope(string path, string childPrefix, Hk.Module? module, string method)
{
    private readonly List<Registration> pending = [];
    private Dictionary<string, int> counters = [];
    private HashSet<string> used = [];

    public string Path { get; } = path;

    /// <summary>Whether this is the transformed function itself.</summary>
    public bool IsRoot => Path == "~";

    /// <summary>What stands before the names of modules made here: empty, or a path that ends with a slash.</summary>
    public string ChildPrefix { get; } = childPrefix;

    public Hk.Module? Module { get; } = module;

    public string Method { get; } = method;

    /// <summary>What was made here and has no name yet, in the order of making.</summary>
    public IReadOnlyList<Registration> Pending => pending;

    public static Scope Root() => new("~", "", null, "");

    /// <summary>The scope of a method: children of <c>__call__</c> stand right below the module.</summary>
    public static Scope OfMethod(string path, Hk.Module? module, string method) =>
        new(path, path + ChildSeparator(method), module, method);

    /// <summary>Another place whose names count on together with those of this one.</summary>
    public Scope At(Scope place)
    {
        var scope = place.Revisit();
        (scope.counters, scope.used) = (counters, used);
        return scope;
    }

    /// <summary>The same place that counts on from the names used so far, on its own.</summary>
    public Scope Copy()
    {
        Registration.ResolveAll(this);
        var copy = Revisit();
        foreach (var (stem, count) in counters)
        {
            copy.counters[stem] = count;
        }

        copy.used.UnionWith(used);
        return copy;
    }

    public void Add(Registration registration) => pending.Add(registration);

    public void ClearPending() => pending.Clear();

    /// <summary>A path for a new module: numbered when its name was used here before.</summary>
    /// <exception cref="ModuleException">An explicit number was used before.</exception>
    public string UniquePath(string name)
    {
        var (stem, number) = Names.SplitNumber(ChildPrefix + name);
        int count = counters.GetValueOrDefault(stem);
        string path =
            number is { } explicitNumber ? $"{stem}_{explicitNumber}"
            : count == 0 ? stem
            : $"{stem}_{count}";
        counters[stem] = number is { } n ? Math.Max(count, n + 1) : count + 1;
        Reserve(path);
        return path;
    }

    /// <summary>Takes a path that was given in full.</summary>
    public string ForcedPath(string path)
    {
        used.Add(path);
        return path;
    }

    // The same place with fresh counters, as a later visit of it has.
    private Scope Revisit() => new(Path, ChildPrefix, Module, Method);

    private void Reserve(string path)
    {
        if (!used.Add(path))
        {
            throw new ModuleException(
                $"The module name '{path}' is used already in this method. Give the module another name, or none to have it numbered."
            );
        }
    }

    private static string ChildSeparator(string method) =>
        method switch
        {
            "Call" or "__call__" => "/",
            "__init__" => "/~/",
            _ => $"/~{Names.SnakeCase(method)}/",
        };
}
