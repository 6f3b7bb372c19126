using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// A function of the same arguments that gives a graph of the operations of another one in the language of Graphviz, with a box for
    /// each module. Nothing is computed.
    /// </summary>
    /// <param name="fun">A function that applies modules.</param>
    /// <example><code>
    /// var network = hk.Transform((NDArray x) => new hk.Linear(2).Call(x));
    /// var parameters = network.Init(42, jnp.Ones((1, 3)));
    /// string graph = hk.ToDot((NDArray x) => network.Apply(parameters, null, x))(jnp.Ones((1, 3)));
    /// graph[..11]; // => digraph G {
    /// </code></example>
    public static Func<T, string> ToDot<T, TOut>(Func<T, TOut> fun)
    {
        ArgumentNullException.ThrowIfNull(fun);
        return x => DotText.Of(ModuleProgram.Of(fun, x));
    }

    /// <inheritdoc cref="ToDot{T, TOut}(Func{T, TOut})"/>
    public static Func<T1, T2, string> ToDot<T1, T2, TOut>(Func<T1, T2, TOut> fun)
    {
        ArgumentNullException.ThrowIfNull(fun);
        return (x, y) => DotText.Of(ModuleProgram.Of(((T1 x, T2 y) a) => fun(a.x, a.y), (x, y)));
    }

    public static partial class Experimental
    {
        /// <summary>
        /// Like <see cref="ToDot{T, TOut}(Func{T, TOut})"/>, for arguments of which only shapes are known, such as those that
        /// <c>Jax.EvalShape</c> gives.
        /// </summary>
        /// <param name="fun">A function that applies modules.</param>
        public static Func<T, string> AbstractToDot<T, TOut>(Func<T, TOut> fun) => ToDot(fun);
    }
}
