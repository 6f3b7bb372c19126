using System;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>Lowers a primitive to a program of other primitives.</summary>
internal static class Composition
{
    /// <summary>The program of a function that captures no arrays but scalars.</summary>
    public static Lowering.Inline Inline(ArrayType[] operands, Func<NDArray[], NDArray[]> function)
    {
        var trace = new StagingTrace();
        var inputs = Array.ConvertAll(operands, trace.NewInput);
        NDArray[] results;
        using (TraceContext.Enter(trace))
        {
            results = function(inputs);
        }

        var (jaxpr, constants) = trace.Finish(results);
        return constants.Length == 0
            ? new Lowering.Inline(jaxpr)
            : throw new InternalException("A composed primitive captured an array.");
    }
}
