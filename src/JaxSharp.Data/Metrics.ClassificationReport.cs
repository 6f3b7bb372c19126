using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;

namespace JaxSharp.Data;

// The report that is read by people.
public static partial class Metrics
{
    private static readonly string[] Headers = ["precision", "recall", "f1-score", "support"];

    /// <summary>Precision, recall, F1-score and support of each label and their averages as a table: scikit-learn's, to the letter.</summary>
    /// <param name="yTrue">True labels: a vector.</param>
    /// <param name="yPred">Predicted labels: a vector of the same length.</param>
    /// <param name="labels">The labels, in this order; all that occur, sorted, by default.</param>
    /// <param name="targetNames">Names to print in place of the labels.</param>
    /// <param name="sampleWeight">The weight of each sample.</param>
    /// <param name="digits">The number of decimals.</param>
    /// <param name="zeroDivision">The value of what is 0 / 0; by default 0, and a warning is given.</param>
    /// <param name="onWarning">Receives warnings of undefined scores; by default they go to <see cref="System.Diagnostics.Trace"/>.</param>
    /// <exception cref="JaxArgumentException">There are no labels, or fewer or more names, or digits is negative.</exception>
    /// <example><code>Console.WriteLine(Metrics.ClassificationReport(yTest, prediction));</code></example>
    public static string ClassificationReport(
        NDArray yTrue,
        NDArray yPred,
        NDArray? labels = null,
        IReadOnlyList<string>? targetNames = null,
        NDArray? sampleWeight = null,
        int digits = 2,
        double? zeroDivision = null,
        Action<string>? onWarning = null
    )
    {
        Argument.Given(yTrue);
        if (digits < 0)
        {
            throw new JaxArgumentException(
                $"ClassificationReport needs a number of decimals from 0; got digits {digits}."
            );
        }

        var classes = new Labels("ClassificationReport", yTrue, yPred, labels, sampleWeight);
        int n = classes.Values.Length;
        if (n == 0)
        {
            throw new JaxArgumentException("ClassificationReport needs a sample at least; yTrue and yPred are empty.");
        }

        string[] names = targetNames is null ? [.. Enumerable.Range(0, n).Select(classes.Name)] : [.. targetNames];
        if (names.Length != n)
        {
            throw new JaxArgumentException(
                $"ClassificationReport needs a name for each of {n} labels; got {names.Length} names. Pass labels as well to choose them."
            );
        }

        var scores = new Scores(classes, 1, zeroDivision, onWarning ?? Warn);

        // scikit-learn counts in integers, but for weights and where not one prediction is right.
        bool whole = sampleWeight is null && scores.AnyHit;
        int width = Math.Max(Math.Max(names.Max(name => name.Length), "weighted avg".Length), digits);
        var text = new StringBuilder();
        text.Append(new string(' ', width)).Append(' ');
        foreach (string header in Headers)
        {
            text.Append(' ').Append(header.PadLeft(9));
        }

        text.Append("\n\n");
        for (int i = 0; i < n; i++)
        {
            Row(names[i], (scores.Precision[i], scores.Recall[i], scores.FScore[i]), scores.Support[i]);
        }

        text.Append('\n');
        double total = scores.Support.Sum();
        if (classes.AllPresent)
        {
            text.Append("accuracy".PadLeft(width)).Append(' ', 21);
            text.Append(' ').Append(Fixed(scores.Micro().FScore, digits).PadLeft(9));
            text.Append(' ').Append(Count(total).PadLeft(9)).Append('\n');
        }
        else
        {
            Row("micro avg", scores.Micro(), total);
        }

        Row("macro avg", scores.Mean(null), total);
        Row("weighted avg", scores.Mean(scores.Support), total);
        return text.ToString();

        void Row(string name, (double Precision, double Recall, double FScore) values, double support)
        {
            text.Append(name.PadLeft(width)).Append(' ');
            foreach (double value in new[] { values.Precision, values.Recall, values.FScore })
            {
                text.Append(' ').Append(Fixed(value, digits).PadLeft(9));
            }

            text.Append(' ').Append(Count(support).PadLeft(9)).Append('\n');
        }

        string Count(double support) =>
            whole ? support.ToString("F0", CultureInfo.InvariantCulture) : Labels.PythonFloat(support);
    }

    /// <summary>A number with a fixed number of decimals, of which ties are rounded to even as Python does (C# rounds them up).</summary>
    internal static string Fixed(double value, int digits)
    {
        if (double.IsNaN(value))
        {
            return "nan";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "inf" : "-inf";
        }

        // value = mantissa · 2^exponent, exactly.
        long bits = BitConverter.DoubleToInt64Bits(value);
        int biased = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFF;
        mantissa |= biased == 0 ? 0 : 1L << 52;
        int exponent = Math.Max(biased, 1) - 1075;
        var numerator = new BigInteger(mantissa) * BigInteger.Pow(10, digits);
        if (exponent >= 0)
        {
            numerator <<= exponent;
        }

        var divisor = BigInteger.One << Math.Max(0, -exponent);
        var quotient = BigInteger.DivRem(numerator, divisor, out var rest);
        int half = (rest * 2).CompareTo(divisor);
        if (half > 0 || (half == 0 && !quotient.IsEven))
        {
            quotient++;
        }

        string text = quotient.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        text = digits == 0 ? text : $"{text[..^digits]}.{text[^digits..]}";
        return bits < 0 ? "-" + text : text;
    }
}
