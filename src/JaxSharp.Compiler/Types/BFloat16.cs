using System;
using System.Globalization;

namespace JaxSharp;

/// <summary>
/// A bfloat16 number: the sign, exponent and upper 7 fraction bits of a single-precision number. Conversion from
/// <see cref="float"/> rounds to nearest, ties to even.
/// </summary>
public readonly struct BFloat16 : IEquatable<BFloat16>
{
    /// <summary>Makes a number from its 16 bits.</summary>
    public BFloat16(ushort bits) => Bits = bits;

    /// <summary>The 16 bits of the number.</summary>
    public ushort Bits { get; }

    /// <summary>Rounds to the nearest bfloat16, ties to even; NaN stays NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if ((bits & 0x7fffffff) > 0x7f800000)
        {
            return new BFloat16((ushort)((bits >> 16) | 0x40));
        }

        return new BFloat16((ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Widens to single precision, exactly.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>Compares as numbers: NaN differs from itself, −0 equals 0.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    /// <summary>Compares as numbers.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(BFloat16 other) => ((float)this).Equals(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A complex number of two single-precision parts: the layout of an element of a <c>c64</c> array.</summary>
/// <param name="Real">The real part.</param>
/// <param name="Imaginary">The imaginary part.</param>
public readonly record struct Complex64(float Real, float Imaginary)
{
    /// <summary>Rounds both parts to single precision.</summary>
    public static explicit operator Complex64(System.Numerics.Complex value) =>
        new((float)value.Real, (float)value.Imaginary);

    /// <summary>Widens both parts, exactly.</summary>
    public static implicit operator System.Numerics.Complex(Complex64 value) => new(value.Real, value.Imaginary);
}
