using System;
using System.Numerics;

namespace JaxSharp;

/// <summary>The limits of a floating-point type (of the parts of a complex one).</summary>
public sealed record FloatInfo
{
    internal FloatInfo(DType dtype)
    {
        DType = dtype.RealType;
        (int exponent, int mantissa) = DType.Code switch
        {
            DTypeCode.F16 => (5, 10),
            DTypeCode.BF16 => (8, 7),
            DTypeCode.F32 => (8, 23),
            DTypeCode.F64 => (11, 52),
            _ => throw new DTypeException(
                $"finfo needs a floating-point or complex type; got {dtype}. Use Jnp.IInfo for integers."
            ),
        };
        NExp = exponent;
        NMant = mantissa;
        MaxExp = 1 << (exponent - 1);
        MinExp = 2 - MaxExp;
        Eps = Math.ScaleB(1, -mantissa);
        EpsNeg = Math.ScaleB(1, -mantissa - 1);
        Max = Math.ScaleB(2 - Eps, MaxExp - 1);
        SmallestNormal = Math.ScaleB(1, MinExp);
        SmallestSubnormal = Math.ScaleB(1, MinExp - mantissa);
        Precision = (int)(mantissa * Math.Log10(2));
        double resolution = Math.Pow(10, -Precision);
        Resolution = DType.Code switch
        {
            DTypeCode.F16 => (double)(Half)resolution,
            DTypeCode.BF16 => (BFloat16)(float)resolution,
            DTypeCode.F32 => (float)resolution,
            _ => resolution,
        };
    }

    /// <summary>The type described.</summary>
    public DType DType { get; }

    /// <summary>The number of bits.</summary>
    public int Bits => DType.Bits;

    /// <summary>The distance from 1 to the next larger number.</summary>
    public double Eps { get; }

    /// <summary>The distance from 1 to the next smaller number.</summary>
    public double EpsNeg { get; }

    /// <summary>The largest finite number.</summary>
    public double Max { get; }

    /// <summary>The smallest finite number.</summary>
    public double Min => -Max;

    /// <summary>The smallest positive number of full precision.</summary>
    public double Tiny => SmallestNormal;

    /// <summary>The smallest positive number of full precision.</summary>
    public double SmallestNormal { get; }

    /// <summary>The smallest positive number.</summary>
    public double SmallestSubnormal { get; }

    /// <summary>The number of bits of the mantissa.</summary>
    public int NMant { get; }

    /// <summary>The number of bits of the exponent.</summary>
    public int NExp { get; }

    /// <summary>The smallest power of 2 that overflows.</summary>
    public int MaxExp { get; }

    /// <summary>The smallest power of 2 of full precision.</summary>
    public int MinExp { get; }

    /// <summary>The number of decimal digits that are always exact.</summary>
    public int Precision { get; }

    /// <summary>10 to the power of minus <see cref="Precision"/>, in the type itself.</summary>
    public double Resolution { get; }
}

/// <summary>The limits of an integer type.</summary>
public sealed record IntegerInfo
{
    internal IntegerInfo(DType dtype)
    {
        if (!dtype.IsInteger)
        {
            throw new DTypeException($"iinfo needs an integer type; got {dtype}. Use Jnp.FInfo for floats.");
        }

        DType = dtype;
    }

    /// <summary>The type described.</summary>
    public DType DType { get; }

    /// <summary>The number of bits.</summary>
    public int Bits => DType.Bits;

    /// <summary>The smallest number.</summary>
    public BigInteger Min => DType.IsUnsigned ? 0 : -BigInteger.Pow(2, Bits - 1);

    /// <summary>The largest number.</summary>
    public BigInteger Max => BigInteger.Pow(2, DType.IsUnsigned ? Bits : Bits - 1) - 1;
}
