using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using JaxSharp.Data;
using JaxSharp.Optax;
using static JaxSharp.Jax;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Examples.Introduction;

/// <summary>How to train the network of part 3.</summary>
/// <param name="Epochs">How often to go through the training images.</param>
/// <param name="BatchSize">The number of images of a step.</param>
/// <param name="LearningRate">The highest learning rate; it rises over the first tenth of the steps, then falls to 0 by a cosine.</param>
/// <param name="Dropout">The rate at which units are dropped.</param>
/// <param name="MaxShift">By how many pixels training images are shifted at random.</param>
public sealed record DigitSettings(
    int Epochs = 4,
    int BatchSize = 128,
    double LearningRate = 0.003,
    double Dropout = 0.4,
    int MaxShift = 0
)
{
    /// <summary>Longer, on images that are shifted a little each time.</summary>
    public static DigitSettings Best { get; } = new(Epochs: 15, LearningRate: 0.002, Dropout: 0.5, MaxShift: 2);
}

/// <summary>All that a training step changes.</summary>
/// <param name="Params">The parameters of the network.</param>
/// <param name="Optimizer">The state of the optimiser.</param>
/// <param name="Steps">The number of steps done.</param>
public sealed record DigitState(hk.Params Params, OptState Optimizer, NDArray Steps);

/// <summary>Trains the network of part 3.</summary>
public sealed class DigitTraining
{
    private static readonly Shape OneImage = (1, 28, 28, 1);

    private readonly hk.Transformed<NDArray, NDArray> network;
    private readonly GradientTransformation optimizer;
    private readonly DataLoader<(NDArray Images, NDArray Digits)> training;
    private readonly DataLoader<(NDArray Images, NDArray Digits)> test;
    private readonly Func<hk.Params, NDArray, NDArray> predict;
    private readonly DigitSettings settings;
    private readonly List<NDArray> losses = [];
    private readonly PrngKey initKey;
    private readonly PrngKey dropoutKey;

    /// <summary>Prepares training.</summary>
    /// <param name="settings">How to train.</param>
    /// <param name="train">The images to train with.</param>
    /// <param name="test">The images to test with.</param>
    /// <param name="key">What all that is random is made from.</param>
    public DigitTraining(DigitSettings settings, LabelledImages train, LabelledImages test, PrngKey key)
    {
        this.settings = settings;
        network = DigitNetwork.Create(settings.Dropout);
        var keys = JaxRandom.Split(key, 4);
        (initKey, dropoutKey) = (keys[0], keys[1]);

        var samples = DataLoader.Create(train, settings.BatchSize, shuffle: keys[2]);
        var shift = Jit<NDArray, PrngKey, NDArray>((images, k) => Shifted(images, settings.MaxShift, k));
        training =
            settings.MaxShift == 0
                ? samples.Map(Inputs)
                : samples.Map((batch, k) => Inputs(batch with { Images = shift(batch.Images, k) }), keys[3]);
        this.test = DataLoader.Create(test, 250).Map(Inputs);

        int steps = settings.Epochs * training.BatchesPerEpoch;
        int warmup = Math.Max(1, steps / 10);
        optimizer = optax.Adam(
            optax.WarmupCosineDecaySchedule(
                0.0,
                settings.LearningRate,
                warmupSteps: warmup,
                decaySteps: Math.Max(steps, warmup + 1)
            )
        );
        predict = Jit((hk.Params p, NDArray images) => DigitNetwork.Create().Apply(p, null, images));
    }

    /// <summary>The loss of each step that was made.</summary>
    public IReadOnlyList<NDArray> Losses => losses;

    /// <summary>The number of training images.</summary>
    public int ImagesPerEpoch => training.Count;

    /// <summary>The state before the first step.</summary>
    public DigitState Start()
    {
        var parameters = network.Init(initKey, jnp.Zeros(OneImage));
        return new DigitState(parameters, optimizer.Init(parameters), jnp.Zeros(Shape.Scalar, DType.I32));
    }

    /// <summary>One step: the gradient of the loss over a batch moves the parameters a little.</summary>
    public (DigitState, Dictionary<string, NDArray>) Step(DigitState state, (NDArray Images, NDArray Digits) batch)
    {
        (NDArray, NDArray) Loss(hk.Params p)
        {
            var logits = network.Apply(p, JaxRandom.FoldIn(dropoutKey, state.Steps), batch.Images);
            return (DigitNetwork.Loss(logits, batch.Digits), logits);
        }

        var ((loss, logits), gradients) = ValueAndGrad<hk.Params, NDArray>(Loss, hasAux: true)(state.Params);
        var (updates, optimizerState) = optimizer.Update(gradients, state.Optimizer, state.Params);
        var next = new DigitState(optax.ApplyUpdates(state.Params, updates), optimizerState, state.Steps + 1);
        return (next, new() { ["loss"] = loss, ["accuracy"] = DigitNetwork.Accuracy(logits, batch.Digits) });
    }

    /// <summary>Trains, tests after each epoch, and keeps the state in a file if one is given.</summary>
    /// <param name="progress">Is told of each step and epoch.</param>
    /// <param name="checkpoint">The file to keep the state in.</param>
    /// <param name="resume">Whether to go on from that file.</param>
    /// <param name="cancellation">Ends training after the current step.</param>
    public TrainingResult<DigitState> Run(
        ITrainingProgress? progress = null,
        string? checkpoint = null,
        bool resume = false,
        CancellationToken cancellation = default
    )
    {
        // The state of the step before is not needed again: its memory goes to the next one.
        var step = Jit<DigitState, (NDArray Images, NDArray Digits), (DigitState, Dictionary<string, NDArray>)>(
            Step,
            donateArgNums: 0
        );
        var loop = new TrainingLoop<DigitState, (NDArray Images, NDArray Digits)>(
            (state, batch) =>
            {
                var (next, metrics) = step(state, batch);
                losses.Add(metrics["loss"]);
                return (next, metrics);
            },
            training
        )
        {
            Evaluate = state => Evaluate(state.Params),
            Progress = progress,
            CheckpointPath = checkpoint,
        };
        return resume
            ? loop.Resume(Start(), settings.Epochs, cancellation)
            : loop.Run(Start(), settings.Epochs, cancellation);
    }

    /// <summary>Loss and accuracy over the test images.</summary>
    public IReadOnlyDictionary<string, double> Evaluate(hk.Params parameters) =>
        MetricAverages.Over(
            test,
            batch =>
            {
                var logits = predict(parameters, batch.Images);
                return new()
                {
                    ["loss"] = DigitNetwork.Loss(logits, batch.Digits),
                    ["accuracy"] = DigitNetwork.Accuracy(logits, batch.Digits),
                };
            }
        );

    /// <summary>The digits that the network reads in the test images.</summary>
    public NDArray Predict(hk.Params parameters) =>
        jnp.Concatenate([
            .. test.Epoch().Select(batch => jnp.ArgMax(predict(parameters, batch.Images), axis: -1).AsType(DType.I32)),
        ]);

    private static (NDArray Images, NDArray Digits) Inputs(LabelledImages batch) =>
        (Mnist.ToInputs(batch.Images), batch.Labels);

    /// <summary>Each image moved by up to some pixels in both directions; what moves in is black.</summary>
    private static NDArray Shifted(NDArray images, int most, PrngKey key)
    {
        var (n, height, width) = (images.Shape[0], images.Shape[1], images.Shape[2]);
        var padded = jnp.Pad(images, new[] { (0, 0), (most, most), (most, most) });
        var offsets = JaxRandom.RandInt(key, (n, 2), 0, 2 * most + 1);
        return Vmap((NDArray image, NDArray offset) => Lax.DynamicSlice(image, offset, (height, width)))(
            padded,
            offsets
        );
    }
}
