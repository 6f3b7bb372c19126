using System;
using System.Collections.Generic;
using System.Threading;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Haiku;

/// <summary>The value of a state before the function ran, and now. Both are arrays or trees of arrays.</summary>
internal readonly record struct StatePair(object Initial, object Current)
{
    /// <summary>Whether the values are the same objects.</summary>
    public bool IsSame(StatePair other) =>
        ReferenceEquals(Initial, other.Initial) && ReferenceEquals(Current, other.Current);
}

/// <summary>
/// One run of a transformed function: its parameters, its state, its random keys, and the scopes that are open. A thread runs one at
/// a time; runs nest.
/// </summary>
/// <param name="parameters">The parameters; grows while the function is initialised.</param>
/// <param name="state">The state.</param>
/// <param name="rng">Where keys come from; null if none was given.</param>
/// <param name="isInitialising">Whether parameters may be made.</param>
internal sealed class HaikuContext(Hk.Params parameters, StateTable state, Hk.PRNGSequence? rng, bool isInitialising)
{
    [ThreadStatic]
    private static HaikuContext? current;

    private static long last;

    private readonly Stack<Scope> scopes = new([Scope.Root()]);
    private readonly List<Action> endings = [];

    /// <summary>What was in force before each open <c>WithRng</c>, innermost first.</summary>
    private readonly Stack<Hk.PRNGSequence?> outerRngs = [];

    private int members;

    public static HaikuContext? Current => current;

    /// <summary>Larger than those of the contexts that it stands in.</summary>
    public long Id { get; } = Interlocked.Increment(ref last);

    public Hk.Params Parameters { get; set; } = parameters;

    public StateTable State { get; set; } = state;

    public Hk.PRNGSequence? Rng { get; set; } = rng;

    public bool IsInitialising { get; } = isInitialising;

    public Scope Scope => scopes.Peek();

    /// <summary>The path of what the running method reads or makes by name.</summary>
    /// <exception cref="ModuleException">The method is of a module that may not be used here.</exception>
    public string Path
    {
        get
        {
            Lifting.CheckOwner(Scope.Module);
            return Scope.Path;
        }
    }

    /// <summary>The open scopes, innermost first.</summary>
    public IEnumerable<Scope> Scopes => scopes;

    /// <summary>The trace that was in force when the function was entered, or its innermost transformation of <c>Hk</c>.</summary>
    public Trace Trace { get; set; } = TraceContext.Current;

    /// <summary>The context of the running function.</summary>
    /// <exception cref="ModuleException">No transformed function runs on this thread.</exception>
    public static HaikuContext Require(string caller) =>
        current
        ?? throw new ModuleException(
            $"{caller} works only inside of a function that Hk.Transform or Hk.TransformWithState has transformed, on the thread that "
                + "runs it: var network = Hk.Transform((NDArray x) => new Hk.Linear(10).Call(x))."
        );

    /// <summary>The same, for what reads or writes parameters, state or keys.</summary>
    /// <exception cref="JaxUsageException">A transformation that knows nothing of Haiku stands in between.</exception>
    public static HaikuContext RequireAccess(string caller)
    {
        var context = Require(caller);
        if (!ReferenceEquals(context.Trace, TraceContext.Current) && Hk.Config.CheckJaxUsage)
        {
            throw new JaxUsageException(
                $"{caller} was called inside of a function that goes through a transformation of Jax or Lax (Grad, Vmap, Jit, Scan, Cond, "
                    + "…). Such a function must be pure, but it reads or writes parameters, state or random keys here. Use the function of "
                    + "the same name in Hk (Hk.Grad, Hk.Vmap, Hk.Scan, Hk.Cond, Hk.Remat, …), or transform what Init and Apply give."
            );
        }

        return context;
    }

    /// <summary>Runs a function in this context.</summary>
    public TResult Run<TResult>(Func<TResult> function)
    {
        var outer = current;
        var hooks = HookCounts.Now;
        current = this;
        try
        {
            var result = function();
            if (scopes.Count > 1 || outerRngs.Count > 0 || hooks.Restore())
            {
                throw new ModuleException(
                    "The function has returned, but a scope or hook that it opened is still in force: a NameScope, WithRng, "
                        + "CustomCreator, CustomGetter, CustomSetter or InterceptMethods. Open it with using."
                );
            }

            Registration.ResolveAll(Scope);
            endings.ForEach(check => check());
            return result;
        }
        finally
        {
            current = outer;
            hooks.Restore();
        }
    }

    /// <summary>What hooks are told of a parameter or state of the scope.</summary>
    public Hk.ParamContext ContextOf(string name, Shape shape, DType dtype, Hk.Initializer? init) =>
        new(Path, name, shape, dtype, init, Scope.Module, Lifting.PrefixInForce);

    /// <summary>Does something once the function has returned.</summary>
    public void AtEnd(Action action) => endings.Add(action);

    /// <summary>Takes over what a transformed function made and changed.</summary>
    public void Merge(RunState changes)
    {
        foreach (var (path, group) in changes.Params ?? [])
        {
            Parameters.TryAdd(path, []);
            foreach (var (name, value) in group)
            {
                Parameters[path][name] = value;
            }
        }

        State.Merge(changes.State);
        if (changes.Rng is { } rng)
        {
            Rng = new Hk.PRNGSequence(rng);
        }
    }

    public Registration Register(IScopeMember member, Hk.ScopeName? name)
    {
        Lifting.CheckOwner(Scope.Module);
        var registration = new Registration(member, this, Scope, members++, name);
        Scope.Add(registration);
        return registration;
    }

    /// <summary>A path for what gets its name at once: numbered when its name was used here before.</summary>
    public string NewPath(string name)
    {
        Lifting.CheckOwner(Scope.Module);
        Registration.ResolveAll(Scope);
        return Scope.UniquePath(name);
    }

    /// <summary>Opens a scope until the returned one is disposed.</summary>
    public OpenScope Enter(Scope scope)
    {
        Registration.ResolveAll(Scope);
        scopes.Push(scope);
        return new OpenScope(this, scope, outerRngs.Count);
    }

    /// <summary>Takes keys from a sequence until the returned scope is disposed.</summary>
    public IDisposable OpenRng(Hk.PRNGSequence rng)
    {
        outerRngs.Push(Rng);
        Rng = rng;
        int depth = outerRngs.Count;
        return new Ending(() =>
        {
            bool isInnermost = outerRngs.Count == depth;
            CloseRngs(depth - 1);
            if (!isInnermost)
            {
                throw new ModuleException(
                    "Scopes of Hk.WithRng must be closed in the reverse order of opening, before the method that opened them returns. "
                        + "Open them with using: using (Hk.WithRng(key)) { … }."
                );
            }
        });
    }

    /// <summary>Closes what <c>WithRng</c> opened until so many are left; whether there was any.</summary>
    private bool CloseRngs(int left)
    {
        bool isAny = outerRngs.Count > left;
        while (outerRngs.Count > left)
        {
            Rng = outerRngs.Pop();
        }

        return isAny;
    }

    private void Leave(Scope scope, int rngs)
    {
        bool isRngOpen = CloseRngs(rngs);
        if (!ReferenceEquals(Scope, scope))
        {
            // What was opened inside is closed with it.
            while (scopes.Contains(scope) && !ReferenceEquals(scopes.Pop(), scope)) { }

            throw new ModuleException(
                "Scopes must be closed in the reverse order of opening, each once. Open them with using."
            );
        }

        scopes.Pop();
        Registration.ResolveAll(scope);
        if (isRngOpen)
        {
            throw new ModuleException(
                $"{(scope.Module is { } module ? $"A method of {module.GetType().Name}" : "A scope")} has ended, but an Hk.WithRng that it "
                    + "opened was still in force. Open it with using: using (Hk.WithRng(key)) { … }."
            );
        }
    }

    public readonly struct OpenScope(HaikuContext context, Scope scope, int rngs) : IDisposable
    {
        public void Dispose() => context.Leave(scope, rngs);
    }
}
