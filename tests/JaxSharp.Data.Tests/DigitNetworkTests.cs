using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using JaxSharp.Examples.Introduction;
using JaxSharp.TestKit;
using Xunit;
using static JaxSharp.Jax;
using hk = JaxSharp.Haiku.Hk;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Data.Tests;

/// <summary>The network of the introduction's third part computes what Haiku and Optax computed: <c>tests/goldens/mnist_cnn.jsonl</c>.</summary>
public sealed class DigitNetworkTests
{
    private static readonly JsonElement Network = JsonDocument
        .Parse(File.ReadLines(Repository.PathOf("tests", "goldens", "mnist_cnn.jsonl")).First())
        .RootElement;

    private static readonly LabelledImages Train = Mnist.Load().Train;
    private readonly hk.Transformed<NDArray, NDArray> network = DigitNetwork.Create();
    private readonly hk.Params start;

    public DigitNetworkTests()
    {
        start = network.Init(Network.GetProperty("rng").GetInt32(), Images(0, 8));
    }

    [Fact]
    public void First_parameters_scores_loss_and_gradients()
    {
        SameSummary("params_checksum", start);
        Assert.Equal(Network.GetProperty("labels").Doubles(), Recorded.Doubles(Digits(0, 8)));
        var logits = network.Apply(start, null, Images(0, 8));
        Recorded.Close(Recorded.Doubles(logits), Network.GetProperty("logits"), Network.GetProperty("logits_tol"));
        var (loss, gradients) = Jit(ValueAndGrad((hk.Params p) => Loss(p, Images(0, 8), Digits(0, 8))))(start);
        double expected = Network.GetProperty("loss").GetDouble();
        Assert.Equal(expected, (double)loss, Tolerance(Network.GetProperty("loss_tol"), expected));
        SameSummary("grads_checksum", gradients);
    }

    [Fact]
    public void Twenty_steps_of_Adam()
    {
        var optimizer = optax.Adam(1e-3);
        var step = Jit(
            (hk.Params p, Optax.OptState state, NDArray images, NDArray digits) =>
            {
                var (loss, gradients) = ValueAndGrad((hk.Params q) => Loss(q, images, digits))(p);
                var (updates, next) = optimizer.Update(gradients, state, p);
                return (optax.ApplyUpdates(p, updates), next, loss);
            }
        );
        var parameters = start;
        var optimizerState = optimizer.Init(parameters);
        double[] losses = Network.GetProperty("losses").Doubles();
        double rtol = Network.GetProperty("losses_tol").GetProperty("rtol").GetDouble();
        double[] atol = [.. Network.GetProperty("losses_atol_per_step").EnumerateArray().Select(x => x.GetDouble())];
        for (int i = 0; i < losses.Length; i++)
        {
            (parameters, optimizerState, NDArray loss) = step(
                parameters,
                optimizerState,
                Images(32 * i, 32 * (i + 1)),
                Digits(32 * i, 32 * (i + 1))
            );
            Assert.Equal(losses[i], (double)loss, atol[i] + (rtol * losses[i]));
        }

        SameSummary("params_after_20_checksum", parameters);
    }

    private static NDArray Images(int first, int end) => Mnist.ToInputs(Train.Images[first..end]);

    private static NDArray Digits(int first, int end) => Train.Labels[first..end];

    private NDArray Loss(hk.Params p, NDArray images, NDArray digits) =>
        DigitNetwork.Loss(network.Apply(p, null, images), digits);

    private static double Tolerance(JsonElement tolerance, double value) =>
        tolerance.GetProperty("atol").GetDouble() + (tolerance.GetProperty("rtol").GetDouble() * Math.Abs(value));

    private static void SameSummary(string name, hk.Params got)
    {
        var groups = Network.GetProperty(name).EnumerateArray().ToArray();
        Assert.Equal(
            groups.Select(g => $"{g.GetProperty("path")}/{g.GetProperty("name")}").Order(StringComparer.Ordinal),
            got.SelectMany(module => module.Value.Keys.Select(key => $"{module.Key}/{key}"))
                .Order(StringComparer.Ordinal)
        );
        foreach (var group in groups)
        {
            string path = group.GetProperty("path").GetString()!;
            var array = got[path][group.GetProperty("name").GetString()!];
            Assert.Equal(group.GetProperty("shape").Integers(), array.Shape);
            double[] values = Recorded.Doubles(array);
            Check("sum", values.Sum());
            Check("mean_abs", values.Average(Math.Abs));
            Check("norm", Math.Sqrt(values.Sum(x => x * x)));
            double[] first = [.. group.GetProperty("first").EnumerateArray().Select(x => x.GetDouble())];
            for (int i = 0; i < first.Length; i++)
            {
                Assert.Equal(first[i], values[i], group.GetProperty("first_atol").GetDouble());
            }

            void Check(string field, double value) =>
                Assert.Equal(
                    group.GetProperty(field).GetDouble(),
                    value,
                    group.GetProperty(field + "_atol").GetDouble()
                );
        }
    }
}
