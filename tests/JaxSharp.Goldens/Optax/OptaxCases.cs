using System;
using System.Linq;
using System.Text.Json;

namespace JaxSharp.Goldens.Optax;

/// <summary>The kinds of cases that only Optax has: transformations and schedules.</summary>
internal static class OptaxCases
{
    /// <summary>Runs a case of these kinds; null for a case of another kind.</summary>
    public static CaseResult? Run(GoldenCase golden, Func<Func<string?>, string?> guard)
    {
        string? function = Text(golden.Json, "transform") ?? Text(golden.Json, "schedule");
        if (function is null)
        {
            return null;
        }

        try
        {
            string? reason = guard(() =>
                Text(golden.Json, "transform") is null
                    ? ScheduleDifference(golden.Json)
                    : TransformCase.Parse(golden.Json).Difference()
            );
            return new CaseResult(
                golden.Id,
                function,
                reason is null ? CaseStatus.Passed : CaseStatus.Failed,
                reason ?? ""
            );
        }
        catch (MissingFunctionException missing)
        {
            return new CaseResult(golden.Id, function, CaseStatus.NotImplemented, missing.Message);
        }
    }

    private static string? ScheduleDifference(JsonElement json)
    {
        var schedule = (Func<NDArray, NDArray>)Recipe.Parse(json, "schedule").Build();
        int[] steps = [.. json.GetProperty("steps").EnumerateArray().Select(step => step.GetInt32())];
        var expected = (ArrayValue)GoldenValue.Parse(json.GetProperty("values"));
        var tolerance = new Tolerance(json.GetProperty("rtol").GetDouble(), json.GetProperty("atol").GetDouble());
        return Difference("", step => schedule(step)) ?? Difference("jit: ", Jax.Jit((NDArray step) => schedule(step)));

        string? Difference(string label, Func<NDArray, NDArray> function)
        {
            NDArray values = Numpy.Jnp.Stack([.. steps.Select(step => Numpy.Jnp.AsType(function(step), DType.F32))]);
            string? difference = Comparison.ElementDifference(
                ArrayBridge.ToValue(values),
                expected,
                tolerance,
                exact: false
            );
            return difference is null ? null : label + difference;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out JsonElement text)
        && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
