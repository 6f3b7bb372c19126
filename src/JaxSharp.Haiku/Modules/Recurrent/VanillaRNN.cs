namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The simplest recurrent network: <c>relu(linear(x) + linear_1(h))</c>, which is output and state. Parameters are those of the two
    /// linear maps.
    /// </summary>
    /// <param name="hiddenSize">The extent of the state.</param>
    /// <param name="doubleBias">Whether the map of the state has a bias, too.</param>
    /// <param name="name">The name of the module.</param>
    public class VanillaRNN(int hiddenSize, bool doubleBias = true, ScopeName? name = null) : RNNCore<NDArray>(name)
    {
        /// <summary>The extent of the state.</summary>
        public int HiddenSize { get; } = hiddenSize;

        /// <summary>Whether the map of the state has a bias, too.</summary>
        public bool DoubleBias { get; } = doubleBias;

        /// <inheritdoc/>
        protected override NDArray MakeInitialState(int? batchSize) => Zeros(HiddenSize, batchSize);

        /// <inheritdoc/>
        protected override (NDArray Output, NDArray State) Forward(NDArray inputs, NDArray prevState)
        {
            var fromInputs = new Linear(HiddenSize).Call(inputs);
            var fromState = new Linear(HiddenSize, withBias: DoubleBias).Call(prevState);
            var state = Nn.Relu(fromInputs + fromState);
            return (state, state);
        }
    }
}
