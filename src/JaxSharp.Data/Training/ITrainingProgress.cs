namespace JaxSharp.Data;

/// <summary>Is told how training proceeds: a console bar, a log.</summary>
public interface ITrainingProgress
{
    /// <summary>A step is done.</summary>
    void OnStep(StepReport report);

    /// <summary>An epoch is done and evaluated.</summary>
    void OnEpoch(EpochResult result);
}
