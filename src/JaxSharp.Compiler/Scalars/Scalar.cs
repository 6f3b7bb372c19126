using System;
using System.Numerics;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

/// <summary>
/// Makes scalar expressions: checks operand types, folds constants, drops identities that are exact, and takes complex
/// operations apart into operations on real parts.
/// </summary>
internal static partial class Scalar
{
    /// <summary>A constant, rounded to the type.</summary>
    public static ScalarExpr Const(DType type, double value) =>
        type.IsComplex
            ? new Pair(Const(type.RealType, value), Const(type.RealType, 0))
            : new Const(type, ScalarValue.FromDouble(type, value));

    /// <summary>A constant, wrapped to the type if that is an integer type.</summary>
    public static ScalarExpr Const(DType type, long value) =>
        type.IsComplex
            ? new Pair(Const(type.RealType, value), Const(type.RealType, 0))
            : new Const(type, ScalarValue.FromInteger(type, value));

    /// <summary>A constant; the imaginary part must be 0 for a real type.</summary>
    public static ScalarExpr Const(DType type, Complex value) =>
        type.IsComplex ? new Pair(Const(type.RealType, value.Real), Const(type.RealType, value.Imaginary))
        : value.Imaginary == 0 ? Const(type, value.Real)
        : throw new ArgumentException($"{value} cannot be a constant of type {type}.");

    /// <summary>A constant of a real type given by its bits.</summary>
    public static ScalarExpr ConstBits(DType type, ulong bits) => new Const(type, bits);

    /// <summary>The truth values.</summary>
    public static ScalarExpr Const(bool value) => new Const(DType.Bool, value ? 1ul : 0);

    /// <summary>The i64 index of a loop: grid axes are numbered first, then the inner axes of the stage.</summary>
    public static ScalarExpr Axis(int number) => new Axis(number);

    /// <summary>
    /// The element of an input at an i64 flat index. For a complex type the kernel's input has the real type and twice the elements: real and imaginary
    /// parts take turns.
    /// </summary>
    public static ScalarExpr Load(int input, DType type, ScalarExpr index)
    {
        Require(ReferenceEquals(index.Type, DType.I64), "load", index);
        if (!type.IsComplex)
        {
            return new Load(input, type, index);
        }

        var even = Mul(index, Const(DType.I64, 2));
        return new Pair(
            new Load(input, type.RealType, even),
            new Load(input, type.RealType, Add(even, Const(DType.I64, 1)))
        );
    }

    /// <summary>The result of an earlier reduction stage.</summary>
    public static ScalarExpr Reduced(int stage, DType type) => new Reduced(stage, type);

    /// <summary>A complex value of two real parts.</summary>
    public static ScalarExpr MakeComplex(ScalarExpr real, ScalarExpr imaginary)
    {
        Same("complex", real, imaginary);
        Require(real.Type.Code is DTypeCode.F32 or DTypeCode.F64, "complex", real);
        return new Pair(real, imaginary);
    }

    /// <summary>The real part; real values themselves.</summary>
    public static ScalarExpr Real(ScalarExpr x) => x is Pair pair ? pair.Real : x;

    /// <summary>The imaginary part; 0 for real values.</summary>
    public static ScalarExpr Imag(ScalarExpr x) => x is Pair pair ? pair.Imaginary : Const(x.Type, 0);

    /// <summary>The complex conjugate; real values themselves.</summary>
    public static ScalarExpr Conj(ScalarExpr x) => x is Pair pair ? new Pair(pair.Real, Neg(pair.Imaginary)) : x;

    /// <summary>Makes a node, folded if all operands are constants.</summary>
    internal static ScalarExpr Make(ScalarOp op, DType type, params ScalarExpr[] operands)
    {
        foreach (var operand in operands)
        {
            if (operand is not ScalarExpr.Const)
            {
                return new Op(op, type, operands);
            }
        }

        return Fold(op, type, operands);
    }

    /// <summary>Whether an expression is a constant with the given value (−0 is not 0).</summary>
    internal static bool Is(ScalarExpr x, long value) =>
        x is Const constant && constant.Bits == ScalarValue.FromInteger(x.Type, value);

    private static ScalarExpr Fold(ScalarOp op, DType type, ScalarExpr[] operands)
    {
        ulong Bits(int i) => i < operands.Length ? ((Const)operands[i]).Bits : 0;
        var last = operands[^1].Type;
        if (op == ScalarOp.Convert)
        {
            return new Const(type, ScalarValue.Convert(last, type, Bits(0)));
        }

        if (op == ScalarOp.Bitcast)
        {
            return new Const(type, Bits(0));
        }

        if (!op.IsCalled(last) && Expansion.IsRegister(last))
        {
            return new Const(type, ScalarValue.Apply(op, last.Code, Bits(0), Bits(1), Bits(2)));
        }

        // Expanding makes basic nodes with constant operands, which come back here.
        var expanded = Expansion.Expand(new Op(op, type, operands));
        return Expansion.FromRegister(expanded, type);
    }

    private static bool IsConst(ScalarExpr x) => x is ScalarExpr.Const;

    private static void Same(string name, ScalarExpr x, ScalarExpr y)
    {
        if (!ReferenceEquals(x.Type, y.Type))
        {
            throw new ArgumentException($"{name} takes operands of one type, got {x.Type} and {y.Type}.");
        }
    }

    private static void Require(bool condition, string name, ScalarExpr x)
    {
        if (!condition)
        {
            throw new ArgumentException($"{name} is not defined for {x.Type}.");
        }
    }
}
