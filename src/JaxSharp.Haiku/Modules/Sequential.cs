using System;
using System.Collections.Generic;
using System.Linq;

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
        protected override NDArray Forward(NDArray inputs) => Chain(Layers, inputs);

        internal static NDArray Chain(IEnumerable<Func<NDArray, NDArray>> layers, NDArray inputs) =>
            layers.Aggregate(inputs, (x, layer) => layer(x));
    }

    /// <summary>Calls modules and functions one after the other; the first one takes a second argument.</summary>
    /// <typeparam name="T">The type of the second argument.</typeparam>
    /// <example><code>
    /// var net = new hk.Sequential&lt;bool&gt;((x, train) => new hk.BatchNorm(true, true, 0.9).Call(x, train), Nn.Relu, new hk.Linear(10));
    /// NDArray y = net.Call(x, true);
    /// </code></example>
    public sealed class Sequential<T> : Module<NDArray, T, NDArray>
    {
        private readonly Func<NDArray, T, NDArray> head;
        private readonly Func<NDArray, NDArray>[] tail;

        /// <summary>Calls modules and functions one after the other.</summary>
        /// <param name="first">A module or function that takes what <c>Call</c> gets.</param>
        /// <param name="layers">Modules and functions of one array that follow.</param>
        public Sequential(Func<NDArray, T, NDArray> first, params Func<NDArray, NDArray>[] layers)
            : this(first, layers, name: null) { }

        /// <summary>The same, with a name.</summary>
        /// <param name="first">A module or function that takes what <c>Call</c> gets.</param>
        /// <param name="layers">Modules and functions of one array that follow.</param>
        /// <param name="name">The name of the module.</param>
        public Sequential(
            Func<NDArray, T, NDArray> first,
            IEnumerable<Func<NDArray, NDArray>> layers,
            ScopeName? name = null
        )
            : base(name)
        {
            ArgumentNullException.ThrowIfNull(first);
            head = first;
            tail = [.. layers];
        }

        /// <summary>The modules and functions.</summary>
        public IReadOnlyList<Delegate> Layers => [head, .. tail];

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray first, T second) => Sequential.Chain(tail, head(first, second));
    }

    /// <summary>Calls modules and functions one after the other; the first one takes a second and a third argument.</summary>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    public sealed class Sequential<T2, T3> : Module<NDArray, T2, T3, NDArray>
    {
        private readonly Func<NDArray, T2, T3, NDArray> head;
        private readonly Func<NDArray, NDArray>[] tail;

        /// <inheritdoc cref="Sequential{T}(Func{NDArray, T, NDArray}, Func{NDArray, NDArray}[])"/>
        public Sequential(Func<NDArray, T2, T3, NDArray> first, params Func<NDArray, NDArray>[] layers)
            : this(first, layers, name: null) { }

        /// <inheritdoc cref="Sequential{T}(Func{NDArray, T, NDArray}, IEnumerable{Func{NDArray, NDArray}}, ScopeName)"/>
        public Sequential(
            Func<NDArray, T2, T3, NDArray> first,
            IEnumerable<Func<NDArray, NDArray>> layers,
            ScopeName? name = null
        )
            : base(name)
        {
            ArgumentNullException.ThrowIfNull(first);
            head = first;
            tail = [.. layers];
        }

        /// <summary>The modules and functions.</summary>
        public IReadOnlyList<Delegate> Layers => [head, .. tail];

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray first, T2 second, T3 third) =>
            Sequential.Chain(tail, head(first, second, third));
    }
}
