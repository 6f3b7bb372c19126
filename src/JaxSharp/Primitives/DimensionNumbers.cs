using System.Linq;

namespace JaxSharp;

/// <summary>
/// How exactly sums of products of floating-point numbers are to be computed. Products always have the full precision of the type;
/// convolutions choose between algorithms whose rounding errors differ, see <see cref="Lax.ConvGeneralDilated"/>.
/// </summary>
public enum Precision
{
    /// <summary>The fastest way.</summary>
    Default,

    /// <summary>A more exact way, if there are several.</summary>
    High,

    /// <summary>The most exact way.</summary>
    Highest,
}

/// <summary>What a gather reads, or a scatter writes, at indices outside of the array.</summary>
public enum GatherScatterMode
{
    /// <summary>Indices are moved into range.</summary>
    Clip,

    /// <summary>A gather gives the fill value; a scatter drops the update.</summary>
    FillOrDrop,

    /// <summary>The caller promises that there are none. JaxSharp moves them into range in gathers and drops them in scatters.</summary>
    PromiseInBounds,

    /// <summary>The name of <see cref="FillOrDrop"/> for gathers.</summary>
    Fill = FillOrDrop,

    /// <summary>The name of <see cref="FillOrDrop"/> for scatters.</summary>
    Drop = FillOrDrop,
}

/// <summary>Which axes of two arrays <c>Lax.DotGeneral</c> multiplies and sums over, and which it keeps as a batch.</summary>
/// <example><code>
/// new DotDimensionNumbers(1, 0);                            // a matrix product
/// new DotDimensionNumbers(2, 1, lhsBatch: 0, rhsBatch: 0);  // a stack of matrix products
/// </code></example>
public sealed record DotDimensionNumbers
{
    /// <summary>Makes dimension numbers.</summary>
    public DotDimensionNumbers(
        Dims lhsContracting,
        Dims rhsContracting,
        Dims lhsBatch = default,
        Dims rhsBatch = default
    )
    {
        LhsContracting = lhsContracting;
        RhsContracting = rhsContracting;
        LhsBatch = lhsBatch;
        RhsBatch = rhsBatch;
    }

    /// <summary>The axes of the left array that are summed over.</summary>
    public Dims LhsContracting { get; }

    /// <summary>The axes of the right array that are summed over, in the same order.</summary>
    public Dims RhsContracting { get; }

    /// <summary>The batch axes of the left array.</summary>
    public Dims LhsBatch { get; }

    /// <summary>The batch axes of the right array, in the same order.</summary>
    public Dims RhsBatch { get; }

    /// <summary>From JAX's pair of pairs: contracting axes left and right, batch axes left and right.</summary>
    public static implicit operator DotDimensionNumbers(
        ((int[] Lhs, int[] Rhs) Contracting, (int[] Lhs, int[] Rhs) Batch) d
    ) => new(d.Contracting.Lhs, d.Contracting.Rhs, d.Batch.Lhs, d.Batch.Rhs);

    /// <summary>The same with left and right exchanged.</summary>
    internal DotDimensionNumbers Swap() => new(RhsContracting, LhsContracting, RhsBatch, LhsBatch);

    /// <summary>JAX's notation: <c>(((1,), (0,)), ((), ()))</c>.</summary>
    public override string ToString() => $"(({LhsContracting},{RhsContracting}),({LhsBatch},{RhsBatch}))";
}

/// <summary>
/// How <c>Lax.Gather</c> finds the slices it reads: the last axis of the indices holds, for each slice, where it starts along the
/// axes <see cref="StartIndexMap"/> of the array.
/// </summary>
public sealed record GatherDimensionNumbers
{
    /// <summary>Makes dimension numbers.</summary>
    public GatherDimensionNumbers(
        Dims offsetDims,
        Dims collapsedSliceDims,
        Dims startIndexMap,
        Dims operandBatchingDims = default,
        Dims startIndicesBatchingDims = default
    )
    {
        OffsetDims = offsetDims;
        CollapsedSliceDims = collapsedSliceDims;
        StartIndexMap = startIndexMap;
        OperandBatchingDims = operandBatchingDims;
        StartIndicesBatchingDims = startIndicesBatchingDims;
    }

    /// <summary>The axes of the result that run through a slice.</summary>
    public Dims OffsetDims { get; }

    /// <summary>The axes of the array that do not appear in the result; slices have extent 1 along them.</summary>
    public Dims CollapsedSliceDims { get; }

    /// <summary>The axis of the array that each component of an index vector refers to.</summary>
    public Dims StartIndexMap { get; }

    /// <summary>The axes of the array that go together with axes of the indices.</summary>
    public Dims OperandBatchingDims { get; }

    /// <summary>The axes of the indices that <see cref="OperandBatchingDims"/> go together with.</summary>
    public Dims StartIndicesBatchingDims { get; }

    /// <summary>JAX's notation.</summary>
    public override string ToString() =>
        $"GatherDimensionNumbers(offset_dims={OffsetDims}, collapsed_slice_dims={CollapsedSliceDims}, "
        + $"start_index_map={StartIndexMap}, operand_batching_dims={OperandBatchingDims}, "
        + $"start_indices_batching_dims={StartIndicesBatchingDims})";
}

/// <summary>
/// How <c>Lax.Scatter</c> and its kind find the windows they write: the last axis of the indices holds, for each window, where it
/// starts along the axes <see cref="ScatterDimsToOperandDims"/> of the array.
/// </summary>
public sealed record ScatterDimensionNumbers
{
    /// <summary>Makes dimension numbers.</summary>
    public ScatterDimensionNumbers(
        Dims updateWindowDims,
        Dims insertedWindowDims,
        Dims scatterDimsToOperandDims,
        Dims operandBatchingDims = default,
        Dims scatterIndicesBatchingDims = default
    )
    {
        UpdateWindowDims = updateWindowDims;
        InsertedWindowDims = insertedWindowDims;
        ScatterDimsToOperandDims = scatterDimsToOperandDims;
        OperandBatchingDims = operandBatchingDims;
        ScatterIndicesBatchingDims = scatterIndicesBatchingDims;
    }

    /// <summary>The axes of the updates that run through a window.</summary>
    public Dims UpdateWindowDims { get; }

    /// <summary>The axes of the array along which windows have extent 1 and the updates no axis.</summary>
    public Dims InsertedWindowDims { get; }

    /// <summary>The axis of the array that each component of an index vector refers to.</summary>
    public Dims ScatterDimsToOperandDims { get; }

    /// <summary>The axes of the array that go together with axes of the indices.</summary>
    public Dims OperandBatchingDims { get; }

    /// <summary>The axes of the indices that <see cref="OperandBatchingDims"/> go together with.</summary>
    public Dims ScatterIndicesBatchingDims { get; }

    /// <summary>The gather that reads what a scatter writes, and the sizes of its slices.</summary>
    internal (GatherDimensionNumbers Numbers, Dims SliceSizes) ToGather(Shape operand, Shape updates)
    {
        int[] sizes = new int[operand.Rank];
        for (int axis = 0, window = 0; axis < sizes.Length; axis++)
        {
            sizes[axis] =
                InsertedWindowDims.Contains(axis) || OperandBatchingDims.Contains(axis)
                    ? 1
                    : updates[UpdateWindowDims[window++]];
        }

        var numbers = new GatherDimensionNumbers(
            UpdateWindowDims,
            InsertedWindowDims,
            ScatterDimsToOperandDims,
            OperandBatchingDims,
            ScatterIndicesBatchingDims
        );
        return (numbers, sizes);
    }

    /// <summary>JAX's notation.</summary>
    public override string ToString() =>
        $"ScatterDimensionNumbers(update_window_dims={UpdateWindowDims}, inserted_window_dims={InsertedWindowDims}, "
        + $"scatter_dims_to_operand_dims={ScatterDimsToOperandDims}, operand_batching_dims={OperandBatchingDims}, "
        + $"scatter_indices_batching_dims={ScatterIndicesBatchingDims})";
}
