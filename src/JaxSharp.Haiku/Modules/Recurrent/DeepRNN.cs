using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Cores and other layers one on top of the other, as one core. The state is a list of those of the cores.</summary>
    public abstract class StackedRNN : RNNCore<IReadOnlyList<object?>>
    {
        private protected StackedRNN(IEnumerable<RNNLayer> layers, bool skipConnections, ScopeName? name)
            : base(name)
        {
            Layers = [.. layers];
            SkipConnections = skipConnections;
        }

        /// <summary>The layers.</summary>
        public IReadOnlyList<RNNLayer> Layers { get; }

        /// <summary>Whether every core sees the inputs, and the output is that of all cores.</summary>
        public bool SkipConnections { get; }

        /// <inheritdoc/>
        protected override IReadOnlyList<object?> MakeInitialState(int? batchSize) =>
            [.. Layers.Where(layer => layer.IsCore).Select(layer => layer.InitialState!(batchSize))];

        /// <inheritdoc/>
        protected override (NDArray Output, IReadOnlyList<object?> State) Forward(
            NDArray inputs,
            IReadOnlyList<object?> state
        )
        {
            ArgumentNullException.ThrowIfNull(state);
            int cores = Layers.Count(layer => layer.IsCore);
            if (state.Count != cores)
            {
                throw new TreeException(
                    $"{ClassName} {ModuleName} has {cores} cores, but got a state of {state.Count} parts. InitialState makes one that fits."
                );
            }

            var current = inputs;
            var outputs = new List<NDArray>();
            var next = new List<object?>();
            foreach (var layer in Layers)
            {
                if (SkipConnections && outputs.Count > 0)
                {
                    current = Jnp.Concatenate([inputs, current], axis: -1);
                }

                (current, object? after) = layer.Step(current, layer.IsCore ? state[next.Count] : null);
                if (layer.IsCore)
                {
                    outputs.Add(current);
                    next.Add(after);
                }
            }

            return (SkipConnections ? Jnp.Concatenate(outputs.ToArray(), axis: -1) : current, next);
        }
    }

    /// <summary>
    /// Cores and other layers one on top of the other, as one core: each takes the output of the one before. The state is a list of those of
    /// the cores.
    /// </summary>
    /// <example><code>
    /// var core = new hk.DeepRNN([new hk.LSTM(4), (Func&lt;NDArray, NDArray&gt;)Nn.Relu, new hk.LSTM(2)]);
    /// </code></example>
    public sealed class DeepRNN : StackedRNN
    {
        /// <summary>Makes a stack.</summary>
        /// <param name="layers">Cores, other modules, functions of arrays.</param>
        /// <param name="name">The name of the module.</param>
        public DeepRNN(IEnumerable<RNNLayer> layers, ScopeName? name = null)
            : base(layers, skipConnections: false, name) { }
    }

    private sealed class SkippingRNN(IEnumerable<RNNLayer> layers, bool skipConnections, ScopeName? name = null)
        : StackedRNN(layers, skipConnections, name)
    {
        internal override string ClassName => "_DeepRNN";
    }

    /// <summary>
    /// Cores one on top of the other with skip connections: each but the first takes the inputs and the output of the one before together,
    /// and the output is that of all.
    /// </summary>
    /// <param name="layers">The cores.</param>
    /// <param name="name">The name of the module.</param>
    /// <exception cref="ModuleException">A layer is no core.</exception>
    public static RNNCore<IReadOnlyList<object?>> DeepRNNWithSkipConnections(
        IEnumerable<RNNLayer> layers,
        ScopeName? name = null
    )
    {
        RNNLayer[] all = Argument.AllGiven((RNNLayer[])[.. Argument.Given(layers)], nameof(layers));
        if (all.FirstOrDefault(layer => !layer.IsCore) is IPrintedArgument other)
        {
            throw new ModuleException(
                $"Hk.DeepRNNWithSkipConnections takes cores only; got {other.Print()}. Use Hk.DeepRNN for other layers."
            );
        }

        return new SkippingRNN(all, skipConnections: true, name);
    }
}
