using System;
using System.Collections.Generic;
using JaxSharp.Data;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Examples.Introduction;

/// <summary>Part 2: logistic regression by gradient descent. The gradient is not written down, it is derived.</summary>
public static class LogisticRegression
{
    public static NDArray Sigmoid(NDArray x) => 1 / (1 + jnp.Exp(-x));

    /// <summary>The probability of class 1.</summary>
    public static NDArray Predict(NDArray c, NDArray w, NDArray X) => Sigmoid(jnp.Dot(X, w) + c);

    /// <summary>
    /// Cross entropy as it stands in many tutorials. It is fragile: once a prediction is so certain that it rounds to 0 or 1, it takes
    /// the logarithm of 0, and the cost or its gradient is infinite or NaN.
    /// </summary>
    public static NDArray TutorialCost(NDArray c, NDArray w, NDArray X, NDArray y)
    {
        NDArray p = Predict(c, w, X);
        return -jnp.Mean(y * jnp.Log(p) + (1 - y) * jnp.Log(1 - p));
    }

    /// <summary>The same cost from log σ(z) and log(1 − σ(z)) = log σ(−z), which are computed without σ and never overflow.</summary>
    public static NDArray StableCost(NDArray c, NDArray w, NDArray X, NDArray y)
    {
        NDArray z = jnp.Dot(X, w) + c;
        return -jnp.Mean(y * Nn.LogSigmoid(z) + (1 - y) * Nn.LogSigmoid(-z));
    }

    /// <summary>Trains from c = 1 and random weights.</summary>
    /// <param name="data">Scaled features and labels.</param>
    /// <param name="w">The weights to start from.</param>
    /// <param name="eta">The learning rate.</param>
    /// <param name="iterations">The number of steps.</param>
    /// <param name="tutorialCost">Whether to use the fragile formula of the cost.</param>
    /// <param name="progress">Told the number of steps done.</param>
    public static Training Train(
        Dataset data,
        NDArray w,
        double eta,
        int iterations,
        bool tutorialCost = false,
        Action<int>? progress = null
    )
    {
        Func<NDArray, NDArray, NDArray, NDArray, NDArray> formula = tutorialCost ? TutorialCost : StableCost;
        var cost = Jit(formula);
        var costByC = Jit(Grad(formula, argNums: 0));
        var costByW = Jit(Grad(formula, argNums: 1));
        var predict = Jit(Predict);

        NDArray c = 1.0;
        var training = new Training((double)cost(c, w, data.XTrain, data.YTrain));
        for (int i = 0; i < iterations; i++)
        {
            NDArray current = c;
            c -= eta * costByC(current, w, data.XTrain, data.YTrain);
            w -= eta * costByW(current, w, data.XTrain, data.YTrain);

            training.Losses.Add((double)cost(c, w, data.XTrain, data.YTrain));
            training.TrainAccuracies.Add(Metrics.AccuracyScore(data.YTrain, predict(c, w, data.XTrain) > 0.5));
            training.TestAccuracies.Add(Metrics.AccuracyScore(data.YTest, predict(c, w, data.XTest) > 0.5));
            progress?.Invoke(i + 1);
        }

        training.C = c;
        training.W = w;
        training.TestProbabilities = predict(c, w, data.XTest);
        training.TestPredictions = (training.TestProbabilities > 0.5).AsType(DType.I32);
        return training;
    }

    /// <summary>What training gave.</summary>
    /// <param name="firstCost">The cost before the first step.</param>
    public sealed class Training(double firstCost)
    {
        /// <summary>The cost before the first step.</summary>
        public double FirstCost { get; } = firstCost;

        /// <summary>The cost after each step.</summary>
        public List<double> Losses { get; } = [];

        /// <summary>The accuracy on the training data after each step.</summary>
        public List<double> TrainAccuracies { get; } = [];

        /// <summary>The accuracy on the test data after each step.</summary>
        public List<double> TestAccuracies { get; } = [];

        /// <summary>The intercept.</summary>
        public NDArray C { get; set; } = 0.0;

        /// <summary>The weights.</summary>
        public NDArray W { get; set; } = 0.0;

        /// <summary>The predicted probabilities of the test data.</summary>
        public NDArray TestProbabilities { get; set; } = 0.0;

        /// <summary>The predicted classes of the test data, as integers.</summary>
        public NDArray TestPredictions { get; set; } = 0.0;
    }
}
