using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>The state of an <see cref="LSTM"/>.</summary>
    /// <param name="Hidden">The output of the last step.</param>
    /// <param name="Cell">The memory.</param>
    public sealed record LSTMState(NDArray Hidden, NDArray Cell);

    /// <summary>
    /// Long short-term memory: gates decide what the memory keeps, takes and shows. Parameters: those of one linear map, <c>linear</c>, of
    /// inputs and output together, whose results are input gate, cell, forget gate and output gate. The forget gate starts with a bias of 1.
    /// </summary>
    /// <param name="hiddenSize">The extent of output and memory.</param>
    /// <param name="name">The name of the module.</param>
    /// <example><code>
    /// var network = hk.Transform((NDArray x) =>
    /// {
    ///     var core = new hk.LSTM(8);
    ///     return hk.DynamicUnroll(core, x, core.InitialState(x.Shape[1])).Outputs;
    /// });
    /// NDArray sequences = jnp.Ones((5, 2, 3)); // time, batch, features
    /// network.Apply(network.Init(42, sequences), null, sequences).Shape; // => (5,2,8)
    /// </code></example>
    public class LSTM(int hiddenSize, ScopeName? name = null) : RNNCore<LSTMState>(name)
    {
        /// <summary>The extent of output and memory.</summary>
        public int HiddenSize { get; } = hiddenSize;

        /// <inheritdoc/>
        protected override LSTMState MakeInitialState(int? batchSize) =>
            new(Zeros(HiddenSize, batchSize), Zeros(HiddenSize, batchSize));

        /// <inheritdoc/>
        protected override (NDArray Output, LSTMState State) Forward(NDArray inputs, LSTMState prevState)
        {
            System.ArgumentNullException.ThrowIfNull(prevState);
            CheckRank(inputs);
            var gates = new Linear(4 * HiddenSize).Call(Jnp.Concatenate([inputs, prevState.Hidden], axis: -1));
            return Step(gates, prevState);
        }

        /// <summary>Output and next state from the values of the four gates along the last axis.</summary>
        internal static (NDArray Output, LSTMState State) Step(NDArray gates, LSTMState previous)
        {
            var parts = Jnp.Split(gates, 4, axis: -1);
            var forget = Nn.Sigmoid(parts[2] + 1);
            var cell = forget * previous.Cell + Nn.Sigmoid(parts[0]) * Jnp.Tanh(parts[1]);
            var hidden = Nn.Sigmoid(parts[3]) * Jnp.Tanh(cell);
            return (hidden, new LSTMState(hidden, cell));
        }
    }
}
