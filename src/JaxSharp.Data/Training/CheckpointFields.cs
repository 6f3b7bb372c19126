using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace JaxSharp.Data;

/// <summary>The texts in the file of a checkpoint.</summary>
internal sealed class CheckpointFields(string path, IReadOnlyDictionary<string, string> metadata)
{
    public string this[string name] =>
        metadata.TryGetValue(name, out string? value) ? value : throw Error($"it lacks \"{name}\".");

    public void Expect(string name, string value)
    {
        if (this[name] != value)
        {
            throw Error($"its {name} is \"{this[name]}\", where \"{value}\" is expected.");
        }
    }

    public long Integer(string name, long most) =>
        long.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= most
            ? number
            : throw Error($"its {name} is \"{this[name]}\", where a number from 0 to {most} is expected.");

    public T Json<T>(string name, JsonSerializerOptions options)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(this[name], options) ?? throw Error($"its {name} is null.");
        }
        catch (JsonException exception)
        {
            throw Error($"its {name} is malformed.", exception);
        }
    }

    public DataFormatException Error(string message, Exception? cause = null) =>
        new($"{path} is no checkpoint of this version of TrainingLoop: {message}", cause);
}
