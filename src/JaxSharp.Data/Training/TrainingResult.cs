using System.Collections.Generic;

namespace JaxSharp.Data;

/// <summary>Why training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The condition to stop early was met.</summary>
    StoppedEarly,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}

/// <summary>What came out of training.</summary>
/// <param name="State">The last state.</param>
/// <param name="History">The epochs that were completed.</param>
/// <param name="Position">Where it would go on.</param>
/// <param name="End">Why it ended.</param>
public sealed record TrainingResult<TState>(
    TState State,
    IReadOnlyList<EpochResult> History,
    LoaderPosition Position,
    TrainingEnd End
);
