using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace JaxSharp.Goldens;

/// <summary>
/// The checked-in lists of what does not pass yet: cases in <c>known-failures.txt</c>, one <c>file: id</c> a line, and functions in
/// <c>not-implemented.txt</c>. They may only shrink. Cases in <c>close-calls.txt</c> pass or fail by the order of sums in single
/// precision, which differs between processors: they may miss their tolerances, but must give numbers.
/// </summary>
public sealed class KnownLists
{
    private const string FailuresFile = "known-failures.txt";
    private const string MissingFile = "not-implemented.txt";
    private const string CloseCallsFile = "close-calls.txt";

    private readonly HashSet<string> closeCalls;

    private KnownLists(HashSet<string> failures, HashSet<string> missing, HashSet<string> closeCalls)
    {
        Failures = failures;
        Missing = missing;
        this.closeCalls = closeCalls;
    }

    public HashSet<string> Failures { get; }
    public HashSet<string> Missing { get; }

    public static KnownLists Read(string folder) =>
        new(
            ReadLines(Path.Combine(folder, FailuresFile)),
            ReadLines(Path.Combine(folder, MissingFile)),
            ReadLines(Path.Combine(folder, CloseCallsFile))
        );

    private static HashSet<string> ReadLines(string path) =>
        File.Exists(path)
            ? [.. File.ReadLines(path).Select(line => line.TrimEnd()).Where(line => line.Length > 0 && line[0] != '#')]
            : [];

    /// <summary>What the lists call a case.</summary>
    public static string Entry(string file, CaseResult result) =>
        $"{Path.GetFileNameWithoutExtension(file)}: {result.Id}";

    /// <summary>Where results and lists disagree, one sentence each.</summary>
    public IEnumerable<string> Disagreements(string file, IReadOnlyCollection<CaseResult> results)
    {
        foreach (IGrouping<string, CaseResult> same in results.GroupBy(result => Entry(file, result)))
        {
            CaseResult? failed = same.FirstOrDefault(result => Fails(file, result));
            if (failed is not null && !Failures.Contains(same.Key))
            {
                yield return $"{same.Key} fails: {failed.Reason}";
            }

            if (failed is null && Failures.Contains(same.Key))
            {
                yield return $"{same.Key} no longer fails: remove it from {FailuresFile}";
            }
        }

        foreach (IGrouping<string, CaseResult> cases in results.GroupBy(result => result.Function))
        {
            bool isMissing = cases.Any(result => result.Status == CaseStatus.NotImplemented);
            if (isMissing && !Missing.Contains(cases.Key))
            {
                yield return $"{cases.Key} is not implemented";
            }

            if (!isMissing && Missing.Contains(cases.Key))
            {
                yield return $"{cases.Key} is implemented: remove it from {MissingFile}";
            }
        }
    }

    /// <summary>Makes the lists agree with the results and writes them.</summary>
    public void Update(string folder, IEnumerable<(string File, IReadOnlyCollection<CaseResult> Results)> runs)
    {
        foreach ((string file, IReadOnlyCollection<CaseResult> results) in runs)
        {
            foreach (IGrouping<string, CaseResult> same in results.GroupBy(result => Entry(file, result)))
            {
                Set(Failures, same.Key, same.Any(result => Fails(file, result)));
            }

            foreach (IGrouping<string, CaseResult> cases in results.GroupBy(result => result.Function))
            {
                Set(Missing, cases.Key, cases.Any(result => result.Status == CaseStatus.NotImplemented));
            }
        }

        Write(Path.Combine(folder, FailuresFile), "Cases that do not pass yet. This list may only shrink.", Failures);
        Write(
            Path.Combine(folder, MissingFile),
            "Functions that do not exist yet. This list may only shrink.",
            Missing
        );
    }

    private bool Fails(string file, CaseResult result) =>
        result.Status == CaseStatus.Failed && !(closeCalls.Contains(Entry(file, result)) && MissesTolerance(result));

    // A close call names a tolerance that numbers missed; an exception does not.
    private static bool MissesTolerance(CaseResult result) =>
        result.Reason.Contains("atol", StringComparison.Ordinal)
        && !result.Reason.Contains("Exception", StringComparison.Ordinal);

    private static void Set(HashSet<string> set, string entry, bool contains)
    {
        if (contains)
        {
            set.Add(entry);
        }
        else
        {
            set.Remove(entry);
        }
    }

    private static void Write(string path, string title, HashSet<string> entries) =>
        File.WriteAllText(
            path,
            "# " + title + "\n" + string.Concat(entries.Order(StringComparer.Ordinal).Select(entry => entry + "\n"))
        );
}
