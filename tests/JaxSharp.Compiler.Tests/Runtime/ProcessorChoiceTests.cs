using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using JaxSharp.Compiler.Runtime;
using Xunit;

namespace JaxSharp.Compiler.Tests.Runtime;

public class ProcessorChoiceTests
{
    /// <summary>A confined thread has lost at most one processor, and has it again when it is released.</summary>
    [Fact]
    public void AConfinedThreadIsFreeAgainAfterItsRelease()
    {
        Assert.SkipUnless(File.Exists("/proc/thread-self/status"), "The system does not tell where a thread may run.");
        ProcessorChoice? choice = null;
        string before = "";
        string confined = "";
        string after = "";
        using var ready = new ManualResetEventSlim();
        using var wake = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            choice = ProcessorChoice.ForCurrentThread();
            before = Allowed();
            ready.Set();
            wake.Wait(TestContext.Current.CancellationToken);
            confined = Allowed();
            choice.Release();
            after = Allowed();
        });
        thread.Start();
        ready.Wait(TestContext.Current.CancellationToken);
        choice!.KeepOff();
        wake.Set();
        thread.Join();
        Assert.Equal(before, after);
        Assert.Equal(Count(before) == 1 ? 1 : Count(before) - 1, Count(confined));
    }

    private static string Allowed() =>
        File.ReadLines("/proc/thread-self/status")
            .First(line => line.StartsWith("Cpus_allowed:", default))[13..]
            .Trim();

    private static int Count(string mask) =>
        mask.Where(c => c != ',')
            .Sum(c => int.PopCount(int.Parse(c.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
}
