using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Haiku;
using Path = (string Path, string Name);

namespace JaxSharp.Goldens;

/// <summary>Gradients of modules with respect to parameters and inputs, and their calls under Jit.</summary>
internal sealed class ModuleTransforms
{
    private readonly ModuleRecord record;
    private readonly ModuleStep step;
    private readonly Path[] paths;
    private readonly Path[] statePaths;
    private readonly NDArray[] parameters;
    private readonly NDArray[] state;
    private readonly ArrayValue[] inputs;
    private readonly bool[] isDifferentiable;
    private readonly NDArray[] cotangents;

    private ModuleTransforms(ModuleRecord record, Hk.Params parameters, Hk.State state)
    {
        this.record = record;
        step = record.Steps[0];
        var flat = ModuleCases.Flatten(parameters);
        paths = [.. flat.Keys];
        this.parameters = [.. flat.Values];
        var flatState = ModuleCases.Flatten(state);
        statePaths = [.. flatState.Keys];
        this.state = [.. flatState.Values];
        inputs =
        [
            .. step
                .Arguments.Concat(
                    step.Keywords.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(e => e.Value)
                )
                .SelectMany(OutputComparison.Flatten),
        ];
        isDifferentiable = [.. inputs.Select(input => ElementReader.IsFloating(input.DType))];
        cotangents = record.Cotangent is null
            ? []
            : [.. OutputComparison.Flatten(record.Cotangent).Select(ArrayBridge.FromValue)];
    }

    public static string? Check(ModuleRecord record, Hk.Params parameters, Hk.State state) =>
        new ModuleTransforms(record, parameters, state).Check();

    private string? Check()
    {
        NDArray[] inputArrays = Array.ConvertAll(inputs, ArrayBridge.FromValue);
        if (cotangents.Length > 0)
        {
            string? difference = GradientDifference("vjp", Gradients(parameters, state, inputArrays));
            if (difference is not null)
            {
                return difference;
            }
        }

        return CheckJit(inputArrays);
    }

    // Results, the new state and the gradients come out of one program.
    private string? CheckJit(NDArray[] inputArrays)
    {
        Path[] newPaths = [];
        int results = 0;
        NDArray[] all;
        try
        {
            all = FlatTransforms.Jit(
                arrays =>
                {
                    NDArray[] p = arrays[..paths.Length];
                    NDArray[] s = arrays[paths.Length..(paths.Length + state.Length)];
                    NDArray[] x = arrays[(paths.Length + state.Length)..];
                    var (leaves, newState) = Apply(p, s, x, step.Output);
                    results = leaves.Length;
                    newPaths = [.. newState.Keys];
                    NDArray[] gradients = cotangents.Length > 0 ? Gradients(p, s, x) : [];
                    return [.. leaves, .. newState.Values, .. gradients];
                },
                [.. parameters, .. state, .. inputArrays]
            );
        }
        catch (ConcretizationException)
        {
            return null;
        }
        catch (JaxException error)
        {
            return $"jit: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
        }

        ArrayValue[] expected = OutputComparison.Flatten(step.Output);
        for (int i = 0; i < results; i++)
        {
            if (
                Comparison.Difference(ArrayBridge.ToValue(all[i]), expected[i], step.Tolerance, exact: false)
                is string difference
            )
            {
                return $"jit: result {i}: {difference}";
            }
        }

        var stateAfter = newPaths.Zip(all[results..]).ToDictionary(pair => pair.First, pair => pair.Second);
        return ModuleCases.CheckState("jit: state", ModuleCases.State(stateAfter), step.StateOut, step.StateTolerance)
            ?? (cotangents.Length == 0 ? null : GradientDifference("jit: vjp", all[(results + newPaths.Length)..]));
    }

    private (NDArray[] Leaves, Dictionary<Path, NDArray> State) Apply(
        NDArray[] parameterArrays,
        NDArray[] stateArrays,
        NDArray[] inputArrays,
        GoldenValue shape
    )
    {
        var converter = new ArgumentConverter(strict: false);
        for (int i = 0; i < inputs.Length; i++)
        {
            converter.Replace(inputs[i], inputArrays[i]);
        }

        var (result, after) = ModuleCases
            .Network(record, step)
            .Apply(
                ModuleCases.Parameters(paths.Zip(parameterArrays, KeyValuePair.Create)),
                ModuleCases.State(statePaths.Zip(stateArrays, KeyValuePair.Create)),
                ModuleCases.RngOf(record.ApplySeed),
                converter
            );
        return ([.. PairedLeaves.Of(result, shape).Select(leaf => (NDArray)leaf.Got!)], ModuleCases.Flatten(after));
    }

    /// <summary>Gradients of all parameters, then of the floating inputs.</summary>
    private NDArray[] Gradients(NDArray[] parameterArrays, NDArray[] stateArrays, NDArray[] inputArrays)
    {
        NDArray[] differentiable = [.. inputArrays.Where((_, i) => isDifferentiable[i])];
        return FlatTransforms.Vjp(
            arrays =>
            {
                var given = new Queue<NDArray>(arrays[paths.Length..]);
                NDArray[] x = [.. inputArrays.Select((input, i) => isDifferentiable[i] ? given.Dequeue() : input)];
                return Apply(arrays[..paths.Length], stateArrays, x, record.Cotangent!).Leaves;
            },
            [.. parameterArrays, .. differentiable],
            cotangents
        );
    }

    private string? GradientDifference(string label, NDArray[] gradients)
    {
        if (record.ParamGradients is RecordedArrays recorded)
        {
            var got = paths.Zip(gradients).ToDictionary(pair => pair.First, pair => pair.Second);
            if (recorded.Difference(label, got, recorded.Tolerance) is string difference)
            {
                return difference;
            }
        }

        ArrayValue[] expected = record.InputGradients;
        for (int i = 0; i < expected.Length; i++)
        {
            ArrayValue got = ArrayBridge.ToValue(gradients[paths.Length + i]);
            if (
                Comparison.Difference(got, expected[i], record.InputGradientsTolerance, exact: false)
                is string difference
            )
            {
                return $"{label}: input {i}: {difference}";
            }
        }

        return null;
    }
}
