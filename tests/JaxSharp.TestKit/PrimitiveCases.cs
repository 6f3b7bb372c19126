using System.Collections.Generic;
using JaxSharp.Primitives;

namespace JaxSharp.TestKit;

/// <summary>The case table: at least one row for every primitive.</summary>
internal static partial class PrimitiveCases
{
    public static IEnumerable<PrimitiveCase> All =>
        [
            .. Arithmetic(),
            .. Transcendental(),
            .. SpecialFunctions(),
            .. Discrete(),
            .. Selecting(),
            .. Reductions(),
            .. Views(),
            .. Slicing(),
            .. Indexing(),
            .. Products(),
            .. Convolutions(),
            .. MovingWindows(),
            .. Sorting(),
            .. Fourier(),
            .. RandomNumbers(),
        ];

    private static Sample F64(params int[] shape) => new(TypeText("f64", shape));

    private static Sample Between(double low, double high, params int[] shape) =>
        new(TypeText("f64", shape), low, high);

    private static Sample I32(double low, double high, params int[] shape) => new(TypeText("i32", shape), low, high);

    private static Sample U32(params int[] shape) => new(TypeText("u32", shape), 0, uint.MaxValue);

    private static Sample Bools(params int[] shape) => new(TypeText("bool", shape));

    private static string TypeText(string dtype, int[] shape) => $"{dtype}[{string.Join(',', shape)}]";

    private static PrimitiveCase[] Arithmetic() =>
        [
            new(new Add(), F64(3, 4), F64(3, 4)),
            new(new Sub(), F64(3, 4), F64(3, 4)),
            new(new Mul(), F64(3, 4), F64(3, 4)),
            new(new Div(), F64(3, 4), Between(0.5, 2, 3, 4)),
            new(new Neg(), F64(5)),
            new(new FusedMultiplyAdd(), F64(5), F64(5), F64(5)),
            new(new Rem(), F64(6), Between(0.5, 1, 6)),
            new(new Max(), F64(6), F64(6)),
            new(new Min(), F64(6), F64(6)),
            new(new Sign(), F64(6)),
            new(new Abs(), F64(6)),
            new(new Square(), F64(6)),
            new(new IntegerPow(3), F64(6)),
            new(new IntegerPow(-2), Between(0.5, 2, 6)),
            new(new Pow(), Between(0.5, 2, 6), F64(6)),
            new(new Sqrt(), Between(0.5, 2, 6)),
            new(new Rsqrt(), Between(0.5, 2, 6)),
            new(new Cbrt(), Between(0.5, 2, 6)),
            new(new MulHi(), I32(-2000000000, 2000000000, 6), I32(-2000000000, 2000000000, 6)),
            new(new Nextafter(), F64(6), F64(6)) { Derivative = Derivative.None },
            new(new ConvertElementType(DType.F32, false), F64(4)) { Derivative = Derivative.Stated },
            new(new ConvertElementType(DType.I32, false), F64(4)) { Derivative = Derivative.None },
            new(new Real(), new Sample("c128[3]")) { Derivative = Derivative.None },
            new(new Imag(), new Sample("c128[3]")) { Derivative = Derivative.None },
            new(new MakeComplex(), F64(3), F64(3)) { Derivative = Derivative.None },
        ];

    private static PrimitiveCase[] Transcendental() =>
        [
            new(new Exp(), F64(2, 3)),
            new(new Exp2(), F64(6)),
            new(new Expm1(), F64(6)),
            new(new Log(), Between(0.5, 3, 2, 3)),
            new(new Log1p(), Between(-0.5, 3, 6)),
            new(new Logistic(), F64(6)),
            new(new Sin(), F64(6)),
            new(new Cos(), F64(6)),
            new(new Tan(), Between(-1, 1, 6)),
            new(new Asin(), Between(-0.9, 0.9, 6)),
            new(new Acos(), Between(-0.9, 0.9, 6)),
            new(new Atan(), F64(6)),
            new(new Atan2(), F64(6), Between(0.2, 2, 6)),
            new(new Sinh(), F64(6)),
            new(new Cosh(), F64(6)),
            new(new Tanh(), F64(6)),
            new(new Asinh(), F64(6)),
            new(new Acosh(), Between(1.2, 3, 6)),
            new(new Atanh(), Between(-0.9, 0.9, 6)),
        ];

    private static PrimitiveCase[] SpecialFunctions() =>
        [
            new(new Erf(), F64(6)),
            new(new Erfc(), F64(6)),
            new(new ErfInv(), Between(-0.9, 0.9, 6)),
            new(new Lgamma(), Between(0.5, 4, 6)),
            new(new Digamma(), Between(0.5, 4, 6)),
            new(new BesselI0e(), F64(6)),
            new(new BesselI1e(), F64(6)),
            new(new Igamma(), Between(0.5, 3, 6), Between(0.5, 3, 6)),
            new(new Igammac(), Between(0.5, 3, 6), Between(0.5, 3, 6)),
            new(new IgammaGradA(), Between(0.5, 3, 6), Between(0.5, 3, 6)) { Derivative = Derivative.None },
            new(new RandomGammaGrad(), Between(0.5, 3, 6), Between(0.5, 3, 6)) { Derivative = Derivative.None },
            new(new Zeta(), Between(1.5, 4, 6), Between(0.5, 3, 6)) { Derivative = Derivative.None },
            new(new Polygamma(), Between(1, 1, 6), Between(0.5, 3, 6)) { Derivative = Derivative.None },
            new(new RegularizedIncompleteBeta(), Between(0.5, 3, 6), Between(0.5, 3, 6), Between(0.1, 0.9, 6))
            {
                Derivative = Derivative.None,
            },
        ];

    private static PrimitiveCase[] Discrete() =>
        [
            new(new And(), I32(-9, 9, 4), I32(-9, 9, 4)),
            new(new Or(), Bools(4), Bools(4)),
            new(new Xor(), I32(-9, 9, 4), I32(-9, 9, 4)),
            new(new Not(), Bools(2, 3)),
            new(new ShiftLeft(), I32(-9, 9, 4), I32(0, 5, 4)),
            new(new ShiftRightArithmetic(), I32(-99, 99, 4), I32(0, 5, 4)),
            new(new ShiftRightLogical(), I32(-99, 99, 4), I32(0, 5, 4)),
            new(new PopulationCount(), U32(4)),
            new(new Clz(), U32(4)),
            new(new Floor(), F64(6)),
            new(new Ceil(), F64(6)),
            new(new Round(RoundingMethod.ToNearestEven), F64(6)),
            new(new IsFinite(), F64(6)),
            new(new ReducePrecision(5, 7), F64(6)) { Derivative = Derivative.None },
            new(new BitcastConvertType(DType.I64), F64(6)) { Derivative = Derivative.None },
            new(new Conj(), new Sample("c128[3]")) { Derivative = Derivative.None },
            new(new Eq(), I32(0, 2, 6), I32(0, 2, 6)),
            new(new Ne(), I32(0, 2, 6), I32(0, 2, 6)),
            new(new Lt(), F64(6), F64(6)),
            new(new Le(), F64(6), F64(6)),
            new(new Gt(), F64(6), F64(6)),
            new(new Ge(), F64(6), F64(6)),
        ];

    private static PrimitiveCase[] Selecting() =>
        [
            new(new SelectN(), Bools(3, 4), F64(3, 4), F64(3, 4)),
            new(new SelectN(), I32(0, 2, 5), F64(5), F64(5), F64(5)),
            new(new Clamp(), Between(-1, -0.5, 6), F64(6), Between(0.5, 1, 6)),
            new(new StopGradient(), F64(3)) { Derivative = Derivative.Stated },
            new(new OptimizationBarrier(), F64(3), F64(2)),
        ];

    private static PrimitiveCase[] RandomNumbers() =>
        [
            new(new Threefry2x32(), U32(3), U32(3), U32(3), U32(3)),
            new(new RandomBits(32, (3, 2), false), U32(2)),
            new(new RandomBits(32, 5, true), U32(2)),
            new(new RandomSplit(3, false), U32(2)),
            new(new RandomFoldIn(), U32(2), U32()),
            new(new RandomGamma(false, false), U32(2), new Sample("f32[4]", 0.5, 4)) { Derivative = Derivative.None },
            new(new RandomPoisson(false), U32(2), new Sample("f32[4]", 0.5, 4)) { Derivative = Derivative.None },
            new(new RandomBinomial(false), U32(2), new Sample("f32[4]", 5, 50), new Sample("f32[4]", 0.1, 0.9))
            {
                Derivative = Derivative.None,
            },
        ];
}
