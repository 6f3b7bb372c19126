using System;
using System.Collections.Generic;
using JaxSharp.Ir;

namespace JaxSharp.Tracing;

/// <summary>The trace in force on this thread. Without one, primitives are evaluated.</summary>
internal static class TraceContext
{
    [ThreadStatic]
    private static Trace? current;

    [ThreadStatic]
    private static List<BatchAxis>? namedAxes;

    public static Trace Current => current ?? EvalTrace.Instance;

    /// <summary>Puts a trace in force until the returned scope is disposed.</summary>
    public static Scope Enter(Trace trace)
    {
        var scope = new Scope(current);
        current = trace;
        return scope;
    }

    /// <summary>Makes the name of a mapped axis known to collectives until the returned scope is disposed.</summary>
    public static AxisScope EnterAxis(BatchAxis axis)
    {
        namedAxes ??= [];
        namedAxes.Add(axis);
        return default;
    }

    /// <summary>The mapped axes that have a name, outermost first.</summary>
    public static BatchAxis[] NamedAxes =>
        namedAxes is null ? [] : [.. namedAxes.FindAll(axis => axis.Name is not null)];

    /// <summary>Whether these are the mapped axes with a name.</summary>
    public static bool NamedAxesAre(BatchAxis[] axes)
    {
        if (namedAxes is null || namedAxes.Count == 0)
        {
            return axes.Length == 0;
        }

        return NamedAxes.AsSpan().SequenceEqual(axes);
    }

    /// <summary>The innermost mapped axis of a name.</summary>
    /// <exception cref="AxisNameException">No enclosing <c>Vmap</c> has the name.</exception>
    public static BatchAxis FindAxis(string name, string caller)
    {
        for (int i = (namedAxes?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (namedAxes![i].Name == name)
            {
                return namedAxes[i];
            }
        }

        throw new AxisNameException(
            $"{caller} refers to the axis name \"{name}\", which no enclosing Vmap binds. "
                + $"Map the function with Vmap(f, axisName: \"{name}\")."
        );
    }

    public readonly ref struct Scope(Trace? previous)
    {
        private readonly Trace? previous = previous;

        public void Dispose() => current = previous;
    }

    public readonly ref struct AxisScope
    {
        public void Dispose() => namedAxes!.RemoveAt(namedAxes.Count - 1);
    }
}
