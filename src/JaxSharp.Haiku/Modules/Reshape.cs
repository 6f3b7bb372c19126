using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Gives the inputs another shape, but keeps the first axes.</summary>
    /// <param name="outputShape">The extents of the axes after those that are kept; −1, at most once, for what is left.</param>
    /// <param name="preserveDims">How many axes are kept; negative to count from the last axis.</param>
    /// <param name="name">The name of the module.</param>
    /// <example><code>new hk.Reshape((2, 2, 1)).Call(x).Shape; // => (3,2,2,1)</code></example>
    public class Reshape(Dims outputShape, int preserveDims = 1, ScopeName? name = null)
        : Module<NDArray, NDArray>(name)
    {
        /// <summary>The extents of the axes after those that are kept.</summary>
        public IReadOnlyList<int> OutputShape { get; } =
            outputShape.Count(extent => extent == -1) <= 1
                ? outputShape.ToArray()
                : throw new ShapeException($"Reshape: outputShape={outputShape} may have at most one -1.");

        /// <summary>How many axes are kept.</summary>
        public int PreserveDims { get; } =
            preserveDims != 0
                ? preserveDims
                : throw new JaxArgumentException(
                    "Reshape needs preserveDims other than 0. To keep no axis, call Reshape of the array itself."
                );

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            if (inputs.Ndim <= PreserveDims)
            {
                return inputs;
            }

            int kept = PreserveDims < 0 ? Math.Max(inputs.Ndim + PreserveDims, 0) : PreserveDims;
            var shape = inputs.Shape;
            long rest = shape.Skip(kept).Aggregate(1L, (product, extent) => product * extent);
            long known = OutputShape.Where(extent => extent != -1).Aggregate(1L, (product, extent) => product * extent);
            bool isOpen = OutputShape.Contains(-1);
            if (isOpen ? known == 0 || rest % known != 0 : rest != known)
            {
                throw new ShapeException(
                    $"Reshape {ModuleName} keeps {kept} axes of {inputs.Type} and makes the other {rest} elements of each into "
                        + $"{new Dims([.. OutputShape])}, which does not fit."
                );
            }

            int[] tail = [.. OutputShape.Select(extent => extent == -1 ? (int)(rest / known) : extent)];
            return Jnp.Reshape(inputs, new Shape([.. shape.Take(kept), .. tail]));
        }
    }
}
