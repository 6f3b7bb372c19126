using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// A core that starts another one anew where it is told to: for sequences that hold several episodes, one after the other. Takes its
    /// inputs in a pair with an array of bools whose axes are the first ones of the state, such as one bool for each sequence.
    /// </summary>
    /// <typeparam name="TState">The state of the core.</typeparam>
    public class ResetCore<TState> : RNNCore<(NDArray Inputs, NDArray ShouldReset), TState, NDArray>
    {
        /// <summary>Makes a core that starts another one anew.</summary>
        /// <param name="core">The other core.</param>
        /// <param name="name">The name of the module.</param>
        public ResetCore(RNNCore<NDArray, TState, NDArray> core, ScopeName? name = null)
            : base(name)
        {
            ArgumentNullException.ThrowIfNull(core);
            Core = core;
        }

        /// <summary>The core that is started anew.</summary>
        public RNNCore<NDArray, TState, NDArray> Core { get; }

        /// <inheritdoc/>
        public override TState InitialState(int? batchSize) => Core.InitialState(batchSize);

        /// <inheritdoc/>
        protected override (NDArray Output, TState State) Forward(
            (NDArray Inputs, NDArray ShouldReset) inputs,
            TState state
        )
        {
            var (values, shouldReset) = inputs;
            var leaves = Tree.Leaves(state);
            bool isBatched = leaves.Length > 0 && leaves.All(leaf => leaf.Ndim > 1);
            var initial = InitialState(isBatched ? values.Shape[0] : null);
            var current = Tree.Map(
                (leaf, first) => Jnp.Where(Conform(shouldReset, leaf), first.AsType(leaf.DType), leaf),
                state,
                initial
            );
            return Core.Call(values, current);
        }

        // Axes are added at the end, where broadcasting would add them in front.
        private NDArray Conform(NDArray shouldReset, NDArray state)
        {
            int rank = shouldReset.Ndim;
            if (rank > state.Ndim || !state.Shape.Take(rank).SequenceEqual(shouldReset.Shape))
            {
                throw new ShapeException(
                    $"ResetCore {ModuleName}: shouldReset is {shouldReset.Type}, but its axes must be the first ones of the state, which "
                        + $"is {state.Type}."
                );
            }

            return Jnp.Reshape(
                shouldReset,
                new Shape([.. shouldReset.Shape, .. Enumerable.Repeat(1, state.Ndim - rank)])
            );
        }
    }
}
