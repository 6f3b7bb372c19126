using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Peers.Torch;

namespace JaxSharp.Peers;

/// <summary>What was measured on, with what, and the machine's limits.</summary>
internal sealed record Machine(
    DateTime Measured,
    string Cpu,
    int Cores,
    int VectorBits,
    double MemoryGib,
    string System,
    string Runtime,
    string Peer,
    string? PeerMissing,
    double LimitGflops,
    double LimitReadGbps,
    double LimitCopyGbps,
    double LimitCachedGbps
)
{
    /// <summary>Bytes per second that memory gives, in 10⁹.</summary>
    public double Bandwidth() => Math.Max(LimitReadGbps, LimitCopyGbps);

    public static Machine Measure(bool quick)
    {
        var limits = MachineLimits.Measure(TimeSpan.FromSeconds(quick ? 0.05 : 0.5), 1 << 25);
        return new(
            DateTime.UtcNow.Date,
            CpuName(),
            Environment.ProcessorCount,
            Vector512.IsHardwareAccelerated ? 512
                : Vector256.IsHardwareAccelerated ? 256
                : 128,
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            TorchLibrary.Version,
            TorchLibrary.Missing,
            limits.Gflops,
            limits.ReadGbps,
            limits.CopyGbps,
            limits.CachedGbps
        );
    }

    private static string CpuName()
    {
        const string Linux = "/proc/cpuinfo";
        string? line = File.Exists(Linux)
            ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? $"{RuntimeInformation.ProcessArchitecture}";
    }
}
