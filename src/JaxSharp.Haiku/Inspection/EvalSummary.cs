using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Functions that Haiku counts as experimental.</summary>
    public static partial class Experimental
    {
        /// <summary>
        /// A function of the same arguments that tells which methods of modules a function calls, with the shapes of what goes in and out.
        /// Nothing is computed.
        /// </summary>
        /// <param name="f">The function that uses modules.</param>
        /// <example><code>
        /// var summary = hk.Experimental.EvalSummary((NDArray x) => new hk.Nets.MLP([300, 10]).Call(x));
        /// foreach (var call in summary(jnp.Ones((8, 784))))
        /// {
        ///     Console.WriteLine($"{call.ModuleDetails.Module.ModuleName}: {call.ArgsSpec[0]} to {call.OutputSpec}");
        /// }
        /// </code></example>
        public static Func<T1, IReadOnlyList<MethodInvocation>> EvalSummary<T1, TOut>(Func<T1, TOut> f)
        {
            ArgumentNullException.ThrowIfNull(f);
            return x => CallLog.Of(f, x);
        }

        /// <inheritdoc cref="EvalSummary{T1, TOut}(Func{T1, TOut})"/>
        public static Func<T1, IReadOnlyList<MethodInvocation>> EvalSummary<T1, TOut>(Transformed<T1, TOut> f) =>
            EvalSummary(Argument.Given(f).Function);

        /// <inheritdoc cref="EvalSummary{T1, TOut}(Func{T1, TOut})"/>
        public static Func<T1, IReadOnlyList<MethodInvocation>> EvalSummary<T1, TOut>(
            TransformedWithState<T1, TOut> f
        ) => EvalSummary(Argument.Given(f).Function);

        /// <inheritdoc cref="EvalSummary{T1, TOut}(Func{T1, TOut})"/>
        public static Func<T1, T2, IReadOnlyList<MethodInvocation>> EvalSummary<T1, T2, TOut>(Func<T1, T2, TOut> f)
        {
            ArgumentNullException.ThrowIfNull(f);
            return (x, y) => CallLog.Of(a => f(a.x, a.y), (x, y));
        }

        /// <inheritdoc cref="EvalSummary{T1, TOut}(Func{T1, TOut})"/>
        public static Func<T1, T2, IReadOnlyList<MethodInvocation>> EvalSummary<T1, T2, TOut>(
            Transformed<T1, T2, TOut> f
        ) => EvalSummary(Argument.Given(f).Function);

        /// <inheritdoc cref="EvalSummary{T1, TOut}(Func{T1, TOut})"/>
        public static Func<T1, T2, IReadOnlyList<MethodInvocation>> EvalSummary<T1, T2, TOut>(
            TransformedWithState<T1, T2, TOut> f
        ) => EvalSummary(Argument.Given(f).Function);
    }
}

/// <summary>Records the calls of methods of modules.</summary>
internal static class CallLog
{
    public static IReadOnlyList<Hk.Experimental.MethodInvocation> Of<T, TOut>(Func<T, TOut> f, T argument)
    {
        var log = new List<Hk.Experimental.MethodInvocation?>();
        StagingCore.EvalShape<T, ValueTuple>(
            a =>
            {
                var (parameters, state) = FunctionRun.Init(42, () => f(a));
                FunctionRun.Apply(
                    parameters,
                    state,
                    42,
                    () =>
                    {
                        using var scope = Hk.InterceptMethods(
                            (next, inputs, context) => Record(log, next, inputs, context)
                        );
                        return f(a);
                    }
                );
                return default;
            },
            FunctionName.Of(f),
            argument
        );
        return [.. log.OfType<Hk.Experimental.MethodInvocation>()];
    }

    private static object? Record(
        List<Hk.Experimental.MethodInvocation?> log,
        Func<object?, object?> next,
        object? inputs,
        Hk.MethodContext context
    )
    {
        // An entry stands in the order of the beginnings of calls.
        int place = log.Count;
        log.Add(null);
        object? output = next(inputs);
        log[place] = new(
            Hk.Experimental.ModuleDetails.Of(context.Module, context.MethodName),
            Specs.Arguments(inputs),
            Specs.Of(output),
            context,
            [
                .. HaikuContext
                    .Require("Hk.Experimental.EvalSummary")
                    .Scopes.Where(scope => scope.Module is not null)
                    .Select(scope => Hk.Experimental.ModuleDetails.Of(scope.Module!, scope.Method)),
            ]
        );
        return output;
    }
}
