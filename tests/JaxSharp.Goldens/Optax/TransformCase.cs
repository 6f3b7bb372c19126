using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using JaxSharp.Optax;

namespace JaxSharp.Goldens.Optax;

/// <summary>A recorded run of a gradient transformation: gradients in, updates and parameters of each step out.</summary>
internal sealed record TransformCase(
    Recipe Recipe,
    GoldenValue Parameters,
    GoldenValue[] Gradients,
    IReadOnlyDictionary<string, GoldenValue>[] Extra,
    GoldenValue[] Updates,
    GoldenValue[] ParametersOut,
    GoldenValue StateOut,
    Tolerance UpdatesTolerance,
    Tolerance ParametersTolerance,
    Tolerance StateTolerance
)
{
    public static TransformCase Parse(JsonElement json)
    {
        var recipe = Recipe.Parse(json, "transform");
        if (json.TryGetProperty("factory", out JsonElement factory))
        {
            recipe = recipe with { Arguments = [new TextValue(factory.GetString()!), .. recipe.Arguments] };
        }

        return new TransformCase(
            recipe,
            GoldenValue.Parse(json.GetProperty("params")),
            List(json, "grads"),
            [.. List(json, "extra").Select(extra => ((MapValue)extra).Items)],
            List(json, "updates"),
            List(json, "params_out"),
            GoldenValue.Parse(json.GetProperty("state_out")),
            ToleranceOf(json, ""),
            ToleranceOf(json, "params_out_"),
            ToleranceOf(json, "state_")
        );
    }

    /// <summary>The first difference between the recorded run and ours, step by step and as one compiled step; null if there is none.</summary>
    public string? Difference()
    {
        var transformation = (GradientTransformation)Recipe.Build();
        return Run("", transformation.Update, transformation)
            ?? Run(
                "jit: ",
                (g, s, p, e) => Jax.Jit((object g, OptState s, object p) => transformation.Update(g, s, p, e))(g, s, p),
                transformation
            );
    }

    private string? Run(string label, Step step, GradientTransformation transformation)
    {
        var parameters = Values.ToTree(Parameters);
        var state = transformation.Init(parameters);
        for (int i = 0; i < Gradients.Length; i++)
        {
            var gradient = Values.ToGradient(Gradients[i], parameters);
            (object updates, state) = step(
                gradient,
                state,
                parameters,
                Values.ToExtraArgs(i < Extra.Length ? Extra[i] : null)
            );
            parameters = JaxSharp.Optax.Optax.ApplyUpdates(parameters, updates);
            string? difference =
                StateComparison.Difference($"{label}updates of step {i}", updates, Updates[i], UpdatesTolerance)
                ?? StateComparison.Difference(
                    $"{label}parameters after step {i}",
                    parameters,
                    ParametersOut[i],
                    ParametersTolerance
                );
            if (difference is not null)
            {
                return difference;
            }
        }

        return StateComparison.Difference($"{label}state", state, StateOut, StateTolerance);
    }

    private static GoldenValue[] List(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(GoldenValue.Parse)]
            : [];

    private static Tolerance ToleranceOf(JsonElement json, string prefix) =>
        new(Number(json, prefix + "rtol"), Number(json, prefix + "atol"));

    private static double Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement number) ? number.GetDouble() : 0;

    private delegate (object Updates, OptState State) Step(
        object updates,
        OptState state,
        object parameters,
        ExtraArgs? extraArgs
    );
}
