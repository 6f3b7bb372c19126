using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>A core that gives its inputs back and has an empty state: for models with and without recurrence.</summary>
    public class IdentityCore(ScopeName? name = null) : RNNCore<ValueTuple>(name)
    {
        /// <inheritdoc/>
        protected override ValueTuple MakeInitialState(int? batchSize) => default;

        /// <inheritdoc/>
        protected override (NDArray Output, ValueTuple State) Forward(NDArray inputs, ValueTuple state) =>
            (inputs, state);
    }
}
