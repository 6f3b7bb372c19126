using System.Threading;

namespace JaxSharp.Execution;

/// <summary>Some steps of one part of a loop.</summary>
/// <param name="Part">The number of the part.</param>
/// <param name="First">The first step.</param>
/// <param name="End">The step behind the last.</param>
internal readonly record struct LoopTurn(int Part, int First, int End);

/// <summary>
/// Deals out the steps of the parts of a loop to threads, a few steps at a time and always of a part that is behind, so that threads
/// end together even where one is slower than another, as they are on machines that others use too.
/// </summary>
internal sealed class LoopSchedule(int parts, int length)
{
    // So few steps in a turn that the last turns do not take long.
    private readonly int turnSteps = parts == 1 ? length : ((length - 1) / 32) + 1;
    private readonly int[] done = new int[parts];
    private readonly bool[] isRunning = new bool[parts];
    private readonly Lock mutex = new();

    /// <summary>The next steps for the calling thread, which <see cref="Finish"/>es them; null if others do all that is left.</summary>
    public LoopTurn? Next()
    {
        lock (mutex)
        {
            int best = -1;
            for (int i = 0; i < done.Length; i++)
            {
                if (!isRunning[i] && done[i] < length && (best < 0 || done[i] < done[best]))
                {
                    best = i;
                }
            }

            if (best < 0)
            {
                return null;
            }

            isRunning[best] = true;
            return new LoopTurn(best, done[best], int.Min(done[best] + turnSteps, length));
        }
    }

    /// <summary>Makes the part of a turn free for its next steps.</summary>
    public void Finish(LoopTurn turn)
    {
        lock (mutex)
        {
            done[turn.Part] = turn.End;
            isRunning[turn.Part] = false;
        }
    }
}
