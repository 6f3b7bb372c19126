using System;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp;

// One kernel for a sampler outside of transformations, too.
public static partial class JaxRandom
{
    /// <summary>
    /// A composition of array functions: evaluated as one compiled program, or put into the program that is being traced.
    /// </summary>
    /// <param name="name">The name of the sampler.</param>
    /// <param name="parameters">What the composition depends on besides the types of the operands, compared by value.</param>
    /// <param name="sample">The composition; it captures no arrays.</param>
    /// <param name="operands">Keys and parameters.</param>
    private static NDArray Fused(
        string name,
        object? parameters,
        Func<NDArray[], NDArray> sample,
        params NDArray[] operands
    )
    {
        if (TraceContext.Current != EvalTrace.Instance)
        {
            return sample(operands);
        }

        var types = Array.ConvertAll(operands, x => x.Type);
        var key = new Sampler(name, parameters, types, JaxConfig.EnableX64, JaxConfig.LegacyRandomBits);
        var call = JaxprCache<Sampler, JitCall>.Get(
            key,
            () => new JitCall(name, Staging.Stage(xs => [sample(xs)], types, name).Jaxpr)
        );
        return call.Bind(operands);
    }

    private sealed record Sampler(
        string Name,
        object? Parameters,
        EquatableArray<ArrayType> Operands,
        bool X64,
        bool Legacy
    );
}
