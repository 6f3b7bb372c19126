using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Transforms;

/// <summary>Forward mode of flat functions and of programs.</summary>
internal static class ForwardMode
{
    /// <summary>Results and their tangents; a null tangent is zero.</summary>
    public static (NDArray[] Outputs, NDArray?[] Tangents) Jvp(
        Func<NDArray[], NDArray[]> function,
        IReadOnlyList<NDArray> primals,
        IReadOnlyList<NDArray?> tangents
    )
    {
        var trace = new JvpTrace(TraceContext.Current);
        try
        {
            var arguments = primals
                .Select((primal, i) => tangents[i] is { } t ? trace.Wrap(primal, Tangent.Of(t)) : primal)
                .ToArray();
            NDArray[] outputs;
            using (TraceContext.Enter(trace))
            {
                outputs = function(arguments);
            }

            return (Array.ConvertAll(outputs, trace.Primal), Array.ConvertAll(outputs, y => trace.TangentOf(y).Value));
        }
        finally
        {
            trace.IsClosed = true;
        }
    }

    /// <summary>
    /// The program that computes the results of another and then the tangents of those results that may be nonzero, given the inputs
    /// and then the tangents of those inputs that <paramref name="nonzero"/> marks. Results marked by
    /// <paramref name="instantiate"/> get a tangent even if it is zero.
    /// </summary>
    public static (Jaxpr Jaxpr, bool[] NonzeroOutputs) JvpJaxpr(Jaxpr jaxpr, bool[] nonzero, bool[]? instantiate = null)
    {
        var key = (jaxpr, (EquatableArray<bool>)nonzero, (EquatableArray<bool>)(instantiate ?? []));
        return JaxprCache<(Jaxpr, EquatableArray<bool>, EquatableArray<bool>), (Jaxpr, bool[])>.Get(
            key,
            () =>
            {
                int n = jaxpr.Inputs.Length;
                bool[] nonzeroOutputs = [];
                var types = jaxpr.InputTypes;
                var result = Staging.StageProgram(
                    arguments =>
                    {
                        var tangents = new NDArray?[n];
                        for (int i = 0, next = n; i < n; i++)
                        {
                            tangents[i] = nonzero[i] ? arguments[next++] : null;
                        }

                        var (outputs, outTangents) = Jvp(xs => Staging.Evaluate(jaxpr, xs), arguments[..n], tangents);
                        nonzeroOutputs = [.. outTangents.Select((t, i) => t is not null || instantiate?[i] == true)];
                        return
                        [
                            .. outputs,
                            .. outputs
                                .Select((y, i) => nonzeroOutputs[i] ? outTangents[i] ?? Operators.Zeros(y.Type) : null)
                                .OfType<NDArray>(),
                        ];
                    },
                    [.. types, .. types.Where((_, i) => nonzero[i])]
                );
                return (result, nonzeroOutputs);
            }
        );
    }
}
