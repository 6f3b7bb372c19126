using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Keeps the parameters of an inner transformed function in those of the running one: for functions whose initialisation and
    /// application go through transformations of <c>Jax</c>, such as an ensemble by <c>Vmap</c>. At <c>Init</c> the function that comes
    /// back runs the inner initialisation and keeps what it makes under a name; in <c>Apply</c> it gives what was passed.
    /// </summary>
    /// <param name="initFn">The inner initialisation: <c>Init</c> of a transformed function, or what a transformation made of it.</param>
    /// <param name="allowReuse">Whether parameters that exist already may be replaced.</param>
    /// <param name="name">The name that the inner paths stand under.</param>
    /// <exception cref="ModuleException">No transformed function runs, or the name is no identifier.</exception>
    /// <exception cref="ParameterException">A parameter exists already.</exception>
    /// <example><code>
    /// var member = hk.Transform((NDArray x) => new hk.Linear(2).Call(x));
    /// var ensemble = hk.Transform((NDArray x) =>
    /// {
    ///     var init = hk.Lift(Vmap&lt;hk.Rng?, NDArray, hk.Params&gt;(member.Init, inAxes: (0, null)), name: "ensemble");
    ///     var parameters = init(hk.RunningInit() ? hk.NextRngKeys(4) : null, x);
    ///     return Vmap((hk.Params p, NDArray x) => member.Apply(p, null, x), inAxes: (0, null))(parameters, x);
    /// });
    /// ensemble.Init(42, jnp.Ones(3))["ensemble/linear"]["w"].Shape; // => (4,3,2)
    /// </code></example>
    public static Func<T1, T2, Params> Lift<T1, T2>(
        Func<T1, T2, Params> initFn,
        bool allowReuse = false,
        string name = "lifted"
    )
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Named("Hk.Lift", name, allowReuse);
        return (x1, x2) => lifting.Run(() => (initFn(x1, x2), [])).Params;
    }

    /// <inheritdoc cref="Lift{T1, T2}(Func{T1, T2, Params}, bool, string)"/>
    public static Func<T1, Params> Lift<T1>(Func<T1, Params> initFn, bool allowReuse = false, string name = "lifted")
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Named("Hk.Lift", name, allowReuse);
        return (x1) => lifting.Run(() => (initFn(x1), [])).Params;
    }

    /// <inheritdoc cref="Lift{T1, T2}(Func{T1, T2, Params}, bool, string)"/>
    public static Func<T1, T2, T3, Params> Lift<T1, T2, T3>(
        Func<T1, T2, T3, Params> initFn,
        bool allowReuse = false,
        string name = "lifted"
    )
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Named("Hk.Lift", name, allowReuse);
        return (x1, x2, x3) => lifting.Run(() => (initFn(x1, x2, x3), [])).Params;
    }

    /// <inheritdoc cref="Lift{T1, T2}(Func{T1, T2, Params}, bool, string)"/>
    public static Func<T1, T2, T3, T4, Params> Lift<T1, T2, T3, T4>(
        Func<T1, T2, T3, T4, Params> initFn,
        bool allowReuse = false,
        string name = "lifted"
    )
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Named("Hk.Lift", name, allowReuse);
        return (x1, x2, x3, x4) => lifting.Run(() => (initFn(x1, x2, x3, x4), [])).Params;
    }

    /// <inheritdoc cref="Lift{T1, T2}(Func{T1, T2, Params}, bool, string)"/>
    public static Func<Rng?, Params> Lift<TOut>(Transformed<TOut> f, bool allowReuse = false, string name = "lifted")
    {
        ArgumentNullException.ThrowIfNull(f);
        return Lift<Rng?>(f.Init, allowReuse, name);
    }

    /// <inheritdoc cref="Lift{T1, T2}(Func{T1, T2, Params}, bool, string)"/>
    public static Func<Rng?, T1, Params> Lift<T1, TOut>(
        Transformed<T1, TOut> f,
        bool allowReuse = false,
        string name = "lifted"
    )
    {
        ArgumentNullException.ThrowIfNull(f);
        return Lift<Rng?, T1>(f.Init, allowReuse, name);
    }

    /// <inheritdoc cref="Lift{T1, T2}(Func{T1, T2, Params}, bool, string)"/>
    public static Func<Rng?, T1, T2, Params> Lift<T1, T2, TOut>(
        Transformed<T1, T2, TOut> f,
        bool allowReuse = false,
        string name = "lifted"
    )
    {
        ArgumentNullException.ThrowIfNull(f);
        return Lift<Rng?, T1, T2>(f.Init, allowReuse, name);
    }

    /// <summary>
    /// Like <c>Lift</c>, but inner parameters stand among the outer ones, as if the inner function were called. It may then not use modules
    /// of the outer function.
    /// </summary>
    /// <param name="initFn">The inner initialisation.</param>
    /// <param name="allowReuse">Whether parameters that exist already may be replaced.</param>
    /// <exception cref="ModuleException">No transformed function runs, or the inner one uses a module of it.</exception>
    /// <exception cref="ParameterException">A parameter exists already.</exception>
    public static Func<T1, T2, Params> TransparentLift<T1, T2>(Func<T1, T2, Params> initFn, bool allowReuse = false)
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Transparent("Hk.TransparentLift", allowReuse);
        return (x1, x2) => lifting.Run(() => (initFn(x1, x2), [])).Params;
    }

    /// <inheritdoc cref="TransparentLift{T1, T2}(Func{T1, T2, Params}, bool)"/>
    public static Func<T1, Params> TransparentLift<T1>(Func<T1, Params> initFn, bool allowReuse = false)
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Transparent("Hk.TransparentLift", allowReuse);
        return (x1) => lifting.Run(() => (initFn(x1), [])).Params;
    }

    /// <inheritdoc cref="TransparentLift{T1, T2}(Func{T1, T2, Params}, bool)"/>
    public static Func<T1, T2, T3, Params> TransparentLift<T1, T2, T3>(
        Func<T1, T2, T3, Params> initFn,
        bool allowReuse = false
    )
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Transparent("Hk.TransparentLift", allowReuse);
        return (x1, x2, x3) => lifting.Run(() => (initFn(x1, x2, x3), [])).Params;
    }

    /// <inheritdoc cref="TransparentLift{T1, T2}(Func{T1, T2, Params}, bool)"/>
    public static Func<T1, T2, T3, T4, Params> TransparentLift<T1, T2, T3, T4>(
        Func<T1, T2, T3, T4, Params> initFn,
        bool allowReuse = false
    )
    {
        ArgumentNullException.ThrowIfNull(initFn);
        var lifting = Lifting.Transparent("Hk.TransparentLift", allowReuse);
        return (x1, x2, x3, x4) => lifting.Run(() => (initFn(x1, x2, x3, x4), [])).Params;
    }

    /// <inheritdoc cref="TransparentLift{T1, T2}(Func{T1, T2, Params}, bool)"/>
    public static Func<Rng?, Params> TransparentLift<TOut>(Transformed<TOut> f, bool allowReuse = false)
    {
        ArgumentNullException.ThrowIfNull(f);
        return TransparentLift<Rng?>(f.Init, allowReuse);
    }

    /// <inheritdoc cref="TransparentLift{T1, T2}(Func{T1, T2, Params}, bool)"/>
    public static Func<Rng?, T1, Params> TransparentLift<T1, TOut>(Transformed<T1, TOut> f, bool allowReuse = false)
    {
        ArgumentNullException.ThrowIfNull(f);
        return TransparentLift<Rng?, T1>(f.Init, allowReuse);
    }

    /// <inheritdoc cref="TransparentLift{T1, T2}(Func{T1, T2, Params}, bool)"/>
    public static Func<Rng?, T1, T2, Params> TransparentLift<T1, T2, TOut>(
        Transformed<T1, T2, TOut> f,
        bool allowReuse = false
    )
    {
        ArgumentNullException.ThrowIfNull(f);
        return TransparentLift<Rng?, T1, T2>(f.Init, allowReuse);
    }
}
