using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Like <c>Lift</c>, for inner functions with state. The updater takes the state that the inner <c>Apply</c> gives; call one of its
    /// methods once.
    /// </summary>
    /// <param name="initFn">The inner initialisation: <c>Init</c> of a function transformed with state.</param>
    /// <param name="allowReuse">Whether parameters and states that exist already may be replaced.</param>
    /// <param name="name">The name that the inner paths stand under.</param>
    /// <exception cref="ModuleException">No transformed function runs, or the updater is not used before it returns.</exception>
    /// <exception cref="ParameterException">A parameter or state exists already.</exception>
    public static (Func<T1, T2, (Params Params, State State)> Init, LiftWithStateUpdater Updater) LiftWithState<T1, T2>(
        Func<T1, T2, (Params Params, State State)> initFn,
        bool allowReuse = false,
        string name = "lifted"
    )
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Named("Hk.LiftWithState", name, allowReuse);
        return ((x1, x2) => lifting.Run(() => initFn(x1, x2)), lifting.Updater());
    }

    /// <inheritdoc cref="LiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool, string)"/>
    public static (Func<T1, (Params Params, State State)> Init, LiftWithStateUpdater Updater) LiftWithState<T1>(
        Func<T1, (Params Params, State State)> initFn,
        bool allowReuse = false,
        string name = "lifted"
    )
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Named("Hk.LiftWithState", name, allowReuse);
        return ((x1) => lifting.Run(() => initFn(x1)), lifting.Updater());
    }

    /// <inheritdoc cref="LiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool, string)"/>
    public static (Func<T1, T2, T3, (Params Params, State State)> Init, LiftWithStateUpdater Updater) LiftWithState<
        T1,
        T2,
        T3
    >(Func<T1, T2, T3, (Params Params, State State)> initFn, bool allowReuse = false, string name = "lifted")
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Named("Hk.LiftWithState", name, allowReuse);
        return ((x1, x2, x3) => lifting.Run(() => initFn(x1, x2, x3)), lifting.Updater());
    }

    /// <inheritdoc cref="LiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool, string)"/>
    public static (Func<T1, T2, T3, T4, (Params Params, State State)> Init, LiftWithStateUpdater Updater) LiftWithState<
        T1,
        T2,
        T3,
        T4
    >(Func<T1, T2, T3, T4, (Params Params, State State)> initFn, bool allowReuse = false, string name = "lifted")
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Named("Hk.LiftWithState", name, allowReuse);
        return ((x1, x2, x3, x4) => lifting.Run(() => initFn(x1, x2, x3, x4)), lifting.Updater());
    }

    /// <inheritdoc cref="LiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool, string)"/>
    public static (Func<Rng?, (Params Params, State State)> Init, LiftWithStateUpdater Updater) LiftWithState<TOut>(
        TransformedWithState<TOut> f,
        bool allowReuse = false,
        string name = "lifted"
    )
    {
        ArgumentNullException.ThrowIfNull(f);
        return LiftWithState<Rng?>(f.Init, allowReuse, name);
    }

    /// <inheritdoc cref="LiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool, string)"/>
    public static (Func<Rng?, T1, (Params Params, State State)> Init, LiftWithStateUpdater Updater) LiftWithState<
        T1,
        TOut
    >(TransformedWithState<T1, TOut> f, bool allowReuse = false, string name = "lifted")
    {
        ArgumentNullException.ThrowIfNull(f);
        return LiftWithState<Rng?, T1>(f.Init, allowReuse, name);
    }

    /// <inheritdoc cref="LiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool, string)"/>
    public static (Func<Rng?, T1, T2, (Params Params, State State)> Init, LiftWithStateUpdater Updater) LiftWithState<
        T1,
        T2,
        TOut
    >(TransformedWithState<T1, T2, TOut> f, bool allowReuse = false, string name = "lifted")
    {
        ArgumentNullException.ThrowIfNull(f);
        return LiftWithState<Rng?, T1, T2>(f.Init, allowReuse, name);
    }

    /// <summary>Like <c>LiftWithState</c>, but inner parameters and states stand among the outer ones, as in <c>TransparentLift</c>.</summary>
    /// <param name="initFn">The inner initialisation.</param>
    /// <param name="allowReuse">Whether parameters and states that exist already may be replaced.</param>
    /// <exception cref="ModuleException">No transformed function runs, or the updater is not used before it returns.</exception>
    /// <exception cref="ParameterException">A parameter or state exists already.</exception>
    public static (
        Func<T1, T2, (Params Params, State State)> Init,
        LiftWithStateUpdater Updater
    ) TransparentLiftWithState<T1, T2>(Func<T1, T2, (Params Params, State State)> initFn, bool allowReuse = false)
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Transparent("Hk.TransparentLiftWithState", allowReuse);
        return ((x1, x2) => lifting.Run(() => initFn(x1, x2)), lifting.Updater());
    }

    /// <inheritdoc cref="TransparentLiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool)"/>
    public static (
        Func<T1, (Params Params, State State)> Init,
        LiftWithStateUpdater Updater
    ) TransparentLiftWithState<T1>(Func<T1, (Params Params, State State)> initFn, bool allowReuse = false)
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Transparent("Hk.TransparentLiftWithState", allowReuse);
        return ((x1) => lifting.Run(() => initFn(x1)), lifting.Updater());
    }

    /// <inheritdoc cref="TransparentLiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool)"/>
    public static (
        Func<T1, T2, T3, (Params Params, State State)> Init,
        LiftWithStateUpdater Updater
    ) TransparentLiftWithState<T1, T2, T3>(
        Func<T1, T2, T3, (Params Params, State State)> initFn,
        bool allowReuse = false
    )
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Transparent("Hk.TransparentLiftWithState", allowReuse);
        return ((x1, x2, x3) => lifting.Run(() => initFn(x1, x2, x3)), lifting.Updater());
    }

    /// <inheritdoc cref="TransparentLiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool)"/>
    public static (
        Func<T1, T2, T3, T4, (Params Params, State State)> Init,
        LiftWithStateUpdater Updater
    ) TransparentLiftWithState<T1, T2, T3, T4>(
        Func<T1, T2, T3, T4, (Params Params, State State)> initFn,
        bool allowReuse = false
    )
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Transparent("Hk.TransparentLiftWithState", allowReuse);
        return ((x1, x2, x3, x4) => lifting.Run(() => initFn(x1, x2, x3, x4)), lifting.Updater());
    }

    /// <inheritdoc cref="TransparentLiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool)"/>
    public static (
        Func<Rng?, (Params Params, State State)> Init,
        LiftWithStateUpdater Updater
    ) TransparentLiftWithState<TOut>(TransformedWithState<TOut> f, bool allowReuse = false)
    {
        ArgumentNullException.ThrowIfNull(f);
        return TransparentLiftWithState<Rng?>(f.Init, allowReuse);
    }

    /// <inheritdoc cref="TransparentLiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool)"/>
    public static (
        Func<Rng?, T1, (Params Params, State State)> Init,
        LiftWithStateUpdater Updater
    ) TransparentLiftWithState<T1, TOut>(TransformedWithState<T1, TOut> f, bool allowReuse = false)
    {
        ArgumentNullException.ThrowIfNull(f);
        return TransparentLiftWithState<Rng?, T1>(f.Init, allowReuse);
    }

    /// <inheritdoc cref="TransparentLiftWithState{T1, T2}(Func{T1, T2, ValueTuple{Params, State}}, bool)"/>
    public static (
        Func<Rng?, T1, T2, (Params Params, State State)> Init,
        LiftWithStateUpdater Updater
    ) TransparentLiftWithState<T1, T2, TOut>(TransformedWithState<T1, T2, TOut> f, bool allowReuse = false)
    {
        ArgumentNullException.ThrowIfNull(f);
        return TransparentLiftWithState<Rng?, T1, T2>(f.Init, allowReuse);
    }
}
