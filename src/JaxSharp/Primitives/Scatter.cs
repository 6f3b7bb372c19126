using System.Linq;
using JaxSharp.Compiler.Routines;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Combines windows of updates into an array at places that index vectors give: operands are the array, the indices and the
/// updates. The order of updates to one place is that of the updates in memory.
/// </summary>
internal abstract record ScatterPrimitive(
    ScatterDimensionNumbers DimensionNumbers,
    GatherScatterMode Mode,
    bool IndicesAreSorted,
    bool UniqueIndices
) : Primitive
{
    /// <summary>How an update meets the element that is there.</summary>
    protected abstract ScatterCombination Combination { get; }

    /// <summary>The element types it takes.</summary>
    protected virtual Domain Domain => Domain.Number;

    public sealed override ArrayType[] Infer(ArrayType[] operands)
    {
        Types.Check(Name, Domain, operands[0]);
        ScatterChecks.Check(Name, DimensionNumbers, operands[0], operands[1], operands[2]);
        return [operands[0]];
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public sealed override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var n = DimensionNumbers;
        var x = Batching.Align(operands[0], dims[0], 0, axis.Size);
        var updates = Batching.Align(operands[2], dims[2], 0, axis.Size);
        var indices = Batching.ToFront(operands[1], dims[1]);
        bool stacked = dims[1] is not null;
        var windows = n.UpdateWindowDims.Plus(1);
        var batching = n.OperandBatchingDims.Plus(1);
        var indicesBatching = n.ScatterIndicesBatchingDims.Plus(stacked ? 1 : 0);
        var numbers = new ScatterDimensionNumbers(
            stacked ? windows : windows.Prepend(0),
            n.InsertedWindowDims.Plus(1),
            n.ScatterDimsToOperandDims.Plus(1),
            stacked ? batching.Prepend(0) : batching,
            stacked ? indicesBatching.Prepend(0) : indicesBatching
        );
        var batched = this with { DimensionNumbers = numbers, IndicesAreSorted = false };
        return ([batched.Bind(x, indices, updates)], [0]);
    }

    public sealed override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        new Lowering.Routine(() => ScatterExecutable.Create(ScatterChecks.Layout(this, Combination, operands)));

    /// <summary>The elements of an array that this scatter's updates would meet, in the shape of the updates.</summary>
    protected NDArray Read(NDArray x, NDArray indices, Shape updates, double? fill = 0)
    {
        var (numbers, sizes) = DimensionNumbers.ToGather(x.Shape, updates);
        return new Gather(numbers, sizes, Mode, IndicesAreSorted, UniqueIndices, fill).Bind(x, indices);
    }

    /// <summary>The sum of updates at their places.</summary>
    protected NDArray Sum(ArrayType type, NDArray indices, NDArray updates) =>
        new ScatterAdd(DimensionNumbers, Mode, IndicesAreSorted, UniqueIndices).Bind(
            Operators.Zeros(type),
            indices,
            updates
        );
}

/// <summary>Replaces elements; of several updates to one place the last stays.</summary>
internal sealed record Scatter(
    ScatterDimensionNumbers DimensionNumbers,
    GatherScatterMode Mode,
    bool IndicesAreSorted = false,
    bool UniqueIndices = false
) : ScatterPrimitive(DimensionNumbers, Mode, IndicesAreSorted, UniqueIndices)
{
    public override string Name => "scatter";

    protected override ScatterCombination Combination => ScatterCombination.Replace;

    protected override Domain Domain => Domain.Any;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var (x, indices, updates) = (primals[0], primals[1], primals[2]);
        var y = this.Bind(primals);
        if (UniqueIndices)
        {
            return (
                [y],
                TangentOperators.ApplyAll([tangents[0], tangents[2]], ts => [this.Bind(ts[0], indices, ts[1])])
            );
        }

        var kept = tangents[0].Apply(t => this.Bind(t, indices, Operators.Zeros(updates.Type.Strong())), y);
        if (tangents[2].IsZero)
        {
            return ([y], [kept]);
        }

        // Only the update that stays passes its tangent on: number the updates, scatter the numbers, see which stayed.
        int count = checked((int)updates.Size);
        var numbers = new Reshape(updates.Shape).Bind(new Iota(DType.I32, count, 0).Bind());
        var winners = Read(
            this.Bind(Operators.Full(new ArrayType(DType.I32, x.Shape), -1), indices, numbers),
            indices,
            updates.Shape,
            fill: -1
        );
        var stays = new Eq().Bind(winners, numbers);
        var written = tangents[2]
            .Apply(t => Sum(x.Type.Strong(), indices, SelectN.Where(stays, t, Operators.Zeros(t.Type))), y);
        return ([y], [kept + written]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var (ct, indices, updates) = (cotangents[0]!, operands[1].Value, operands[2].Type);
        return
        [
            operands[0].IsLinear ? this.Bind(ct, indices, Operators.Zeros(updates)) : null,
            null,
            operands[2].IsLinear ? Read(ct, indices, updates.Shape) : null,
        ];
    }
}

/// <summary>Adds or subtracts updates: linear in the array and the updates together.</summary>
internal abstract record ScatterSum(
    ScatterDimensionNumbers DimensionNumbers,
    GatherScatterMode Mode,
    bool IndicesAreSorted,
    bool UniqueIndices
) : ScatterPrimitive(DimensionNumbers, Mode, IndicesAreSorted, UniqueIndices)
{
    public sealed override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        (
            [this.Bind(primals)],
            TangentOperators.ApplyAll([tangents[0], tangents[2]], ts => [this.Bind(ts[0], primals[1], ts[1])])
        );

    public sealed override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [
            operands[0].IsLinear ? cotangents[0] : null,
            null,
            operands[2].IsLinear ? OfUpdates(Read(cotangents[0]!, operands[1].Value, operands[2].Type.Shape)) : null,
        ];

    /// <summary>The cotangents of updates from those of the elements that they meet.</summary>
    protected abstract NDArray OfUpdates(NDArray ct);
}

/// <summary>Adds updates.</summary>
internal sealed record ScatterAdd(
    ScatterDimensionNumbers DimensionNumbers,
    GatherScatterMode Mode,
    bool IndicesAreSorted = false,
    bool UniqueIndices = false
) : ScatterSum(DimensionNumbers, Mode, IndicesAreSorted, UniqueIndices)
{
    public override string Name => "scatter-add";

    protected override ScatterCombination Combination => ScatterCombination.Add;

    protected override NDArray OfUpdates(NDArray ct) => ct;
}

/// <summary>Subtracts updates.</summary>
internal sealed record ScatterSub(
    ScatterDimensionNumbers DimensionNumbers,
    GatherScatterMode Mode,
    bool IndicesAreSorted = false,
    bool UniqueIndices = false
) : ScatterSum(DimensionNumbers, Mode, IndicesAreSorted, UniqueIndices)
{
    public override string Name => "scatter-sub";

    protected override ScatterCombination Combination => ScatterCombination.Sub;

    protected override NDArray OfUpdates(NDArray ct) => -ct;
}

/// <summary>Multiplies by updates.</summary>
internal sealed record ScatterMul(
    ScatterDimensionNumbers DimensionNumbers,
    GatherScatterMode Mode,
    bool IndicesAreSorted = false,
    bool UniqueIndices = false
) : ScatterPrimitive(DimensionNumbers, Mode, IndicesAreSorted, UniqueIndices)
{
    public override string Name => "scatter-mul";

    protected override ScatterCombination Combination => ScatterCombination.Mul;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var (x, indices, updates) = (primals[0], primals[1], primals[2]);
        var y = this.Bind(primals);
        var dy = tangents[0].Apply(t => this.Bind(t, indices, updates), y);
        if (!tangents[2].IsZero)
        {
            if (!UniqueIndices)
            {
                throw new DifferentiationException(
                    "scatter_mul can be differentiated in its updates only if no two of them go to one place. If that is so, pass "
                        + "uniqueIndices: true."
                );
            }

            dy += tangents[2].Apply(t => Sum(x.Type.Strong(), indices, t), y) * x;
        }

        return ([y], [dy]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        operands[2].IsLinear
            ? throw Types.NotLinear(this)
            : [this.Bind(cotangents[0]!, operands[1].Value, operands[2].Value), null, null];
}

/// <summary>Takes the smaller or the larger of the element and its updates; ties share the derivative evenly.</summary>
internal abstract record ScatterExtremum(
    ScatterDimensionNumbers DimensionNumbers,
    GatherScatterMode Mode,
    bool IndicesAreSorted,
    bool UniqueIndices
) : ScatterPrimitive(DimensionNumbers, Mode, IndicesAreSorted, UniqueIndices)
{
    protected override Domain Domain => Domain.Any;

    public sealed override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var (x, indices, updates) = (primals[0], primals[1], primals[2]);
        var y = this.Bind(primals);
        var type = y.Type.Strong();
        var convert = new ConvertElementType(type.DType, Weak: false);
        var keeps = convert.Bind(new Eq().Bind(x, y));
        var wins = convert.Bind(new Eq().Bind(updates, Read(y, indices, updates.Shape, fill: double.NaN)));
        var share = keeps + Sum(type, indices, wins);
        var dy = tangents[0] * (keeps / share) + tangents[2].Apply(t => Sum(type, indices, t * wins), y) / share;
        return ([y], [dy]);
    }
}

/// <summary>Takes the smaller one.</summary>
internal sealed record ScatterMin(
    ScatterDimensionNumbers DimensionNumbers,
    GatherScatterMode Mode,
    bool IndicesAreSorted = false,
    bool UniqueIndices = false
) : ScatterExtremum(DimensionNumbers, Mode, IndicesAreSorted, UniqueIndices)
{
    public override string Name => "scatter-min";

    protected override ScatterCombination Combination => ScatterCombination.Min;
}

/// <summary>Takes the larger one.</summary>
internal sealed record ScatterMax(
    ScatterDimensionNumbers DimensionNumbers,
    GatherScatterMode Mode,
    bool IndicesAreSorted = false,
    bool UniqueIndices = false
) : ScatterExtremum(DimensionNumbers, Mode, IndicesAreSorted, UniqueIndices)
{
    public override string Name => "scatter-max";

    protected override ScatterCombination Combination => ScatterCombination.Max;
}
