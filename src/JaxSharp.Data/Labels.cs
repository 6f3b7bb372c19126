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
        if (Values.Length > 0 && labels is not null && !Values.Any(truth.Contains))
        {
            throw new JaxArgumentException($"{caller} needs at least one of the labels to occur in yTrue.");
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

    /// <summary>A float as Python writes it: the shortest digits that identify it, with a point.</summary>
    public static string PythonFloat(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E', 'N') || double.IsInfinity(value) ? text : text + ".0";
    }
}
