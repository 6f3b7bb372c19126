using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace JaxSharp.Goldens;

/// <summary>How far a number may lie from the recorded one; bit for bit where both are absent.</summary>
public readonly record struct Tolerance(double Relative, double Absolute)
{
    public static Tolerance Exact { get; }

    public bool IsExact => Relative == 0 && Absolute == 0;
}

/// <summary>A recorded pull-back: cotangent in, one gradient for each position of <see cref="Wrt"/> out.</summary>
public sealed record VjpRecord(int[] Wrt, GoldenValue Cotangent, GoldenValue[] Gradients, Tolerance Tolerance);

/// <summary>A recorded push-forward: one tangent for each position of <see cref="Wrt"/> in, the output's out.</summary>
public sealed record JvpRecord(int[] Wrt, GoldenValue[] Tangents, GoldenValue Output, Tolerance Tolerance);

/// <summary>One line of a golden file.</summary>
public sealed record GoldenCase
{
    public required string Id { get; init; }

    /// <summary>The function to call, or null for a program.</summary>
    public string? Function { get; init; }

    /// <summary>Python text that defines <c>main</c>; null for a call, and for programs whose result is for orientation only.</summary>
    public string? Source { get; init; }
    public GoldenValue[] Arguments { get; init; } = [];
    public IReadOnlyDictionary<string, GoldenValue> Keywords { get; init; } = new Dictionary<string, GoldenValue>();
    public GoldenValue Output { get; init; } = NoneValue.Instance;
    public Tolerance Tolerance { get; init; }

    /// <summary>The sign of zero counts.</summary>
    public bool Exact { get; init; }
    public bool X64 { get; init; }
    public bool Legacy { get; init; }

    /// <summary>The Python exception that the call raised, or null where it returned.</summary>
    public string? Error { get; init; }
    public string? Message { get; init; }
    public bool NotDifferentiable { get; init; }
    public VjpRecord? Vjp { get; init; }
    public JvpRecord? Jvp { get; init; }

    /// <summary>The whole line, for kinds of cases that are no calls.</summary>
    public JsonElement Json { get; init; }

    /// <summary>A module of Haiku that is made and called, in place of a function.</summary>
    public ModuleRecord? Module { get; init; }

    /// <summary>An initialiser of Haiku that is made and called.</summary>
    public InitializerRecord? Initializer { get; init; }

    public static IEnumerable<GoldenCase> ReadFile(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            if (line.Length > 0)
            {
                using JsonDocument document = JsonDocument.Parse(line);
                yield return Parse(document.RootElement);
            }
        }
    }

    private static GoldenCase Parse(JsonElement json)
    {
        string id = json.GetProperty("id").GetString()!;
        if (json.TryGetProperty("module", out JsonElement module) || json.TryGetProperty("init", out module))
        {
            return new GoldenCase
            {
                Id = id,
                Function = module.GetString(),
                Output = Value(json, "out"),
                Tolerance = ParseTolerance(json),
                X64 = Flag(json, "x64"),
                Module = json.TryGetProperty("module", out _) ? ModuleRecord.Parse(json) : null,
                Initializer = json.TryGetProperty("init", out _) ? InitializerRecord.Parse(json) : null,
            };
        }

        if (!json.TryGetProperty("fn", out JsonElement function))
        {
            return new GoldenCase
            {
                Id = id,
                Source =
                    Flag(json, "orientation")
                    || !(json.TryGetProperty("inputs", out _) || json.TryGetProperty("error", out _))
                        ? null
                        : Text(json, "source"),
                Arguments = ParseList(json, "inputs"),
                Output = Value(json, "out"),
                Tolerance = ParseTolerance(json),
                X64 = Flag(json, "x64"),
                Error = Text(json, "error"),
                Json = json.Clone(),
            };
        }

        return new GoldenCase
        {
            Id = id,
            Function = function.GetString(),
            Arguments = ParseList(json, "args"),
            Keywords = json.TryGetProperty("kwargs", out JsonElement keywords)
                ? keywords.EnumerateObject().ToDictionary(entry => entry.Name, entry => GoldenValue.Parse(entry.Value))
                : new Dictionary<string, GoldenValue>(),
            Output = Value(json, "out"),
            Tolerance = ParseTolerance(json),
            Exact = Flag(json, "exact"),
            X64 = Flag(json, "x64"),
            Legacy = Flag(json, "legacy"),
            Error = Text(json, "error"),
            Message = Text(json, "message"),
            NotDifferentiable = json.TryGetProperty("not_differentiable", out _),
            Vjp = json.TryGetProperty("vjp", out JsonElement vjp)
                ? new VjpRecord(Positions(vjp), Value(vjp, "ct"), ParseList(vjp, "grads"), ParseTolerance(vjp))
                : null,
            Jvp = json.TryGetProperty("jvp", out JsonElement jvp)
                ? new JvpRecord(Positions(jvp), ParseList(jvp, "tangents"), Value(jvp, "out"), ParseTolerance(jvp))
                : null,
        };
    }

    private static GoldenValue[] ParseList(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(GoldenValue.Parse)]
            : [];

    private static int[] Positions(JsonElement json) =>
        [.. json.GetProperty("wrt").EnumerateArray().Select(position => position.GetInt32())];

    private static GoldenValue Value(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? GoldenValue.Parse(value) : NoneValue.Instance;

    private static bool Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement flag) && flag.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    private static Tolerance ParseTolerance(JsonElement json) => new(Number(json, "rtol"), Number(json, "atol"));

    private static double Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number
            ? number.GetDouble()
            : 0;
}
