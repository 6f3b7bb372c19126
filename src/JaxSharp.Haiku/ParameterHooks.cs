using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Lets a function make parameters, or states, until the returned scope is disposed; outer ones come first.</summary>
    /// <param name="creator">The function.</param>
    /// <param name="params">Whether it makes parameters.</param>
    /// <param name="state">Whether it makes states.</param>
    public static IDisposable CustomCreator(Creator creator, bool @params = true, bool state = false) =>
        ParameterHooks.Creators.Push(new(Argument.Given(creator), @params, state));

    /// <summary>Lets a function change parameters, or states, when they are read, until the returned scope is disposed.</summary>
    /// <param name="getter">The function.</param>
    /// <param name="params">Whether it sees parameters.</param>
    /// <param name="state">Whether it sees states.</param>
    /// <example><code>
    /// using (hk.CustomGetter((next, value, context) => next(value.AsType(DType.BF16))))
    /// {
    ///     new hk.Linear(2).Call(x);
    /// }
    /// </code></example>
    public static IDisposable CustomGetter(Getter getter, bool @params = true, bool state = false) =>
        ParameterHooks.Getters.Push(new(Argument.Given(getter), @params, state));

    /// <summary>Lets a function change states when they are written, until the returned scope is disposed.</summary>
    public static IDisposable CustomSetter(Setter setter) =>
        ParameterHooks.Setters.Push(new(Argument.Given(setter), false, true));
}

/// <summary>Runs creators, getters and setters, outermost first.</summary>
internal static class ParameterHooks
{
    [ThreadStatic]
    private static Hooks<Hook<Hk.Creator>>? creators;

    [ThreadStatic]
    private static Hooks<Hook<Hk.Getter>>? getters;

    [ThreadStatic]
    private static Hooks<Hook<Hk.Setter>>? setters;

    public static Hooks<Hook<Hk.Creator>> Creators => creators ??= new();

    public static Hooks<Hook<Hk.Getter>> Getters => getters ??= new();

    public static Hooks<Hook<Hk.Setter>> Setters => setters ??= new();

    public static NDArray Create(Hk.ParamContext context, bool isState)
    {
        return Next(0)(context.OriginalShape, context.OriginalDType, context.OriginalInit);

        Func<Shape, DType, Hk.Initializer?, NDArray> Next(int index) =>
            Find(Creators, index, isState) is { } found
                ? (shape, dtype, init) => found.Hook.Function(Next(found.Index + 1), shape, dtype, init, context)
                : (shape, dtype, init) => Initialise(context, shape, dtype, init);
    }

    public static NDArray Get(NDArray value, Hk.ParamContext context, bool isState)
    {
        return Next(0)(value);

        Func<NDArray, NDArray> Next(int index) =>
            Find(Getters, index, isState) is { } found
                ? value => found.Hook.Function(Next(found.Index + 1), value, context)
                : value => value;
    }

    public static NDArray Set(NDArray value, Hk.ParamContext context)
    {
        return Next(0)(value);

        Func<NDArray, NDArray> Next(int index) =>
            Find(Setters, index, isState: true) is { } found
                ? value => found.Hook.Function(Next(found.Index + 1), value, context)
                : value => value;
    }

    private static (int Index, Hook<T> Hook)? Find<T>(Hooks<Hook<T>> hooks, int start, bool isState)
    {
        for (int i = start; i < hooks.Count; i++)
        {
            if (isState ? hooks[i].State : hooks[i].Params)
            {
                return (i, hooks[i]);
            }
        }

        return null;
    }

    private static NDArray Initialise(Hk.ParamContext context, Shape shape, DType dtype, Hk.Initializer? init) =>
        (
            init
            ?? throw new ParameterException(
                $"'{context.FullName}' does not exist yet and there is no initialiser to make it: pass init, such as Jnp.Zeros."
            )
        )(shape, dtype);
}

/// <summary>A creator, getter or setter, and which values it is for.</summary>
internal sealed record Hook<T>(T Function, bool Params, bool State);
