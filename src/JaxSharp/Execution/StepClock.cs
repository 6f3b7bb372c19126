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
    private readonly StepClock? whole;
    private readonly int together = 1;
    private int depth;

    public StepClock()
    {
        outer = current;
        current = this;
        Interlocked.Increment(ref running);
    }

    private StepClock(StepClock whole, int together)
        : this()
    {
        (this.whole, this.together) = (whole, together);
        depth = 1;
    }

    /// <summary>The clock of this thread, if any.</summary>
    public static StepClock? Current => running == 0 ? null : current;

    /// <summary>The programs that ran, without those inside of others.</summary>
    public List<Program> Programs { get; } = [];

    /// <summary>How often each step ran, and for how long in all.</summary>
    public Dictionary<Step, (long Runs, TimeSpan Time)> Steps { get; } =
        new(System.Collections.Generic.ReferenceEqualityComparer.Instance);

    /// <summary>
    /// A clock for what the current thread does as a part of a step of this one while others do other parts; of the time of the parts
    /// this one takes the mean.
    /// </summary>
    public StepClock OfPart(int together) => new(this, together);

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
        Add(step, 1, Stopwatch.GetElapsedTime(start));
    }

    public void Dispose()
    {
        current = outer;
        Interlocked.Decrement(ref running);
        if (whole is not null)
        {
            lock (whole.Steps)
            {
                foreach (var (step, (runs, time)) in Steps)
                {
                    whole.Add(step, runs, time / together);
                }
            }
        }
    }

    private void Add(Step step, long runs, TimeSpan time)
    {
        var (before, spent) = Steps.GetValueOrDefault(step);
        Steps[step] = (before + runs, spent + time);
    }
}
