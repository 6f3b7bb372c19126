using System;
using System.Numerics;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp;

/// <summary>An array whose values are in memory, dense and row-major.</summary>
internal sealed unsafe class DeviceArray : NDArray
{
    private Buffer? buffer;

    public DeviceArray(ArrayType type, Buffer buffer)
    {
        Type = type;
        this.buffer = buffer;
    }

    internal override ArrayType Type { get; }

    /// <summary>The memory; it lives at least as long as this object.</summary>
    /// <exception cref="JaxArgumentException">The array was donated.</exception>
    public Buffer Buffer => buffer ?? throw Donated();

    /// <summary>The address of the first element. Keep the array alive while it is in use.</summary>
    public nint Address => Buffer.Address;

    /// <summary>Allocates an array with undefined contents.</summary>
    public static DeviceArray Allocate(ArrayType type) => new(type, Buffer.Allocate(type.ByteLength));

    /// <summary>An array of copied elements; <typeparamref name="T"/> must have the layout of the element type.</summary>
    public static DeviceArray FromSpan<T>(ReadOnlySpan<T> values, ArrayType type)
        where T : unmanaged
    {
        if (sizeof(T) != type.DType.Size || values.Length != type.Size)
        {
            throw new InternalException($"{values.Length} elements of {typeof(T).Name} cannot fill {type}.");
        }

        var array = Allocate(type);
        values.CopyTo(new Span<T>((void*)array.Address, values.Length));
        return array;
    }

    /// <summary>A scalar of the given element type; the value is converted as C# converts numbers.</summary>
    public static DeviceArray Scalar(Complex value, DType dtype, bool weak)
    {
        var array = Allocate(new ArrayType(dtype, Shape.Scalar, weak));
        Write(array.Address, value, dtype);
        return array;
    }

    /// <inheritdoc cref="Scalar(Complex, DType, bool)"/>
    public static DeviceArray Scalar(double value, DType dtype, bool weak)
    {
        var array = Allocate(new ArrayType(dtype, Shape.Scalar, weak));
        if (dtype.Code == DTypeCode.F32)
        {
            *(float*)array.Address = (float)value;
        }
        else
        {
            Write(array.Address, value, dtype);
        }

        return array;
    }

    /// <inheritdoc cref="Scalar(Complex, DType, bool)"/>
    public static DeviceArray Scalar(long value, DType dtype, bool weak)
    {
        var array = Allocate(new ArrayType(dtype, Shape.Scalar, weak));
        switch (dtype.Code)
        {
            case DTypeCode.I32:
                *(int*)array.Address = (int)value;
                break;
            case DTypeCode.I64:
            case DTypeCode.U64:
                *(long*)array.Address = value;
                break;
            default:
                Write(array.Address, value, dtype);
                break;
        }

        return array;
    }

    /// <inheritdoc cref="Scalar(Complex, DType, bool)"/>
    public static DeviceArray Scalar(bool value, DType dtype, bool weak) => Scalar(value ? 1L : 0L, dtype, weak);

    public static DeviceArray WeakFloat(double value) =>
        Scalar(value, JaxConfig.EnableX64 ? DType.F64 : DType.F32, weak: true);

    public static DeviceArray WeakComplex(Complex value) =>
        Scalar(value, JaxConfig.EnableX64 ? DType.C128 : DType.C64, weak: true);

    public static DeviceArray WeakInt(long value)
    {
        if (JaxConfig.EnableX64)
        {
            return Scalar(value, DType.I64, weak: true);
        }

        if (value is < int.MinValue or > int.MaxValue)
        {
            throw new DTypeException(
                $"The integer {value} does not fit into i32. Enable 64-bit types (JaxConfig.EnableX64 = true) or use a float."
            );
        }

        return Scalar(value, DType.I32, weak: true);
    }

    /// <summary>The same memory under another type of the same byte length.</summary>
    public DeviceArray WithType(ArrayType type)
    {
        Buffer.IsShared = true;
        return new(type, Buffer);
    }

    /// <summary>
    /// Gives the memory back at once, for the next array of its size; any later use of this array is an error. Small arrays cost
    /// nothing and are left as they are.
    /// </summary>
    public void Donate()
    {
        if (buffer is { ByteLength: > Buffer.SmallLimit } own)
        {
            buffer = null;
            if (!own.IsShared)
            {
                own.Release();
            }
        }
    }

    /// <summary>The elements, read in place. The array must be kept alive while the span is in use.</summary>
    public ReadOnlySpan<T> Span<T>()
        where T : unmanaged => new((void*)Address, checked((int)(Type.ByteLength / sizeof(T))));

    /// <summary>The bytes of the elements.</summary>
    public ReadOnlySpan<byte> Bytes() => Span<byte>();

    /// <summary>One element, widened to a complex number (64-bit integers beyond 2⁵³ lose bits; see <see cref="ItemInt"/>).</summary>
    public Complex ItemComplex(long index)
    {
        nint at = Address + (nint)(index * DType.Size);
        Complex value = DType.Code switch
        {
            DTypeCode.C64 => *(Complex64*)at,
            DTypeCode.C128 => *(Complex*)at,
            _ => ReadReal(at, DType),
        };
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>One real element, widened to double.</summary>
    public double ItemDouble(long index)
    {
        double value = ReadReal(Address + (nint)(index * DType.Size), DType);
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>One integer or bool element; u64 comes as its bits.</summary>
    public long ItemInt(long index)
    {
        nint at = Address + (nint)(index * DType.Size);
        long value = DType.Code switch
        {
            DTypeCode.Bool or DTypeCode.U8 => *(byte*)at,
            DTypeCode.I8 => *(sbyte*)at,
            DTypeCode.I16 => *(short*)at,
            DTypeCode.U16 => *(ushort*)at,
            DTypeCode.I32 => *(int*)at,
            DTypeCode.U32 => *(uint*)at,
            DTypeCode.I64 or DTypeCode.U64 => *(long*)at,
            _ => (long)ReadReal(at, DType),
        };
        GC.KeepAlive(this);
        return value;
    }

    private JaxArgumentException Donated() =>
        new(
            $"This array of type {Type} was donated to a compiled function (donateArgNums of Jit), which took over its memory. "
                + "Use the function's results instead, or do not donate the argument."
        );

    private static double ReadReal(nint at, DType dtype) =>
        dtype.Code switch
        {
            DTypeCode.Bool or DTypeCode.U8 => *(byte*)at,
            DTypeCode.I8 => *(sbyte*)at,
            DTypeCode.I16 => *(short*)at,
            DTypeCode.U16 => *(ushort*)at,
            DTypeCode.I32 => *(int*)at,
            DTypeCode.U32 => *(uint*)at,
            DTypeCode.I64 => *(long*)at,
            DTypeCode.U64 => *(ulong*)at,
            DTypeCode.F16 => (double)*(Half*)at,
            DTypeCode.BF16 => *(BFloat16*)at,
            DTypeCode.F32 => *(float*)at,
            DTypeCode.F64 => *(double*)at,
            DTypeCode.Float0 => throw new DTypeException(
                "A float0 array, the tangent of integers, has no values to read. Use jnp.ZerosLike with a dtype for zeros of its shape."
            ),
            _ => throw new InternalException($"{dtype} is not real."),
        };

    private static void Write(nint at, Complex value, DType dtype)
    {
        double real = value.Real;
        switch (dtype.Code)
        {
            case DTypeCode.Bool:
                *(byte*)at = value != Complex.Zero ? (byte)1 : (byte)0;
                break;
            case DTypeCode.I8:
                *(sbyte*)at = unchecked((sbyte)(long)real);
                break;
            case DTypeCode.U8:
                *(byte*)at = unchecked((byte)(long)real);
                break;
            case DTypeCode.I16:
                *(short*)at = unchecked((short)(long)real);
                break;
            case DTypeCode.U16:
                *(ushort*)at = unchecked((ushort)(long)real);
                break;
            case DTypeCode.I32:
                *(int*)at = unchecked((int)(long)real);
                break;
            case DTypeCode.U32:
                *(uint*)at = unchecked((uint)(long)real);
                break;
            case DTypeCode.I64:
                *(long*)at = (long)real;
                break;
            case DTypeCode.U64:
                *(ulong*)at = (ulong)real;
                break;
            case DTypeCode.F16:
                *(Half*)at = (Half)real;
                break;
            case DTypeCode.BF16:
                *(BFloat16*)at = (BFloat16)(float)real;
                break;
            case DTypeCode.F32:
                *(float*)at = (float)real;
                break;
            case DTypeCode.F64:
                *(double*)at = real;
                break;
            case DTypeCode.C64:
                *(Complex64*)at = (Complex64)value;
                break;
            case DTypeCode.Float0:
                break;
            default:
                *(Complex*)at = value;
                break;
        }
    }
}
