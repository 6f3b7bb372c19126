using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Data.Tests;

public sealed class MetricsTests
{
    public static TheoryData<string> Reports => [.. Recorded.Ids.Where(id => id.StartsWith("intro report"))];

    [Theory]
    [MemberData(nameof(Reports))]
    public void Report_matrix_and_accuracy_are_those_of_scikit_learn(string id)
    {
        var recorded = Recorded.Case(id);
        NDArray truth = Jnp.Array(recorded.GetProperty("y_true").Integers());
        NDArray prediction = Jnp.Array(recorded.GetProperty("y_pred").Integers());

        Assert.Equal(
            recorded.GetProperty("classification_report").GetString(),
            Metrics.ClassificationReport(truth, prediction)
        );
        Assert.Equal(
            recorded.GetProperty("confusion_matrix").Doubles(),
            Recorded.Doubles(Metrics.ConfusionMatrix(truth, prediction))
        );
        Assert.Equal(recorded.GetProperty("accuracy").GetDouble(), Metrics.AccuracyScore(truth, prediction), 1e-12);
    }

    [Fact]
    public void Undefined_scores_are_zero_and_warned_of()
    {
        var warnings = new List<string>();
        string report = Metrics.ClassificationReport(
            Jnp.Array([0, 1, 1]),
            Jnp.Array([0, 0, 0]),
            onWarning: warnings.Add
        );
        Assert.Contains("           1       0.00      0.00      0.00         2\n", report);
        Assert.Contains("Precision is undefined", Assert.Single(warnings));
    }

    [Fact]
    public void The_value_of_undefined_scores_can_be_chosen()
    {
        var (precision, _, _, support) = Metrics.PrecisionRecallFScoreSupport(
            Jnp.Array([0, 1, 1]),
            Jnp.Array([0, 0, 0]),
            zeroDivision: 1
        );
        Assert.Equal(1, precision[1]);
        Assert.Equal([1, 2], support);
    }

    [Fact]
    public void Names_and_digits_can_be_chosen()
    {
        string report = Metrics.ClassificationReport(
            Jnp.Array([0, 1]),
            Jnp.Array([0, 1]),
            targetNames: ["cats", "a long name of dogs"],
            digits: 3
        );
        Assert.Contains("               cats      1.000     1.000     1.000         1\n", report);
        Assert.Contains("a long name of dogs      1.000", report);
    }

    [Fact]
    public void Labels_of_a_subset_give_a_micro_average()
    {
        string report = Metrics.ClassificationReport(
            Jnp.Array([0, 1, 2]),
            Jnp.Array([0, 2, 2]),
            labels: Jnp.Array([0, 2])
        );
        Assert.Contains("   micro avg       0.67      1.00      0.80         2\n", report);
    }

    [Fact]
    public void Bools_compare_with_numbers()
    {
        NDArray truth = Jnp.Array([1f, 0f, 1f, 1f]);
        NDArray prediction = Jnp.Array([true, false, false, true]);
        Assert.Equal(0.75, Metrics.AccuracyScore(truth, prediction));
        Assert.Equal(3, Metrics.AccuracyScore(truth, prediction, normalize: false));
    }

    [Fact]
    public void Matrices_can_be_normalized()
    {
        var matrix = Metrics.ConfusionMatrix(Jnp.Array([0, 0, 1]), Jnp.Array([0, 1, 1]), normalize: "true");
        Assert.Equal([0.5, 0.5, 0, 1], Recorded.Doubles(matrix));
    }

    [Fact]
    public void Large_counts_are_exact()
    {
        const int Many = (1 << 24) + 1;
        NDArray truth = Jnp.Zeros(Many, DType.I32);
        Assert.Equal([Many], Metrics.ConfusionMatrix(truth, truth).ToArray<int>());
    }

    [Fact]
    public void Matrices_of_other_labels_are_refused_and_of_nothing_are_zeros()
    {
        NDArray none = Jnp.Zeros(0, DType.I32);
        var error = Assert.Throws<JaxArgumentException>(() =>
            Metrics.ConfusionMatrix(Jnp.Array([0]), Jnp.Array([1]), labels: Jnp.Array([1, 2]))
        );
        Assert.Contains("occur in yTrue", error.Message);
        Assert.Throws<JaxArgumentException>(() => Metrics.ConfusionMatrix(none, none, labels: none));
        Assert.Equal([0, 0, 0, 0], Recorded.Doubles(Metrics.ConfusionMatrix(none, none, labels: Jnp.Array([1, 2]))));
        Assert.Contains(
            "           7       0.00      0.00      0.00       0.0\n",
            Metrics.ClassificationReport(Jnp.Array([0, 1]), Jnp.Array([0, 1]), labels: Jnp.Array([7]), zeroDivision: 0)
        );
    }

    [Fact]
    public void Reports_of_nothing_or_with_negative_decimals_are_refused()
    {
        NDArray none = Jnp.Zeros(0, DType.I32);
        Assert.Contains(
            "empty",
            Assert.Throws<JaxArgumentException>(() => Metrics.ClassificationReport(none, none)).Message
        );
        NDArray one = Jnp.Array([1]);
        Assert.Contains(
            "digits -1",
            Assert.Throws<JaxArgumentException>(() => Metrics.ClassificationReport(one, one, digits: -1)).Message
        );
    }

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(3.0, "3.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(123456.75, "123456.75")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.000012, "1.2e-05")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(9007199254740993.0, "9007199254740992.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(-1.5e300, "-1.5e+300")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Floats_are_written_as_Python_writes_them(double value, string expected) =>
        Assert.Equal(expected, Labels.PythonFloat(value));

    [Theory]
    [InlineData(0.125, 2, "0.12")]
    [InlineData(0.375, 2, "0.38")]
    [InlineData(0.625, 2, "0.62")]
    [InlineData(1.005, 2, "1.00")]
    [InlineData(2.0 / 3, 2, "0.67")]
    [InlineData(0, 2, "0.00")]
    [InlineData(-0.5, 0, "-0")]
    [InlineData(123.456, 1, "123.5")]
    [InlineData(double.NaN, 2, "nan")]
    public void Decimals_are_those_of_Python(double value, int digits, string expected) =>
        Assert.Equal(expected, Metrics.Fixed(value, digits));

    [Fact]
    public void Vectors_of_different_lengths_are_refused()
    {
        var error = Assert.Throws<ShapeException>(() => Metrics.AccuracyScore(Jnp.Array([0, 1]), Jnp.Array([0])));
        Assert.Contains("2 true and 1 predicted", error.Message);
        Assert.Throws<ShapeException>(() =>
            Metrics.AccuracyScore(
                Jnp.Array([
                    [0, 1],
                ]),
                Jnp.Array([0])
            )
        );
    }
}
