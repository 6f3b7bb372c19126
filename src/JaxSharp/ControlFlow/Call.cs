using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>The application of a program. Transformations of it are applications of the transformed program.</summary>
internal abstract record CallPrimitive(Jaxpr Body) : Primitive, ILinearizable, ICollective
{
    public override Primitive Evaluated => ReferenceEquals(Body.Evaluated, Body) ? this : With(Body.Evaluated);

    /// <summary>The same kind of application of another program.</summary>
    protected abstract CallPrimitive With(Jaxpr body);

    public override ArrayType[] Infer(ArrayType[] operands) => Body.OutputTypes;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        bool[] nonzero = [.. tangents.Select(t => !t.IsZero)];
        var (jvp, nonzeroOutputs) = ForwardMode.JvpJaxpr(Body, nonzero);
        var results = With(jvp).BindAll([.. primals, .. tangents.Where(t => !t.IsZero).Select(t => t.Value!)]);
        var outputs = results[..Body.Outputs.Length];
        return (outputs, Calls.Spread(outputs, nonzeroOutputs, results[outputs.Length..]));
    }

    public virtual (NDArray[] Outputs, Tangent[] Tangents) Linearize(NDArray[] primals, Tangent[] tangents)
    {
        bool[] nonzero = [.. tangents.Select(t => !t.IsZero)];
        var linearized = Linearization.LinearizeJaxpr(Body, nonzero);
        var results = With(linearized.Primal).BindAll(primals);
        var outputs = results[..Body.Outputs.Length];
        var residuals = results[outputs.Length..];
        var moved = Calls.ApplyLinear(
            [.. tangents.Where(t => !t.IsZero)],
            ts => With(linearized.Linear).BindAll([.. residuals, .. ts])
        );
        return (outputs, Calls.Spread(outputs, linearized.NonzeroOutputs, moved));
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        bool[] linear = [.. operands.Select(o => o.IsLinear)];
        ArrayType?[] given = [.. cotangents.Select(ct => ct?.Type)];
        var (transposed, nonzero) = Transposition.TransposeJaxpr(Body, linear, given);
        var results = With(transposed)
            .BindAll([.. operands.Where(o => !o.IsLinear).Select(o => o.Value), .. cotangents.OfType<NDArray>()]);
        return Transposition.Scatter(linear, nonzero, results);
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var (batched, stacked) = Vectorization.BatchJaxpr(Body, axis, [.. dims.Select(d => d is not null)]);
        var outputs = With(batched).BindAll([.. operands.Select((x, i) => Batching.ToFront(x, dims[i]))]);
        return (outputs, [.. stacked.Select(s => s ? 0 : (int?)null)]);
    }

    public bool UsesAxis(string name) => Calls.UsesAxis(Body, name);

    public (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        Batch(axis, operands, dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) => new Lowering.Inline(Body);
}

/// <summary>A compiled function inside of a larger program.</summary>
internal sealed record JitCall([Printed("name")] string FunctionName, [Printed("jaxpr")] Jaxpr Body)
    : CallPrimitive(Body)
{
    public override string Name => "jit";

    public override bool IsCall => true;

    protected override CallPrimitive With(Jaxpr body) => new JitCall(FunctionName, body);
}

/// <summary>What primitives that hold programs share.</summary>
internal static class Calls
{
    /// <summary>Tangents of all results from those of the results that are marked.</summary>
    public static Tangent[] Spread(NDArray[] outputs, bool[] nonzero, IReadOnlyList<NDArray> tangents)
    {
        var result = new Tangent[outputs.Length];
        for (int i = 0, next = 0; i < outputs.Length; i++)
        {
            result[i] = nonzero[i] ? Tangent.Of(tangents[next++]) : Tangent.Zero(outputs[i]);
        }

        return result;
    }

    /// <summary>Applies a function that is linear in all tangents, none of which is zero, where operations on them belong.</summary>
    public static NDArray[] ApplyLinear(Tangent[] tangents, Func<NDArray[], NDArray[]> linear) =>
        Array.ConvertAll(TangentOperators.ApplyAll(tangents, linear), t => t.Value!);

    /// <summary>Whether a program communicates along a named axis.</summary>
    public static bool UsesAxis(Jaxpr jaxpr, string name) =>
        JaxprCache<(Jaxpr, string), bool>.Get(
            (jaxpr, name),
            () => Array.Exists(jaxpr.Equations, e => e.Primitive is ICollective collective && collective.UsesAxis(name))
        );
}
