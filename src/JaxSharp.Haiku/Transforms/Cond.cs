using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// One of two functions applied to the operand, chosen by a scalar, like <c>Lax.Cond</c>, for functions that use parameters, state and
    /// keys of the running function. What they change, only the chosen one changes. Both must make the same parameters and states, since
    /// both are traced: at <c>Init</c>, call what only one of them uses outside.
    /// </summary>
    /// <param name="pred">A scalar: bool, or a number that counts as true unless it is zero.</param>
    /// <param name="trueFun">Applied if the predicate holds.</param>
    /// <param name="falseFun">Applied if it does not; returns the same structure, shapes and element types.</param>
    /// <param name="operand">What the functions take: an array or a tree of arrays.</param>
    /// <exception cref="ModuleException">No transformed function runs.</exception>
    /// <exception cref="ParameterException">One function makes parameters or states that the other does not.</exception>
    /// <example><code>
    /// var network = hk.Transform((NDArray x) =>
    /// {
    ///     hk.Linear yes = new(2, name: "yes"), no = new(2, name: "no");
    ///     if (hk.RunningInit())
    ///     {
    ///         (yes.Call(x), no.Call(x)).ToString();
    ///     }
    ///
    ///     return hk.Cond(jnp.Sum(x) &gt; 0, yes.Call, no.Call, x);
    /// });
    /// network.Init(0, jnp.Ones((1, 2))).Keys; // => [yes, no]
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static NDArray Cond(
        NDArray pred,
        Func<NDArray, NDArray> trueFun,
        Func<NDArray, NDArray> falseFun,
        NDArray operand
    ) => InnerCond(pred, trueFun, falseFun, operand);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Cond<TResult>(
        NDArray pred,
        Func<NDArray, TResult> trueFun,
        Func<NDArray, TResult> falseFun,
        NDArray operand
    ) => InnerCond(pred, trueFun, falseFun, operand);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    public static TResult Cond<T, TResult>(
        NDArray pred,
        Func<T, TResult> trueFun,
        Func<T, TResult> falseFun,
        T operand
    ) => InnerCond(pred, trueFun, falseFun, operand);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(2)]
    public static NDArray Cond(NDArray pred, Func<NDArray> trueFun, Func<NDArray> falseFun) =>
        InnerCond<ValueTuple, NDArray>(pred, _ => trueFun(), _ => falseFun(), default);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    public static TResult Cond<TResult>(NDArray pred, Func<TResult> trueFun, Func<TResult> falseFun) =>
        InnerCond<ValueTuple, TResult>(pred, _ => trueFun(), _ => falseFun(), default);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    public static TResult Cond<T1, T2, TResult>(
        NDArray pred,
        Func<T1, T2, TResult> trueFun,
        Func<T1, T2, TResult> falseFun,
        T1 operand1,
        T2 operand2
    ) =>
        InnerCond(
            pred,
            a => trueFun(a.operand1, a.operand2),
            a => falseFun(a.operand1, a.operand2),
            (operand1, operand2)
        );

    /// <summary>
    /// One of several functions applied to the operand, chosen by a number, which is clamped into range; like <c>Lax.Switch</c>, for
    /// functions that use parameters, state and keys of the running function. See <c>Cond</c> for what they may make.
    /// </summary>
    /// <param name="index">An integer scalar.</param>
    /// <param name="branches">The functions, which return the same structure, shapes and element types.</param>
    /// <param name="operand">What the functions take: an array or a tree of arrays.</param>
    /// <exception cref="ModuleException">No transformed function runs.</exception>
    /// <exception cref="ParameterException">One function makes parameters or states that another does not.</exception>
    [OverloadResolutionPriority(2)]
    public static NDArray Switch(NDArray index, IReadOnlyList<Func<NDArray, NDArray>> branches, NDArray operand)
    {
        Argument.Given(branches);
        return InnerSwitch("Hk.Switch", index, branches, operand);
    }

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Switch<TResult>(
        NDArray index,
        IReadOnlyList<Func<NDArray, TResult>> branches,
        NDArray operand
    )
    {
        Argument.Given(branches);
        return InnerSwitch("Hk.Switch", index, branches, operand);
    }

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    public static TResult Switch<T, TResult>(NDArray index, IReadOnlyList<Func<T, TResult>> branches, T operand)
    {
        Argument.Given(branches);
        return InnerSwitch("Hk.Switch", index, branches, operand);
    }

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    public static TResult Switch<T1, T2, TResult>(
        NDArray index,
        IReadOnlyList<Func<T1, T2, TResult>> branches,
        T1 operand1,
        T2 operand2
    )
    {
        Argument.Given(branches);
        return InnerSwitch(
            "Hk.Switch",
            index,
            [.. branches.Select(f => (Func<(T1 operand1, T2 operand2), TResult>)(a => f(a.operand1, a.operand2)))],
            (operand1, operand2)
        );
    }

    // The branches are traced in order; Haiku traces the one for true first, and its parameters come first.
    private static TResult InnerCond<T, TResult>(
        NDArray pred,
        Func<T, TResult> trueFun,
        Func<T, TResult> falseFun,
        T operand
    ) => InnerSwitch("Hk.Cond", Jnp.LogicalNot(pred), [trueFun, falseFun], operand);

    private static TResult InnerSwitch<T, TResult>(
        string caller,
        NDArray index,
        IReadOnlyList<Func<T, TResult>> branches,
        T operand
    )
    {
        var context = HaikuContext.RequireAccess(caller);
        context.Rng?.ReserveUpToFull();
        var start = RunState.Of(context);
        HashSet<string>? made = null;
        var stateful = branches
            .Select(
                (branch, i) =>
                    (Func<(T, RunState), (TResult, RunState)>)(
                        inputs =>
                        {
                            var result = InnerRun.Run(
                                context,
                                inputs.Item2,
                                () =>
                                {
                                    var value = branch(inputs.Item1);
                                    context.Rng?.ReserveUpToFull();
                                    return value;
                                }
                            );
                            CheckSame(caller, i, made ??= [.. result.End.Names()], result.End);
                            return result;
                        }
                    )
            )
            .ToArray();
        var (result, end) = LoopFunctions.Switch(caller, index, stateful, (operand, start));
        context.Merge(end);
        return result;
    }

    private static void CheckSame(string caller, int branch, HashSet<string> first, RunState end)
    {
        string[] names = [.. end.Names()];
        string? missing = first.Except(names).FirstOrDefault();
        if ((missing ?? names.Except(first).FirstOrDefault()) is { } name)
        {
            var (makes, not) = missing is null ? (branch, 0) : (0, branch);
            throw new ParameterException(
                $"{caller}: branch {makes} makes the {name} and branch {not} does not, but all branches must leave the same parameters and "
                    + "states. At Init call the modules of all branches outside of them: make the modules before, then "
                    + "if (hk.RunningInit()) { module.Call(x); }."
            );
        }
    }
}
