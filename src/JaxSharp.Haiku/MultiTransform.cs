using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Turns several functions that share modules into pure ones. The function makes the modules and returns what is to be called, in any
    /// form: a tuple of modules, functions, a record, a dictionary. <c>Init</c> and <c>Apply</c> choose from it; what <c>Init</c> calls makes
    /// the parameters, so it should call all modules.
    /// </summary>
    /// <param name="f">Makes the modules; runs at every <c>Init</c> and <c>Apply</c>.</param>
    /// <example><code>
    /// var coder = hk.MultiTransform(() => (Encoder: new hk.Linear(1, name: "encoder"), Decoder: new hk.Linear(4, name: "decoder")));
    /// NDArray x = jnp.Ones((2, 4));
    /// var parameters = coder.Init(42, f => f.Decoder.Call(f.Encoder.Call(x)));
    /// NDArray code = coder.Apply(parameters, null, f => f.Encoder.Call(x));
    /// coder.Apply(parameters, null, f => f.Decoder.Call(code)).Shape; // => (2,4)
    /// </code></example>
    public static MultiTransformed<TFunctions> MultiTransform<TFunctions>(Func<TFunctions> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return new(f);
    }

    /// <summary>Like <c>MultiTransform</c>, for functions that also keep state.</summary>
    /// <param name="f">Makes the modules; runs at every <c>Init</c> and <c>Apply</c>.</param>
    public static MultiTransformedWithState<TFunctions> MultiTransformWithState<TFunctions>(Func<TFunctions> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return new(f);
    }

    /// <summary>Pure functions that share parameters.</summary>
    public sealed class MultiTransformed<TFunctions>
    {
        private readonly Func<TFunctions> functions;

        internal MultiTransformed(Func<TFunctions> functions)
        {
            this.functions = functions;
        }

        /// <summary>Makes the parameters.</summary>
        /// <param name="rng">A key or seed; null for none.</param>
        /// <param name="call">Calls all functions that make parameters; its result is dropped.</param>
        public Params Init<TOut>(Rng? rng, Func<TFunctions, TOut> call)
        {
            ArgumentNullException.ThrowIfNull(call);
            return FunctionRun.WithoutState(FunctionRun.Init(rng, () => call(functions())), nameof(Init));
        }

        /// <summary>Runs one of the functions with parameters.</summary>
        /// <param name="params">The parameters.</param>
        /// <param name="rng">A key or seed; null for none.</param>
        /// <param name="call">Chooses and calls a function.</param>
        public TOut Apply<TOut>(Params? @params, Rng? rng, Func<TFunctions, TOut> call)
        {
            ArgumentNullException.ThrowIfNull(call);
            return FunctionRun.WithoutState(
                FunctionRun.Apply(@params, null, rng, () => call(functions())),
                nameof(Apply)
            );
        }
    }

    /// <summary>Pure functions that share parameters and state.</summary>
    public sealed class MultiTransformedWithState<TFunctions>
    {
        private readonly Func<TFunctions> functions;

        internal MultiTransformedWithState(Func<TFunctions> functions)
        {
            this.functions = functions;
        }

        /// <summary>Makes parameters and states.</summary>
        /// <param name="rng">A key or seed; null for none.</param>
        /// <param name="call">Calls all functions that make parameters or states; its result is dropped.</param>
        public (Params Params, State State) Init<TOut>(Rng? rng, Func<TFunctions, TOut> call)
        {
            ArgumentNullException.ThrowIfNull(call);
            return FunctionRun.Init(rng, () => call(functions()));
        }

        /// <summary>Runs one of the functions with parameters and state; gives its result and the new state.</summary>
        /// <param name="params">The parameters.</param>
        /// <param name="state">The state.</param>
        /// <param name="rng">A key or seed; null for none.</param>
        /// <param name="call">Chooses and calls a function.</param>
        public (TOut Result, State State) Apply<TOut>(
            Params? @params,
            State? state,
            Rng? rng,
            Func<TFunctions, TOut> call
        )
        {
            ArgumentNullException.ThrowIfNull(call);
            return FunctionRun.Apply(@params, state, rng, () => call(functions()));
        }
    }
}
