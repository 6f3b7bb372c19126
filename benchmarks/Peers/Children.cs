using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using JaxSharp.Benchmarks;
using JaxSharp.Peers.Torch;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Peers;

/// <summary>Measurements that need a process of their own: this program starts itself, and the child writes one number.</summary>
internal static class Children
{
    private const string Start = "child-start";
    private const string First = "child-first";
    private const string Memory = "child-memory";
    private const string Ours = "ours";
    private const string Peer = "peer";
    private const int MemoryRuns = 20;

    /// <summary>Does what a child is asked for; null if these are not the arguments of a child.</summary>
    public static int? Answer(string[] args)
    {
        double? answer = args switch
        {
            [Start] => FirstDerivative(),
            [First, var name] => FirstCall(name),
            [Memory, var side, var name] => PeakMib(side, name),
            _ => null,
        };
        if (answer is { } number)
        {
            Console.WriteLine(number.ToString("R", CultureInfo.InvariantCulture));
            return 0;
        }

        return null;
    }

    /// <summary>The time from the start of a process to its first derivative, in seconds.</summary>
    public static double TimeStart()
    {
        long start = Stopwatch.GetTimestamp();
        Ask([Start], out var answered);
        return Stopwatch.GetElapsedTime(start, answered).TotalSeconds;
    }

    /// <summary>The time of a row's first run in a new process, in seconds: tracing, compiling and running.</summary>
    public static double TimeFirst(string row) => Ask([First, row], out _);

    /// <summary>The most that a process had resident which does only what a row does, by us or by the peer, in MiB.</summary>
    public static double PeakMib(string row, bool peer) => Ask([Memory, peer ? Peer : Ours, row], out _);

    private static double FirstDerivative() => (double)Grad((NDArray x) => 1 / (1 + jnp.Exp(-x)))(0.0);

    private static double FirstCall(string name)
    {
        var workload = Row(name).Prepare();
        long start = Stopwatch.GetTimestamp();
        workload.Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double PeakMib(string side, string name)
    {
        var row = Row(name);
        var workload = row.Prepare();
        if (side == Peer)
        {
            (
                TorchPeers.Of(row, workload) ?? throw new InvalidOperationException($"libtorch does not do \"{name}\".")
            ).Run(MemoryRuns);
        }
        else
        {
            for (int i = 0; i < MemoryRuns; i++)
            {
                workload.Run();
            }
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (double)(1 << 20);
    }

    private static Benchmark Row(string name) => Suite.Rows.Single(row => row.Name == name);

    private static double Ask(IEnumerable<string> args, out long answered)
    {
        // Either the program's own executable or the host that runs its assembly.
        string program = Environment.ProcessPath!;
        string[] assembly =
            Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Assembly.GetExecutingAssembly().Location] : [];
        var info = new ProcessStartInfo(program, [.. assembly, .. args]) { RedirectStandardOutput = true };
        using var child = Process.Start(info)!;
        string? line = child.StandardOutput.ReadLine();
        answered = Stopwatch.GetTimestamp();
        child.WaitForExit();
        return child.ExitCode == 0 && line is not null
            ? double.Parse(line, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"A child process failed: {string.Join(' ', args)}.");
    }
}
