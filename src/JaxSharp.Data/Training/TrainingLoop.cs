using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace JaxSharp.Data;

/// <summary>
/// The loop around a training step: epochs of batches, averages of metrics, evaluation, early stopping, cancellation and checkpoints. A
/// run that was interrupted, in whatever way, and resumed ends with the same bits as one that was not.
/// </summary>
/// <typeparam name="TState">
/// A tree of all that changes from step to step: parameters, state of the optimiser, random keys.
/// </typeparam>
/// <typeparam name="TBatch">A tree of arrays.</typeparam>
/// <example><code>
/// (NDArray, Dictionary&lt;string, NDArray&gt;) Step(NDArray w, (NDArray X, NDArray Y) batch)
/// {
///     var (loss, slope) = ValueAndGrad(w => jnp.Mean(jnp.Square(jnp.Dot(batch.X, w) - batch.Y)))(w);
///     return (w - 0.1 * slope, new() { ["loss"] = loss });
/// }
///
/// NDArray inputs = JaxRandom.Normal(JaxRandom.Key(0), (64, 2));
/// NDArray targets = jnp.Dot(inputs, jnp.Array([1f, -2f]));
/// var loop = new TrainingLoop&lt;NDArray, (NDArray X, NDArray Y)&gt;(
///     Jit&lt;NDArray, (NDArray X, NDArray Y), (NDArray, Dictionary&lt;string, NDArray&gt;)&gt;(Step),
///     DataLoader.Create((inputs, targets), batchSize: 16, shuffle: JaxRandom.Key(1))
/// );
/// var result = loop.Run(jnp.Zeros(2), epochs: 30);
/// jnp.Round(result.State, 3); // => [ 1. -2.]
/// result.History.Count;       // => 30
/// </code></example>
public sealed class TrainingLoop<TState, TBatch>
{
    private readonly Func<TState, TBatch, (TState, Dictionary<string, NDArray>)> step;
    private readonly DataLoader<TBatch> loader;

    /// <summary>Makes a loop.</summary>
    /// <param name="step">
    /// The next state of a state and a batch, and metrics: averages over the batch by name, scalars. The step may take over the memory of
    /// the state (<c>donateArgNums</c> of <c>Jit</c>).
    /// </param>
    /// <param name="loader">The batches.</param>
    public TrainingLoop(Func<TState, TBatch, (TState, Dictionary<string, NDArray>)> step, DataLoader<TBatch> loader)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(loader);
        this.step = step;
        this.loader = loader;
    }

    /// <summary>
    /// Metrics of a state, computed after each epoch: those of test data, by <see cref="MetricAverages.Over{TBatch}"/> for instance.
    /// </summary>
    public Func<TState, IReadOnlyDictionary<string, double>>? Evaluate { get; init; }

    /// <summary>
    /// Whether to stop, asked after each epoch with all epochs so far. Let it depend on them only: a resumed run asks anew.
    /// </summary>
    public Func<IReadOnlyList<EpochResult>, bool>? StopWhen { get; init; }

    /// <summary>Is told of each step and epoch.</summary>
    public ITrainingProgress? Progress { get; init; }

    /// <summary>
    /// The file to keep the state in, in <see cref="SafeTensors"/> format: written after each epoch and when training ends, always
    /// whole. Its folder is made if it is missing.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>After how many steps to write the file besides; null for after epochs only.</summary>
    public int? CheckpointSteps { get; init; }

    /// <summary>Trains from the beginning. A checkpoint of an earlier run is overwritten.</summary>
    /// <param name="state">The first state.</param>
    /// <param name="epochs">The number of epochs.</param>
    /// <param name="cancellation">Ends training after the current step, with a checkpoint and without an exception.</param>
    /// <exception cref="JaxArgumentException">The metrics of two steps have different names.</exception>
    /// <exception cref="ShapeException">A metric is no scalar.</exception>
    public TrainingResult<TState> Run(TState state, int epochs, CancellationToken cancellation = default) =>
        Run(new TrainingCheckpoint<TState>(state, default, new MetricAverages(), []), null, epochs, cancellation);

    /// <summary>Goes on from the checkpoint of an earlier run; trains from the beginning where there is none.</summary>
    /// <param name="state">The first state; where there is a checkpoint, only its structure and types matter.</param>
    /// <param name="epochs">The number of epochs, those of the earlier run included.</param>
    /// <param name="cancellation">Ends training after the current step, with a checkpoint and without an exception.</param>
    /// <exception cref="JaxArgumentException">
    /// There is no <see cref="CheckpointPath"/>, or the loader gives other batches than that of the earlier run.
    /// </exception>
    /// <exception cref="TreeException">The checkpoint holds a state of other names, shapes or element types.</exception>
    /// <exception cref="DataFormatException">The file is no checkpoint, of another version, or damaged.</exception>
    public TrainingResult<TState> Resume(TState state, int epochs, CancellationToken cancellation = default)
    {
        if (CheckpointPath is null)
        {
            throw new JaxArgumentException("TrainingLoop.Resume needs a CheckpointPath to go on from.");
        }

        if (!File.Exists(CheckpointPath))
        {
            return Run(state, epochs, cancellation);
        }

        var checkpoint = TrainingCheckpoint<TState>.Load(CheckpointPath, state, loader.Schedule);
        return Run(checkpoint, checkpoint.Position, epochs, cancellation);
    }

    private TrainingResult<TState> Run(
        TrainingCheckpoint<TState> start,
        LoaderPosition? saved,
        int epochs,
        CancellationToken cancellation
    )
    {
        if (CheckpointSteps < 1)
        {
            throw new JaxArgumentException(
                $"CheckpointSteps of TrainingLoop should be 1 at least; it is {CheckpointSteps}."
            );
        }

        if (CheckpointPath is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(CheckpointPath))!);
        }

        var (state, position, averages, history) = start;
        TrainingEnd end = MayStop() ? TrainingEnd.StoppedEarly : TrainingEnd.Completed;
        using IEnumerator<Batch<TBatch>> batches = loader
            .Batches(position, epochs, CancellationToken.None)
            .GetEnumerator();
        while (end == TrainingEnd.Completed && position.Epoch < epochs)
        {
            if (cancellation.IsCancellationRequested)
            {
                end = TrainingEnd.Cancelled;
                break;
            }

            batches.MoveNext();
            Batch<TBatch> batch = batches.Current;
            (state, Dictionary<string, NDArray> metrics) = step(state, batch.Data);
            averages.Add(metrics, batch.Count);
            position = batch.Next;
            Progress?.OnStep(new StepReport(batch.Position, loader.BatchesPerEpoch, epochs, averages));
            bool epochDone = position.Epoch > batch.Position.Epoch;
            if (epochDone)
            {
                history.Add(
                    new EpochResult(
                        batch.Position.Epoch,
                        averages.Compute(),
                        Evaluate?.Invoke(state) ?? new Dictionary<string, double>()
                    )
                );
                averages = new MetricAverages();
                Progress?.OnEpoch(history[^1]);
                end = MayStop() ? TrainingEnd.StoppedEarly : end;
            }

            if (epochDone || position.Step % CheckpointSteps == 0)
            {
                Save();
            }
        }

        Save();
        return new TrainingResult<TState>(state, history, position, end);

        bool MayStop() => history.Count > 0 && StopWhen is not null && StopWhen(history);

        void Save()
        {
            if (CheckpointPath is not null && saved != position)
            {
                saved = position;
                new TrainingCheckpoint<TState>(state, position, averages, history).Save(
                    CheckpointPath,
                    loader.Schedule
                );
            }
        }
    }
}
