namespace JaxSharp.Data;

/// <summary>Where training stands after a step.</summary>
/// <param name="Position">The place of the batch that was used.</param>
/// <param name="BatchesPerEpoch">The number of steps of an epoch.</param>
/// <param name="Epochs">The number of epochs to train.</param>
/// <param name="Averages">
/// The averages of the metrics over the epoch so far. Reading them waits for the step, so do so no more often than needed.
/// </param>
public sealed record StepReport(LoaderPosition Position, int BatchesPerEpoch, int Epochs, MetricAverages Averages);
