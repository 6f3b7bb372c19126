using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Transforms;

/// <summary>
/// The derivative of a function at a point: a program that is linear in its inputs, with the values that it needs of the forward
/// computation (residuals) as captured constants. A result that does not depend on any input is null, which stands for zero.
/// </summary>
internal sealed class LinearFunction(
    Jaxpr jaxpr,
    NDArray[] residuals,
    ArrayType[] inputTypes,
    ArrayType[] outputTypes,
    bool[] nonzeroOutputs
)
{
    public Jaxpr Jaxpr { get; } = jaxpr;

    public NDArray[] Residuals { get; } = residuals;

    public ArrayType[] InputTypes { get; } = inputTypes;

    public ArrayType[] OutputTypes { get; } = outputTypes;

    /// <summary>Which outputs of the function the program computes tangents for; the others are zero.</summary>
    public bool[] NonzeroOutputs { get; } = nonzeroOutputs;

    /// <summary>Pushes tangents forward; null for zero in the results.</summary>
    public NDArray?[] Apply(NDArray[] tangents)
    {
        var values = Staging.Evaluate(Jaxpr, Residuals, tangents);
        var result = new NDArray?[NonzeroOutputs.Length];
        for (int i = 0, next = 0; i < result.Length; i++)
        {
            result[i] = NonzeroOutputs[i] ? values[next++] : null;
        }

        return result;
    }

    /// <summary>Pulls cotangents (null for zero) back; null for zero in the results.</summary>
    public NDArray?[] Transpose(NDArray?[] cotangents) =>
        BackwardPass.Run(Jaxpr, Residuals, Marked.In(cotangents, NonzeroOutputs));
}

/// <summary>Reverse mode's first half: computes a function and records the linear program of its tangents.</summary>
internal static class Linearization
{
    /// <summary>Linearizes a flat function with respect to all its arguments, whose types must be inexact.</summary>
    public static (NDArray[] Outputs, LinearFunction Linear) Linearize(
        Func<NDArray[], NDArray[]> function,
        NDArray[] primals
    )
    {
        var linear = new StagingTrace(isLinear: true);
        var trace = new JvpTrace(TraceContext.Current, linear);
        try
        {
            var arguments = new NDArray[primals.Length];
            for (int i = 0; i < arguments.Length; i++)
            {
                arguments[i] = trace.Wrap(primals[i], Tangent.Of(linear.NewInput(primals[i].Type)));
            }

            NDArray[] results;
            using (TraceContext.Enter(trace))
            {
                results = function(arguments);
            }

            var outputs = new NDArray[results.Length];
            var changes = new NDArray?[results.Length];
            var nonzero = new bool[results.Length];
            for (int i = 0; i < results.Length; i++)
            {
                outputs[i] = trace.Primal(results[i]);
                changes[i] = trace.TangentOf(results[i]).Value;
                nonzero[i] = changes[i] is not null;
            }

            var (jaxpr, residuals) = linear.Finish(Marked.In(changes, nonzero)!);
            return (
                outputs,
                new LinearFunction(
                    jaxpr,
                    residuals,
                    Array.ConvertAll(primals, x => x.Type),
                    Array.ConvertAll(outputs, y => y.Type),
                    nonzero
                )
            );
        }
        finally
        {
            trace.IsClosed = true;
            linear.IsClosed = true;
        }
    }

    /// <summary>
    /// Splits a program in two: one computes the results and then residuals from the inputs; the other, linear in its last inputs,
    /// computes the tangents of the results marked nonzero from the residuals and the tangents of the inputs marked by
    /// <paramref name="nonzero"/>.
    /// </summary>
    public static LinearizedJaxpr LinearizeJaxpr(Jaxpr jaxpr, bool[] nonzero, bool[]? instantiate = null)
    {
        var key = (jaxpr, (EquatableArray<bool>)nonzero, (EquatableArray<bool>)(instantiate ?? []));
        return JaxprCache<(Jaxpr, EquatableArray<bool>, EquatableArray<bool>), LinearizedJaxpr>.Get(
            key,
            () =>
            {
                Jaxpr? linearJaxpr = null;
                bool[] nonzeroOutputs = [];
                int residualCount = 0;
                var primal = Staging.StageProgram(
                    arguments =>
                    {
                        var (outputs, linear) = Linearize(
                            active =>
                            {
                                var all = new NDArray[nonzero.Length];
                                for (int i = 0, next = 0; i < all.Length; i++)
                                {
                                    all[i] = nonzero[i] ? active[next++] : arguments[i];
                                }

                                return Staging.Evaluate(jaxpr, all);
                            },
                            Marked.In(arguments, nonzero)
                        );
                        linear = Instantiate(linear, instantiate);
                        linearJaxpr = linear.Jaxpr.ConstantsToInputs();
                        nonzeroOutputs = linear.NonzeroOutputs;
                        residualCount = linear.Residuals.Length;
                        return [.. outputs, .. linear.Residuals];
                    },
                    jaxpr.InputTypes
                );
                return new LinearizedJaxpr(primal, linearJaxpr!, nonzeroOutputs, residualCount);
            }
        );
    }

    private static LinearFunction Instantiate(LinearFunction linear, bool[]? instantiate)
    {
        if (instantiate is null || !instantiate.Where((wanted, i) => wanted && !linear.NonzeroOutputs[i]).Any())
        {
            return linear;
        }

        var trace = new StagingTrace(isLinear: true);
        var inputs = linear.Jaxpr.Inputs.Select(v => trace.NewInput(v.Type)).ToArray();
        bool[] nonzero = [.. linear.NonzeroOutputs.Select((n, i) => n || instantiate[i])];
        NDArray[] outputs;
        using (TraceContext.Enter(trace))
        {
            var tangents = linear.Apply(inputs);
            outputs =
            [
                .. tangents
                    .Select((t, i) => nonzero[i] ? t ?? Operators.Zeros(linear.OutputTypes[i]) : null)
                    .OfType<NDArray>(),
            ];
        }

        var (jaxpr, residuals) = trace.Finish(outputs);
        return new LinearFunction(jaxpr, residuals, linear.InputTypes, linear.OutputTypes, nonzero);
    }
}

/// <summary>The two halves of a linearized program.</summary>
/// <param name="Primal">Inputs to results, then residuals.</param>
/// <param name="Linear">Residuals, then tangents of the active inputs, to tangents of the nonzero results.</param>
/// <param name="NonzeroOutputs">The results that <paramref name="Linear"/> computes tangents for.</param>
/// <param name="ResidualCount">The number of residuals.</param>
internal sealed record LinearizedJaxpr(Jaxpr Primal, Jaxpr Linear, bool[] NonzeroOutputs, int ResidualCount);
