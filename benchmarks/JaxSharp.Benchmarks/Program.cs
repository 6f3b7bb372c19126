using System;
using System.Globalization;
using System.Linq;
using JaxSharp.Benchmarks;
using JaxSharp.Compiler.Runtime;

// dotnet run -c Release --project benchmarks/JaxSharp.Benchmarks [-- [--explain] NAME…]: rows whose name contains one of the words;
// with --explain the kernels of each row.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var limits = MachineLimits.Measure(TimeSpan.FromSeconds(0.5), 1 << 25);
Console.WriteLine(
    $"limits of this machine: {limits.Gflops:F0} GFLOP/s f32, read {limits.ReadGbps:F1} GB/s, copy {limits.CopyGbps:F1} GB/s, in cache {limits.CachedGbps:F1} GB/s"
);
Console.WriteLine($"{"", -28}{"best", 12}{"median", 12}{"floor", 12}  rate, share of the limit");
bool missed = false;
bool explain = args.Contains("--explain");
string[] names = [.. args.Where(name => name != "--explain")];
foreach (var row in Suite.Rows.Where(row => names.Length == 0 || names.Any(row.Name.Contains)))
{
    if (explain)
    {
        Console.WriteLine(new JaxSharp.Explanation(row.Name, row.Prepare().Run));
        continue;
    }

    var (best, median) = row.Time();
    string rate =
        row.Flops > 0 ? $"{row.Flops / best / 1e9:F0} GFLOP/s {row.Flops / best / 1e7 / limits.Gflops:F0} %"
        : row.Bytes > 0 ? $"{row.Bytes / best / 1e9:F1} GB/s {row.Bytes / best / 1e7 / limits.CopyGbps:F0} %"
        : "";
    bool miss = row.Floor > 0 && median > row.Floor;
    missed |= miss;
    Console.WriteLine(
        $"{row.Name, -28}{Show(best), 12}{Show(median), 12}{(row.Floor > 0 ? Show(row.Floor) : ""), 12}  {rate}{(miss ? "  MISSED" : "")}"
    );
}

return missed ? 1 : 0;

static string Show(double seconds) =>
    seconds switch
    {
        < 1e-6 => $"{seconds * 1e9:F0} ns",
        < 1e-3 => $"{seconds * 1e6:F2} µs",
        _ => $"{seconds * 1e3:F3} ms",
    };
