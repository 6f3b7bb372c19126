using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using CsCheck;
using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Data.Tests;

#pragma warning disable xUnit1051 // Most runs are not to be cancelled.

public sealed class TrainingLoopTests
{
    private const int Epochs = 3;

    private static readonly NDArray X = JaxRandom.Normal(JaxRandom.Key(0), (22, 3));
    private static readonly NDArray Y = Jnp.Dot(X, Jnp.Array([1f, -2f, 3f]));

    private static readonly DataLoader<(NDArray X, NDArray Y)> Loader = DataLoader
        .Create((X, Y), 4, shuffle: JaxRandom.Key(1))
        .Map((batch, key) => (batch.X + (0.01 * JaxRandom.Normal(key, batch.X.Shape)), batch.Y), JaxRandom.Key(2));

    private static readonly Func<State, (NDArray X, NDArray Y), (State, Dictionary<string, NDArray>)> JitStep = Jax.Jit<
        State,
        (NDArray X, NDArray Y),
        (State, Dictionary<string, NDArray>)
    >(Step);

    private static readonly State Start = new(
        new() { ["w"] = Jnp.Zeros(3), ["b"] = 0.5 },
        [Jnp.Zeros(3), Jnp.Zeros(Shape.Scalar)],
        JaxRandom.Key(5),
        0
    );

    [Fact]
    public void Epochs_have_averages_over_samples_and_evaluations()
    {
        var loop = new TrainingLoop<NDArray, NDArray>(
            (state, batch) => (state + batch.Length, new() { ["mean"] = Jnp.Mean(batch) }),
            DataLoader.Create(Jnp.Arange(5.0), 2)
        )
        {
            Evaluate = state => new Dictionary<string, double> { ["seen"] = (double)state },
        };
        var result = loop.Run(0, epochs: 2);

        Assert.Equal(10, (int)result.State);
        Assert.Equal((TrainingEnd.Completed, new LoaderPosition(2, 0)), (result.End, result.Position));
        Assert.Equal([0, 1], result.History.Select(epoch => epoch.Epoch));
        Assert.All(result.History, epoch => Assert.Equal(2.0, epoch.Train["mean"]));
        Assert.Equal([5.0, 10.0], result.History.Select(epoch => epoch.Evaluation["seen"]));
    }

    [Fact]
    public void Training_learns()
    {
        var result = NewLoop(null).Run(Start, 60);
        Assert.InRange(result.History[^1].Train["loss"], 0, 0.01);
        Assert.Equal(360, (int)result.State.Count);
    }

    [Fact]
    public void Progress_is_told_every_step_and_epoch()
    {
        var progress = new Recorder();
        var loop = new TrainingLoop<NDArray, NDArray>(
            (state, batch) => (state, new() { ["mean"] = Jnp.Mean(batch) }),
            DataLoader.Create(Jnp.Arange(3.0), 2)
        )
        {
            Progress = progress,
        };
        loop.Run(0, 2);
        Assert.Equal(
            ["0.0 of 2x2: 0.5", "0.1 of 2x2: 1", "epoch 0: 1", "1.0 of 2x2: 0.5", "1.1 of 2x2: 1", "epoch 1: 1"],
            progress.Lines
        );
    }

    [Fact]
    public void A_run_that_is_cancelled_anywhere_and_resumed_has_the_bits_of_one_that_is_not()
    {
        var expected = NewLoop(null).Run(Start, Epochs);
        int steps = Epochs * Loader.BatchesPerEpoch;
        for (int cancelled = 0; cancelled <= steps; cancelled++)
        {
            using var folder = new TemporaryFolder();
            using var source = new CancellationTokenSource();
            var canceller = new Canceller(cancelled, source);
            var first = NewLoop(folder["run"], canceller).Run(Start, Epochs, source.Token);
            Assert.Equal(cancelled < steps ? TrainingEnd.Cancelled : TrainingEnd.Completed, first.End);
            Assert.Equal(cancelled, (first.Position.Epoch * Loader.BatchesPerEpoch) + first.Position.Step);

            Same(expected, NewLoop(folder["run"]).Resume(Start, Epochs));
        }
    }

    [Fact]
    public void A_run_that_crashes_anywhere_any_number_of_times_has_the_bits_of_one_that_does_not()
    {
        var expected = NewLoop(null).Run(Start, Epochs);
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 18].List[0, 4])
            .Sample(
                (every, crashes) =>
                {
                    using var folder = new TemporaryFolder();
                    foreach (int steps in crashes)
                    {
                        int left = steps;
                        var crashing = NewLoop(
                            folder["run"],
                            step: (state, batch) => left-- == 0 ? throw new TimeoutException() : JitStep(state, batch),
                            every: every
                        );
                        try
                        {
                            crashing.Resume(Start, Epochs);
                        }
                        catch (TimeoutException)
                        {
                            // Whatever was not saved is lost.
                        }
                    }

                    Same(expected, NewLoop(folder["run"]).Resume(Start, Epochs));
                },
                iter: 20,
                threads: 1
            );
    }

    [Fact]
    public void A_weak_type_stays_weak()
    {
        using var folder = new TemporaryFolder();
        var loop = new TrainingLoop<(NDArray Weak, NDArray Strong), NDArray>(
            (state, _) => ((state.Weak + 1, state.Weak.AsType(DType.F32)), []),
            DataLoader.Create(Jnp.Zeros(2), 1)
        )
        {
            CheckpointPath = folder["run"],
        };
        var state = loop.Run((1.5, 2.5), 1).State;
        Assert.Equal((true, false), (state.Weak.WeakType, state.Strong.WeakType));
        state = loop.Resume((Jnp.Zeros(Shape.Scalar), 0.0), 1).State;
        Assert.Equal((true, false), (state.Weak.WeakType, state.Strong.WeakType));
        Assert.Equal((3.5, 2.5), ((double)state.Weak, (double)state.Strong));
    }

    [Fact]
    public void A_step_may_take_over_the_memory_of_the_state()
    {
        using var folder = new TemporaryFolder();
        var step = Jax.Jit<NDArray, NDArray, (NDArray, Dictionary<string, NDArray>)>(
            (state, batch) => (state + batch, []),
            donateArgNums: 0
        );
        var loop = new TrainingLoop<NDArray, NDArray>(step, DataLoader.Create(Jnp.Ones(6), 1))
        {
            CheckpointPath = folder["run"],
            CheckpointSteps = 1,
        };
        NDArray start = Jnp.Zeros(5000);
        loop.Run(start, 1);
        Assert.Contains("donated", Assert.Throws<JaxArgumentException>(() => start.ToArray<float>()).Message);
        var result = loop.Resume(Jnp.Zeros(5000), 3);
        Assert.All(result.State.ToArray<float>(), value => Assert.Equal(18, value));
    }

    [Fact]
    public void Training_stops_early_and_stays_stopped()
    {
        using var folder = new TemporaryFolder();
        var loop = new TrainingLoop<NDArray, NDArray>(
            (state, _) => (state + 1, new() { ["loss"] = Jnp.Abs(state - 4) }),
            DataLoader.Create(Jnp.Zeros(1), 1)
        )
        {
            CheckpointPath = folder["run"],
            StopWhen = EarlyStopping.WithoutImprovement("loss", patience: 3),
        };
        var result = loop.Run(0.0, 100);
        Assert.Equal((TrainingEnd.StoppedEarly, 8.0), (result.End, (double)result.State));
        var again = loop.Resume(0.0, 100);
        Assert.Equal((TrainingEnd.StoppedEarly, 8.0), (again.End, (double)again.State));
        Assert.Equal([4, 3, 2, 1, 0, 1, 2, 3], again.History.Select(epoch => epoch.Train["loss"]));
    }

    [Theory]
    [InlineData("3 2 1 1 1", 2, 0, false, true)]
    [InlineData("3 2 1 1 0.5", 2, 0, false, false)]
    [InlineData("3 2.9 2.8", 2, 0.5, false, true)]
    [InlineData("1 2 3 3", 1, 0, true, true)]
    [InlineData("1 2 3 4", 1, 0, true, false)]
    [InlineData("NaN NaN", 2, 0, false, true)]
    [InlineData("", 1, 0, false, false)]
    public void Early_stopping_waits_for_an_improvement(
        string values,
        int patience,
        double minDelta,
        bool maximize,
        bool stops
    )
    {
        var none = new Dictionary<string, double>();
        List<EpochResult> history =
        [
            .. values
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(value => new EpochResult(
                    0,
                    none,
                    new Dictionary<string, double> { ["m"] = double.Parse(value) }
                )),
        ];
        Assert.Equal(stops, EarlyStopping.WithoutImprovement("m", patience, minDelta, maximize)(history));
    }

    [Fact]
    public void Numbers_that_are_none_come_back_too()
    {
        using var folder = new TemporaryFolder();
        var loop = new TrainingLoop<NDArray, NDArray>(
            (state, batch) => (state, new() { ["nan"] = double.NaN, ["inf"] = double.NegativeInfinity }),
            DataLoader.Create(Jnp.Zeros(1), 1)
        )
        {
            CheckpointPath = folder["a/b/run"],
        };
        loop.Run(0, 1);
        Assert.Equal(
            [double.NaN, double.NegativeInfinity],
            loop.Resume(0, 1).History.Single().Train.OrderByDescending(pair => pair.Key).Select(pair => pair.Value)
        );
        Assert.Equal("run", Path.GetFileName(Assert.Single(Directory.GetFiles(folder["a/b"]))));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var folder = new TemporaryFolder();
        NewLoop(folder["run"]).Run(Start, 1);

        Assert.Throws<TreeException>(() => NewLoop(folder["run"]).Resume(Start with { Key = null! }, 1));
        Says<JaxArgumentException>("batchSize", () => With(DataLoader.Create((X, Y), 5, shuffle: JaxRandom.Key(1))));
        Says<JaxArgumentException>(
            "count",
            () => With(DataLoader.Create((X[1..], Y[1..]), 4, shuffle: JaxRandom.Key(1)))
        );
        Says<JaxArgumentException>(
            "dropLast",
            () => With(DataLoader.Create((X, Y), 4, shuffle: JaxRandom.Key(1), dropLast: true))
        );
        Says<JaxArgumentException>(
            "key to shuffle by",
            () => With(DataLoader.Create((X, Y), 4, shuffle: JaxRandom.Key(9)))
        );
        Says<JaxArgumentException>("key to shuffle by", () => With(DataLoader.Create((X, Y), 4)));
        Says<JaxArgumentException>("CheckpointPath", () => NewLoop(null).Resume(Start, 1));
        SafeTensors.Save(folder["run"], Start);
        Says<DataFormatException>("lacks \"format\"", () => NewLoop(folder["run"]).Resume(Start, 1));

        object With(DataLoader<(NDArray X, NDArray Y)> loader) =>
            new TrainingLoop<State, (NDArray X, NDArray Y)>(JitStep, loader) { CheckpointPath = folder["run"] }.Resume(
                Start,
                1
            );
    }

    [Theory]
    [InlineData("version", "2")]
    [InlineData("format", "other")]
    [InlineData("epoch", "-1")]
    [InlineData("epoch", "99999999999")]
    [InlineData("step", "6")]
    [InlineData("step", "1.5")]
    [InlineData("samples", "")]
    [InlineData("history", "null")]
    [InlineData("history", "[null]")]
    [InlineData("history", "[{}]")]
    [InlineData("history", """[{"Epoch":0,"Train":null,"Evaluation":{}}]""")]
    [InlineData("history", "[[[[[[[[[[[[[[[")]
    [InlineData("weak", "{")]
    public void A_checkpoint_with_wrong_texts_is_refused(string name, string value)
    {
        using var folder = new TemporaryFolder();
        string path = folder["run"];
        NewLoop(path).Run(Start, 1);
        var metadata = new Dictionary<string, string>(SafeTensors.LoadMetadata(path)) { [name] = value };
        SafeTensors.Save(path, SafeTensors.Load(path), metadata);
        Says<DataFormatException>(name, () => NewLoop(path).Resume(Start, 1));
    }

    [Fact]
    public void Damage_gives_an_error_or_a_state()
    {
        using var folder = new TemporaryFolder();
        string path = folder["run"];
        NewLoop(path).Run(Start, 1);
        byte[] bytes = File.ReadAllBytes(path);
        Corruption.Survives(
            bytes,
            damaged =>
            {
                File.WriteAllBytes(path, damaged);
                TrainingCheckpoint<State>.Load(path, Start, Loader.Schedule);
            }
        );
    }

    [Fact]
    public void Metrics_are_checked()
    {
        var averages = new MetricAverages();
        Assert.Empty(averages.Compute());
        averages.Add(new() { ["a"] = 1, ["b"] = Jnp.Array(true) }, 2);
        Assert.Equal(2, averages.Samples);
        Assert.Equal([1.0, 1.0], averages.Compute().Values);
        Says<JaxArgumentException>("[a] after [a, b]", () => Add(new() { ["a"] = 1 }, 2));
        Says<JaxArgumentException>("0 samples", () => Add(new() { ["a"] = 1, ["b"] = 1 }, 0));
        Says<ShapeException>("\"a\" should be a scalar", () => Add(new() { ["a"] = Jnp.Zeros(1), ["b"] = 1 }, 2));
        Says<DTypeException>("real", () => Add(new() { ["a"] = System.Numerics.Complex.One, ["b"] = 1 }, 2));

        object Add(Dictionary<string, NDArray> metrics, int samples)
        {
            averages.Add(metrics, samples);
            return averages;
        }
    }

    [Fact]
    public void The_first_interrupt_cancels_and_the_second_ends()
    {
        using var interrupt = new ConsoleInterrupt();
        var first = new PosixSignalContext(PosixSignal.SIGINT);
        interrupt.OnSignal(first);
        Assert.True(first.Cancel && interrupt.Token.IsCancellationRequested);
        var second = new PosixSignalContext(PosixSignal.SIGINT);
        interrupt.OnSignal(second);
        Assert.False(second.Cancel);
    }

    private static (State, Dictionary<string, NDArray>) Step(State state, (NDArray X, NDArray Y) batch)
    {
        var (key, use) = JaxRandom.Split(state.Key);
        NDArray noise = 0.001 * JaxRandom.Normal(use, batch.Y.Shape);
        var (loss, gradient) = Jax.ValueAndGrad(
            (Dictionary<string, NDArray> p) => Jnp.Mean(Jnp.Square(Jnp.Dot(batch.X, p["w"]) + p["b"] + noise - batch.Y))
        )(state.Parameters);
        NDArray[] momentum = [(0.5 * state.Momentum[0]) + gradient["w"], (0.5 * state.Momentum[1]) + gradient["b"]];
        var parameters = new Dictionary<string, NDArray>
        {
            ["w"] = state.Parameters["w"] - (0.05 * momentum[0]),
            ["b"] = state.Parameters["b"] - (0.05 * momentum[1]),
        };
        return (new State(parameters, momentum, key, state.Count + 1), new() { ["loss"] = loss });
    }

    private static TrainingLoop<State, (NDArray X, NDArray Y)> NewLoop(
        string? path,
        ITrainingProgress? progress = null,
        Func<State, (NDArray X, NDArray Y), (State, Dictionary<string, NDArray>)>? step = null,
        int? every = null
    ) =>
        new(step ?? JitStep, Loader)
        {
            CheckpointPath = path,
            CheckpointSteps = every,
            Progress = progress,
            Evaluate = state => new Dictionary<string, double> { ["w0"] = (double)state.Parameters["w"][0] },
        };

    private static void Same(TrainingResult<State> expected, TrainingResult<State> got)
    {
        Assert.Equal((expected.End, expected.Position), (got.End, got.Position));
        Assert.Equal(Bits(expected.State), Bits(got.State));
        Assert.Equal(expected.History.Count, got.History.Count);
        Assert.All(
            expected.History.Zip(got.History),
            pair =>
            {
                Assert.Equal(pair.First.Epoch, pair.Second.Epoch);
                Assert.Equal(pair.First.Train, pair.Second.Train);
                Assert.Equal(pair.First.Evaluation, pair.Second.Evaluation);
            }
        );
    }

    private static string Bits(State state)
    {
        var stream = new MemoryStream();
        SafeTensors.Save(stream, state);
        string weak = string.Concat(Tree.Leaves(state).Select(leaf => leaf.WeakType ? 'w' : '-'));
        return weak + Convert.ToHexString(stream.ToArray());
    }

    private static void Says<TException>(string text, Func<object> action)
        where TException : Exception => Assert.Contains(text, Assert.Throws<TException>(action).Message);

    internal sealed record State(
        Dictionary<string, NDArray> Parameters,
        NDArray[] Momentum,
        PrngKey Key,
        NDArray Count
    );

    private sealed class Recorder : ITrainingProgress
    {
        public List<string> Lines { get; } = [];

        public void OnStep(StepReport report) =>
            Lines.Add(
                $"{report.Position.Epoch}.{report.Position.Step} of {report.Epochs}x{report.BatchesPerEpoch}: "
                    + $"{report.Averages.Compute()["mean"]}"
            );

        public void OnEpoch(EpochResult result) => Lines.Add($"epoch {result.Epoch}: {result.Train["mean"]}");
    }

    private sealed class Canceller : ITrainingProgress
    {
        private readonly CancellationTokenSource source;
        private int left;

        public Canceller(int steps, CancellationTokenSource source)
        {
            this.source = source;
            left = steps;
            CancelAtZero();
        }

        public void OnStep(StepReport report)
        {
            left--;
            CancelAtZero();
        }

        public void OnEpoch(EpochResult result) => Assert.NotEmpty(result.Evaluation);

        private void CancelAtZero()
        {
            if (left == 0)
            {
                source.Cancel();
            }
        }
    }
}
