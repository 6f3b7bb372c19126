using System;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Makes a module that runs a function.</summary>
    /// <param name="name">The name of the module; by default that of the function in snake case.</param>
    public delegate Module<TIn, TOut> ModuleFactory<TIn, TOut>(ScopeName? name = null);

    /// <summary>A function as a class of modules, named after the function: what the function makes stands below the module.</summary>
    /// <param name="f">The function: a method or local function; for a lambda give each module a name.</param>
    /// <example><code>
    /// NDArray Encoder(NDArray x) => new hk.Linear(2).Call(x);
    /// var makeEncoder = hk.ToModule&lt;NDArray, NDArray&gt;(Encoder);
    /// hk.Transform((NDArray x) => makeEncoder().Call(x)).Init(42, jnp.Ones((1, 3))).Keys; // => [encoder/linear]
    /// </code></example>
    public static ModuleFactory<TIn, TOut> ToModule<TIn, TOut>(Func<TIn, TOut> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return name => new FunctionModule<TIn, TOut>(f, name);
    }

    private sealed class FunctionModule<TIn, TOut>(Func<TIn, TOut> function, ScopeName? name)
        : Module<TIn, TOut>(name ?? Names.SnakeCase(FunctionName.Of(function)))
    {
        internal override string ClassName => FunctionName.Of(function);

        protected override TOut Forward(TIn inputs) => function(inputs);
    }
}
