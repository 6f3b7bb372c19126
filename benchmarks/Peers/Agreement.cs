using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Benchmarks;
using JaxSharp.Peers.Torch;

namespace JaxSharp.Peers;

/// <summary>That both compute the same, which is asked before they are timed.</summary>
internal static class Agreement
{
    // Of the largest number of a result.
    private const double Tolerance = 2e-4;

    // Computations that keep state are to agree on the second step too.
    private const int Runs = 2;

    /// <summary>Where results differ; null where they agree.</summary>
    public static string? Difference(Workload ours, TorchWorkload peer)
    {
        for (int run = 1; run <= Runs; run++)
        {
            ours.Run();
            var (mine, theirs) = (ours.Results, peer.Results());
            if (mine.Count != theirs.Count)
            {
                return $"{mine.Count} results, libtorch has {theirs.Count}";
            }

            var differences = mine.Zip(theirs, (x, y) => Difference(x, y, peer.Reproducible));
            if (differences.FirstOrDefault(difference => difference is not null) is { } difference)
            {
                return $"{difference} in run {run}";
            }
        }

        return null;
    }

    private static string? Difference(NDArray array, float[] theirs, bool reproducible)
    {
        float[] mine = array.ToArray<float>();
        if (mine.Length != theirs.Length)
        {
            return $"{array.Type}, libtorch has {theirs.Length} elements";
        }

        if (!reproducible)
        {
            return null;
        }

        double largest = theirs.Max(Math.Abs);
        int worst = Enumerable.Range(0, mine.Length).MaxBy(i => Distance(mine[i], theirs[i]));
        return Distance(mine[worst], theirs[worst]) <= Tolerance * largest
            ? null
            : $"{array.Type} has {mine[worst]} at {worst}, libtorch {theirs[worst]}, the largest is {largest}";
    }

    // What is no number is farthest away.
    private static double Distance(float x, float y) =>
        float.IsFinite(x) && float.IsFinite(y) ? Math.Abs((double)x - y) : double.PositiveInfinity;
}
