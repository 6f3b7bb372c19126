using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Haiku;

/// <summary>What takes part in naming: modules, and deferred modules.</summary>
internal interface IScopeMember
{
    Registration Registration { get; }
}

/// <summary>
/// The place of a module among others. C# tells nobody when a constructor ends, so whether a module was made inside of another one's
/// constructor is only known later, from what that other one holds in its fields. Names are therefore given at the first need: when
/// a module is called or asked for its name. Until then members wait in their scope, in the order in which they were made.
/// </summary>
/// <param name="member">The module or deferred module.</param>
/// <param name="context">The context that it was made in.</param>
/// <param name="scope">The scope that was current when it was made.</param>
/// <param name="sequence">Counts the members made in a context.</param>
/// <param name="name">The name of a module; null for a deferred module.</param>
internal sealed class Registration(
    IScopeMember member,
    HaikuContext context,
    Scope scope,
    int sequence,
    Hk.ScopeName? name
)
{
    private readonly Scope scope = scope;
    private readonly List<Registration> children = [];
    private Registration? owner;
    private int classOfOwner;
    private Scope? home;
    private Scope? constructorScope;
    private string? path;

    public IScopeMember Member { get; } = member;

    public HaikuContext Context { get; } = context;

    public int Sequence { get; } = sequence;

    /// <summary>Where it belongs: the scope it was made in, or that of the constructor of the module that owns it.</summary>
    public Scope Home
    {
        get
        {
            Resolve();
            return home!;
        }
    }

    /// <summary>The path of a module.</summary>
    public string Path
    {
        get
        {
            Resolve();
            return path!;
        }
    }

    /// <summary>The scope of the constructor of a module, which goes on in <c>Setup</c>.</summary>
    public Scope ConstructorScope => constructorScope ??= Scope.OfMethod(Path, Member as Hk.Module, "__init__");

    /// <summary>
    /// Called when the constructors of the base classes run: what the fields hold now was made by field initialisers of this object.
    /// </summary>
    public void ClaimFieldInitialisers()
    {
        if (scope.Pending.Count <= 1)
        {
            return;
        }

        // The constructors of what the fields hold have ended.
        var held = FieldGraph.HeldBy(
            Member,
            other => IsUnnamed(other) && other.Sequence < Sequence,
            initialisersOnly: true
        );
        foreach (var (other, _) in held.OrderByDescending(other => other.Member.Sequence))
        {
            other.ClaimOfConstructor();
        }

        Claim(held);
    }

    /// <summary>Names everything that waits in a scope.</summary>
    public static void ResolveAll(Scope scope)
    {
        if (scope.Pending.Count == 0)
        {
            return;
        }

        // Innermost first: what an inner module made belongs to it and not to the outer one, which reaches it too.
        Registration[] members = [.. scope.Pending];
        scope.ClearPending();
        for (int i = members.Length - 1; i >= 0; i--)
        {
            members[i].ClaimOfConstructor();
        }

        foreach (var current in members.Where(current => current.owner is null))
        {
            current.NameIn(scope);
        }
    }

    /// <summary>
    /// Checks at the first call that no module of this one's constructor got its name before: that happens when the constructor itself
    /// called or named a module.
    /// </summary>
    public void CheckConstruction()
    {
        foreach (
            var (other, _) in FieldGraph.HeldBy(
                Member,
                other => ReferenceEquals(other.scope, scope) && other.Sequence > Sequence
            )
        )
        {
            if (!other.IsWithin(this))
            {
                throw new ModuleException(
                    $"The module '{other.path}' was called, or asked for its name, before the constructor of {Names.OfType(Member.GetType())} "
                        + "that made it had ended, so it was taken for a module of the caller. Make and use such modules in Setup()."
                );
            }
        }
    }

    // A deferred module has no path, and none stands below it.
    private void ClaimOfConstructor()
    {
        if (name is not null)
        {
            Claim(FieldGraph.HeldBy(Member, other => IsUnnamed(other) && other.Sequence > Sequence));
        }
    }

    private void Claim(List<(Registration Member, int Class)> others)
    {
        foreach (var (other, number) in others.Where(other => other.Member.owner is null))
        {
            other.owner = this;
            other.classOfOwner = number;
            children.Add(other);
        }
    }

    private bool IsUnnamed(Registration other) => other.home is null && ReferenceEquals(other.scope, scope);

    private bool IsWithin(Registration ancestor) =>
        owner is not null && (ReferenceEquals(owner, ancestor) || owner.IsWithin(ancestor));

    private void Resolve()
    {
        if (home is null)
        {
            ResolveAll(scope);
        }
    }

    private void NameIn(Scope place)
    {
        home = place;
        if (name is not null)
        {
            path = name.IsForced ? place.ForcedPath(name.Value) : place.UniquePath(name.Value);
        }

        // Field initialisers run for the derived class first, but a constructor in Python begins with that of its base class.
        foreach (var child in children.OrderBy(child => child.classOfOwner).ThenBy(child => child.Sequence))
        {
            child.NameIn(ConstructorScope);
        }
    }
}
