namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// One step of a recurrent network: takes inputs and the state of the step before, and gives an output and the next state. Go along
    /// sequences with <see cref="DynamicUnroll{TInputs, TState, TOutput}(RNNCore{TInputs, TState, TOutput}, TInputs, TState, bool, bool, bool, int)"/>.
    /// </summary>
    /// <typeparam name="TInputs">An array or a tree of arrays.</typeparam>
    /// <typeparam name="TState">An array or a tree of arrays.</typeparam>
    /// <typeparam name="TOutput">An array or a tree of arrays.</typeparam>
    public abstract class RNNCore<TInputs, TState, TOutput>(ScopeName? name = null)
        : Module<TInputs, TState, (TOutput Output, TState State)>(name)
    {
        /// <summary>The state before the first step.</summary>
        /// <param name="batchSize">The number of sequences; null for states without an axis for them.</param>
        public TState InitialState(int? batchSize) => Method(batchSize, MakeInitialState);

        /// <summary>
        /// Makes the state before the first step, as a method of the core: parameters made here are those of the core, as for a state that
        /// is learnt.
        /// </summary>
        /// <param name="batchSize">The number of sequences; null for states without an axis for them.</param>
        protected abstract TState MakeInitialState(int? batchSize);
    }

    /// <summary>One step of a recurrent network from arrays to arrays.</summary>
    /// <typeparam name="TState">An array or a tree of arrays.</typeparam>
    public abstract class RNNCore<TState>(ScopeName? name = null) : RNNCore<NDArray, TState, NDArray>(name)
    {
        /// <summary>The core as a layer of a <see cref="DeepRNN"/>.</summary>
        public static implicit operator RNNLayer(RNNCore<TState> core) => RNNLayer.Of(core);

        /// <summary>An initial state of zeros, for each of a number of sequences.</summary>
        private protected static NDArray Zeros(Dims shape, int? batchSize) =>
            Numpy.Jnp.Zeros(new Shape(batchSize is { } size ? [size, .. shape] : [.. shape]));

        private protected void CheckRank(NDArray inputs)
        {
            System.ArgumentNullException.ThrowIfNull(inputs);
            if (inputs.Ndim is not (1 or 2))
            {
                throw new ShapeException(
                    $"{ClassName} {ModuleName} takes one step: inputs of shape (features,) or (batch, features); got {inputs.Type}. For "
                        + "sequences use Hk.DynamicUnroll."
                );
            }
        }
    }
}
