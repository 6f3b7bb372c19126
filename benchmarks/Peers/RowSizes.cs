using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using JaxSharp.Benchmarks;

namespace JaxSharp.Peers;

/// <summary>Rows with sizes that the user gives: <c>ROW=SIZE,SIZE…</c>, extents of a size joined by x.</summary>
internal static class RowSizes
{
    private static readonly Kind[] Kinds =
    [
        new(
            "matmul",
            "N or MxKxN",
            [1, 3],
            n => [n.Length == 1 ? MatmulRows.Square(n[0]) : MatmulRows.Product(n[0], n[1], n[2])]
        ),
        new(
            "convolution",
            "BATCHxEXTENTxINPUTSxOUTPUTS",
            [4],
            n => ConvolutionRows.Square(n[0], n[1], n[2], n[3]).Rows()
        ),
        new("MLP", "BATCH", [1], n => [.. ImageRows.MlpRows(n[0]), ImageRows.MlpForward(n[0])]),
        new("CNN", "BATCH", [1], n => ImageRows.CnnRows(n[0])),
        new(
            "transformer",
            "BATCHxLENGTHxWIDTHxLAYERS",
            [4],
            n => SequenceRows.TransformerRows(new TransformerSize(n[0], n[1], n[2], n[3]))
        ),
    ];

    public static string Description => string.Join(", ", Kinds.Select(kind => $"{kind.Name}={kind.Form}"));

    /// <summary>The rows that some text asks for.</summary>
    /// <exception cref="FormatException">The text says nothing of the kind.</exception>
    public static IEnumerable<Benchmark> Parse(string text)
    {
        string[] parts = text.Split('=');
        var kind = Array.Find(Kinds, kind => kind.Name.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
        if (kind is null || parts.Length != 2)
        {
            throw new FormatException($"--size takes {Description}, several sizes joined by commas; got {text}.");
        }

        return [.. parts[1].Split(',').SelectMany(size => kind.Rows(Extents(kind, size)))];
    }

    private static int[] Extents(Kind kind, string size)
    {
        var numbers = size.Split('x')
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0)
            .ToArray();
        bool heads = kind.Name != "transformer" || (numbers.Length > 2 && numbers[2] % TransformerSize.Heads == 0);
        return kind.Ranks.Contains(numbers.Length) && numbers.All(n => n > 0) && heads
            ? numbers
            : throw new FormatException(
                $"The size of {kind.Name} is {kind.Form}, positive numbers"
                    + (heads ? "" : $" with a width that {TransformerSize.Heads} heads share")
                    + $"; got {size}."
            );
    }

    private sealed record Kind(string Name, string Form, int[] Ranks, Func<int[], IEnumerable<Benchmark>> Rows);
}
