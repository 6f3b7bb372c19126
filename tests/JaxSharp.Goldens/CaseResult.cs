namespace JaxSharp.Goldens;

public enum CaseStatus
{
    Passed,
    Failed,

    /// <summary>JaxSharp has no such function.</summary>
    NotImplemented,

    /// <summary>A program in Python: translated to C# in the test project instead.</summary>
    Program,
}

/// <summary>The outcome of one case.</summary>
/// <param name="Id">The case's id.</param>
/// <param name="Function">The function called; empty for a program.</param>
/// <param name="Status">What came of it.</param>
/// <param name="Reason">Why it failed; empty where it did not.</param>
public sealed record CaseResult(string Id, string Function, CaseStatus Status, string Reason = "");
