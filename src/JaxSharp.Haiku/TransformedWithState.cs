using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>The same for a function of no arguments.</summary>
    public sealed class TransformedWithState<TOut>
    {
        private readonly Func<TOut> function;

        internal TransformedWithState(Func<TOut> function)
        {
            this.function = function;
        }

        internal Func<TOut> Function => function;

        /// <summary>Makes parameters and state: runs the function once and drops its result.</summary>
        public (Params Params, State State) Init(Rng? rng) => FunctionRun.Init(rng, () => function());

        /// <summary>Runs the function with parameters and state; gives its result and the new state.</summary>
        public (TOut Result, State State) Apply(Params? @params, State? state, Rng? rng) =>
            FunctionRun.Apply(@params, state, rng, () => function());
    }

    /// <summary>A pair of pure functions: <c>Init</c> makes parameters and state, <c>Apply</c> runs the function with them.</summary>
    public sealed class TransformedWithState<T1, TOut>
    {
        private readonly Func<T1, TOut> function;

        internal TransformedWithState(Func<T1, TOut> function)
        {
            this.function = function;
        }

        internal Func<T1, TOut> Function => function;

        /// <summary>Makes parameters and state: runs the function once and drops its result.</summary>
        public (Params Params, State State) Init(Rng? rng, T1 first) => FunctionRun.Init(rng, () => function(first));

        /// <summary>Runs the function with parameters and state; gives its result and the new state.</summary>
        public (TOut Result, State State) Apply(Params? @params, State? state, Rng? rng, T1 first) =>
            FunctionRun.Apply(@params, state, rng, () => function(first));
    }

    /// <summary>The same for a function of two arguments.</summary>
    public sealed class TransformedWithState<T1, T2, TOut>
    {
        private readonly Func<T1, T2, TOut> function;

        internal TransformedWithState(Func<T1, T2, TOut> function)
        {
            this.function = function;
        }

        internal Func<T1, T2, TOut> Function => function;

        /// <summary>Makes parameters and state: runs the function once and drops its result.</summary>
        public (Params Params, State State) Init(Rng? rng, T1 first, T2 second) =>
            FunctionRun.Init(rng, () => function(first, second));

        /// <summary>Runs the function with parameters and state; gives its result and the new state.</summary>
        public (TOut Result, State State) Apply(Params? @params, State? state, Rng? rng, T1 first, T2 second) =>
            FunctionRun.Apply(@params, state, rng, () => function(first, second));
    }

    /// <summary>The same for a function of three arguments.</summary>
    public sealed class TransformedWithState<T1, T2, T3, TOut>
    {
        private readonly Func<T1, T2, T3, TOut> function;

        internal TransformedWithState(Func<T1, T2, T3, TOut> function)
        {
            this.function = function;
        }

        internal Func<T1, T2, T3, TOut> Function => function;

        /// <summary>Makes parameters and state: runs the function once and drops its result.</summary>
        public (Params Params, State State) Init(Rng? rng, T1 first, T2 second, T3 third) =>
            FunctionRun.Init(rng, () => function(first, second, third));

        /// <summary>Runs the function with parameters and state; gives its result and the new state.</summary>
        public (TOut Result, State State) Apply(
            Params? @params,
            State? state,
            Rng? rng,
            T1 first,
            T2 second,
            T3 third
        ) => FunctionRun.Apply(@params, state, rng, () => function(first, second, third));
    }

    /// <summary>The same for a function of four arguments.</summary>
    public sealed class TransformedWithState<T1, T2, T3, T4, TOut>
    {
        private readonly Func<T1, T2, T3, T4, TOut> function;

        internal TransformedWithState(Func<T1, T2, T3, T4, TOut> function)
        {
            this.function = function;
        }

        internal Func<T1, T2, T3, T4, TOut> Function => function;

        /// <summary>Makes parameters and state: runs the function once and drops its result.</summary>
        public (Params Params, State State) Init(Rng? rng, T1 first, T2 second, T3 third, T4 fourth) =>
            FunctionRun.Init(rng, () => function(first, second, third, fourth));

        /// <summary>Runs the function with parameters and state; gives its result and the new state.</summary>
        public (TOut Result, State State) Apply(
            Params? @params,
            State? state,
            Rng? rng,
            T1 first,
            T2 second,
            T3 third,
            T4 fourth
        ) => FunctionRun.Apply(@params, state, rng, () => function(first, second, third, fourth));
    }
}
