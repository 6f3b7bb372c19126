using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using JaxSharp.Haiku;
using Path = (string Path, string Name);
using Group = System.Collections.Generic.OrderedDictionary<string, JaxSharp.NDArray>;

namespace JaxSharp.Goldens;

/// <summary>Runs modules and initialisers of Haiku: what they make, compute and print, their gradients, and the same under Jit.</summary>
internal static partial class ModuleCases
{
    public static CaseResult Run(GoldenCase golden, string function)
    {
        GoldenValue made = (GoldenValue?)golden.Module?.Module ?? golden.Initializer!.Initializer;
        if (
            ModuleTable.Missing(made) is not null
            || (golden.Module?.Via is string via && ModuleTable.Functions(via).Length == 0)
        )
        {
            return new CaseResult(golden.Id, function, CaseStatus.NotImplemented);
        }

        string? reason = CaseRunner.Guard(() =>
            golden.Module is ModuleRecord module ? Check(module) : CheckInitializer(golden, golden.Initializer!)
        );
        return new CaseResult(
            golden.Id,
            function,
            reason is null ? CaseStatus.Passed : CaseStatus.Failed,
            reason ?? ""
        );
    }

    private static string? CheckInitializer(GoldenCase golden, InitializerRecord record)
    {
        object? result = Hk.Transform(() =>
            {
                var converter = new ArgumentConverter(strict: false);
                var initializer = (Delegate)ModuleMaker.Make(record.Initializer, converter);
                return Invocation
                    .TryBind(
                        initializer.GetType().GetMethod("Invoke")!,
                        [record.Shape, record.DType],
                        new Dictionary<string, GoldenValue>(),
                        converter
                    )!
                    .Invoke(initializer);
            })
            .Apply(null, record.Seed);
        return OutputComparison.Difference(result, golden.Output, golden.Tolerance, exact: false);
    }

    private static string? Check(ModuleRecord record)
    {
        ModuleStep first = record.Steps[0];
        var (parameters, state) = Network(record, first with { Keywords = Merge(first.Keywords, record.InitKeywords) })
            .Init(RngOf(record.Seed), new ArgumentConverter(strict: false));
        string? difference =
            record.Params!.Difference("parameter", Flatten(parameters), record.Params.Tolerance)
            ?? CheckState("state of init", state, record.State, record.State?.Tolerance ?? Tolerance.Exact);
        if (difference is not null)
        {
            return difference;
        }

        parameters = ParametersOf(record, parameters);
        state = record.State?.Arrays is { } recorded ? StateOf(recorded) : state;
        return CheckSteps(record, parameters, state)
            ?? ModuleTransforms.Check(record, parameters, state)
            ?? CheckText(record);
    }

    public static Hk.TransformedWithState<ArgumentConverter, object?> Network(ModuleRecord record, ModuleStep step) =>
        Hk.TransformWithState(
            (ArgumentConverter converter) => ModuleCall.Run(record, step.Arguments, step.Keywords, converter)
        );

    public static Hk.Rng? RngOf(int? seed) => seed is int value ? value : null;

    public static Dictionary<Path, NDArray> Flatten(Hk.Params parameters) =>
        parameters
            .SelectMany(module => module.Value.Select(entry => (Key: (module.Key, entry.Key), entry.Value)))
            .ToDictionary(entry => entry.Key, entry => entry.Value);

    public static Dictionary<Path, NDArray> Flatten(Hk.State state) =>
        state
            .SelectMany(module => module.Value.Select(entry => (Key: (module.Key, entry.Key), entry.Value)))
            .ToDictionary(entry => entry.Key, entry => (NDArray)entry.Value);

    public static Hk.Params Parameters(IEnumerable<KeyValuePair<Path, NDArray>> arrays)
    {
        var parameters = new Hk.Params();
        foreach (var ((path, name), array) in arrays)
        {
            parameters.TryAdd(path, new Group());
            parameters[path][name] = array;
        }

        return parameters;
    }

    public static Hk.State State(IEnumerable<KeyValuePair<Path, NDArray>> arrays)
    {
        var state = new Hk.State();
        foreach (var ((path, name), array) in arrays)
        {
            state.TryAdd(path, []);
            state[path][name] = array;
        }

        return state;
    }

    private static Hk.Params ParametersOf(ModuleRecord record, Hk.Params made)
    {
        var recorded = record.ApplyParams is MapValue given
            ? RecordedArrays.Flatten(given).ToDictionary(entry => entry.Item1, entry => entry.Item2)
            : record.Params!.Arrays;
        return recorded is null
            ? made
            : Parameters(recorded.Select(entry => KeyValuePair.Create(entry.Key, ArrayBridge.FromValue(entry.Value))));
    }

    private static Hk.State StateOf(IReadOnlyDictionary<Path, ArrayValue> recorded) =>
        State(recorded.Select(entry => KeyValuePair.Create(entry.Key, ArrayBridge.FromValue(entry.Value))));

    private static Dictionary<string, GoldenValue> Merge(
        IReadOnlyDictionary<string, GoldenValue> keywords,
        IReadOnlyDictionary<string, GoldenValue> others
    )
    {
        var merged = keywords.ToDictionary();
        foreach (var (name, value) in others)
        {
            merged[name] = value;
        }

        return merged;
    }

    private static string? CheckText(ModuleRecord record)
    {
        if (record.Text is null)
        {
            return null;
        }

        string got = Hk.TransformWithState(() =>
                new ArgumentConverter(strict: false).Module(record.Module).ToString() ?? ""
            )
            .Apply(null, null, 0)
            .Result;
        return WithoutBrackets(got) == WithoutBrackets(record.Text) ? null : $"prints {got}, expected {record.Text}";
    }

    // Python's tuples and lists are one type in C#, as are a number and a list of one.
    private static string WithoutBrackets(string text) =>
        SingleNumber()
            .Replace(text.Replace('[', '(').Replace(']', ')').Replace(",)", ")", StringComparison.Ordinal), "$1");

    [GeneratedRegex(@"\((-?\d+)\)")]
    private static partial Regex SingleNumber();

    private static string? CheckSteps(ModuleRecord record, Hk.Params parameters, Hk.State state)
    {
        for (int i = 0; i < record.Steps.Length; i++)
        {
            ModuleStep step = record.Steps[i];
            string label = i == 0 ? "" : $"call {i + 1}: ";
            (object? result, state) = Network(record, step)
                .Apply(parameters, state, RngOf(record.ApplySeed), new ArgumentConverter(strict: false));
            string? difference =
                OutputComparison.Difference(result, step.Output, step.Tolerance, exact: false)
                ?? CheckState("state", state, step.StateOut, step.StateTolerance);
            if (difference is not null)
            {
                return label + difference;
            }
        }

        return null;
    }

    public static string? CheckState(string label, Hk.State state, RecordedArrays? recorded, Tolerance tolerance) =>
        recorded?.Difference(label, Flatten(state), tolerance);
}
