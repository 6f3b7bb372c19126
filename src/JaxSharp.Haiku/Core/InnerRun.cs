using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Tracing;

namespace JaxSharp.Haiku;

/// <summary>
/// Runs the functions that a transformation of <c>Hk</c> traces. While one runs, its trace is that of the context; state and keys are
/// those that were passed to it, and what it makes and changes is taken from the context again, to leave the transformation as a result.
/// </summary>
internal static class InnerRun
{
    /// <summary>
    /// Runs a function on state and keys. Names count on from those of the caller and are forgotten afterwards, so that a function that is
    /// traced again, or one branch of many, finds the same parameters.
    /// </summary>
    /// <param name="context">The context.</param>
    /// <param name="start">State and keys.</param>
    /// <param name="function">The function.</param>
    /// <param name="sharesNames">Whether the caller counts on from the names used here, as after a call of the function itself.</param>
    /// <returns>The result, and state and keys with the parameters that were made.</returns>
    public static (T Result, RunState End) Run<T>(
        HaikuContext context,
        RunState start,
        Func<T> function,
        bool sharesNames = false
    )
    {
        var (parameters, state, rng, trace) = (context.Parameters, context.State, context.Rng, context.Trace);
        context.Parameters = context.IsInitialising ? Copy(parameters) : parameters;
        context.State = new StateTable(start.State);
        context.Rng = start.Rng is null ? null : new Hk.PRNGSequence(start.Rng);
        context.Trace = TraceContext.Current;
        try
        {
            T result;
            if (sharesNames)
            {
                result = function();
            }
            else
            {
                using var scope = context.Enter(context.Scope.Copy());
                result = function();
            }

            var made = context.IsInitialising ? Added(parameters, context.Parameters) : null;
            return (result, RunState.Of(context) with { Params = made });
        }
        finally
        {
            (context.Parameters, context.State, context.Rng, context.Trace) = (parameters, state, rng, trace);
        }
    }

    /// <summary>Runs a function on the state and keys of the context and returns what it changed.</summary>
    public static (T Result, RunState Changes) Captured<T>(
        HaikuContext context,
        Func<T> function,
        bool sharesNames = false
    )
    {
        var start = RunState.Of(context);
        var (result, end) = Run(context, start, function, sharesNames);
        return (result, end.ChangesSince(start));
    }

    /// <summary>
    /// Runs a step of a loop: the number of keys split off is filled up afterwards, and what has a name must stay the same, so that the
    /// next step takes what this one gives.
    /// </summary>
    public static (T Result, RunState End) Step<T>(
        string caller,
        HaikuContext context,
        RunState start,
        Func<T> function
    )
    {
        var (result, end) = Run(
            context,
            start,
            () =>
            {
                var value = function();
                context.Rng?.ReserveUpToFull();
                return value;
            }
        );
        if (end.Names().Except(start.Names()).FirstOrDefault() is { } made)
        {
            throw new ParameterException(
                $"The body of {caller} makes the {made}, but the values of a loop must stay the same from step to step. Make it before "
                    + "the loop: make modules outside of the body, and call them once if (hk.RunningInit())."
            );
        }

        return (result, end);
    }

    /// <summary>Runs one step of a loop outside of it, at <c>Init</c>, where it makes the parameters and states of all steps.</summary>
    public static T FirstStep<T>(HaikuContext context, Func<T> function)
    {
        using var scope = context.Enter(context.Scope.Copy());
        return function();
    }

    private static Hk.Params Copy(Hk.Params parameters)
    {
        var result = new Hk.Params();
        foreach (var (path, group) in parameters)
        {
            result[path] = new(group);
        }

        return result;
    }

    private static Hk.Params? Added(Hk.Params before, Hk.Params after)
    {
        var added = new Hk.Params();
        foreach (var (path, group) in after)
        {
            foreach (var (name, value) in group)
            {
                if (!before.TryGetValue(path, out var known) || !known.ContainsKey(name))
                {
                    added.TryAdd(path, []);
                    added[path][name] = value;
                }
            }
        }

        return added.Count == 0 ? null : added;
    }
}
