using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>A layer of a <see cref="DeepRNN"/>: a core, another module, or a function of arrays, which convert to it.</summary>
    public sealed class RNNLayer : IPrintedArgument
    {
        private readonly object layer;

        private RNNLayer(
            object layer,
            Func<NDArray, object?, (NDArray Output, object? State)> step,
            Func<int?, object?>? initialState
        )
        {
            this.layer = layer;
            Step = step;
            InitialState = initialState;
        }

        /// <summary>Whether the layer has a state.</summary>
        internal bool IsCore => InitialState is not null;

        internal Func<NDArray, object?, (NDArray Output, object? State)> Step { get; }

        internal Func<int?, object?>? InitialState { get; }

        /// <summary>A module without state.</summary>
        public static implicit operator RNNLayer(Module<NDArray, NDArray> module) =>
            new(module, (x, _) => (module.Call(x), null), null);

        /// <summary>A function.</summary>
        public static implicit operator RNNLayer(Func<NDArray, NDArray> function) =>
            new(function, (x, _) => (function(x), null), null);

        string IPrintedArgument.Print() => layer is Module module ? module.ToString() : ModuleText.Print(layer);

        internal static RNNLayer Of<TState>(RNNCore<TState> core) =>
            new(core, (x, state) => core.Call(x, (TState)state!), batchSize => core.InitialState(batchSize));
    }
}
