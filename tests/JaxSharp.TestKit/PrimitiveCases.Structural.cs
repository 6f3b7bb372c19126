using JaxSharp.Compiler.Kernels;
using JaxSharp.Ir;
using JaxSharp.Primitives;

namespace JaxSharp.TestKit;

/// <content>Primitives that move, combine and multiply.</content>
internal static partial class PrimitiveCases
{
    private static readonly GatherDimensionNumbers Rows = new(offsetDims: 1, collapsedSliceDims: 0, startIndexMap: 0);

    private static readonly ScatterDimensionNumbers IntoRows = new(
        updateWindowDims: 1,
        insertedWindowDims: 0,
        scatterDimsToOperandDims: 0
    );

    private static PrimitiveCase[] Reductions() =>
        [
            new(new ReduceSum([0]), F64(3, 4)),
            new(new ReduceSum([0, 2]), F64(2, 3, 4)),
            new(new ReduceMax([1]), F64(3, 4)),
            new(new ReduceMin([0, 2]), F64(2, 3, 4)),
            new(new ReduceAnd([0]), Bools(3, 4)),
            new(new ReduceOr([1]), I32(0, 9, 3, 4)),
            new(new ReduceXor([1]), I32(0, 9, 3, 4)),
            new(new ReduceProd([0]), F64(3, 4)),
            new(new ReduceProd([0, 2]), F64(2, 3, 4)),
            new(new ReduceProd([1]), new Sample("c128[2,3]")) { Derivative = Derivative.None },
            new(new ArgMax(1, DType.I32), F64(3, 4)),
            new(new ArgMin(0, DType.I64), I32(0, 3, 5, 2)),
            new(new Fft(FftType.Rfft, 5), F64(2, 5)) { Derivative = Derivative.None },
            new(new Fft(FftType.Ifft, (3, 4)), new Sample("c128[2,3,4]")) { Derivative = Derivative.None },
            new(new Fft(FftType.Irfft, 8), new Sample("c128[2,5]")) { Derivative = Derivative.None },
            new(new CumSum(1, false), F64(3, 4)),
            new(new CumSum(0, true), F64(3, 4)),
            new(new CumProd(1, false), F64(2, 5)),
            new(new CumProd(0, true), F64(5, 2)),
            new(new CumMax(0, false), F64(6)),
            new(new CumMin(1, true), F64(2, 5)),
            new(new CumLogSumExp(1, false), F64(2, 5)),
        ];

    private static PrimitiveCase[] Views() =>
        [
            new(new BroadcastInDim((2, 3, 4), [0, 2]), F64(2, 4)),
            new(new BroadcastInDim((2, 3), []), F64()),
            new(new PermuteAxes([2, 0, 1]), F64(2, 3, 4)),
            new(new Reshape((4, 3)), F64(2, 6)),
            new(new Squeeze(1), F64(2, 1, 3)),
            new(new Rev((0, 1)), F64(2, 3)),
            new(new Iota(DType.I32, (2, 3), 1)) { Derivative = Derivative.None },
        ];

    private static PrimitiveCase[] Slicing() =>
        [
            new(new Slice((0, 1), (3, 6), (1, 2)), F64(4, 7)),
            new(new Pad([new PadDimension(1, 2, 0), new PadDimension(-1, 0, 1)]), F64(2, 3), F64()),
            new(new Concatenate(1), F64(2, 3), F64(2, 1), F64(2, 2)),
            new(new DynamicSlice((2, 3)), F64(4, 5), I32(0, 3, []), I32(-1, 4, [])),
            new(new DynamicUpdateSlice(), F64(4, 5), F64(2, 3), I32(0, 3, []), I32(-1, 4, [])),
        ];

    private static PrimitiveCase[] Indexing() =>
        [
            new(new Gather(Rows, (1, 3), GatherScatterMode.Clip), F64(4, 3), I32(-1, 5, 6, 1)),
            new(new Gather(Rows, (1, 3), GatherScatterMode.Fill, FillValue: 7), F64(4, 3), I32(-1, 5, 6, 1)),
            new(new Scatter(IntoRows, GatherScatterMode.Clip), F64(6, 3), I32(0, 5, 2, 1), F64(2, 3)),
            new(new ScatterAdd(IntoRows, GatherScatterMode.Clip), F64(4, 3), I32(0, 3, 5, 1), F64(5, 3)),
            new(new ScatterSub(IntoRows, GatherScatterMode.Drop), F64(4, 3), I32(-1, 5, 5, 1), F64(5, 3)),
            new(new ScatterMul(IntoRows, GatherScatterMode.Clip, false, true), F64(4, 3), I32(2, 2, 1, 1), F64(1, 3)),
            new(new ScatterMin(IntoRows, GatherScatterMode.Clip), F64(4, 3), I32(0, 3, 5, 1), F64(5, 3))
            {
                Derivative = Derivative.None,
            },
            new(new ScatterMax(IntoRows, GatherScatterMode.Clip), F64(4, 3), I32(0, 3, 5, 1), F64(5, 3))
            {
                Derivative = Derivative.None,
            },
        ];

    private static PrimitiveCase[] Products() =>
        [
            new(new DotGeneral(new DotDimensionNumbers(1, 0)), F64(3, 4), F64(4, 2)),
            new(new DotGeneral(new DotDimensionNumbers((0, 2), (1, 2), 1, 0)), F64(3, 2, 4), F64(2, 3, 4, 5)),
            new(new DotGeneral(new DotDimensionNumbers(default, default)), F64(3), F64(2)),
        ];

    private static PrimitiveCase[] Fourier() =>
        [
            new(new Fft(FftType.Fft, 4), new Sample("c128[3,4]")) { Derivative = Derivative.None },
            new(new Fft(FftType.Rfft, 6), F64(2, 6)) { Derivative = Derivative.None },
        ];
}
