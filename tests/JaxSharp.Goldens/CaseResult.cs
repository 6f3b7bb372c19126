namespace JaxSharp.Goldens;

public enum CaseStatus
{
    Passed,
    Failed,

    /// <summary>JaxSharp has no such function.</summary>
    NotImplemented,

    /// <summary>A program that was not run: a function is missing, or its result is recorded for orientation only.</summary>
    Program,
}

/// <summary>The outcome of one case.</summary>
/// <param name="Id">The case's id.</param>
/// <param name="Function">The function called; empty for a program.</param>
/// <param name="Status">What came of it.</param>
/// <param name="Reason">Why it failed; empty where it did not.</param>
public sealed record CaseResult(string Id, string Function, CaseStatus Status, string Reason = "");
