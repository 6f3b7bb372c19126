using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>The same functions, whose <c>Apply</c> takes no random key; they may use none but in <c>Init</c>.</summary>
    public static MultiTransformedWithoutRng<TFunctions> WithoutApplyRng<TFunctions>(MultiTransformed<TFunctions> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return new(f);
    }

    /// <inheritdoc cref="WithoutApplyRng{TFunctions}(MultiTransformed{TFunctions})"/>
    public static MultiTransformedWithStateWithoutRng<TFunctions> WithoutApplyRng<TFunctions>(
        MultiTransformedWithState<TFunctions> f
    )
    {
        ArgumentNullException.ThrowIfNull(f);
        return new(f);
    }

    /// <summary>Like <see cref="MultiTransformed{TFunctions}"/>, but <c>Apply</c> takes no random key.</summary>
    public sealed class MultiTransformedWithoutRng<TFunctions>
    {
        private readonly MultiTransformed<TFunctions> functions;

        internal MultiTransformedWithoutRng(MultiTransformed<TFunctions> functions)
        {
            this.functions = functions;
        }

        /// <inheritdoc cref="MultiTransformed{TFunctions}.Init{TOut}(Rng?, Func{TFunctions, TOut})"/>
        public Params Init<TOut>(Rng? rng, Func<TFunctions, TOut> call) => functions.Init(rng, call);

        /// <summary>Runs one of the functions with parameters.</summary>
        /// <param name="params">The parameters.</param>
        /// <param name="call">Chooses and calls a function.</param>
        public TOut Apply<TOut>(Params? @params, Func<TFunctions, TOut> call) => functions.Apply(@params, null, call);
    }

    /// <summary>Like <see cref="MultiTransformedWithState{TFunctions}"/>, but <c>Apply</c> takes no random key.</summary>
    public sealed class MultiTransformedWithStateWithoutRng<TFunctions>
    {
        private readonly MultiTransformedWithState<TFunctions> functions;

        internal MultiTransformedWithStateWithoutRng(MultiTransformedWithState<TFunctions> functions)
        {
            this.functions = functions;
        }

        /// <inheritdoc cref="MultiTransformedWithState{TFunctions}.Init{TOut}(Rng?, Func{TFunctions, TOut})"/>
        public (Params Params, State State) Init<TOut>(Rng? rng, Func<TFunctions, TOut> call) =>
            functions.Init(rng, call);

        /// <summary>Runs one of the functions with parameters and state; gives its result and the new state.</summary>
        /// <param name="params">The parameters.</param>
        /// <param name="state">The state.</param>
        /// <param name="call">Chooses and calls a function.</param>
        public (TOut Result, State State) Apply<TOut>(Params? @params, State? state, Func<TFunctions, TOut> call) =>
            functions.Apply(@params, state, null, call);
    }
}
