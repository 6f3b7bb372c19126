using System;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

/// <summary>Gradients of functions that use the running context: what they change there is an auxiliary result.</summary>
internal static class InnerGradient
{
    public static Func<NDArray[], ((NDArray Value, TAux Aux) Result, NDArray[] Gradients)> OfArrays<TAux>(
        Func<NDArray[], (NDArray Value, TAux Aux)> function,
        int count,
        int[] argNums,
        GradientOptions options
    ) =>
        arguments =>
        {
            var context = HaikuContext.RequireAccess(options.Caller);
            var gradient = new ArrayGradient<(TAux, RunState)>(
                a => WithChanges(context, () => function(a)),
                count,
                argNums,
                options
            );
            var (result, gradients) = gradient.Run(arguments);
            return (Take(context, result), gradients);
        };

    public static ((NDArray Value, TAux Aux) Result, T Gradient) OfTree<T, TAux>(
        Func<T, (NDArray Value, TAux Aux)> function,
        T argument,
        GradientOptions options
    )
    {
        var context = HaikuContext.RequireAccess(options.Caller);
        var (result, gradient) = TreeGradient.Run(a => WithChanges(context, () => function(a)), argument, options);
        return (Take(context, result), gradient);
    }

    private static (NDArray, (TAux, RunState)) WithChanges<TAux>(
        HaikuContext context,
        Func<(NDArray Value, TAux Aux)> function
    )
    {
        var (result, changes) = InnerRun.Captured(context, function);
        return (result.Value, (result.Aux, changes));
    }

    private static (NDArray Value, TAux Aux) Take<TAux>(
        HaikuContext context,
        (NDArray Value, (TAux Aux, RunState Changes) Auxiliary) result
    )
    {
        context.Merge(result.Auxiliary.Changes);
        return (result.Value, result.Auxiliary.Aux);
    }
}
