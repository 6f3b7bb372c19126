using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// A gated recurrent unit: an update gate z chooses between the state and a new value, for which a reset gate r forgets parts of the
    /// state. Parameters: <c>w_i[inputs, 3·hidden]</c>, <c>w_h[hidden, 3·hidden]</c> and <c>b[3·hidden]</c>, in the order z, r, new value.
    /// </summary>
    /// <param name="hiddenSize">The extent of the state.</param>
    /// <param name="wIInit">Makes <c>w_i</c>; variance scaling by default.</param>
    /// <param name="wHInit">Makes <c>w_h</c>; variance scaling by default.</param>
    /// <param name="bInit">Makes <c>b</c>; zeros by default.</param>
    /// <param name="name">The name of the module.</param>
    public class GRU(
        int hiddenSize,
        Initializer? wIInit = null,
        Initializer? wHInit = null,
        Initializer? bInit = null,
        ScopeName? name = null
    ) : RNNCore<NDArray>(name)
    {
        /// <summary>The extent of the state.</summary>
        public int HiddenSize { get; } = hiddenSize;

        /// <inheritdoc/>
        protected override NDArray MakeInitialState(int? batchSize) => Zeros(HiddenSize, batchSize);

        /// <inheritdoc/>
        protected override (NDArray Output, NDArray State) Forward(NDArray inputs, NDArray state)
        {
            CheckRank(inputs);
            int n = HiddenSize;
            var dtype = inputs.DType;
            var wI = GetParameter("w_i", (inputs.Shape[^1], 3 * n), dtype, wIInit ?? Initializers.VarianceScaling());
            var wH = GetParameter("w_h", (n, 3 * n), dtype, wHInit ?? Initializers.VarianceScaling());
            var b = GetParameter("b", 3 * n, dtype, bInit ?? Jnp.Zeros);
            var fromInputs = Jnp.MatMul(inputs, wI);
            var gates = Nn.Sigmoid(
                fromInputs[ArrayIndex.Ellipsis, ..(2 * n)]
                    + Jnp.MatMul(state, wH[ArrayIndex.Ellipsis, ..(2 * n)])
                    + b[..(2 * n)]
            );
            NDArray update = gates[ArrayIndex.Ellipsis, ..n];
            NDArray reset = gates[ArrayIndex.Ellipsis, n..];
            var value = Jnp.Tanh(
                fromInputs[ArrayIndex.Ellipsis, (2 * n)..]
                    + Jnp.MatMul(reset * state, wH[ArrayIndex.Ellipsis, (2 * n)..])
                    + b[(2 * n)..]
            );
            var next = (1 - update) * state + update * value;
            return (next, next);
        }
    }
}
