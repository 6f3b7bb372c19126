using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace JaxSharp.Peers;

/// <summary>All that was measured, as it is stored.</summary>
internal sealed record Measurements(Machine Machine)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
    };

    public IReadOnlyList<RowResult> Rows { get; init; } = [];

    /// <summary>Times against sizes.</summary>
    public IReadOnlyList<Growth> Growth { get; init; } = [];

    /// <summary>Times with one thread and with all.</summary>
    public IReadOnlyList<ThreadResult> Threads { get; init; } = [];

    public IReadOnlyList<MemoryResult> Memory { get; init; } = [];

    /// <exception cref="JsonException">The file holds something else.</exception>
    public static Measurements Read(string path) =>
        JsonSerializer.Deserialize<Measurements>(File.ReadAllText(path), Format)
        ?? throw new JsonException($"{path} holds null.");

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Format) + "\n");
}

/// <summary>A row: medians in milliseconds, what ours achieves, and its share of what limits it.</summary>
internal sealed record RowResult(
    string Name,
    double OursMs,
    double? PeerMs,
    double? Gflops,
    double? Gbps,
    double? LimitShare
)
{
    /// <summary>Above 1 where ours is faster.</summary>
    public double? Ratio => PeerMs / OursMs;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }
}

/// <summary>How times grow with something.</summary>
internal sealed record Growth(string Name, string Axis, IReadOnlyList<GrowthPoint> Points);

/// <summary>Medians at one size, and the time of the first call less that of another.</summary>
internal sealed record GrowthPoint(int At, double OursMs, double? PeerMs, double CompileMs);

/// <summary>Medians with one thread and with all.</summary>
internal sealed record ThreadResult(
    string Name,
    double OursOneMs,
    double OursAllMs,
    double? PeerOneMs,
    double? PeerAllMs
);

/// <summary>The most memory that processes which do nothing else had resident.</summary>
internal sealed record MemoryResult(string Name, double OursMib, double? PeerMib);
