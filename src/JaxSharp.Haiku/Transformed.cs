using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>The same for a function of no arguments.</summary>
    public sealed class Transformed<TOut>
    {
        private readonly Func<TOut> function;

        internal Transformed(Func<TOut> function)
        {
            this.function = function;
        }

        internal Func<TOut> Function => function;

        /// <summary>Makes the parameters: runs the function once and drops its result.</summary>
        public Params Init(Rng? rng) => FunctionRun.WithoutState(FunctionRun.Init(rng, () => function()), nameof(Init));

        /// <summary>Runs the function with parameters.</summary>
        public TOut Apply(Params? @params, Rng? rng) =>
            FunctionRun.WithoutState(FunctionRun.Apply(@params, null, rng, () => function()), nameof(Apply));
    }

    /// <summary>A pair of pure functions: <c>Init</c> makes parameters, <c>Apply</c> runs the function with them.</summary>
    public sealed class Transformed<T1, TOut>
    {
        private readonly Func<T1, TOut> function;

        internal Transformed(Func<T1, TOut> function)
        {
            this.function = function;
        }

        internal Func<T1, TOut> Function => function;

        /// <summary>Makes the parameters: runs the function once and drops its result.</summary>
        public Params Init(Rng? rng, T1 first) =>
            FunctionRun.WithoutState(FunctionRun.Init(rng, () => function(first)), nameof(Init));

        /// <summary>Runs the function with parameters.</summary>
        public TOut Apply(Params? @params, Rng? rng, T1 first) =>
            FunctionRun.WithoutState(FunctionRun.Apply(@params, null, rng, () => function(first)), nameof(Apply));
    }

    /// <summary>The same for a function of two arguments.</summary>
    public sealed class Transformed<T1, T2, TOut>
    {
        private readonly Func<T1, T2, TOut> function;

        internal Transformed(Func<T1, T2, TOut> function)
        {
            this.function = function;
        }

        internal Func<T1, T2, TOut> Function => function;

        /// <summary>Makes the parameters: runs the function once and drops its result.</summary>
        public Params Init(Rng? rng, T1 first, T2 second) =>
            FunctionRun.WithoutState(FunctionRun.Init(rng, () => function(first, second)), nameof(Init));

        /// <summary>Runs the function with parameters.</summary>
        public TOut Apply(Params? @params, Rng? rng, T1 first, T2 second) =>
            FunctionRun.WithoutState(
                FunctionRun.Apply(@params, null, rng, () => function(first, second)),
                nameof(Apply)
            );
    }

    /// <summary>The same for a function of three arguments.</summary>
    public sealed class Transformed<T1, T2, T3, TOut>
    {
        private readonly Func<T1, T2, T3, TOut> function;

        internal Transformed(Func<T1, T2, T3, TOut> function)
        {
            this.function = function;
        }

        internal Func<T1, T2, T3, TOut> Function => function;

        /// <summary>Makes the parameters: runs the function once and drops its result.</summary>
        public Params Init(Rng? rng, T1 first, T2 second, T3 third) =>
            FunctionRun.WithoutState(FunctionRun.Init(rng, () => function(first, second, third)), nameof(Init));

        /// <summary>Runs the function with parameters.</summary>
        public TOut Apply(Params? @params, Rng? rng, T1 first, T2 second, T3 third) =>
            FunctionRun.WithoutState(
                FunctionRun.Apply(@params, null, rng, () => function(first, second, third)),
                nameof(Apply)
            );
    }

    /// <summary>The same for a function of four arguments.</summary>
    public sealed class Transformed<T1, T2, T3, T4, TOut>
    {
        private readonly Func<T1, T2, T3, T4, TOut> function;

        internal Transformed(Func<T1, T2, T3, T4, TOut> function)
        {
            this.function = function;
        }

        internal Func<T1, T2, T3, T4, TOut> Function => function;

        /// <summary>Makes the parameters: runs the function once and drops its result.</summary>
        public Params Init(Rng? rng, T1 first, T2 second, T3 third, T4 fourth) =>
            FunctionRun.WithoutState(FunctionRun.Init(rng, () => function(first, second, third, fourth)), nameof(Init));

        /// <summary>Runs the function with parameters.</summary>
        public TOut Apply(Params? @params, Rng? rng, T1 first, T2 second, T3 third, T4 fourth) =>
            FunctionRun.WithoutState(
                FunctionRun.Apply(@params, null, rng, () => function(first, second, third, fourth)),
                nameof(Apply)
            );
    }
}
