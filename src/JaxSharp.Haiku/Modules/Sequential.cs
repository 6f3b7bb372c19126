using System;
using System.Collections.Generic;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Calls modules and functions one after the other.</summary>
    /// <example><code>
    /// var mlp = new hk.Sequential(new hk.Linear(300), Nn.Relu, new hk.Linear(10));
    /// </code></example>
    public sealed class Sequential : Module<NDArray, NDArray>
    {
        /// <summary>Calls modules and functions one after the other.</summary>
        /// <param name="layers">Modules, activations, any functions of one array.</param>
        public Sequential(params Func<NDArray, NDArray>[] layers)
            : this(layers, name: null) { }

        /// <summary>The same, with a name.</summary>
        /// <param name="layers">Modules, activations, any functions of one array.</param>
        /// <param name="name">The name of the module.</param>
        public Sequential(IEnumerable<Func<NDArray, NDArray>> layers, ScopeName? name = null)
            : base(name)
        {
            Layers = [.. layers];
        }

        /// <summary>The modules and functions.</summary>
        public IReadOnlyList<Func<NDArray, NDArray>> Layers { get; }

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs)
        {
            var result = inputs;
            foreach (var layer in Layers)
            {
                result = layer(result);
            }

            return result;
        }
    }
}
