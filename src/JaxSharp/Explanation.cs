using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Execution;

namespace JaxSharp;

/// <summary>What a kernel of a compiled function does, how long it takes and what limits it.</summary>
/// <param name="Name">The operations that were fused into it, and the type of the result.</param>
/// <param name="Depth">0 for kernels of the function itself, 1 for those in its loops, and so on.</param>
/// <param name="Runs">How often it runs in one call of the function.</param>
/// <param name="Flops">Operations on elements of all runs; null where they are not known.</param>
/// <param name="Bytes">The bytes of operands and results of all runs.</param>
/// <param name="Estimated">The seconds that all runs would take at the limits of this machine.</param>
/// <param name="Measured">The seconds that all runs took, the least of several calls.</param>
/// <param name="Limit">
/// What the estimate is determined by: <c>arithmetic</c>, <c>memory</c>, <c>cache</c>, or <c>start</c> for kernels with next to no work;
/// <c>kernels</c> for loops.
/// </param>
public sealed record KernelCost(
    string Name,
    int Depth,
    long Runs,
    double? Flops,
    double Bytes,
    double Estimated,
    double Measured,
    string Limit
);

/// <summary>The kernels that a function was compiled to, with their costs; see <c>Jax.Explain</c>.</summary>
public sealed class Explanation
{
    private const double StartSeconds = 5e-7;
    private const int MostCalls = 50;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(0.5);

    private readonly MachineLimits limits = MachineLimits.Current;
    private readonly List<KernelCost> kernels = [];

    /// <summary>Explains the compiled functions that some code calls.</summary>
    internal Explanation(string name, Action call)
    {
        Name = name;

        // The first calls compile, and tiered compilation replaces hot methods later.
        long begin = Stopwatch.GetTimestamp();
        using (new StepClock())
        {
            for (int i = 0; i < 4 || Stopwatch.GetElapsedTime(begin) < Time; i++)
            {
                call();
            }
        }

        Measured = double.PositiveInfinity;
        Program[] programs = [];
        var least = new Dictionary<Step, (long Runs, TimeSpan Time)>(ReferenceEqualityComparer.Instance);
        begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < 3 || (i < MostCalls && Stopwatch.GetElapsedTime(begin) < Time); i++)
        {
            using var clock = new StepClock();
            long start = Stopwatch.GetTimestamp();
            call();
            Measured = Math.Min(Measured, Stopwatch.GetElapsedTime(start).TotalSeconds);
            programs = [.. clock.Programs];
            foreach (var (step, cost) in clock.Steps)
            {
                if (!least.TryGetValue(step, out var known) || cost.Time < known.Time)
                {
                    least[step] = cost;
                }
            }
        }

        foreach (var program in programs)
        {
            Add(program, 0, least);
        }
    }

    /// <summary>The name of the function.</summary>
    public string Name { get; }

    /// <summary>The kernels in the order in which they run; those in a loop follow the loop.</summary>
    public IReadOnlyList<KernelCost> Kernels => kernels;

    /// <summary>The seconds of one call, the least of several.</summary>
    public double Measured { get; }

    /// <summary>The sum of the estimates of the kernels, in seconds.</summary>
    public double Estimated => kernels.Where(kernel => kernel.Depth == 0).Sum(kernel => kernel.Estimated);

    internal static Explanation Of<TFunction>(
        TFunction function,
        Func<TFunction, TFunction> jit,
        Action<TFunction> call
    )
        where TFunction : Delegate
    {
        Argument.Given(function, "fun", nameof(Jax.Explain));
        var jitted = function.Target is JittedFunction ? function : jit(function);
        return new Explanation(((JittedFunction)jitted.Target!).Name, () => call(jitted));
    }

    private double Add(Program program, int depth, Dictionary<Step, (long Runs, TimeSpan Time)> least)
    {
        double sum = 0;
        foreach (var step in program.Steps)
        {
            if (!least.TryGetValue(step, out var cost))
            {
                continue;
            }

            var description = step.Describe();
            double measured = cost.Time.TotalSeconds;
            if (step.Executable is IRunsPrograms loop)
            {
                int place = kernels.Count;
                double inside = loop.Programs.Sum(inner => Add(inner, depth + 1, least));
                kernels.Insert(
                    place,
                    new(description.Name, depth, cost.Runs, null, description.Bytes, inside, measured, "kernels")
                );
                sum += inside;
                continue;
            }

            var (seconds, limit) = Estimate(description);
            kernels.Add(
                new(
                    description.Name,
                    depth,
                    cost.Runs,
                    description.Flops * cost.Runs,
                    description.Bytes * cost.Runs,
                    seconds * cost.Runs,
                    measured,
                    limit
                )
            );
            sum += seconds * cost.Runs;
        }

        return sum;
    }

    private (double Seconds, string Limit) Estimate(StepDescription step)
    {
        double arithmetic = (step.Flops ?? 0) / (limits.Gflops * (step.IsFused ? 1e9 : 0.5e9));
        bool cached = step.Bytes <= MachineLimits.CachedBytes;
        double memory = step.Bytes / (1e9 * (cached ? limits.CachedGbps : limits.CopyGbps));
        double most = Math.Max(arithmetic, memory);
        return most < StartSeconds ? (StartSeconds, "start")
            : arithmetic >= memory ? (arithmetic, "arithmetic")
            : (memory, cached ? "cache" : "memory");
    }

    /// <summary>A table, a line for each kernel.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Name}: {kernels.Count} kernels, {Measured * 1e3:F3} ms measured, {Estimated * 1e3:F3} ms estimated "
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"(limits: {limits.Gflops:F0} GFLOP/s, memory {limits.CopyGbps:F0} GB/s, cache {limits.CachedGbps:F0} GB/s)"
        );
        text.AppendLine("  measured   share  estimated     runs      flops      bytes  limit       kernel");
        foreach (var kernel in kernels)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{kernel.Measured * 1e6, 7:F1} µs {kernel.Measured / Measured * 100, 5:F1} % {kernel.Estimated * 1e6, 7:F1} µs "
                    + $"{kernel.Runs, 8} {Amount(kernel.Flops), 10} {Amount(kernel.Bytes), 10}  {kernel.Limit, -10}  "
                    + $"{new string(' ', 2 * kernel.Depth)}{kernel.Name}"
            );
        }

        return text.ToString();
    }

    private static string Amount(double? amount) =>
        amount switch
        {
            null => "-",
            >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{amount / 1e9:F2} G"),
            >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{amount / 1e6:F2} M"),
            >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{amount / 1e3:F2} k"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{amount:F0}"),
        };
}
