using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Haiku;

/// <summary>Runs functions that use modules as pure functions of parameters, state and keys.</summary>
internal static class FunctionRun
{
    public static (Hk.Params Params, Hk.State State) Init<TOut>(Hk.Rng? rng, Func<TOut> function)
    {
        var context = new HaikuContext([], new StateTable(), Sequence(rng), isInitialising: true);
        context.Run(function);
        return (context.Parameters, context.State.Initial());
    }

    public static (TOut Result, Hk.State State) Apply<TOut>(
        Hk.Params? parameters,
        Hk.State? state,
        Hk.Rng? rng,
        Func<TOut> function
    )
    {
        var context = new HaikuContext(parameters ?? [], StateTable.Of(state), Sequence(rng), isInitialising: false);
        var result = context.Run(function);
        return (result, context.State.Current());
    }

    public static T WithoutState<T>((T Result, Hk.State State) run, string caller)
    {
        if (run.State.Count > 0)
        {
            throw new NonEmptyStateException(
                $"The function has state ({string.Join(", ", run.State.Keys)}), which {caller} of Hk.Transform has no place for. "
                    + "Use Hk.TransformWithState."
            );
        }

        return run.Result;
    }

    /// <summary>Refuses functions that would keep what they compute from modules.</summary>
    public static TDelegate Check<TDelegate>(
        TDelegate function,
        [CallerArgumentExpression(nameof(function))] string name = "",
        [CallerMemberName] string caller = ""
    )
        where TDelegate : Delegate
    {
        if (Argument.Given(function, name, "Hk." + caller).Target is JittedFunction jitted)
        {
            throw new ModuleException(
                $"Hk.Transform got the function '{jitted.Name}', which Jit has made: its compiled program cannot use modules. Transform "
                    + "first, then jit: Jit(network.Apply)."
            );
        }

        return function;
    }

    private static Hk.PRNGSequence? Sequence(Hk.Rng? rng) => rng is null ? null : new Hk.PRNGSequence(rng);
}
