using JaxSharp.Compiler.Kernels;
using JaxSharp.Primitives;

namespace JaxSharp.TestKit;

/// <content>Convolutions, moving windows and sorting.</content>
internal static partial class PrimitiveCases
{
    private static readonly ConvDimensionNumbers ChannelsLast = new((0, 3, 1, 2), (3, 2, 0, 1), (0, 3, 1, 2));

    private static readonly ConvDimensionNumbers Mixed = new((2, 0, 1), (1, 2, 0), (0, 2, 1));

    private static PrimitiveCase[] Convolutions() =>
        [
            new(new ConvGeneralDilated([Window(), Window(2, 1, 0)], ChannelsLast), F64(2, 4, 5, 3), F64(2, 3, 3, 2)),
            new(new ConvGeneralDilated([Window(1, 2, -1, 2, 3)], Mixed), F64(2, 6, 3), F64(3, 4, 2)),
            new(new ConvGeneralDilated([Window(2, 1, 1)], Mixed, FeatureGroupCount: 2), F64(4, 5, 2), F64(2, 6, 2)),
            new(new ConvGeneralDilated([Window(1, 0, 1)], Mixed, BatchGroupCount: 2), F64(3, 5, 4), F64(2, 4, 3)),
            new(new ConvGeneralDilated([], new ConvDimensionNumbers((0, 1), (0, 1), (1, 0))), F64(3, 2), F64(4, 2)),
        ];

    private static PrimitiveCase[] MovingWindows()
    {
        WindowDimension[] strided = [Window(2, 1, 0), Window(1, 0, 2)];
        WindowDimension[] dilated = [Window(1, 1, 2, 2, 2), Window()];
        return
        [
            new(WindowReduction.Of(Monoid.Add, (2, 3), strided), F64(5, 4)),
            new(WindowReduction.Of(Monoid.Add, (2, 3), dilated), F64(5, 4)),
            new(WindowReduction.Of(Monoid.Max, (2, 3), strided), F64(5, 4)),
            new(WindowReduction.Of(Monoid.Min, (2, 3), dilated), F64(5, 4)) { Derivative = Derivative.Stated },
            new(WindowReduction.Of(Monoid.Mul, (2, 3), strided), F64(5, 4)) { Derivative = Derivative.None },
            new(WindowReduction.Of(Monoid.Or, 2, [Window()]), Bools(6)) { Derivative = Derivative.None },
            new(new WindowTake(2, [Window(2, 1, 1)]), F64(6), I32(0, 6, 4)) { Derivative = Derivative.None },
            new(new WindowScatter(6, 2, [Window(1, 1, 1)]), F64(7), I32(0, 6, 7)) { Derivative = Derivative.None },
            new(new WindowWinner(2, [Window(1, 1, 1)]), I32(0, 2, 6), I32(0, 2, 7)) { Derivative = Derivative.None },
        ];
    }

    private static PrimitiveCase[] Sorting() =>
        [
            new(new Sort(0, true, 1), F64(7, 3)),
            new(new Sort(1, true, 2), I32(0, 3, 2, 9), I32(0, 2, 2, 9), F64(2, 9)),
            // Among so many numbers two may be closer than a difference quotient's step, and change places.
            new(new Sort(0, true, 1), F64(300)) { Derivative = Derivative.Stated },
            new(new TopK(2, 0), F64(5, 3)),
            new(new TopK(3, 1), F64(2, 40)),
        ];

    private static WindowDimension Window(
        int stride = 1,
        int low = 0,
        int high = 0,
        int baseDilation = 1,
        int dilation = 1
    ) => new(stride, low, high, baseDilation, dilation);
}
