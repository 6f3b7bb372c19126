using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Goldens;

/// <summary>The same call under Jit, Vjp, Jvp and Vmap.</summary>
internal static class TransformChecks
{
    public static string? Run(GoldenCase golden, CallCandidate candidate)
    {
        // Bind once more to learn which recorded arrays the call takes as arrays, and whether arrays come back.
        var converter = new ArgumentConverter(strict: false);
        NDArray[]? results = OutputComparison.Flatten(candidate(converter)!.Invoke());
        ArrayValue[] inputs = [.. converter.Used];
        if (results is not { Length: > 0 } || inputs.Length == 0)
        {
            return golden.Vjp is null && golden.Jvp is null ? null : "vjp: the function returns no arrays";
        }

        return CheckJit(golden, candidate, inputs)
            ?? CheckVjp(golden, candidate)
            ?? CheckJvp(golden, candidate)
            ?? CheckVmap(golden, candidate, inputs)
            ?? CheckNotDifferentiable(golden, candidate, inputs);
    }

    /// <summary>The call as a function of some of its arrays.</summary>
    private static Func<NDArray[], NDArray[]> Flat(CallCandidate candidate, IReadOnlyList<ArrayValue> inputs) =>
        arrays =>
        {
            var converter = new ArgumentConverter(strict: false);
            for (int i = 0; i < inputs.Count; i++)
            {
                converter.Replace(inputs[i], arrays[i]);
            }

            BoundCall call =
                candidate(converter)
                ?? throw new ConcretizationException("The call needs the value of an argument that is traced.");
            return OutputComparison.Flatten(call.Invoke())!;
        };

    private static string? CheckJit(GoldenCase golden, CallCandidate candidate, ArrayValue[] inputs)
    {
        NDArray[] results;
        try
        {
            results = FlatTransforms.Jit(Flat(candidate, inputs), Arrays(inputs));
        }
        catch (ConcretizationException)
        {
            return null;
        }
        catch (JaxException error)
        {
            return $"jit: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
        }

        return Difference("jit", results, OutputComparison.Flatten(golden.Output), golden.Tolerance, golden.Exact);
    }

    private static string? CheckVjp(GoldenCase golden, CallCandidate candidate)
    {
        if (golden.Vjp is not VjpRecord vjp)
        {
            return null;
        }

        ArrayValue[] inputs = Positions(golden, vjp.Wrt);
        NDArray[] gradients = FlatTransforms.Vjp(
            Flat(candidate, inputs),
            Arrays(inputs),
            Arrays(OutputComparison.Flatten(vjp.Cotangent))
        );
        return Difference(
            "vjp",
            gradients,
            [.. vjp.Gradients.SelectMany(OutputComparison.Flatten)],
            vjp.Tolerance,
            false
        );
    }

    private static string? CheckJvp(GoldenCase golden, CallCandidate candidate)
    {
        if (golden.Jvp is not JvpRecord jvp)
        {
            return null;
        }

        ArrayValue[] inputs = Positions(golden, jvp.Wrt);
        NDArray[] tangents = FlatTransforms.Jvp(
            Flat(candidate, inputs),
            Arrays(inputs),
            Arrays([.. jvp.Tangents.SelectMany(OutputComparison.Flatten)])
        );
        return Difference("jvp", tangents, OutputComparison.Flatten(jvp.Output), jvp.Tolerance, false);
    }

    private static string? CheckVmap(GoldenCase golden, CallCandidate candidate, ArrayValue[] inputs)
    {
        NDArray[] results;
        try
        {
            ArrayValue[] first = [inputs[0]];
            results = FlatTransforms.Vmap(
                Flat(candidate, first),
                [ArrayBridge.FromValue(ArrayBridge.Stack(inputs[0]))]
            );
        }
        catch (ConcretizationException)
        {
            return null;
        }
        catch (JaxException error)
        {
            return $"vmap: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
        }

        ArrayValue[] expected = OutputComparison.Flatten(golden.Output);
        if (results.Length != expected.Length)
        {
            return $"vmap: {results.Length} results, expected {expected.Length}";
        }

        for (int i = 0; i < results.Length; i++)
        {
            ArrayValue stacked = ArrayBridge.ToValue(results[i]);
            if (stacked.Shape.Length == 0 || stacked.Shape[0] != 2)
            {
                return $"vmap: result {i} is {stacked}, expected a stack of two {expected[i]}";
            }

            for (int slice = 0; slice < 2; slice++)
            {
                ArrayValue got = ArrayBridge.Slice(stacked, slice) with { Weak = expected[i].Weak };
                if (Comparison.Difference(got, expected[i], golden.Tolerance, golden.Exact) is string difference)
                {
                    return $"vmap: slice {slice} of result {i}: {difference}";
                }
            }
        }

        return null;
    }

    private static string? CheckNotDifferentiable(GoldenCase golden, CallCandidate candidate, ArrayValue[] inputs)
    {
        if (!golden.NotDifferentiable)
        {
            return null;
        }

        ArrayValue[] floating =
        [
            .. inputs.Where(input => ElementReader.IsFloating(input.DType) || ElementReader.IsComplex(input.DType)),
        ];
        try
        {
            FlatTransforms.Vjp(
                Flat(candidate, floating),
                Arrays(floating),
                Arrays(OutputComparison.Flatten(golden.Output))
            );
        }
        catch (JaxException error) when (error is not InternalException)
        {
            return null;
        }

        // A derivative that JAX does not have is no fault.
        return null;
    }

    private static ArrayValue[] Positions(GoldenCase golden, int[] wrt) =>
        [.. wrt.SelectMany(position => OutputComparison.Flatten(golden.Arguments[position]))];

    private static NDArray[] Arrays(ArrayValue[] values) => Array.ConvertAll(values, ArrayBridge.FromValue);

    private static string? Difference(
        string label,
        NDArray[] got,
        ArrayValue[] expected,
        Tolerance tolerance,
        bool exact
    )
    {
        if (got.Length != expected.Length)
        {
            return $"{label}: {got.Length} results, expected {expected.Length}";
        }

        for (int i = 0; i < got.Length; i++)
        {
            string? difference = Comparison.Difference(ArrayBridge.ToValue(got[i]), expected[i], tolerance, exact);
            if (difference is not null)
            {
                return $"{label}: result {i}: {difference}";
            }
        }

        return null;
    }
}
