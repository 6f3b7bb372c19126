using JaxSharp.Numpy;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Examples.Introduction;

/// <summary>Part 3: a convolutional network that reads handwritten digits.</summary>
public static class DigitNetwork
{
    /// <summary>
    /// The network as a pair of pure functions: Init makes its parameters, Apply computes a score for each digit from images of shape
    /// [n, 28, 28, 1].
    /// </summary>
    /// <param name="dropout">The rate at which units are dropped; 0 to evaluate, or to train without.</param>
    public static hk.Transformed<NDArray, NDArray> Create(double dropout = 0) =>
        hk.Transform(
            (NDArray images) =>
                new hk.Sequential(
                    new hk.Conv2D(32, kernelShape: 3),
                    Nn.Relu,
                    new hk.MaxPool(2, 2, "SAME"),
                    new hk.Conv2D(64, kernelShape: 3),
                    Nn.Relu,
                    new hk.MaxPool(2, 2, "SAME"),
                    new hk.Flatten(),
                    x => Drop(dropout / 2, x),
                    new hk.Linear(128),
                    Nn.Relu,
                    x => Drop(dropout, x),
                    new hk.Linear(10)
                ).Call(images)
        );

    /// <summary>The mean cross entropy of scores and digits.</summary>
    public static NDArray Loss(NDArray logits, NDArray digits) =>
        jnp.Mean(optax.SoftmaxCrossEntropyWithIntegerLabels(logits, digits));

    /// <summary>The share of images whose best score is that of their digit.</summary>
    public static NDArray Accuracy(NDArray logits, NDArray digits) =>
        jnp.Mean(jnp.Equal(jnp.ArgMax(logits, axis: -1), digits));

    private static NDArray Drop(double rate, NDArray x) => rate == 0 ? x : hk.Dropout(hk.NextRngKey(), rate, x);
}
