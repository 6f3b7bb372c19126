using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Tracing;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Arrays;

/// <summary>Carries C# numbers, arrays, lists and tuples into arrays and back.</summary>
internal static class ArrayConversion
{
    /// <summary>An array of copied values; 64-bit types narrow unless they are enabled.</summary>
    public static NDArray FromSpan<T>(ReadOnlySpan<T> values, Shape shape, DType? dtype)
        where T : unmanaged
    {
        if (values.Length != shape.Size)
        {
            throw new ShapeException($"{values.Length} values do not fill the shape {shape} of {shape.Size} elements.");
        }

        var array = DeviceArray.FromSpan(values, new ArrayType(TypeOf(typeof(T)), shape));
        return Canonical(array, dtype);
    }

    /// <summary>An array over a user's memory, copied only where the element type has to narrow.</summary>
    public static NDArray FromMemory<T>(Memory<T> memory, Shape shape)
        where T : unmanaged
    {
        if (memory.Length != shape.Size)
        {
            throw new ShapeException($"{memory.Length} values do not fill the shape {shape} of {shape.Size} elements.");
        }

        return Canonical(new DeviceArray(new ArrayType(TypeOf(typeof(T)), shape), Buffer.Wrap(memory)), null);
    }

    /// <summary>An array of a number, an array, or nested lists, tuples and C# arrays of them.</summary>
    public static NDArray FromObject(object value, DType? dtype)
    {
        if (value is NDArray array)
        {
            return dtype is null ? array : Jnp.AsType(array, dtype);
        }

        if (Number(value) is { } scalar)
        {
            return dtype is null ? scalar : Jnp.AsType(scalar, dtype);
        }

        if (value is Array { Length: > 0 } typed && IsElement(typed.GetType().GetElementType()!))
        {
            return FromTyped(typed, dtype);
        }

        var leaves = new List<object>();
        int[] shape = Flatten(value, leaves);
        if (leaves.Count == 0)
        {
            return Ops.Full(shape, 0, JaxConfig.Canonical(dtype ?? ElementTypeOfEmpty(value)));
        }

        var arrays = leaves.ConvertAll(leaf => leaf as NDArray ?? Number(leaf) ?? throw NoNumber(leaf));
        var first = arrays[0].Shape;
        if (arrays.Find(x => x.Shape != first) is { } other)
        {
            throw new ShapeException($"An array cannot be made of elements of shapes {first} and {other.Shape}.");
        }

        var type = JaxConfig.Canonical(dtype ?? Promotion.Result([.. arrays]).DType);
        if (arrays.TrueForAll(x => x is DeviceArray { Ndim: 0 }))
        {
            return Pack(arrays, shape, type);
        }

        var rows = arrays.ConvertAll(x => Ops.ExpandDims(Jnp.AsType(x, type), 0));
        return Ops.Reshape(Ops.Concatenate(rows, 0), new Shape([.. shape, .. first]));
    }

    /// <summary>A copy of the elements; T must be the C# type of the element type.</summary>
    public static T[] ToArray<T>(NDArray array)
        where T : unmanaged
    {
        var concrete = Ops.Concrete(array, "ToArray", "Return the array from the function and read it there.");
        if (concrete.DType.ClrType != typeof(T))
        {
            throw new DTypeException(
                $"ToArray<{typeof(T).Name}> does not fit {array.Type}: its elements are {concrete.DType.ClrType.Name}. Convert with "
                    + $"AsType first."
            );
        }

        T[] result = concrete.Span<T>().ToArray();
        GC.KeepAlive(concrete);
        return result;
    }

    private static string TracedFunction(Tracer traced) =>
        traced switch
        {
            StagingTracer { Trace: StagingTrace staging } =>
                $"{staging.FunctionName}, which is being traced (by Jit, Lax.Scan, …),",
            BatchTracer => "a function under Vmap, where it stands for all slices at once,",
            _ => "a function under Jit, Grad, Vmap, …",
        };

    /// <summary>The one element of an array.</summary>
    public static DeviceArray One(NDArray array, string wanted)
    {
        // Under Grad and Jvp the value is known beside its tangent.
        Argument.Given(array, "x", "A conversion to a number");
        while (array is JvpTracer tracer)
        {
            array = tracer.Primal;
        }

        if (array is Tracer traced)
        {
            throw new ConcretizationException(
                $"A traced value of type {array.Type} has no number to convert to {wanted}: inside of {TracedFunction(traced)} only its type is "
                    + "known. Use Jnp.Where or Lax.Cond instead of a C# condition, Lax.ForiLoop or Lax.WhileLoop instead of a C# loop over "
                    + "values, or a C# number or static argument for what must be known."
            );
        }

        return array.Size == 1
            ? (DeviceArray)array
            : throw new ShapeException(
                $"Only an array with one element converts to {wanted}; got {array.Type}. "
                    + (wanted == "bool" ? "Use Jnp.All or Jnp.Any." : "Index it or reduce it first.")
            );
    }

    /// <summary>The elements as nested lists of C# numbers; a scalar as a number.</summary>
    public static object ToList(NDArray array)
    {
        var concrete = Ops.Concrete(array, "ToList", "Return the array from the function and read it there.");
        long at = 0;
        return Level(0);

        object Level(int axis)
        {
            if (axis == concrete.Ndim)
            {
                return Item(concrete, at++);
            }

            var list = new List<object>(concrete.Shape[axis]);
            for (int i = 0; i < concrete.Shape[axis]; i++)
            {
                list.Add(Level(axis + 1));
            }

            return list;
        }
    }

    /// <summary>An element as a C# number: bool, int or long, float or double, Complex.</summary>
    public static object Item(DeviceArray array, long index) =>
        array.DType switch
        {
            { IsBool: true } => array.ItemInt(index) != 0,
            { Code: DTypeCode.U64 } => (ulong)array.ItemInt(index),
            { Code: DTypeCode.I64 or DTypeCode.U32 } => array.ItemInt(index),
            { IsInteger: true } => (int)array.ItemInt(index),
            { IsComplex: true } => array.ItemComplex(index),
            _ => array.ItemDouble(index),
        };

    /// <summary>
    /// The array with the element type given, by default its own; 64-bit types narrow unless they are enabled, by default only
    /// where integers fit.
    /// </summary>
    public static NDArray Canonical(DeviceArray array, DType? dtype = null)
    {
        var type = JaxConfig.Canonical(dtype ?? array.DType);
        if (ReferenceEquals(type, array.DType))
        {
            return array;
        }

        if (dtype is null && array.DType.Code is DTypeCode.I64 or DTypeCode.U64)
        {
            RefuseOverflow(array);
        }

        return Jnp.AsType(array, type);
    }

    private static void RefuseOverflow(DeviceArray array)
    {
        bool unsigned = array.DType.IsUnsigned;
        foreach (long value in array.Span<long>())
        {
            if (unsigned ? (ulong)value > uint.MaxValue : value is < int.MinValue or > int.MaxValue)
            {
                throw new DTypeException(
                    $"The integer {(unsigned ? (ulong)value : value)} does not fit into {JaxConfig.Canonical(array.DType)}. Enable 64-bit "
                        + "types (JaxConfig.EnableX64 = true) or give a dtype."
                );
            }
        }

        GC.KeepAlive(array);
    }

    private static bool IsElement(Type type) => DType.All.Any(dtype => dtype.ClrType == type);

    private static DType TypeOf(Type type) => DType.Of(type);

    private static unsafe NDArray FromTyped(Array values, DType? dtype)
    {
        int[] shape = [.. Enumerable.Range(0, values.Rank).Select(values.GetLength)];
        var array = DeviceArray.Allocate(new ArrayType(TypeOf(values.GetType().GetElementType()!), shape));
        fixed (byte* source = &MemoryMarshal.GetArrayDataReference(values))
        {
            System.Buffer.MemoryCopy(source, (void*)array.Address, array.Type.ByteLength, array.Type.ByteLength);
        }

        return Canonical(array, dtype);
    }

    private static NDArray? Number(object value) =>
        value switch
        {
            bool flag => flag,
            int number => number,
            long number => number,
            float number => number,
            double number => number,
            Complex number => number,
            sbyte number => DeviceArray.Scalar((long)number, DType.I8, false),
            byte number => DeviceArray.Scalar((long)number, DType.U8, false),
            short number => DeviceArray.Scalar((long)number, DType.I16, false),
            ushort number => DeviceArray.Scalar((long)number, DType.U16, false),
            uint number => DeviceArray.Scalar((long)number, DType.U32, false),
            ulong number => Canonical(DeviceArray.Scalar(unchecked((long)number), DType.U64, false), null),
            Half number => DeviceArray.Scalar((double)number, DType.F16, false),
            BFloat16 number => DeviceArray.Scalar((double)(float)number, DType.BF16, false),
            Complex64 number => DeviceArray.Scalar((Complex)number, DType.C64, false),
            _ => null,
        };

    private static int[] Flatten(object value, List<object> leaves)
    {
        if (value is NDArray || Number(value) is not null)
        {
            leaves.Add(value);
            return [];
        }

        IEnumerable<object> items = value switch
        {
            string => throw NoNumber(value),
            ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => tuple[i]!),
            Array { Rank: > 1 } => throw NoNumber(value),
            IEnumerable sequence => sequence.Cast<object>(),
            _ => throw NoNumber(value),
        };
        int[]? inner = null;
        int count = 0;
        foreach (object item in items)
        {
            int[] shape = Flatten(item, leaves);
            inner ??= shape;
            if (!inner.AsSpan().SequenceEqual(shape))
            {
                throw new ShapeException(
                    $"The nested values do not form a rectangle: items 0 and {count} have shapes {new Shape(inner)} and {new Shape(shape)}."
                );
            }

            count++;
        }

        return [count, .. inner ?? []];
    }

    private static DType ElementTypeOfEmpty(object value)
    {
        var element = value.GetType().GetElementType();
        while (element is { IsArray: true })
        {
            element = element.GetElementType();
        }

        return element is not null && IsElement(element) ? TypeOf(element) : DType.F64;
    }

    private static unsafe DeviceArray Pack(List<NDArray> scalars, Shape shape, DType dtype)
    {
        var array = DeviceArray.Allocate(new ArrayType(dtype, shape));
        for (int i = 0; i < scalars.Count; i++)
        {
            var one = (DeviceArray)Jnp.AsType(scalars[i], dtype);
            System.Buffer.MemoryCopy(
                (void*)one.Address,
                (void*)(array.Address + (nint)((long)i * dtype.Size)),
                dtype.Size,
                dtype.Size
            );
            GC.KeepAlive(one);
        }

        return array;
    }

    private static JaxArgumentException NoNumber(object? value) =>
        new(
            $"An array cannot be made of {value?.GetType().Name ?? "null"}: it takes numbers, arrays, and nested lists, tuples and C# "
                + "arrays of them."
        );
}
