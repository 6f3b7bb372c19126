using System;
using JaxSharp.Ir;

namespace JaxSharp.Tracing;

/// <summary>A value and its tangent.</summary>
internal sealed class JvpTracer(JvpTrace trace, NDArray primal, Tangent tangent) : Tracer(trace)
{
    public NDArray Primal { get; } = primal;

    public Tangent Tangent { get; } = tangent;

    internal override ArrayType Type => Primal.Type;
}

/// <summary>
/// Forward mode: pushes tangents through primitives, both computed by the parent trace. With a linear program it linearizes:
/// values are computed by the parent, tangents are variables of the program, and the rules' operations on tangents are recorded
/// there.
/// </summary>
internal sealed class JvpTrace(Trace parent, StagingTrace? linear = null) : Trace
{
    public Trace Parent { get; } = parent;

    /// <summary>The program that operations on tangents are recorded in; null in plain forward mode.</summary>
    public StagingTrace? Linear { get; } = linear;

    public NDArray Wrap(NDArray primal, Tangent tangent) =>
        tangent.IsZero ? primal : new JvpTracer(this, primal, tangent);

    public NDArray Primal(NDArray value) => value is JvpTracer t && ReferenceEquals(t.Trace, this) ? t.Primal : value;

    public Tangent TangentOf(NDArray value) =>
        value is JvpTracer t && ReferenceEquals(t.Trace, this) ? t.Tangent : Tangent.Zero(value);

    public override NDArray[] Process(Primitive primitive, NDArray[] operands)
    {
        var primals = new NDArray[operands.Length];
        var tangents = new Tangent[operands.Length];
        bool allZero = true;
        for (int i = 0; i < operands.Length; i++)
        {
            primals[i] = Primal(operands[i]);
            tangents[i] = TangentOf(operands[i]);
            allZero &= tangents[i].IsZero;
        }

        using var scope = TraceContext.Enter(Parent);
        if (allZero)
        {
            return Parent.Process(primitive, primals);
        }

        var (outputs, outTangents) =
            Linear is not null && primitive is ILinearizable linearizable
                ? linearizable.Linearize(primals, tangents)
                : primitive.Jvp(primals, tangents);
        var results = new NDArray[outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            results[i] = Wrap(outputs[i], outTangents[i]);
        }

        return results;
    }
}

/// <summary>
/// A primitive that linearizes in another way than by its forward rule on linear variables: those that hold programs, which split
/// into a part for values and a linear part for tangents.
/// </summary>
internal interface ILinearizable
{
    (NDArray[] Outputs, Tangent[] Tangents) Linearize(NDArray[] primals, Tangent[] tangents);
}
