using System;

namespace JaxSharp.Peers;

/// <summary>Numbers as people read them.</summary>
internal static class Units
{
    public static string Time(double? milliseconds) =>
        milliseconds switch
        {
            null => "",
            < 1e-3 => FormattableString.Invariant($"{milliseconds * 1e6:F0} ns"),
            < 1 => FormattableString.Invariant($"{milliseconds * 1e3:F1} µs"),
            < 1000 => FormattableString.Invariant($"{milliseconds:F2} ms"),
            _ => FormattableString.Invariant($"{milliseconds / 1e3:F2} s"),
        };

    public static string Ratio(double? ratio) => ratio is null ? "" : FormattableString.Invariant($"{ratio:F2}");

    /// <summary>Work per second and its share of the machine's limit.</summary>
    public static string Rate(RowResult row) =>
        row.Gflops is { } gflops ? FormattableString.Invariant($"{gflops:F0} GFLOP/s, {row.LimitShare * 100:F0} %")
        : row.Gbps is { } gbps ? FormattableString.Invariant($"{gbps:F1} GB/s, {row.LimitShare * 100:F0} %")
        : "";
}
