using System;
using System.Collections.Generic;
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
    /// <param name="core">The other core.</param>
    /// <param name="name">The name of the module.</param>
    public class ResetCore<TState>(RNNCore<NDArray, TState, NDArray> core, ScopeName? name = null)
        : ResetCore<TState, NDArray>(core, name);

    /// <summary>
    /// A core that starts another one anew where it is told to. Takes its inputs in a pair with an array of bools, or with a tree of them
    /// that has one for each array of the state.
    /// </summary>
    /// <typeparam name="TState">The state of the core.</typeparam>
    /// <typeparam name="TReset">
    /// An array, or a tree of as many arrays as the state, in the same order; the type of the state itself will do.
    /// </typeparam>
    public class ResetCore<TState, TReset> : RNNCore<(NDArray Inputs, TReset ShouldReset), TState, NDArray>
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
        protected override TState MakeInitialState(int? batchSize) => Core.InitialState(batchSize);

        /// <inheritdoc/>
        protected override (NDArray Output, TState State) Forward(
            (NDArray Inputs, TReset ShouldReset) inputs,
            TState state
        )
        {
            var (values, shouldReset) = inputs;
            var (leaves, structure) = Tree.Flatten(state);
            var flags = Flags(shouldReset, leaves);
            bool isBatched = leaves.Length > 0 && leaves.All(leaf => leaf.Ndim > 1);
            var initial = Tree.Leaves(InitialState(isBatched ? values.Shape[0] : null));
            var current = leaves.Select(
                (leaf, i) => Jnp.Where(Conform(flags[i], leaf), initial[i].AsType(leaf.DType), leaf)
            );
            return Core.Call(values, Tree.Unflatten<TState>(structure, [.. current]));
        }

        private NDArray[] Flags(TReset shouldReset, NDArray[] state)
        {
            if (shouldReset is NDArray one)
            {
                return [.. Enumerable.Repeat(one, state.Length)];
            }

            var flags = Tree.Leaves(shouldReset);
            return flags.Length == state.Length
                ? flags
                : throw new TreeException(
                    $"ResetCore {ModuleName}: shouldReset is a tree of {flags.Length} arrays, but must be one array, or a tree of as many as "
                        + $"the state has: {state.Length}."
                );
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
