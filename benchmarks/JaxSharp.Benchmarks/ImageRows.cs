using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Optax;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Benchmarks;

/// <summary>Training and evaluation of networks for images of 28×28 pixels in ten classes.</summary>
internal static class ImageRows
{
    private const int Batch = 128;

    // Channels of the convolutions, then units of the hidden dense layer, if any.
    private static readonly Network Mnist = new([32, 64], 128);
    private static readonly Network Deep = new([32, 64, 128], null);

    public static IEnumerable<Benchmark> Rows =>
        [
            .. CnnRows(Batch, 22e-3, 5.8e-3),
            Forward(Mnist, 1) with
            {
                Floor = 0.1e-3,
            },
            new("CNN 32-64-d128 compile", 80e-3, () => Compile(Mnist)),
            Step(Deep, Batch),
            Forward(Deep, Batch),
            Forward(Deep, 1),
            Step(new([24, 48], 100), 97, 31, 29) with
            {
                Name = "CNN, 31x29 batch 97 Adam step",
            },
            .. MlpRows(Batch, 2.8e-3),
            MlpForward(1) with
            {
                Floor = 0.07e-3,
            },
        ];

    /// <summary>Training and evaluation of the network of two convolutions with a batch of images.</summary>
    public static IEnumerable<Benchmark> CnnRows(int batch, double stepFloor = 0, double forwardFloor = 0) =>
        [Step(Mnist, batch) with { Floor = stepFloor }, Forward(Mnist, batch) with { Floor = forwardFloor }];

    /// <summary>Training of the perceptron with a batch of images.</summary>
    public static IEnumerable<Benchmark> MlpRows(int batch, double floor = 0) =>
        [
            new(Named("MLP 784-512-512-10 Adam step", batch), floor, () => MlpStep(batch))
            {
                Kind = "MLP Adam step",
                Flops = batch * 2.0 * ((2 * 784 * 512) + (3 * ((512 * 512) + (512 * 10)))),
            },
        ];

    /// <summary>Evaluation of the perceptron.</summary>
    public static Benchmark MlpForward(int batch) =>
        new(Named("MLP forward", batch), 0, () => MlpEvaluation(batch))
        {
            Kind = "MLP forward",
            Flops = batch * 2.0 * ((784 * 512) + (512 * 512) + (512 * 10)),
        };

    private static string Named(string name, int batch) => batch == Batch ? name : $"{name}, {batch}";

    private static Benchmark Step(Network network, int batch, int height = 28, int width = 28) =>
        new(Named($"CNN {network} Adam step", batch), 0, () => Training(network, batch, height, width))
        {
            Kind = "CNN Adam step",
            Parameters = network,
            Flops = network.TrainingFlops(batch, height, width),
        };

    private static Benchmark Forward(Network network, int batch) =>
        new(Named($"CNN {network} forward", batch), 0, () => Evaluation(network, batch))
        {
            Kind = "CNN forward",
            Parameters = network,
            Flops = network.Flops(batch),
        };

    private static Workload Training(Network network, int batch, int height, int width)
    {
        var (images, labels) = Data(batch, height, width);
        return Training(network.Init(height, width), network.Apply, images, labels);
    }

    // The state stays with the workload and is given to every step, which runs in its memory; a run returns the loss.
    private static Workload Training(
        Layer[] parameters,
        Func<Layer[], NDArray, NDArray> network,
        NDArray images,
        NDArray labels
    )
    {
        var state = TrainState.Start(Tree.Map(p => 1 * p, parameters));
        var step = TrainingStep(network, donateArgNums: 0);
        return Workload.Of(
            [images, labels, .. Tree.Leaves(parameters)],
            () =>
            {
                (state, var loss) = step(state, images, labels);
                return loss;
            }
        );
    }

    private static Func<TrainState, NDArray, NDArray, (TrainState, NDArray)> TrainingStep(
        Func<Layer[], NDArray, NDArray> network,
        ArgNums donateArgNums = default
    )
    {
        var gradient = ValueAndGrad(
            (Layer[] layers, NDArray images, NDArray labels) => Loss(network(layers, images), labels)
        );
        return Jit(
            (TrainState state, NDArray images, NDArray labels) =>
            {
                var (loss, gradients) = gradient(state.Params, images, labels);
                return (state.Step(gradients), loss);
            },
            donateArgNums: donateArgNums
        );
    }

    // The first call: traces, compiles and runs once.
    private static Workload Compile(Network network)
    {
        var (images, labels) = Data(Batch, 28, 28);
        var state = TrainState.Start(network.Init(28, 28));
        return Workload.Of([images, labels], () => TrainingStep(network.Apply)(state, images, labels).Item2);
    }

    private static Workload Evaluation(Network network, int batch)
    {
        var (images, _) = Data(batch, 28, 28);
        var parameters = network.Init(28, 28);
        var apply = Jit((Layer[] layers, NDArray x) => network.Apply(layers, x));
        return Workload.Of([images, .. Tree.Leaves(parameters)], () => apply(parameters, images));
    }

    private static Workload MlpStep(int batch)
    {
        var (images, labels) = Data(batch, 28, 28);
        return Training(MlpInit(), Mlp, images.Reshape((batch, 784)), labels);
    }

    private static Workload MlpEvaluation(int batch)
    {
        var layers = MlpInit();
        var x = Sample.Normal(batch, 784);
        var apply = Jit((Layer[] p, NDArray x) => Mlp(p, x));
        return Workload.Of([x, .. Tree.Leaves(layers)], () => apply(layers, x));
    }

    private static Layer[] MlpInit() => [Layer.Dense(784, 512), Layer.Dense(512, 512), Layer.Dense(512, 10)];

    private static NDArray Mlp(Layer[] layers, NDArray x) =>
        layers[2].Dense(Nn.Relu(layers[1].Dense(Nn.Relu(layers[0].Dense(x)))));

    private static (NDArray Images, NDArray Labels) Data(int batch, int height, int width) =>
        (Sample.Normal(batch, height, width, 1), JaxRandom.RandInt(JaxRandom.Key(1), batch, 0, 10));

    // Softmax cross-entropy with integer labels.
    private static NDArray Loss(NDArray logits, NDArray labels) =>
        -jnp.Mean(jnp.TakeAlongAxis(Nn.LogSoftmax(logits), labels.Reshape((-1, 1)), axis: -1));

    /// <summary>Convolutions of 3×3 with pooling of 2×2 behind each, a hidden dense layer perhaps, and ten outputs.</summary>
    internal sealed record Network(int[] Channels, int? Hidden)
    {
        public override string ToString() => string.Join('-', Channels) + (Hidden is null ? "" : $"-d{Hidden}");

        public Layer[] Init(int height, int width)
        {
            var layers = new List<Layer>();
            int inputs = 1;
            foreach (int channels in Channels)
            {
                layers.Add(new(Sample.Normal(3, 3, inputs, channels) / (3 * Math.Sqrt(inputs)), jnp.Zeros(channels)));
                (inputs, height, width) = (channels, (height + 1) / 2, (width + 1) / 2);
            }

            inputs *= height * width;
            if (Hidden is { } hidden)
            {
                layers.Add(Layer.Dense(inputs, hidden));
                inputs = hidden;
            }

            layers.Add(Layer.Dense(inputs, 10));
            return [.. layers];
        }

        public NDArray Apply(Layer[] layers, NDArray x)
        {
            foreach (var layer in layers.Take(Channels.Length))
            {
                x = Pool(Nn.Relu(layer.Convolve(x)));
            }

            x = x.Reshape((x.Shape[0], -1));
            return layers[^1].Dense(Hidden is null ? x : Nn.Relu(layers[^2].Dense(x)));
        }

        public double Flops(int batch, int height = 28, int width = 28) => Layers(batch, height, width).Sum();

        // The first layer has no gradient of its input.
        public double TrainingFlops(int batch, int height = 28, int width = 28)
        {
            var layers = Layers(batch, height, width).ToArray();
            return (3 * layers.Sum()) - layers[0];
        }

        private IEnumerable<double> Layers(int batch, int height, int width)
        {
            double inputs = 1;
            foreach (int channels in Channels)
            {
                yield return 2.0 * batch * height * width * 9 * inputs * channels;
                (inputs, height, width) = (channels, (height + 1) / 2, (width + 1) / 2);
            }

            inputs *= height * width;
            if (Hidden is { } hidden)
            {
                yield return 2.0 * batch * inputs * hidden;
                inputs = hidden;
            }

            yield return 2.0 * batch * inputs * 10;
        }

        private static NDArray Pool(NDArray x) =>
            Lax.ReduceWindow(x, double.NegativeInfinity, Lax.Max, (1, 2, 2, 1), (1, 2, 2, 1), "SAME");
    }

    internal sealed record TrainState(Layer[] Params, OptState Optimizer)
    {
        private static readonly GradientTransformation Adam = optax.Adam(1e-3);

        public static TrainState Start(Layer[] parameters) => new(parameters, Adam.Init(parameters));

        public TrainState Step(Layer[] gradients)
        {
            var (updates, optimizer) = Adam.Update(gradients, Optimizer, Params);
            return new(optax.ApplyUpdates(Params, updates), optimizer);
        }
    }

    internal sealed record Layer(NDArray W, NDArray B)
    {
        public static Layer Dense(int inputs, int outputs) =>
            new(Sample.Normal(inputs, outputs) / Math.Sqrt(inputs), jnp.Zeros(outputs));

        public NDArray Dense(NDArray x) => jnp.Dot(x, W) + B;

        public NDArray Convolve(NDArray x) =>
            Lax.ConvGeneralDilated(x, W, (1, 1), "SAME", dimensionNumbers: ("NHWC", "HWIO", "NHWC")) + B;
    }
}
