using System;
using System.Numerics;

namespace JaxSharp.Compiler.Routines;

/// <summary>Arithmetic of elements as they lie in memory, resolved when the code that uses it is compiled.</summary>
internal interface IElementArithmetic<T>
    where T : unmanaged
{
    /// <summary>Whether sums, differences and products are those of vectors of elements.</summary>
    static virtual bool HasVectors => false;

    static abstract T Add(T x, T y);

    static abstract T Sub(T x, T y);

    static abstract T Mul(T x, T y);

    static abstract T Min(T x, T y);

    static abstract T Max(T x, T y);
}

/// <summary>That of C#'s own numbers; integers wrap.</summary>
internal readonly struct NumberArithmetic<T> : IElementArithmetic<T>
    where T : unmanaged, INumber<T>
{
    public static bool HasVectors => true;

    public static T Add(T x, T y) => unchecked(x + y);

    public static T Sub(T x, T y) => unchecked(x - y);

    public static T Mul(T x, T y) => unchecked(x * y);

    public static T Min(T x, T y) => T.Min(x, y);

    public static T Max(T x, T y) => T.Max(x, y);
}

/// <summary>That of bool: sum is or, product is and.</summary>
internal readonly struct BoolArithmetic : IElementArithmetic<byte>
{
    public static byte Add(byte x, byte y) => (byte)(x | y);

    public static byte Sub(byte x, byte y) => (byte)(x ^ y);

    public static byte Mul(byte x, byte y) => (byte)(x & y);

    public static byte Min(byte x, byte y) => (byte)(x & y);

    public static byte Max(byte x, byte y) => (byte)(x | y);
}

/// <summary>That of bfloat16: computed in single precision and rounded.</summary>
internal readonly struct BFloat16Arithmetic : IElementArithmetic<BFloat16>
{
    public static BFloat16 Add(BFloat16 x, BFloat16 y) => (BFloat16)((float)x + (float)y);

    public static BFloat16 Sub(BFloat16 x, BFloat16 y) => (BFloat16)((float)x - (float)y);

    public static BFloat16 Mul(BFloat16 x, BFloat16 y) => (BFloat16)((float)x * (float)y);

    public static BFloat16 Min(BFloat16 x, BFloat16 y) => (BFloat16)float.Min((float)x, (float)y);

    public static BFloat16 Max(BFloat16 x, BFloat16 y) => (BFloat16)float.Max((float)x, (float)y);
}

/// <summary>That of complex numbers of single precision; order is lexicographic.</summary>
internal readonly struct Complex64Arithmetic : IElementArithmetic<Complex64>
{
    public static Complex64 Add(Complex64 x, Complex64 y) => new(x.Real + y.Real, x.Imaginary + y.Imaginary);

    public static Complex64 Sub(Complex64 x, Complex64 y) => new(x.Real - y.Real, x.Imaginary - y.Imaginary);

    public static Complex64 Mul(Complex64 x, Complex64 y) =>
        new((x.Real * y.Real) - (x.Imaginary * y.Imaginary), (x.Real * y.Imaginary) + (x.Imaginary * y.Real));

    public static Complex64 Min(Complex64 x, Complex64 y) => Complex128Arithmetic.Before(x, y) ? x : y;

    public static Complex64 Max(Complex64 x, Complex64 y) => Complex128Arithmetic.Before(y, x) ? x : y;
}

/// <summary>That of complex numbers of double precision; order is lexicographic.</summary>
internal readonly struct Complex128Arithmetic : IElementArithmetic<Complex>
{
    public static Complex Add(Complex x, Complex y) => x + y;

    public static Complex Sub(Complex x, Complex y) => x - y;

    public static Complex Mul(Complex x, Complex y) => x * y;

    public static Complex Min(Complex x, Complex y) => Before(x, y) ? x : y;

    public static Complex Max(Complex x, Complex y) => Before(y, x) ? x : y;

    /// <summary>Whether x wins a lexicographic comparison; a NaN does.</summary>
    public static bool Before(Complex x, Complex y) =>
        double.IsNaN(x.Real)
        || double.IsNaN(x.Imaginary)
        || x.Real < y.Real
        || (x.Real == y.Real && x.Imaginary < y.Imaginary);
}
