using System;
using System.Numerics;

namespace JaxSharp;

/// <summary>
/// An array of numbers: either values in memory, or a stand-in for values inside a function that is being transformed. Arrays
/// are immutable and need no disposal. C# numbers convert to arrays implicitly and are weakly typed: they take the element type
/// of the array they meet.
/// </summary>
public abstract partial class NDArray
{
    private protected NDArray() { }

    /// <summary>The element type.</summary>
    public DType DType => Type.DType;

    /// <summary>The shape.</summary>
    public Shape Shape => Type.Shape;

    /// <summary>The number of axes.</summary>
    public int Ndim => Type.Shape.Rank;

    /// <summary>The number of elements.</summary>
    public long Size => Type.Shape.Size;

    /// <summary>Whether the element type is weak: it stems from a C# number and gives way to that of other arrays.</summary>
    public bool WeakType => Type.Weak;

    /// <summary>Element type, shape and weakness.</summary>
    internal abstract ArrayType Type { get; }

    /// <summary>A weakly typed f32 scalar (f64 with 64-bit types enabled).</summary>
    public static implicit operator NDArray(double value) => DeviceArray.WeakFloat(value);

    /// <summary>A weakly typed f32 scalar (f64 with 64-bit types enabled).</summary>
    public static implicit operator NDArray(float value) => DeviceArray.WeakFloat(value);

    /// <summary>A weakly typed i32 scalar (i64 with 64-bit types enabled).</summary>
    public static implicit operator NDArray(int value) => DeviceArray.WeakInt(value);

    /// <summary>A weakly typed i32 scalar (i64 with 64-bit types enabled).</summary>
    /// <exception cref="DTypeException">The number does not fit.</exception>
    public static implicit operator NDArray(long value) => DeviceArray.WeakInt(value);

    /// <summary>A bool scalar.</summary>
    public static implicit operator NDArray(bool value) => DeviceArray.Scalar(value, DType.Bool, weak: false);

    /// <summary>A weakly typed c64 scalar (c128 with 64-bit types enabled).</summary>
    public static implicit operator NDArray(Complex value) => DeviceArray.WeakComplex(value);

    /// <inheritdoc/>
    public override string ToString() => ArrayServices.Format(this);
}
