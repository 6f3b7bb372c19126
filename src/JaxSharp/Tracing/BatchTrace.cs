using System;
using JaxSharp.Ir;

namespace JaxSharp.Tracing;

/// <summary>A stack of values that the mapped function sees as one.</summary>
internal sealed class BatchTracer : Tracer
{
    public BatchTracer(BatchTrace trace, NDArray stacked, int dim)
        : base(trace)
    {
        Stacked = stacked;
        Dim = dim;
        Type = stacked.Type with { Shape = stacked.Shape.Without(dim) };
    }

    public NDArray Stacked { get; }

    public int Dim { get; }

    internal override ArrayType Type { get; }
}

/// <summary>Maps a function over an axis by applying each primitive to whole stacks.</summary>
internal sealed class BatchTrace(Trace parent, BatchAxis axis) : Trace
{
    public Trace Parent { get; } = parent;

    public BatchAxis Axis { get; } = axis;

    public NDArray Wrap(NDArray value, int? dim) => dim is { } d ? new BatchTracer(this, value, d) : value;

    public (NDArray Value, int? Dim) Unwrap(NDArray value) =>
        value is BatchTracer t && ReferenceEquals(t.Trace, this) ? (t.Stacked, t.Dim) : (value, null);

    public override NDArray[] Process(Primitive primitive, NDArray[] operands)
    {
        var values = new NDArray[operands.Length];
        var dims = new int?[operands.Length];
        bool anyStacked = false;
        for (int i = 0; i < operands.Length; i++)
        {
            (values[i], dims[i]) = Unwrap(operands[i]);
            anyStacked |= dims[i] is not null;
        }

        using var scope = TraceContext.Enter(Parent);
        (NDArray[] Outputs, int?[] Dims) result;
        if (primitive is ICollective collective && Axis.Name is { } name && collective.UsesAxis(name))
        {
            result = collective.BatchCollective(Axis, values, dims);
        }
        else if (anyStacked)
        {
            result = primitive.Batch(Axis, values, dims);
        }
        else
        {
            return Parent.Process(primitive, values);
        }

        var outputs = new NDArray[result.Outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = Wrap(result.Outputs[i], result.Dims[i]);
        }

        return outputs;
    }
}

/// <summary>A primitive that communicates along named axes, or holds programs which do.</summary>
internal interface ICollective
{
    /// <summary>Whether the application refers to a named axis.</summary>
    bool UsesAxis(string name);

    /// <summary>The batching rule for the axis that it refers to; operands that are the same for all have no dim.</summary>
    (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims);
}
