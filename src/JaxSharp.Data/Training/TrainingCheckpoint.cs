using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace JaxSharp.Data;

/// <summary>All that training needs to go on as if it had not stopped, and its file.</summary>
/// <param name="State">The state.</param>
/// <param name="Position">The batch to go on with.</param>
/// <param name="Averages">The metrics of the epoch so far.</param>
/// <param name="History">The epochs that were completed.</param>
internal sealed record TrainingCheckpoint<TState>(
    TState State,
    LoaderPosition Position,
    MetricAverages Averages,
    List<EpochResult> History
)
{
    private const string Caller = "TrainingLoop";
    private const string Format = "jaxsharp.training";
    private const string Version = "1";
    private const string StatePrefix = "state/";
    private const string MetricPrefix = "metrics/";
    private const string LoaderKey = "loader/key";

    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 8,
    };

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Save(string path, BatchSchedule schedule)
    {
        var state = NamedLeaves.Of(Caller, State);
        var arrays = new List<(string, DeviceArray)>();
        arrays.AddRange(state.Select(leaf => (StatePrefix + leaf.Name, leaf.Array)));
        arrays.AddRange(
            NamedLeaves
                .Of(Caller, Averages.Sums.ToDictionary(pair => pair.Key, pair => pair.Value))
                .Select(leaf => (MetricPrefix + leaf.Name, leaf.Array))
        );
        if (schedule.Shuffle is { } key)
        {
            arrays.AddRange(NamedLeaves.Of(Caller, key.Data).Select(leaf => (LoaderKey, leaf.Array)));
        }

        var metadata = new Dictionary<string, string>(Describe(schedule))
        {
            ["format"] = Format,
            ["version"] = Version,
            ["epoch"] = Text(Position.Epoch),
            ["step"] = Text(Position.Step),
            ["samples"] = Text(Averages.Samples),
            ["weak"] = JsonSerializer.Serialize(
                state.Where(leaf => leaf.Array.WeakType).Select(leaf => leaf.Name),
                Json
            ),
            ["history"] = JsonSerializer.Serialize(History.Select(Stored.Of), Json),
        };
        AtomicFile.Write(path, stream => SafeTensorsContent.Write(stream, arrays, metadata));
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="DataFormatException">The file is no checkpoint, of another version, or damaged.</exception>
    /// <exception cref="TreeException">It holds another state than the one expected.</exception>
    /// <exception cref="JaxArgumentException">It was made with another loader.</exception>
    public static TrainingCheckpoint<TState> Load(string path, TState like, BatchSchedule schedule)
    {
        using var file = File.OpenRead(path);
        var (arrays, metadata) = SafeTensorsContent.Read(file, Caller, path);
        var fields = new CheckpointFields(path, metadata);
        fields.Expect("format", Format);
        fields.Expect("version", Version);
        CheckLoader(path, fields, arrays, schedule);
        TState state = NamedLeaves.Fit(Caller, path, like, Part(arrays, StatePrefix));
        var position = new LoaderPosition(
            (int)fields.Integer("epoch", int.MaxValue),
            (int)fields.Integer("step", schedule.BatchesPerEpoch - 1)
        );
        long samples = fields.Integer("samples", long.MaxValue);
        var history = fields.Json<List<Stored?>>("history", Json);
        return new TrainingCheckpoint<TState>(
            Weaken(state, fields.Json<HashSet<string>>("weak", Json)),
            position,
            MetricAverages.Restore(Part(arrays, MetricPrefix), samples),
            history.ConvertAll(stored => stored?.Result ?? throw fields.Error("its history lacks an epoch."))
        );
    }

    private static void CheckLoader(
        string path,
        CheckpointFields fields,
        Dictionary<string, DeviceArray> arrays,
        BatchSchedule schedule
    )
    {
        arrays.TryGetValue(LoaderKey, out DeviceArray? key);
        NDArray? expected = schedule.Shuffle?.Data;
        bool same =
            key is null || expected is null
                ? key is null && expected is null
                : key.DType == expected.DType
                    && key.Shape == expected.Shape
                    && key.Bytes().SequenceEqual(((DeviceArray)expected).Bytes());
        var differing = Describe(schedule).FirstOrDefault(pair => fields[pair.Key] != pair.Value);
        if (!same || differing.Key is not null)
        {
            throw new JaxArgumentException(
                $"TrainingLoop cannot resume from {path}: it was made with a loader that has another "
                    + $"{differing.Key ?? "key to shuffle by"}, which would give other batches. Make the loader as it was, or call Run to "
                    + "begin anew."
            );
        }
    }

    private static Dictionary<string, string> Describe(BatchSchedule schedule) =>
        new()
        {
            ["count"] = Text(schedule.Count),
            ["batchSize"] = Text(schedule.BatchSize),
            ["dropLast"] = schedule.DropLast ? "true" : "false",
        };

    private static Dictionary<string, DeviceArray> Part(Dictionary<string, DeviceArray> arrays, string prefix) =>
        arrays
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);

    // Whether a type is weak decides what it becomes in the next step, so it is part of the state.
    private static TState Weaken(TState state, HashSet<string> weak)
    {
        var leaves = NamedLeaves.Of(Caller, state);
        return Tree.Unflatten<TState>(
            Tree.Structure(state),
            [
                .. leaves.Select(leaf =>
                    leaf.Array.WeakType == weak.Contains(leaf.Name)
                        ? leaf.Array
                        : leaf.Array.WithType(leaf.Array.Type with { Weak = !leaf.Array.WeakType })
                ),
            ]
        );
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Stored(int Epoch, Dictionary<string, double> Train, Dictionary<string, double> Evaluation)
    {
        public EpochResult Result => new(Epoch, Train, Evaluation);

        public static Stored Of(EpochResult result) => new(result.Epoch, new(result.Train), new(result.Evaluation));
    }
}
