using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace JaxSharp.Execution;

/// <summary>Measures the steps of the programs that the current thread runs while the clock is on.</summary>
internal sealed class StepClock : IDisposable
{
    private static int running;

    [ThreadStatic]
    private static StepClock? current;

    private readonly StepClock? outer;
    private int depth;

    public StepClock()
    {
        outer = current;
        current = this;
        Interlocked.Increment(ref running);
    }

    /// <summary>The clock of this thread, if any.</summary>
    public static StepClock? Current => running == 0 ? null : current;

    /// <summary>The programs that ran, without those inside of others.</summary>
    public List<Program> Programs { get; } = [];

    /// <summary>How often each step ran, and for how long in all.</summary>
    public Dictionary<Step, (long Runs, TimeSpan Time)> Steps { get; } =
        new(System.Collections.Generic.ReferenceEqualityComparer.Instance);

    public void Enter(Program program)
    {
        if (depth++ == 0)
        {
            Programs.Add(program);
        }
    }

    public void Leave() => depth--;

    public void Run(Step step, ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        long start = Stopwatch.GetTimestamp();
        step.Executable.Run(inputs, outputs);
        var (runs, time) = Steps.GetValueOrDefault(step);
        Steps[step] = (runs + 1, time + Stopwatch.GetElapsedTime(start));
    }

    public void Dispose()
    {
        current = outer;
        Interlocked.Decrement(ref running);
    }
}
