using System;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;

namespace JaxSharp.Passes;

/// <summary>
/// The index of an element along each axis, compared by its expressions. A class: a set of structures would have to be compiled when
/// the first program of a process is.
/// </summary>
/// <param name="axes">The index along each axis.</param>
internal sealed class ElementIndex(ScalarExpr[] axes) : IEquatable<ElementIndex>
{
    private readonly int hash = Hash(axes);

    public ReadOnlySpan<ScalarExpr> Axes => axes;

    public bool Equals(ElementIndex? other)
    {
        if (other is null || other.hash != hash || other.Axes.Length != axes.Length)
        {
            return false;
        }

        for (int i = 0; i < axes.Length; i++)
        {
            if (!axes[i].Equals(other.Axes[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as ElementIndex);

    public override int GetHashCode() => hash;

    private static int Hash(ScalarExpr[] axes)
    {
        int hash = axes.Length;
        foreach (var axis in axes)
        {
            hash = (hash * 397) ^ axis.GetHashCode();
        }

        return hash;
    }
}

/// <summary>An element of a variable.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Index">Which of its elements.</param>
internal sealed record Element(Var Variable, ElementIndex Index);
