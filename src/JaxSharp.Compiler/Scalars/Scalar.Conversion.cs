using System;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

internal static partial class Scalar
{
    /// <summary>
    /// x in another type: float to integer truncates and saturates, NaN becomes 0; integers wrap; to bool: x ≠ 0; complex to real
    /// drops the imaginary part.
    /// </summary>
    public static ScalarExpr Convert(ScalarExpr x, DType type)
    {
        if (ReferenceEquals(x.Type, type))
        {
            return x;
        }

        if (type.IsComplex)
        {
            return new Pair(Convert(Real(x), type.RealType), Convert(Imag(x), type.RealType));
        }

        if (x is Pair pair)
        {
            return type.IsBool ? Ne(x, Const(x.Type, 0)) : Convert(pair.Real, type);
        }

        return type.IsBool ? Ne(x, Const(x.Type, 0)) : Make(ScalarOp.Convert, type, x);
    }

    /// <summary>The bits of x read as another type of the same size.</summary>
    public static ScalarExpr Bitcast(ScalarExpr x, DType type)
    {
        if (ReferenceEquals(x.Type, type))
        {
            return x;
        }

        if (x.Type.Size != type.Size || x.Type.IsComplex || type.IsComplex)
        {
            throw new ArgumentException($"bitcast takes types of the same size, got {x.Type} and {type}.");
        }

        if (x.Type.IsBool || type.IsBool)
        {
            return Convert(x, type);
        }

        return x is Op { Code: ScalarOp.Bitcast } op ? Bitcast(op.Operands[0], type) : Make(ScalarOp.Bitcast, type, x);
    }

    /// <summary>x rounded to a format with fewer exponent and mantissa bits, in the type of x.</summary>
    public static ScalarExpr ReducePrecision(ScalarExpr x, int exponentBits, int mantissaBits)
    {
        if (x is Pair pair)
        {
            return new Pair(
                ReducePrecision(pair.Real, exponentBits, mantissaBits),
                ReducePrecision(pair.Imaginary, exponentBits, mantissaBits)
            );
        }

        Require(x.Type.IsFloating, "reduce_precision", x);
        return Make(
            ScalarOp.ReducePrecision,
            x.Type,
            x,
            Const(DType.I32, exponentBits),
            Const(DType.I32, mantissaBits)
        );
    }

    /// <summary>The Threefry-2x32 hash (20 rounds) of a counter under a key; all u32.</summary>
    public static (ScalarExpr A, ScalarExpr B) Threefry2x32(
        ScalarExpr key0,
        ScalarExpr key1,
        ScalarExpr counter0,
        ScalarExpr counter1
    )
    {
        foreach (var operand in new[] { key0, key1, counter0, counter1 })
        {
            Require(ReferenceEquals(operand.Type, DType.U32), "threefry2x32", operand);
        }

        return (
            Make(ScalarOp.Threefry0, DType.U32, key0, key1, counter0, counter1),
            Make(ScalarOp.Threefry1, DType.U32, key0, key1, counter0, counter1)
        );
    }
}
