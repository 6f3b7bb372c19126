using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace JaxSharp.Data;

/// <summary>The classes of a classification: true and predicted labels as places in an ordered list of labels.</summary>
internal sealed class Labels
{
    private readonly bool isFloating;
    private readonly bool isBool;

    public Labels(string caller, NDArray yTrue, NDArray yPred, NDArray? labels, NDArray? sampleWeight)
    {
        double[] truth = HostValues.Vector(caller, "yTrue", yTrue);
        double[] prediction = HostValues.Vector(caller, "yPred", yPred);
        if (truth.Length != prediction.Length)
        {
            throw new ShapeException(
                $"{caller} needs as many predictions as true labels; got {truth.Length} true and {prediction.Length} predicted."
            );
        }

        Weights = sampleWeight is null ? null : HostValues.Vector(caller, "sampleWeight", sampleWeight);
        if (Weights is not null && Weights.Length != truth.Length)
        {
            throw new ShapeException(
                $"{caller} needs one weight for each of {truth.Length} samples; got {Weights.Length}."
            );
        }

        isFloating = yTrue.DType.IsFloating || yPred.DType.IsFloating;
        isBool = yTrue.DType.IsBool && yPred.DType.IsBool;
        double[] present = [.. truth.Concat(prediction).Distinct().Order()];
        Values = labels is null ? present : HostValues.Vector(caller, "labels", labels);
        AllPresent = present.All(Values.Contains);
        if (labels is not null && Values.Length == 0)
        {
            throw new JaxArgumentException(
                $"{caller} needs one label at least; got none. Leave labels out to use all that occur."
            );
        }

        var places = new Dictionary<double, int>();
        for (int i = 0; i < Values.Length; i++)
        {
            places[Values[i]] = i;
        }

        True = Array.ConvertAll(truth, v => places.GetValueOrDefault(v, -1));
        Predicted = Array.ConvertAll(prediction, v => places.GetValueOrDefault(v, -1));
    }

    /// <summary>The labels, in the order of the results.</summary>
    public double[] Values { get; }

    /// <summary>Whether the labels are all that occur.</summary>
    public bool AllPresent { get; }

    /// <summary>The place of each true label, −1 if it is not among the labels.</summary>
    public int[] True { get; }

    /// <summary>The place of each predicted label, −1 if it is not among the labels.</summary>
    public int[] Predicted { get; }

    public double[]? Weights { get; }

    public double Weight(int sample) => Weights?[sample] ?? 1;

    /// <summary>The label as Python writes it.</summary>
    public string Name(int place)
    {
        double value = Values[place];
        return isBool ? (value != 0 ? "True" : "False")
            : isFloating ? PythonFloat(value)
            : value.ToString("F0", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A float as Python writes it: the shortest digits that identify it, with a point, or with an exponent of two digits at least below
    /// 10⁻⁴ and from 10¹⁶ on; <c>nan</c>, <c>inf</c>.
    /// </summary>
    public static string PythonFloat(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan"
                : value > 0 ? "inf"
                : "-inf";
        }

        // d.ddd…E±xxx of the shortest digits.
        string shortest = value.ToString("E16", CultureInfo.InvariantCulture);
        for (int digits = 0; digits < 16; digits++)
        {
            string text = value.ToString($"E{digits}", CultureInfo.InvariantCulture);
            if (double.Parse(text, CultureInfo.InvariantCulture) == value)
            {
                shortest = text;
                break;
            }
        }

        int mark = shortest.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(shortest.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        if (exponent is < -4 or >= 16)
        {
            char sign = exponent < 0 ? '-' : '+';
            return string.Create(CultureInfo.InvariantCulture, $"{shortest[..mark]}e{sign}{Math.Abs(exponent):00}");
        }

        int decimals = Math.Max(mark - (shortest[0] == '-' ? 3 : 2), 0) - exponent;
        return value.ToString($"F{Math.Max(decimals, 1)}", CultureInfo.InvariantCulture);
    }
}
