using System;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Repeats a function of a counter and carried values, like <c>Lax.ForiLoop</c>, for functions that use parameters, state and keys of
    /// the running function. At <c>Init</c> the first step runs on its own and makes the parameters.
    /// </summary>
    /// <param name="lower">The first number.</param>
    /// <param name="upper">The number after the last.</param>
    /// <param name="bodyFun">The next carried values from the counter and the carried values.</param>
    /// <param name="initVal">The first carried values: an array or a tree of arrays.</param>
    /// <exception cref="ModuleException">No transformed function runs.</exception>
    /// <example><code>
    /// var power = hk.Transform((NDArray x) => hk.ForiLoop(0, 3, (i, y) => y * x, 1.0));
    /// power.Apply(null, null, 2.0); // => 8.0
    /// </code></example>
    [OverloadResolutionPriority(3)]
    public static NDArray ForiLoop(
        NDArray lower,
        NDArray upper,
        Func<NDArray, NDArray, NDArray> bodyFun,
        NDArray initVal
    ) => ForiLoop<NDArray>(lower, upper, bodyFun, initVal);

    /// <inheritdoc cref="ForiLoop(NDArray, NDArray, Func{NDArray, NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(2)]
    public static (NDArray, NDArray) ForiLoop(
        NDArray lower,
        NDArray upper,
        Func<NDArray, (NDArray, NDArray), (NDArray, NDArray)> bodyFun,
        (NDArray, NDArray) initVal
    ) => ForiLoop<(NDArray, NDArray)>(lower, upper, bodyFun, initVal);

    /// <inheritdoc cref="ForiLoop(NDArray, NDArray, Func{NDArray, NDArray, NDArray}, NDArray)"/>
    public static T ForiLoop<T>(NDArray lower, NDArray upper, Func<NDArray, T, T> bodyFun, T initVal)
    {
        const string Caller = "Hk.ForiLoop";
        var context = HaikuContext.RequireAccess(Caller);
        LoopFunctions.CheckBounds(Caller, lower, upper);
        if (context.IsInitialising)
        {
            initVal = InnerRun.FirstStep(context, () => bodyFun(lower, initVal));
            lower += 1;
            if (lower is DeviceArray from && upper is DeviceArray to && from.ItemInt(0) >= to.ItemInt(0))
            {
                return initVal;
            }
        }

        context.Rng?.ReserveUpToFull();
        var (result, end) = LoopFunctions.ForiLoop<(T Values, RunState State)>(
            lower,
            upper,
            (i, carry) => InnerRun.Step(Caller, context, carry.State, () => bodyFun(i, carry.Values)),
            (initVal, RunState.Of(context)),
            Caller
        );
        context.Merge(end);
        return result;
    }

    /// <summary>
    /// Repeats a function on carried values while a condition holds, like <c>Lax.WhileLoop</c>, for functions that use parameters, state
    /// and keys of the running function. Nobody knows whether the body runs at all, so it makes nothing: at <c>Init</c> call what it uses
    /// outside of the loop.
    /// </summary>
    /// <param name="condFun">Whether to go on: a scalar of type bool. Sets no state and takes no keys.</param>
    /// <param name="bodyFun">The next carried values.</param>
    /// <param name="initVal">The first carried values: an array or a tree of arrays.</param>
    /// <param name="maxSteps">The largest number of steps, after which the loop ends even if the condition holds.</param>
    /// <exception cref="ModuleException">
    /// No transformed function runs, it is being initialised, or the condition changes state or takes keys.
    /// </exception>
    [OverloadResolutionPriority(3)]
    public static NDArray WhileLoop(
        Func<NDArray, NDArray> condFun,
        Func<NDArray, NDArray> bodyFun,
        NDArray initVal,
        int? maxSteps = null
    ) => WhileLoop<NDArray>(condFun, bodyFun, initVal, maxSteps);

    /// <inheritdoc cref="WhileLoop(Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray, int?)"/>
    [OverloadResolutionPriority(2)]
    public static (NDArray, NDArray) WhileLoop(
        Func<(NDArray, NDArray), NDArray> condFun,
        Func<(NDArray, NDArray), (NDArray, NDArray)> bodyFun,
        (NDArray, NDArray) initVal,
        int? maxSteps = null
    ) => WhileLoop<(NDArray, NDArray)>(condFun, bodyFun, initVal, maxSteps);

    /// <inheritdoc cref="WhileLoop(Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray, int?)"/>
    public static T WhileLoop<T>(Func<T, NDArray> condFun, Func<T, T> bodyFun, T initVal, int? maxSteps = null)
    {
        const string Caller = "Hk.WhileLoop";
        var context = HaikuContext.RequireAccess(Caller);
        if (context.IsInitialising)
        {
            throw new ModuleException(
                $"{Caller} cannot run in Init: whether the body runs at all is not known, but its parameters must be made. Call the body once "
                    + "instead: value = hk.RunningInit() ? body(value) : hk.WhileLoop(condition, body, value)."
            );
        }

        context.Rng?.ReserveUpToFull();
        var (result, end) = LoopFunctions.WhileLoop<(T Values, RunState State)>(
            carry => Condition(context, carry.State, () => condFun(carry.Values)),
            carry => InnerRun.Step(Caller, context, carry.State, () => bodyFun(carry.Values)),
            (initVal, RunState.Of(context)),
            maxSteps,
            Caller
        );
        context.Merge(end);
        return result;
    }

    private static NDArray Condition(HaikuContext context, RunState state, Func<NDArray> condFun)
    {
        var (goesOn, end) = InnerRun.Run(context, state, condFun);
        var changes = end.ChangesSince(state);
        return changes is { State.Count: 0, Rng: null }
            ? goesOn
            : throw new ModuleException(
                "Hk.WhileLoop: the condition sets a state or takes a random key, which has no way out of it. Do so in the body."
            );
    }
}
