using System;
using System.Collections.Generic;
using System.Numerics;

namespace JaxSharp;

/// <summary>Identifies an element type; <see cref="DType"/> holds one instance for each code.</summary>
public enum DTypeCode : byte
{
    /// <summary>Boolean, one byte.</summary>
    Bool,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>bfloat16: the upper half of a single-precision number.</summary>
    BF16,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>Complex number of two single-precision parts.</summary>
    C64,

    /// <summary>Complex number of two double-precision parts.</summary>
    C128,

    /// <summary>No value at all: the type of a tangent of an integer.</summary>
    Float0,
}

/// <summary>
/// The element type of an array, such as <see cref="F32"/>. There is one instance per type, so instances are compared by
/// reference; <see cref="ToString"/> gives the short name used in types, errors and the IR (<c>f32</c>).
/// </summary>
public sealed class DType
{
    private static readonly List<DType> Instances = [];

    /// <summary>Boolean, stored in one byte as 0 or 1.</summary>
    public static readonly DType Bool = new(DTypeCode.Bool, "bool", "bool", 1, typeof(bool));

    /// <summary>Signed 8-bit integer.</summary>
    public static readonly DType I8 = new(DTypeCode.I8, "i8", "int8", 1, typeof(sbyte));

    /// <summary>Signed 16-bit integer.</summary>
    public static readonly DType I16 = new(DTypeCode.I16, "i16", "int16", 2, typeof(short));

    /// <summary>Signed 32-bit integer.</summary>
    public static readonly DType I32 = new(DTypeCode.I32, "i32", "int32", 4, typeof(int));

    /// <summary>Signed 64-bit integer.</summary>
    public static readonly DType I64 = new(DTypeCode.I64, "i64", "int64", 8, typeof(long));

    /// <summary>Unsigned 8-bit integer.</summary>
    public static readonly DType U8 = new(DTypeCode.U8, "u8", "uint8", 1, typeof(byte));

    /// <summary>Unsigned 16-bit integer.</summary>
    public static readonly DType U16 = new(DTypeCode.U16, "u16", "uint16", 2, typeof(ushort));

    /// <summary>Unsigned 32-bit integer.</summary>
    public static readonly DType U32 = new(DTypeCode.U32, "u32", "uint32", 4, typeof(uint));

    /// <summary>Unsigned 64-bit integer.</summary>
    public static readonly DType U64 = new(DTypeCode.U64, "u64", "uint64", 8, typeof(ulong));

    /// <summary>IEEE half precision (<see cref="Half"/>).</summary>
    public static readonly DType F16 = new(DTypeCode.F16, "f16", "float16", 2, typeof(Half));

    /// <summary>bfloat16 (<see cref="JaxSharp.BFloat16"/>): single precision cut to 8 bits of precision.</summary>
    public static readonly DType BF16 = new(DTypeCode.BF16, "bf16", "bfloat16", 2, typeof(BFloat16));

    /// <summary>IEEE single precision.</summary>
    public static readonly DType F32 = new(DTypeCode.F32, "f32", "float32", 4, typeof(float));

    /// <summary>IEEE double precision.</summary>
    public static readonly DType F64 = new(DTypeCode.F64, "f64", "float64", 8, typeof(double));

    /// <summary>Complex number of two <see cref="F32"/> parts (<see cref="JaxSharp.Complex64"/>).</summary>
    public static readonly DType C64 = new(DTypeCode.C64, "c64", "complex64", 8, typeof(Complex64));

    /// <summary>Complex number of two <see cref="F64"/> parts (<see cref="Complex"/>).</summary>
    public static readonly DType C128 = new(DTypeCode.C128, "c128", "complex128", 16, typeof(Complex));

    /// <summary>
    /// No value at all: integers and booleans do not change by small amounts, so their tangents, and gradients by them, have this
    /// type. Such arrays have a shape and no bytes, and there is no arithmetic with them; <c>jnp.Zeros(shape, DType.Float0)</c> makes
    /// one.
    /// </summary>
    public static readonly DType Float0 = new(DTypeCode.Float0, "float0", "float0", 0, typeof(void));

    private DType(DTypeCode code, string name, string longName, int size, Type clrType)
    {
        Code = code;
        Name = name;
        LongName = longName;
        Size = size;
        ClrType = clrType;
        Instances.Add(this);
    }

    /// <summary>All element types that have values, which is all but <see cref="Float0"/>, in the order of <see cref="DTypeCode"/>.</summary>
    public static IReadOnlyList<DType> All { get; } = Instances.GetRange(0, (int)DTypeCode.Float0);

    /// <summary>The code to switch on.</summary>
    public DTypeCode Code { get; }

    /// <summary>The short name, <c>f32</c>.</summary>
    public string Name { get; }

    /// <summary>NumPy's name, <c>float32</c>.</summary>
    public string LongName { get; }

    /// <summary>The size of one element in bytes.</summary>
    public int Size { get; }

    /// <summary>The C# type whose memory layout an element has.</summary>
    public Type ClrType { get; }

    /// <summary>Whether this is a real floating-point type.</summary>
    public bool IsFloating => Code is DTypeCode.F16 or DTypeCode.BF16 or DTypeCode.F32 or DTypeCode.F64;

    /// <summary>Whether this is a complex type.</summary>
    public bool IsComplex => Code is DTypeCode.C64 or DTypeCode.C128;

    /// <summary>Whether this is a floating-point or complex type: one that can be differentiated.</summary>
    public bool IsInexact => IsFloating || IsComplex;

    /// <summary>Whether this is a signed or unsigned integer type; false for <see cref="Bool"/>.</summary>
    public bool IsInteger => IsSigned || IsUnsigned;

    /// <summary>Whether this is a signed integer type.</summary>
    public bool IsSigned => Code is DTypeCode.I8 or DTypeCode.I16 or DTypeCode.I32 or DTypeCode.I64;

    /// <summary>Whether this is an unsigned integer type.</summary>
    public bool IsUnsigned => Code is DTypeCode.U8 or DTypeCode.U16 or DTypeCode.U32 or DTypeCode.U64;

    /// <summary>Whether this is <see cref="Bool"/>.</summary>
    public bool IsBool => Code == DTypeCode.Bool;

    /// <summary>The size of one element in bits; 1 for <see cref="Bool"/>.</summary>
    public int Bits => IsBool ? 1 : Size * 8;

    /// <summary>The type of the real and imaginary parts of a complex type; any other type itself.</summary>
    public DType RealType =>
        Code switch
        {
            DTypeCode.C64 => F32,
            DTypeCode.C128 => F64,
            _ => this,
        };

    /// <summary>The complex type whose parts have this type: c64 for f32, c128 for f64; complex types themselves.</summary>
    /// <exception cref="InvalidOperationException">No complex type has such parts.</exception>
    public DType ComplexType =>
        Code switch
        {
            DTypeCode.F32 or DTypeCode.C64 => C64,
            DTypeCode.F64 or DTypeCode.C128 => C128,
            _ => throw new InvalidOperationException($"There is no complex type with parts of type {Name}."),
        };

    /// <summary>The element type for a code.</summary>
    public static DType Of(DTypeCode code) => Instances[(int)code];

    /// <summary>The element type with the memory layout of the C# type <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static DType Of<T>() => Of(typeof(T));

    /// <summary>The element type with the memory layout of a C# type.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static DType Of(Type clrType)
    {
        foreach (var dtype in All)
        {
            if (dtype.ClrType == clrType)
            {
                return dtype;
            }
        }

        throw new NotSupportedException(
            $"Arrays cannot hold elements of type {clrType}. Use bool, an integer of 8 to 64 bits, Half, BFloat16, float, double, "
                + "Complex64 or Complex."
        );
    }

    /// <summary>Finds an element type by its short name (<c>f32</c>) or NumPy's (<c>float32</c>); null if there is none.</summary>
    public static DType? Parse(string name)
    {
        foreach (var dtype in Instances)
        {
            if (dtype.Name == name || dtype.LongName == name)
            {
                return dtype;
            }
        }

        return null;
    }

    /// <summary>The short name, <c>f32</c>.</summary>
    public override string ToString() => Name;
}
