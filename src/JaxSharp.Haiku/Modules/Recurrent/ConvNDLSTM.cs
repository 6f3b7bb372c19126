namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// An <see cref="LSTM"/> whose maps are convolutions, over any number of spatial axes. Parameters: those of two convolutions,
    /// <c>input_to_hidden</c> and <c>hidden_to_hidden</c>.
    /// </summary>
    /// <param name="numSpatialDims">The number of spatial axes.</param>
    /// <param name="inputShape">The axes of the initial state before those of the channels.</param>
    /// <param name="outputChannels">The number of channels of the output.</param>
    /// <param name="kernelShape">The extents of the kernels: one for all spatial axes, or one for each.</param>
    /// <param name="name">The name of the module.</param>
    public class ConvNDLSTM(
        int numSpatialDims,
        Dims inputShape,
        int outputChannels,
        Dims kernelShape,
        ScopeName? name = null
    ) : RNNCore<LSTMState>(name)
    {
        /// <summary>The number of spatial axes.</summary>
        public int NumSpatialDims { get; } = numSpatialDims;

        /// <summary>The axes of the initial state before those of the channels.</summary>
        public Dims InputShape { get; } = inputShape;

        /// <summary>The number of channels of the output.</summary>
        public int OutputChannels { get; } = outputChannels;

        /// <summary>The extents of the kernels.</summary>
        public Dims KernelShape { get; } = kernelShape;

        /// <inheritdoc/>
        protected override LSTMState MakeInitialState(int? batchSize)
        {
            Dims shape = [.. InputShape, OutputChannels];
            return new(Zeros(shape, batchSize), Zeros(shape, batchSize));
        }

        /// <inheritdoc/>
        protected override (NDArray Output, LSTMState State) Forward(NDArray inputs, LSTMState prevState)
        {
            System.ArgumentNullException.ThrowIfNull(prevState);
            var fromInputs = Gates("input_to_hidden").Call(inputs);
            return LSTM.Step(fromInputs + Gates("hidden_to_hidden").Call(prevState.Hidden), prevState);
        }

        private ConvND Gates(string gates) => new(NumSpatialDims, 4 * OutputChannels, KernelShape, name: gates);
    }

    /// <summary>An <see cref="LSTM"/> whose maps are convolutions over one spatial axis.</summary>
    /// <inheritdoc cref="ConvNDLSTM(int, Dims, int, Dims, ScopeName)"/>
    public class Conv1DLSTM(Dims inputShape, int outputChannels, Dims kernelShape, ScopeName? name = null)
        : ConvNDLSTM(1, inputShape, outputChannels, kernelShape, name);

    /// <summary>An <see cref="LSTM"/> whose maps are convolutions over two spatial axes.</summary>
    /// <inheritdoc cref="ConvNDLSTM(int, Dims, int, Dims, ScopeName)"/>
    public class Conv2DLSTM(Dims inputShape, int outputChannels, Dims kernelShape, ScopeName? name = null)
        : ConvNDLSTM(2, inputShape, outputChannels, kernelShape, name);

    /// <summary>An <see cref="LSTM"/> whose maps are convolutions over three spatial axes.</summary>
    /// <inheritdoc cref="ConvNDLSTM(int, Dims, int, Dims, ScopeName)"/>
    public class Conv3DLSTM(Dims inputShape, int outputChannels, Dims kernelShape, ScopeName? name = null)
        : ConvNDLSTM(3, inputShape, outputChannels, kernelShape, name);
}
