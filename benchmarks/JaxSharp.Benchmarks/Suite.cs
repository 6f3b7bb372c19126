using System.Collections.Generic;

namespace JaxSharp.Benchmarks;

/// <summary>The rows of the table.</summary>
internal static class Suite
{
    public static IEnumerable<Benchmark> Rows =>
        [
            .. MatmulRows.Rows,
            .. ConvolutionRows.Rows,
            .. ArrayRows.Rows,
            .. SmallRows.Rows,
            .. ImageRows.Rows,
            .. SequenceRows.Rows,
        ];
}
