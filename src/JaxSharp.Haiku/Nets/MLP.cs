using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Whole networks.</summary>
    public static partial class Nets
    {
        /// <summary>A multi-layer perceptron: linear layers, <c>~/linear_0</c>, <c>~/linear_1</c>, …, with activations between them.</summary>
        /// <example><code>NDArray logits = new hk.Nets.MLP([300, 100, 10]).Call(x);</code></example>
        public class MLP : Module<NDArray, NDArray>
        {
            private readonly Linear[] layers;

            /// <summary>Makes a perceptron.</summary>
            /// <param name="outputSizes">The number of outputs of each layer.</param>
            /// <param name="wInit">Makes the matrices; see <see cref="Linear"/>.</param>
            /// <param name="bInit">Makes the biases; zeros by default.</param>
            /// <param name="withBias">Whether the layers have biases.</param>
            /// <param name="activation">What comes between the layers; <see cref="Nn.Relu"/> by default.</param>
            /// <param name="activateFinal">Whether an activation comes after the last layer, too.</param>
            /// <param name="name">The name of the module.</param>
            /// <exception cref="JaxArgumentException">There is an initialiser of biases without biases.</exception>
            public MLP(
                Dims outputSizes,
                Initializer? wInit = null,
                Initializer? bInit = null,
                bool withBias = true,
                Func<NDArray, NDArray>? activation = null,
                bool activateFinal = false,
                ScopeName? name = null
            )
                : base(name)
            {
                if (!withBias && bInit is not null)
                {
                    throw new JaxArgumentException("MLP: bInit makes biases, so withBias must be true.");
                }

                OutputSizes = outputSizes.ToArray();
                WInit = wInit;
                BInit = bInit;
                WithBias = withBias;
                Activation = activation;
                ActivateFinal = activateFinal;
                layers =
                [
                    .. outputSizes.Select((size, i) => new Linear(size, withBias, wInit, bInit, name: $"linear_{i}")),
                ];
            }

            /// <summary>The number of outputs of each layer.</summary>
            public IReadOnlyList<int> OutputSizes { get; }

            /// <summary>Makes the matrices, as given.</summary>
            public Initializer? WInit { get; }

            /// <summary>Makes the biases, as given.</summary>
            public Initializer? BInit { get; }

            /// <summary>Whether the layers have biases.</summary>
            public bool WithBias { get; }

            /// <summary>What comes between the layers, as given.</summary>
            public Func<NDArray, NDArray>? Activation { get; }

            /// <summary>Whether an activation comes after the last layer, too.</summary>
            public bool ActivateFinal { get; }

            /// <summary>The linear layers.</summary>
            public IReadOnlyList<Linear> Layers => layers;

            /// <summary>Calls the perceptron with dropout before each activation.</summary>
            /// <param name="inputs">The inputs.</param>
            /// <param name="dropoutRate">The probability of a zero.</param>
            /// <param name="rng">A key, from which each dropout gets its own.</param>
            public NDArray Call(NDArray inputs, double dropoutRate, PrngKey rng) =>
                Method(
                    (inputs, dropoutRate, rng),
                    a =>
                    {
                        var keys = new PRNGSequence(a.rng);
                        return Run(a.inputs, x => Dropout(keys.Next(), a.dropoutRate, x));
                    }
                );

            /// <summary>
            /// A perceptron of the other direction: its layers give what this one's take. This one must have been called before.
            /// </summary>
            /// <param name="activateFinal">Whether an activation comes after the last layer; as here by default.</param>
            /// <param name="name">The name of the module; by default this one's and <c>_reversed</c>.</param>
            /// <exception cref="ModuleException">This perceptron was not called before.</exception>
            public MLP Reverse(bool? activateFinal = null, ScopeName? name = null) =>
                Method(
                    (activateFinal, name),
                    a => new MLP(
                        [.. layers.Reverse().Select(InputSize)],
                        WInit,
                        BInit,
                        WithBias,
                        Activation,
                        a.activateFinal ?? ActivateFinal,
                        a.name ?? $"{Name}_reversed"
                    )
                );

            /// <inheritdoc/>
            protected override NDArray Forward(NDArray inputs) => Run(inputs, x => x);

            private NDArray Run(NDArray inputs, Func<NDArray, NDArray> beforeActivation)
            {
                var activation = Activation ?? Nn.Relu;
                var result = inputs;
                for (int i = 0; i < layers.Length; i++)
                {
                    result = layers[i].Call(result);
                    if (i < layers.Length - 1 || ActivateFinal)
                    {
                        result = activation(beforeActivation(result));
                    }
                }

                return result;
            }

            private int InputSize(Linear layer) =>
                layer.InputSize
                ?? throw new ModuleException(
                    $"MLP {ModuleName} was not called yet, so that its numbers of inputs are not known. Call it before Reverse."
                );
        }
    }
}
