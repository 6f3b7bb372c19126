using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace JaxSharp.Goldens;

/// <summary>A call of a module with what it gave.</summary>
/// <param name="Arguments">The positional arguments.</param>
/// <param name="Keywords">The arguments by keyword.</param>
/// <param name="Output">The result.</param>
/// <param name="Tolerance">The tolerance of the result.</param>
/// <param name="StateOut">The state after the call.</param>
/// <param name="StateTolerance">The tolerance of the state.</param>
public sealed record ModuleStep(
    GoldenValue[] Arguments,
    IReadOnlyDictionary<string, GoldenValue> Keywords,
    GoldenValue Output,
    Tolerance Tolerance,
    RecordedArrays? StateOut,
    Tolerance StateTolerance
);

/// <summary>A module of Haiku: how it is made, initialised and called, and what came of that.</summary>
public sealed record ModuleRecord
{
    public required ModuleValue Module { get; init; }

    /// <summary>The call, then further calls with the state that each one left.</summary>
    public required ModuleStep[] Steps { get; init; }

    /// <summary>Keywords that take the place of those of the call while parameters are made.</summary>
    public IReadOnlyDictionary<string, GoldenValue> InitKeywords { get; init; } = new Dictionary<string, GoldenValue>();

    /// <summary>The method to call; null for the module itself.</summary>
    public string? Method { get; init; }

    /// <summary>A function that gets the module as its first argument, in place of a call.</summary>
    public string? Via { get; init; }
    public int? Seed { get; init; }
    public int? ApplySeed { get; init; }
    public RecordedArrays? Params { get; init; }

    /// <summary>Parameters for the calls, where those made by the initialisers would tell little.</summary>
    public MapValue? ApplyParams { get; init; }
    public RecordedArrays? State { get; init; }
    public GoldenValue? Cotangent { get; init; }
    public RecordedArrays? ParamGradients { get; init; }
    public ArrayValue[] InputGradients { get; init; } = [];
    public Tolerance InputGradientsTolerance { get; init; }

    /// <summary>How the module prints.</summary>
    public string? Text { get; init; }

    public static ModuleRecord Parse(JsonElement json)
    {
        ModuleStep first = ParseStep(json.GetProperty("call"), json);
        return new ModuleRecord
        {
            Module = new ModuleValue(json.GetProperty("module").GetString()!, List(json, "args"), Map(json, "kwargs")),
            Steps = json.TryGetProperty("then", out JsonElement then)
                ? [first, .. then.EnumerateArray().Select(step => ParseStep(step, step))]
                : [first],
            InitKeywords = Map(json, "init_kwargs"),
            Method = OptionalText(json, "method"),
            Via = OptionalText(json, "via"),
            Seed = Integer(json, "rng"),
            ApplySeed = Integer(json, "apply_rng"),
            Params = RecordedArrays.Parse(json, "params"),
            ApplyParams = json.TryGetProperty("apply_params", out JsonElement parameters)
                ? (MapValue)GoldenValue.Parse(parameters)
                : null,
            State = RecordedArrays.Parse(json, "state"),
            Cotangent = json.TryGetProperty("ct", out JsonElement cotangent) ? GoldenValue.Parse(cotangent) : null,
            ParamGradients = RecordedArrays.Parse(json, "param_grads"),
            InputGradients = [.. List(json, "input_grads").SelectMany(OutputComparison.Flatten)],
            InputGradientsTolerance = ToleranceOf(json, "input_grads_tol"),
            Text = OptionalText(json, "repr"),
        };
    }

    public static Tolerance ToleranceOf(JsonElement json, string? name = null) =>
        name is null ? new(Number(json, "rtol"), Number(json, "atol"))
        : json.TryGetProperty(name, out JsonElement tolerance) ? ToleranceOf(tolerance)
        : Tolerance.Exact;

    private static ModuleStep ParseStep(JsonElement call, JsonElement results)
    {
        Tolerance tolerance = ToleranceOf(results);
        return new ModuleStep(
            List(call, "args"),
            Map(call, "kwargs"),
            results.TryGetProperty("out", out JsonElement output) ? GoldenValue.Parse(output) : NoneValue.Instance,
            tolerance,
            RecordedArrays.Parse(results, "state_out"),
            results.TryGetProperty("state_out_tol", out _) ? ToleranceOf(results, "state_out_tol") : tolerance
        );
    }

    private static GoldenValue[] List(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(GoldenValue.Parse)] : [];

    private static Dictionary<string, GoldenValue> Map(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement map)
            ? map.EnumerateObject().ToDictionary(entry => entry.Name, entry => GoldenValue.Parse(entry.Value))
            : [];

    private static string? OptionalText(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    private static int? Integer(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number
            ? number.GetInt32()
            : null;

    private static double Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement number) ? number.GetDouble() : 0;
}

/// <summary>An initialiser of Haiku, the shape it is called with, and what it gave.</summary>
public sealed record InitializerRecord(InitializerValue Initializer, GoldenValue Shape, GoldenValue DType, int Seed)
{
    public static InitializerRecord Parse(JsonElement json) =>
        new(
            (InitializerValue)GoldenValue.Parse(json),
            GoldenValue.Parse(json.GetProperty("shape")),
            GoldenValue.Parse(json.GetProperty("dtype")),
            json.GetProperty("rng").GetInt32()
        );
}
