using System;
using System.Linq;

namespace JaxSharp;

/// <summary>
/// Which axes of the arrays of a convolution are batch, feature and spatial ones. Each list begins with two axes — batch and
/// feature for input and output, output and input feature for the kernel — and goes on with the spatial axes. Text such as
/// <c>("NHWC", "HWIO", "NHWC")</c> converts to it where a function takes dimension numbers.
/// </summary>
public sealed record ConvDimensionNumbers
{
    /// <summary>Makes dimension numbers.</summary>
    public ConvDimensionNumbers(Dims lhsSpec, Dims rhsSpec, Dims outSpec)
    {
        LhsSpec = lhsSpec;
        RhsSpec = rhsSpec;
        OutSpec = outSpec;
    }

    /// <summary>The input's axes: batch, feature, spatial ones.</summary>
    public Dims LhsSpec { get; }

    /// <summary>The kernel's axes: output feature, input feature, spatial ones.</summary>
    public Dims RhsSpec { get; }

    /// <summary>The output's axes: batch, feature, spatial ones.</summary>
    public Dims OutSpec { get; }

    /// <summary>JAX's notation.</summary>
    public override string ToString() =>
        $"ConvDimensionNumbers(lhs_spec={LhsSpec}, rhs_spec={RhsSpec}, out_spec={OutSpec})";

    /// <summary>Batch, feature and spatial axes in that order, in all three arrays.</summary>
    internal static ConvDimensionNumbers Default(int rank) => new(Dims.Range(rank), Dims.Range(rank), Dims.Range(rank));
}

/// <summary>
/// Dimension numbers of a convolution as they are written: <see cref="ConvDimensionNumbers"/>, or three texts with a letter for
/// each axis — N and C for batch and feature, O and I for output and input feature of the kernel, others for spatial axes.
/// </summary>
/// <example><code>
/// NDArray images = jnp.Ones((2, 8, 8, 3)), filters = jnp.Ones((3, 3, 3, 4));
/// Lax.ConvGeneralDilated(images, filters, (1, 1), "SAME", dimensionNumbers: ("NHWC", "HWIO", "NHWC")).Shape; // => (2,8,8,4)
/// </code></example>
public sealed class ConvLayout
{
    private readonly ConvDimensionNumbers? numbers;
    private readonly (string Lhs, string Rhs, string Output)? text;

    private ConvLayout(ConvDimensionNumbers? numbers, (string, string, string)? text)
    {
        this.numbers = numbers;
        this.text = text;
    }

    /// <summary>From three texts: of the input, the kernel and the output.</summary>
    public static implicit operator ConvLayout((string Lhs, string Rhs, string Output) text) => new(null, text);

    /// <summary>From dimension numbers.</summary>
    public static implicit operator ConvLayout(ConvDimensionNumbers numbers) => new(numbers, null);

    /// <summary>The dimension numbers for arrays of a rank.</summary>
    internal ConvDimensionNumbers Resolve(int rank)
    {
        if (numbers is not null)
        {
            return numbers;
        }

        var (lhs, rhs, output) = text!.Value;
        foreach (string spec in new[] { lhs, rhs, output })
        {
            if (spec.Length != rank || spec.Distinct().Count() != spec.Length)
            {
                throw new JaxArgumentException(
                    $"Dimension numbers (\"{lhs}\", \"{rhs}\", \"{output}\") do not fit arrays of {rank} axes: each text needs one "
                        + "letter for each axis, all different."
                );
            }
        }

        bool named = "NC".All(lhs.Contains) && "OI".All(rhs.Contains) && "NC".All(output.Contains);
        var spatial = rhs.Where(c => c is not ('O' or 'I')).ToHashSet();
        if (
            !named
            || !spatial.SetEquals(lhs.Where(c => c is not ('N' or 'C')))
            || !spatial.SetEquals(output.Where(c => c is not ('N' or 'C')))
        )
        {
            throw new JaxArgumentException(
                $"Dimension numbers (\"{lhs}\", \"{rhs}\", \"{output}\"): input and output need N and C, the kernel O and I, and all "
                    + "three the same letters for spatial axes, as in (\"NHWC\", \"HWIO\", \"NHWC\")."
            );
        }

        // The order of spatial axes is that of the kernel.
        char[] order = [.. rhs.Where(spatial.Contains)];
        return new ConvDimensionNumbers(Axes(lhs, 'N', 'C'), Axes(rhs, 'O', 'I'), Axes(output, 'N', 'C'));

        Dims Axes(string spec, char first, char second) =>
            new([spec.IndexOf(first), spec.IndexOf(second), .. order.Select(c => spec.IndexOf(c))]);
    }
}

/// <summary>
/// Padding of spatial axes or of windows: <c>"VALID"</c> (none), <c>"SAME"</c> (so that with stride 1 the extents stay, more at
/// the end), <c>"SAME_LOWER"</c> (more at the start), or a pair of low and high padding for each axis.
/// </summary>
public sealed class Padding
{
    private readonly string? text;
    private readonly (int Low, int High)[]? pairs;

    private Padding(string? text, (int, int)[]? pairs)
    {
        this.text = text?.ToUpperInvariant();
        this.pairs = pairs;
    }

    /// <summary>Whether the padding is given by name.</summary>
    internal bool IsNamed => text is not null;

    /// <summary>From a name: VALID, SAME or SAME_LOWER.</summary>
    public static implicit operator Padding(string name) => new(name, null);

    /// <summary>From low and high padding for each axis.</summary>
    public static implicit operator Padding((int Low, int High)[] pairs) =>
        new(null, [.. Argument.Given(pairs, caller: nameof(Padding))]);

    /// <summary>One axis.</summary>
    public static implicit operator Padding((int Low, int High) pair) => new(null, [pair]);

    /// <summary>Two axes.</summary>
    public static implicit operator Padding(((int, int), (int, int)) p) => new(null, [p.Item1, p.Item2]);

    /// <summary>Three axes.</summary>
    public static implicit operator Padding(((int, int), (int, int), (int, int)) p) =>
        new(null, [p.Item1, p.Item2, p.Item3]);

    /// <summary>Four axes.</summary>
    public static implicit operator Padding(((int, int), (int, int), (int, int), (int, int)) p) =>
        new(null, [p.Item1, p.Item2, p.Item3, p.Item4]);

    /// <summary>The pairs for axes of given extents, windows (dilated already) and strides.</summary>
    internal (int Low, int High)[] Resolve(string caller, int[] extents, int[] windows, int[] strides)
    {
        if (pairs is not null)
        {
            return pairs.Length == extents.Length
                ? pairs
                : throw new ShapeException(
                    $"{caller} needs a pair of padding for each of {extents.Length} axes; got {pairs.Length} pairs."
                );
        }

        switch (text)
        {
            case "VALID":
                return new (int, int)[extents.Length];
            case "SAME" or "SAME_LOWER":
                var result = new (int, int)[extents.Length];
                for (int i = 0; i < result.Length; i++)
                {
                    int outputs = strides[i] == 0 ? 0 : (extents[i] + strides[i] - 1) / strides[i];
                    int total = Math.Max(((outputs - 1) * strides[i]) + windows[i] - extents[i], 0);
                    result[i] = text == "SAME" ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
                }

                return result;
            default:
                throw new JaxArgumentException(
                    $"{caller} does not know padding \"{text}\". Use \"VALID\", \"SAME\", \"SAME_LOWER\" or pairs of numbers."
                );
        }
    }

    /// <inheritdoc/>
    public override string ToString() => text ?? $"({string.Join(",", pairs!.Select(p => $"({p.Low},{p.High})"))})";
}
