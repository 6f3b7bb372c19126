using System.Collections.Generic;
using System.IO;
using System.Linq;
using JaxSharp.Examples.Introduction;
using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Data.Tests;

/// <summary>The example <c>examples/Introduction</c> computes what JAX computed for the same program.</summary>
public sealed class IntroductionTests
{
    public static TheoryData<string> Trainings => [.. Recorded.Ids.Where(id => id.StartsWith("training/"))];

    [Fact]
    public void Derivatives_of_the_sigmoid_are_those_of_Jax()
    {
        var recorded = Recorded.Case("intro sigmoid");
        var curves = SigmoidDerivatives.Run();
        Recorded.Close(Recorded.Doubles(curves.X), recorded.GetProperty("x"), recorded);
        Recorded.Close(Recorded.Doubles(curves.Sigmoid), recorded.GetProperty("sigmoid"), recorded);
        Recorded.Close(Recorded.Doubles(curves.Gradient), recorded.GetProperty("gradient"), recorded);
        Recorded.Close(Recorded.Doubles(curves.Curvature), recorded.GetProperty("hessian"), recorded);
        Assert.Equal([0.5, 0.25, 0], curves.AtZero);
    }

    [Fact]
    public void Weights_are_those_of_Jax()
    {
        var recorded = Recorded.Case("intro w_0");
        var w = JaxRandom.Normal(JaxRandom.PRNGKey(0), 20);
        Recorded.Close(Recorded.Doubles(w), recorded.GetProperty("out"), recorded);
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Training_is_that_of_Jax(string id)
    {
        var recorded = Recorded.Case(id);
        using var precision = JaxConfig.X64(recorded.TryGetProperty("x64", out _));
        var data = Dataset.Load(
            recorded.GetProperty("data").GetString()!.Replace("intro data random_state=", "random-state-")
        );
        var w = Recorded.Case("intro w_0").GetProperty("out").Array();
        var training = LogisticRegression.Train(
            data,
            w,
            recorded.GetProperty("eta").GetDouble(),
            recorded.GetProperty("n_iter").GetInt32(),
            tutorialCost: true
        );

        Assert.Equal(recorded.GetProperty("first_cost").GetDouble(), training.FirstCost, 1e-5);
        Recorded.Close(training.Losses, recorded.GetProperty("losses"), recorded.GetProperty("losses_tol"));
        Recorded.Close(Recorded.Doubles(training.C), recorded.GetProperty("c"), recorded.GetProperty("c_tol"));
        Recorded.Close(Recorded.Doubles(training.W), recorded.GetProperty("w"), recorded.GetProperty("w_tol"));
        Recorded.Close(
            Recorded.Doubles(training.TestProbabilities),
            recorded.GetProperty("test_probabilities"),
            recorded.GetProperty("test_probabilities_tol")
        );
        var borderline = recorded.GetProperty("borderline_iterations").Integers().ToHashSet();
        SameAccuracies(recorded.GetProperty("accuracies_train").Doubles(), training.TrainAccuracies, borderline);
        SameAccuracies(recorded.GetProperty("accuracies_test").Doubles(), training.TestAccuracies, borderline);
        Assert.Equal(recorded.GetProperty("predictions").Doubles(), Recorded.Doubles(training.TestPredictions));

        var truth = data.YTest.AsType(DType.I32);
        Assert.Equal(
            recorded.GetProperty("classification_report").GetString(),
            Metrics.ClassificationReport(truth, training.TestPredictions)
        );
        Assert.Equal(
            recorded.GetProperty("confusion_matrix").Doubles(),
            Recorded.Doubles(Metrics.ConfusionMatrix(truth, training.TestPredictions))
        );
        Assert.Equal(
            recorded.GetProperty("accuracy_test").GetDouble(),
            Metrics.AccuracyScore(truth, training.TestPredictions),
            1e-9
        );
    }

    [Fact]
    public void The_stable_cost_has_the_value_and_gradient_of_the_tutorial()
    {
        // In double precision: in single the tutorial's formula loses digits where a prediction is nearly certain.
        using var precision = JaxConfig.X64();
        var data = Dataset.Load("random-state-3");
        var w = JaxRandom.Normal(JaxRandom.PRNGKey(0), 20);
        var stable = LogisticRegression.Train(data, w, 0.1, 20);
        var fragile = LogisticRegression.Train(data, w, 0.1, 20, tutorialCost: true);
        Assert.All(stable.Losses.Zip(fragile.Losses), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
    }

    [Fact]
    public void The_stable_cost_survives_where_the_tutorial_breaks()
    {
        var data = Dataset.Load("random-state-0");
        var w = Jnp.Full(20, 50.0);
        Assert.False(double.IsFinite(LogisticRegression.Train(data, w, 0.1, 1, tutorialCost: true).Losses[0]));
        Assert.True(double.IsFinite(LogisticRegression.Train(data, w, 0.1, 1).Losses[0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_small_run_learns_and_draws(int seed)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var output = new StringWriter();
            var steps = new List<int>();
            var config = new Config(Iterations: 30, Seed: seed, Out: folder);
            Tutorial.RunSigmoid(config, output);
            var results = Tutorial.RunLogisticRegression(config, output, steps.Add);

            Assert.True(results.Training.Losses[^1] < results.Training.FirstCost);
            Assert.Equal(Enumerable.Range(1, 30), steps);
            Assert.Contains(results.Report, output.ToString());
            Assert.Equal(
                ["accuracy.png", "accuracy.svg", "sigmoid.png", "sigmoid.svg"],
                Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order()
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void SameAccuracies(double[] expected, List<double> got, HashSet<int> borderline)
    {
        Assert.Equal(expected.Length, got.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!borderline.Contains(i))
            {
                Assert.Equal(expected[i], got[i], 1e-6);
            }
        }
    }
}
