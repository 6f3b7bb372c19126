using System;

namespace JaxSharp.Haiku;

/// <summary>
/// Keeps the parameters and states of an inner function in those of the outer one, under a prefix: <c>Init</c> puts in what the inner
/// initialisation makes, <c>Apply</c> takes it out again.
/// </summary>
/// <param name="caller">The public function, for messages.</param>
/// <param name="context">The context of the outer function.</param>
/// <param name="prefix">What stands before the inner paths: empty, or a path that ends with a slash.</param>
/// <param name="isClosed">Whether the inner function may not read or make anything by modules from outside of it.</param>
/// <param name="allowReuse">Whether inner parameters may take the place of outer ones of the same path.</param>
internal sealed class Lifting(string caller, HaikuContext context, string prefix, bool isClosed, bool allowReuse)
{
    [ThreadStatic]
    private static Boundary? boundary;

    [ThreadStatic]
    private static string? prefixInForce;

    /// <summary>The prefixes of the inner initialisations that run, outermost first; null if none does.</summary>
    public static string? PrefixInForce => prefixInForce;

    /// <summary>Under a name of its own, numbered when it was used before.</summary>
    public static Lifting Named(string caller, string name, bool allowReuse, bool isClosed = false)
    {
        var context = HaikuContext.RequireAccess(caller);
        if (!Names.IsIdentifier(name))
        {
            throw new ModuleException(
                $"{caller}: '{name}' is no name: letters, digits and underscores are allowed, and no digit first."
            );
        }

        return new Lifting(caller, context, context.NewPath(name) + "/", isClosed, allowReuse);
    }

    /// <summary>Without a name: paths are as if the inner function were called here. In Haiku, it uses a name up all the same.</summary>
    public static Lifting Transparent(string caller, bool allowReuse)
    {
        var context = HaikuContext.RequireAccess(caller);
        context.NewPath("lifted");
        return new Lifting(caller, context, context.Scope.ChildPrefix, isClosed: true, allowReuse);
    }

    /// <summary>Refuses what a module from outside reads or makes inside of a function that is closed to it.</summary>
    public static void CheckOwner(Hk.Module? module)
    {
        if (module is not null && boundary is { } inForce && module.Context.Id <= inForce.Context)
        {
            throw new ModuleException(
                $"The module '{module.ModuleName}' was made outside of the function that {inForce.Caller} takes, and is used inside of "
                    + "it. Its parameters would be those of both functions. Make it inside"
                    + (inForce.Caller.Contains("Transparent", StringComparison.Ordinal) ? ", or use Hk.Lift." : ".")
            );
        }
    }

    /// <summary>The inner parameters and states: made by the initialisation at <c>Init</c>, afterwards those of the outer function.</summary>
    public (Hk.Params Params, Hk.State State) Run(Func<(Hk.Params Params, Hk.State State)> init)
    {
        var current = HaikuContext.RequireAccess(caller);
        if (!current.IsInitialising)
        {
            return (Select(current.Parameters), SelectState(current.State.Current()));
        }

        var (parameters, state) = RunInner(init);
        foreach (var (path, group) in parameters)
        {
            CheckFree(path, current.Parameters.ContainsKey(prefix + path));
            current.Parameters[prefix + path] = new(group);
        }

        var pairs = new StateEntries();
        foreach (var (path, group) in state)
        {
            CheckFree(path, current.State.Has(prefix + path));
            foreach (var (name, value) in group)
            {
                pairs.At(prefix + path)[name] = new StatePair(value, value);
            }
        }

        current.State.Merge(pairs);
        return (parameters, state);
    }

    /// <summary>Runs the inner function or a part of it; modules from outside are refused if it is closed to them.</summary>
    public T Enclose<T>(Func<T> inner)
    {
        var outer = boundary;
        boundary = isClosed ? new Boundary(context.Id, caller) : outer;
        try
        {
            return inner();
        }
        finally
        {
            boundary = outer;
        }
    }

    /// <summary>What takes the new state.</summary>
    public Hk.LiftWithStateUpdater Updater() => new(context, prefix);

    private (Hk.Params, Hk.State) RunInner(Func<(Hk.Params, Hk.State)> init)
    {
        string? outer = prefixInForce;
        prefixInForce = outer + prefix;
        try
        {
            return Enclose(init);
        }
        finally
        {
            prefixInForce = outer;
        }
    }

    private void CheckFree(string path, bool exists)
    {
        if (exists && !allowReuse)
        {
            throw new ParameterException(
                $"{caller}: the outer function has parameters or states of '{prefix}{path}' already. Give the inner module another name, "
                    + "lift under a name of its own by Hk.Lift, or pass allowReuse: true to replace them."
            );
        }
    }

    private Hk.Params Select(Hk.Params all)
    {
        var result = new Hk.Params();
        foreach (var (path, group) in all)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal))
            {
                result[path[prefix.Length..]] = new(group);
            }
        }

        return result;
    }

    private Hk.State SelectState(Hk.State all)
    {
        var result = new Hk.State();
        foreach (var (path, group) in all)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal))
            {
                result[path[prefix.Length..]] = group;
            }
        }

        return result;
    }

    /// <summary>Modules of this context and of those around it are outside.</summary>
    private sealed record Boundary(long Context, string Caller);
}
