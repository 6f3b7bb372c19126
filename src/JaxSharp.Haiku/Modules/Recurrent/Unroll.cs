using System;
using System.Collections.Generic;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Goes along sequences with a core, as a loop. Works inside and outside of transformed functions, if the core is a function.
    /// </summary>
    /// <param name="core">The core.</param>
    /// <param name="inputSequence">The inputs: arrays of time, batch and features, or of batch, time and features.</param>
    /// <param name="initialState">The state before the first step, such as that of <c>core.InitialState(batchSize)</c>.</param>
    /// <param name="timeMajor">Whether time is axis 0 of the arrays, not axis 1.</param>
    /// <param name="reverse">Whether to go from the last step to the first; outputs stay in the places of their inputs.</param>
    /// <param name="returnAllStates">Whether to give the states of all steps and not the last.</param>
    /// <param name="unroll">How many steps JAX would write out in one round of the loop; no effect on results.</param>
    /// <returns>The outputs, and the last state or all states.</returns>
    public static (TOutput Outputs, TState State) DynamicUnroll<TInputs, TState, TOutput>(
        RNNCore<TInputs, TState, TOutput> core,
        TInputs inputSequence,
        TState initialState,
        bool timeMajor = true,
        bool reverse = false,
        bool returnAllStates = false,
        int unroll = 1
    )
    {
        ArgumentNullException.ThrowIfNull(core);
        return DynamicUnroll<TInputs, TState, TOutput>(
            core.Call,
            inputSequence,
            initialState,
            timeMajor,
            reverse,
            returnAllStates,
            unroll
        );
    }

    /// <inheritdoc cref="DynamicUnroll{TInputs, TState, TOutput}(RNNCore{TInputs, TState, TOutput}, TInputs, TState, bool, bool, bool, int)"/>
    public static (TOutput Outputs, TState State) DynamicUnroll<TInputs, TState, TOutput>(
        Func<TInputs, TState, (TOutput Output, TState State)> core,
        TInputs inputSequence,
        TState initialState,
        bool timeMajor = true,
        bool reverse = false,
        bool returnAllStates = false,
        int unroll = 1
    )
    {
        ArgumentNullException.ThrowIfNull(core);
        var inputs = timeMajor ? inputSequence : SwapBatchTime(inputSequence);
        var (last, (outputs, states)) = HaikuContext.Current is null
            ? Lax.Scan<TState, TInputs, (TOutput, TState?)>(Step, initialState, inputs, null, reverse, unroll)
            : Scan<TState, TInputs, (TOutput, TState?)>(Step, initialState, inputs, null, reverse, unroll);
        if (!timeMajor)
        {
            outputs = SwapBatchTime(outputs);
            states = SwapBatchTime(states);
        }

        return (outputs, returnAllStates ? states! : last);

        (TState, (TOutput, TState?)) Step(TState state, TInputs x)
        {
            var (output, next) = core(x, state);
            return (next, (output, returnAllStates ? next : default));
        }
    }

    /// <summary>Goes along sequences with a core, step by step: larger programs than those of <c>DynamicUnroll</c>, but no loop.</summary>
    /// <param name="core">The core.</param>
    /// <param name="inputSequence">The inputs: arrays of time, batch and features, or of batch, time and features.</param>
    /// <param name="initialState">The state before the first step.</param>
    /// <param name="timeMajor">Whether time is axis 0 of the arrays, not axis 1.</param>
    /// <returns>The outputs and the last state.</returns>
    public static (TOutput Outputs, TState State) StaticUnroll<TInputs, TState, TOutput>(
        RNNCore<TInputs, TState, TOutput> core,
        TInputs inputSequence,
        TState initialState,
        bool timeMajor = true
    )
    {
        ArgumentNullException.ThrowIfNull(core);
        return StaticUnroll<TInputs, TState, TOutput>(core.Call, inputSequence, initialState, timeMajor);
    }

    /// <inheritdoc cref="StaticUnroll{TInputs, TState, TOutput}(RNNCore{TInputs, TState, TOutput}, TInputs, TState, bool)"/>
    public static (TOutput Outputs, TState State) StaticUnroll<TInputs, TState, TOutput>(
        Func<TInputs, TState, (TOutput Output, TState State)> core,
        TInputs inputSequence,
        TState initialState,
        bool timeMajor = true
    )
    {
        ArgumentNullException.ThrowIfNull(core);
        int axis = timeMajor ? 0 : 1;
        int steps = Tree.Leaves(inputSequence) is [var first, ..]
            ? first.Shape[axis]
            : throw new JaxArgumentException("Hk.StaticUnroll needs an array in its input sequence; got none.");
        var state = initialState;
        var outputs = new List<TOutput>();
        for (int t = 0; t < steps; t++)
        {
            (var output, state) = core(Tree.Map(x => Jnp.Take(x, t, axis: axis), inputSequence), state);
            outputs.Add(output);
        }

        return (Tree.Map<TOutput>((NDArray[] ys) => Jnp.Stack(ys, axis), outputs), state);
    }

    private static T SwapBatchTime<T>(T tree) => Tree.Map(x => Jnp.SwapAxes(x, 0, 1), tree);
}
