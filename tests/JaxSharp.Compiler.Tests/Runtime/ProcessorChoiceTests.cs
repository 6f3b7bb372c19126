using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using JaxSharp.Compiler.Runtime;
using Xunit;

namespace JaxSharp.Compiler.Tests.Runtime;

public class ProcessorChoiceTests
{
    /// <summary>A thread is kept off one processor at a time, unless it is the only one that it may run on.</summary>
    [Fact]
    public void AThreadIsKeptOffOneProcessor()
    {
        Assert.SkipUnless(ProcessorChoice.IsPossible, "There is one processor, or threads cannot choose.");
        ProcessorChoice? choice = null;
        bool[] before = [];
        bool[][] after = [];
        using var ready = new ManualResetEventSlim();
        using var go = new SemaphoreSlim(0);
        using var seen = new SemaphoreSlim(0);
        var thread = new Thread(() =>
        {
            choice = ProcessorChoice.ForCurrentThread();
            before = Allowed();
            ready.Set();
            for (int i = 0; i < 2; i++)
            {
                go.Wait(TestContext.Current.CancellationToken);
                after = [.. after, Allowed()];
                seen.Release();
            }
        });
        thread.Start();
        ready.Wait(TestContext.Current.CancellationToken);
        int first = Array.IndexOf(before, true);
        int last = Array.LastIndexOf(before, true);
        foreach (int processor in (int[])[first, last])
        {
            choice!.KeepOff(processor);
            go.Release();
            seen.Wait(TestContext.Current.CancellationToken);
        }

        thread.Join();
        Assert.Equal(Without(first), after[0]);
        Assert.Equal(Without(last), after[1]);

        bool[] Without(int processor) => [.. before.Select((may, i) => may && (i != processor || first == last))];
    }

    private static bool[] Allowed() =>
        [
            .. File.ReadLines("/proc/thread-self/status")
                .First(line => line.StartsWith("Cpus_allowed:", StringComparison.Ordinal))[13..]
                .Where(char.IsAsciiHexDigit)
                .Reverse()
                .Select(digit => int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .SelectMany(bits => Enumerable.Range(0, 4).Select(i => (bits & (1 << i)) != 0)),
        ];
}
