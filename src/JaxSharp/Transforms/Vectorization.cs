using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Transforms;

/// <summary>Maps flat functions and programs over an axis.</summary>
internal static class Vectorization
{
    /// <summary>Applies a function to stacks: results and the axis along which each is stacked, null where it is not.</summary>
    public static (NDArray[] Outputs, int?[] Dims) Batch(
        Func<NDArray[], NDArray[]> function,
        BatchAxis axis,
        IReadOnlyList<NDArray> arguments,
        IReadOnlyList<int?> dims
    )
    {
        var trace = new BatchTrace(TraceContext.Current, axis);
        try
        {
            var tracers = arguments.Select((x, i) => trace.Wrap(x, dims[i])).ToArray();
            NDArray[] outputs;
            using (TraceContext.EnterAxis(axis))
            using (TraceContext.Enter(trace))
            {
                outputs = function(tracers);
            }

            var unwrapped = Array.ConvertAll(outputs, trace.Unwrap);
            return (Array.ConvertAll(unwrapped, pair => pair.Value), Array.ConvertAll(unwrapped, pair => pair.Dim));
        }
        finally
        {
            trace.IsClosed = true;
        }
    }

    /// <summary>
    /// The program that applies another to stacks along axis 0 of the inputs marked by <paramref name="stacked"/>. Results are
    /// stacked along axis 0 where they depend on such inputs or <paramref name="instantiate"/> marks them.
    /// </summary>
    public static (Jaxpr Jaxpr, bool[] StackedOutputs) BatchJaxpr(
        Jaxpr jaxpr,
        BatchAxis axis,
        bool[] stacked,
        bool[]? instantiate = null
    )
    {
        var key = (jaxpr, axis, (EquatableArray<bool>)stacked, (EquatableArray<bool>)(instantiate ?? []));
        return JaxprCache<(Jaxpr, BatchAxis, EquatableArray<bool>, EquatableArray<bool>), (Jaxpr, bool[])>.Get(
            key,
            () =>
            {
                bool[] stackedOutputs = [];
                var result = Staging.StageProgram(
                    arguments =>
                    {
                        var (outputs, dims) = Batch(
                            xs => Staging.Evaluate(jaxpr, xs),
                            axis,
                            arguments,
                            [.. stacked.Select(s => s ? 0 : (int?)null)]
                        );
                        stackedOutputs = [.. dims.Select((d, i) => d is not null || instantiate?[i] == true)];
                        return
                        [
                            .. outputs.Select(
                                (y, i) => stackedOutputs[i] ? Batching.Align(y, dims[i], 0, axis.Size) : y
                            ),
                        ];
                    },
                    [
                        .. jaxpr.InputTypes.Select(
                            (t, i) => stacked[i] ? t with { Shape = t.Shape.Insert(0, axis.Size) } : t
                        ),
                    ]
                );
                return (result, stackedOutputs);
            }
        );
    }
}
