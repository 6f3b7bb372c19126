using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Adds a bias <c>b</c>.</summary>
    /// <param name="outputSize">The extents of the inputs after the batch; by default those of the inputs.</param>
    /// <param name="biasDims">
    /// The axes along which the bias varies; by default all but the batch. Empty for one number. Negative ones count from the last axis.
    /// </param>
    /// <param name="bInit">Makes <c>b</c>; zeros by default.</param>
    /// <param name="name">The name of the module.</param>
    /// <example><code>NDArray shifted = new hk.Bias(biasDims: -1).Call(images);</code></example>
    public class Bias(Dims? outputSize = null, Dims? biasDims = null, Initializer? bInit = null, ScopeName? name = null)
        : Module<NDArray, NDArray>(name)
    {
        /// <summary>The extents of the inputs after the batch, as given.</summary>
        public Dims? OutputSize { get; } = outputSize;

        /// <summary>The axes along which the bias varies, as given.</summary>
        public IReadOnlyList<int>? BiasDims { get; } = biasDims?.ToArray();

        /// <summary>Makes <c>b</c>, as given.</summary>
        public Initializer? BInit { get; } = bInit;

        /// <summary>The shape of the bias; null before the first call.</summary>
        public Shape? BiasShape { get; private set; }

        /// <summary>Adds a multiple of the bias: with −1 what another call has added is taken away.</summary>
        /// <param name="inputs">The inputs.</param>
        /// <param name="multiplier">A number, or an array that broadcasts with the bias.</param>
        public NDArray Call(NDArray inputs, NDArray multiplier) =>
            Method((inputs, multiplier), a => a.inputs + (Parameter(a.inputs) * a.multiplier));

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) => inputs + Parameter(inputs);

        private NDArray Parameter(NDArray inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            if (inputs.Ndim < 2)
            {
                throw new ShapeException(
                    $"Bias {ModuleName} needs inputs with a batch and another axis; got {inputs.Type}."
                );
            }

            if (OutputSize is { } size && !size.SequenceEqual(inputs.Shape[1..]))
            {
                throw new ShapeException(
                    $"Bias {ModuleName} needs inputs of extents {size} after the batch; got {inputs.Type}."
                );
            }

            BiasShape = BiasDims is { } axes ? Along(axes, inputs) : inputs.Shape[1..];
            return GetParameter("b", BiasShape, inputs.DType, BInit ?? Jnp.Zeros);
        }

        private Shape Along(IReadOnlyList<int> axes, NDArray inputs)
        {
            int[] extents = [.. Enumerable.Repeat(1, inputs.Ndim)];
            foreach (int axis in axes)
            {
                int place = axis < 0 ? axis + inputs.Ndim : axis;
                if (place <= 0 || place >= inputs.Ndim)
                {
                    throw new AxisException(
                        $"Bias {ModuleName} cannot vary along axis {axis} of {inputs.Type}: axes after the batch are 1 to {inputs.Ndim - 1}."
                    );
                }

                extents[place] = inputs.Shape[place];
            }

            return new Shape([.. extents.SkipWhile(extent => extent == 1)]);
        }
    }
}
