using System.Collections.Generic;
using JaxSharp.Primitives;

namespace JaxSharp.TestKit;

/// <summary>The case table: at least one row for every primitive.</summary>
internal static partial class PrimitiveCases
{
    public static IEnumerable<PrimitiveCase> All => [.. Elementwise(), .. Structural()];

    private static Sample F64(params int[] shape) => new(TypeText("f64", shape));

    private static Sample F64Between(double low, double high, params int[] shape) =>
        new(TypeText("f64", shape), low, high);

    private static Sample Integers(double low, double high, params int[] shape) =>
        new(TypeText("i32", shape), low, high);

    private static string TypeText(string dtype, int[] shape) => $"{dtype}[{string.Join(',', shape)}]";

    private static PrimitiveCase[] Elementwise() =>
        [
            new(new Add(), F64(3, 4), F64(3, 4)),
            new(new Sub(), F64(3, 4), F64(3, 4)),
            new(new Mul(), F64(3, 4), F64(3, 4)),
            new(new Div(), F64(3, 4), F64Between(0.5, 2, 3, 4)),
            new(new Neg(), F64(5)),
            new(new Exp(), F64(2, 3)),
            new(new Log(), F64Between(0.5, 3, 2, 3)),
            new(new ConvertElementType(DType.F32, false), F64(4)) { Derivative = Derivative.Stated },
            new(new ConvertElementType(DType.I32, false), F64(4)) { Derivative = Derivative.None },
            new(new Real(), new Sample("c128[3]")) { Derivative = Derivative.None },
            new(new Imag(), new Sample("c128[3]")) { Derivative = Derivative.None },
            new(new MakeComplex(), F64(3), F64(3)) { Derivative = Derivative.None },
        ];

    private static PrimitiveCase[] Structural() =>
        [
            new(new ReduceSum([0]), F64(3, 4)),
            new(new ReduceSum([0, 2]), F64(2, 3, 4)),
            new(new BroadcastInDim((2, 3, 4), [0, 2]), F64(2, 4)),
            new(new BroadcastInDim((2, 3), []), F64()),
            new(new PermuteAxes([2, 0, 1]), F64(2, 3, 4)),
            new(new Reshape((4, 3)), F64(2, 6)),
        ];
}
