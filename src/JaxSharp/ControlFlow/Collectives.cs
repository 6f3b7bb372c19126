using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.ControlFlow;

/// <summary>
/// An operation along a named axis that an enclosing <c>Vmap</c> maps: it combines the values of all slices. Outside of that axis it
/// acts on each slice alone.
/// </summary>
internal abstract record CollectivePrimitive(string AxisName, int AxisSize) : Primitive, ICollective
{
    public bool UsesAxis(string name) => name == AxisName;

    public abstract (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims);

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        throw new AxisNameException(
            $"{Name} refers to the axis name \"{AxisName}\", which no enclosing Vmap binds where the program runs. "
                + $"Map the function with Vmap(f, axisName: \"{AxisName}\")."
        );
}

/// <summary>Combines the values of all slices into one of the same type.</summary>
internal abstract record AxisReduction(string AxisName, int AxisSize) : CollectivePrimitive(AxisName, AxisSize)
{
    /// <summary>Combines along an axis of a stack.</summary>
    protected abstract NDArray Combine(NDArray stacked, int dim);

    /// <summary>Combines values that are the same for all.</summary>
    protected virtual NDArray CombineEqual(NDArray value) => value;

    public override ArrayType[] Infer(ArrayType[] operands) => [operands[0]];

    public override (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([dims[0] is { } dim ? Combine(operands[0], dim) : CombineEqual(operands[0])], [null]);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([this.Bind(operands)], dims);
}

/// <summary>The sum over a named axis.</summary>
internal sealed record PSum(string AxisName, int AxisSize) : AxisReduction(AxisName, AxisSize)
{
    public override string Name => "psum";

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [tangents[0].Apply(t => this.Bind(t), y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [this.Bind(cotangents[0]!)];

    protected override NDArray Combine(NDArray stacked, int dim) => new ReduceSum([dim]).Bind(stacked);

    protected override NDArray CombineEqual(NDArray value) =>
        new Mul().Bind(value, Operators.FullLike(value, AxisSize));
}

/// <summary>The largest value along a named axis; it has no derivative.</summary>
internal sealed record PMax(string AxisName, int AxisSize) : AxisReduction(AxisName, AxisSize)
{
    public override string Name => "pmax";

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        throw new DifferentiationException("Lax.PMax has no derivative. Use Lax.AllGather and jnp.Max.");

    protected override NDArray Combine(NDArray stacked, int dim) => new ReduceMax([dim]).Bind(stacked);
}

/// <summary>The smallest value along a named axis; it has no derivative.</summary>
internal sealed record PMin(string AxisName, int AxisSize) : AxisReduction(AxisName, AxisSize)
{
    public override string Name => "pmin";

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        throw new DifferentiationException("Lax.PMin has no derivative. Use Lax.AllGather and jnp.Min.");

    protected override NDArray Combine(NDArray stacked, int dim) => new ReduceMin([dim]).Bind(stacked);
}

/// <summary>The number of the slice along a named axis; no operands.</summary>
internal sealed record AxisIndex(string AxisName, int AxisSize) : CollectivePrimitive(AxisName, AxisSize)
{
    public override string Name => "axis_index";

    public override ArrayType[] Infer(ArrayType[] operands) => [new ArrayType(DType.I32, Shape.Scalar)];

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [Tangent.Zero(y)]);
    }

    public override (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([new Iota(DType.I32, axis.Size, 0).Bind()], [0]);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([this.Bind(operands)], [null]);
}

/// <summary>The values of all slices, stacked along an axis.</summary>
internal sealed record AllGather(string AxisName, int AxisSize, [Printed("all_gather_dimension")] int Dimension)
    : CollectivePrimitive(AxisName, AxisSize)
{
    public override string Name => "all_gather";

    public override ArrayType[] Infer(ArrayType[] operands) =>
        [operands[0] with { Shape = operands[0].Shape.Insert(Dimension, AxisSize) }];

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [tangents[0].Apply(t => this.Bind(t), y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        // Each slice gets its part of the sum of what all slices send back.
        var sum = new PSum(AxisName, AxisSize).Bind(cotangents[0]!);
        var index = new AxisIndex(AxisName, AxisSize).Bind();
        var zero = DeviceArray.Scalar(0L, DType.I32, weak: false);
        NDArray[] starts = [.. Enumerable.Range(0, sum.Ndim).Select(i => i == Dimension ? index : zero)];
        var part = new DynamicSlice(sum.Shape.With(Dimension, 1).ToArray()).Bind([sum, .. starts]);
        return [new Reshape(operands[0].Type.Shape).Bind(part)];
    }

    public override (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([Batching.Align(operands[0], dims[0], Dimension, axis.Size)], [null]);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        bool before = dim < Dimension;
        var gather = this with { Dimension = before ? Dimension + 1 : Dimension };
        return ([gather.Bind(operands)], [before ? dim : dim + 1]);
    }
}

/// <summary>Sends the value of each slice to another; slices that nobody sends to get zeros.</summary>
internal sealed record PPermute(
    string AxisName,
    int AxisSize,
    [Printed("perm")] EquatableArray<(int Source, int Target)> Permutation
) : CollectivePrimitive(AxisName, AxisSize)
{
    public override string Name => "ppermute";

    public override ArrayType[] Infer(ArrayType[] operands) => [operands[0]];

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [tangents[0].Apply(t => this.Bind(t), y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [new PPermute(AxisName, AxisSize, [.. Permutation.Select(p => (p.Target, p.Source))]).Bind(cotangents[0]!)];

    public override (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var x = Batching.Align(operands[0], dims[0], 0, axis.Size);
        var zeros = Operators.Zeros(x.Type with { Shape = x.Shape.With(0, 1) });
        var parts = new NDArray[axis.Size];
        Array.Fill(parts, zeros);
        foreach (var (source, target) in Permutation)
        {
            parts[target] = Slice.InDim(x, source, source + 1, 0);
        }

        return ([new Concatenate(0).Bind(parts)], [0]);
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([this.Bind(operands)], dims);
}
