using System.Collections.Generic;

namespace JaxSharp.Data;

/// <summary>What came out of an epoch.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Train">The averages of the metrics of the training steps.</param>
/// <param name="Evaluation">What <see cref="TrainingLoop{TState, TBatch}.Evaluate"/> gave after it; empty without evaluation.</param>
public sealed record EpochResult(
    int Epoch,
    IReadOnlyDictionary<string, double> Train,
    IReadOnlyDictionary<string, double> Evaluation
);
