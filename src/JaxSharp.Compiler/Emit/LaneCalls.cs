using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Emit;

/// <summary>
/// What emitted code does lane by lane, by calls on lanes in memory: partial and scattered accesses of types for which the
/// machine has no masked instruction, division of integers, functions without an expansion.
/// </summary>
internal static unsafe class LaneCalls
{
    private const MethodImplOptions Compiled = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>Reads consecutive elements.</summary>
    [MethodImpl(Compiled)]
    public static void Load<TMemory, T>(TMemory* source, long count, T* lanes)
        where TMemory : unmanaged, INumberBase<TMemory>
        where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < count; i++)
        {
            lanes[i] = T.CreateTruncating(source[i]);
        }
    }

    /// <summary>Reads consecutive elements where a mask is set, of which every step-th integer counts.</summary>
    [MethodImpl(Compiled)]
    public static void LoadMasked<TMemory, T>(TMemory* source, int* mask, int maskStep, long count, T* lanes)
        where TMemory : unmanaged, INumberBase<TMemory>
        where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < count; i++)
        {
            lanes[i] = mask[i * maskStep] != 0 ? T.CreateTruncating(source[i]) : T.Zero;
        }
    }

    /// <summary>Reads elements at equal distances.</summary>
    [MethodImpl(Compiled)]
    public static void LoadStrided<TMemory, T>(TMemory* source, long stride, long count, T* lanes)
        where TMemory : unmanaged, INumberBase<TMemory>
        where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < count; i++)
        {
            lanes[i] = T.CreateTruncating(source[i * stride]);
        }
    }

    /// <summary>Reads elements at equal distances where a mask is set, of which every step-th integer counts.</summary>
    [MethodImpl(Compiled)]
    public static void LoadStridedMasked<TMemory, T>(
        TMemory* source,
        long stride,
        int* mask,
        int maskStep,
        long count,
        T* lanes
    )
        where TMemory : unmanaged, INumberBase<TMemory>
        where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < count; i++)
        {
            lanes[i] = mask[i * maskStep] != 0 ? T.CreateTruncating(source[i * stride]) : T.Zero;
        }
    }

    /// <summary>Reads elements at any places.</summary>
    [MethodImpl(Compiled)]
    public static void Gather<TMemory, T, TIndex>(TMemory* source, TIndex* index, long count, T* lanes)
        where TMemory : unmanaged, INumberBase<TMemory>
        where T : unmanaged, INumberBase<T>
        where TIndex : unmanaged, INumberBase<TIndex>
    {
        for (long i = 0; i < count; i++)
        {
            lanes[i] = T.CreateTruncating(source[long.CreateTruncating(index[i])]);
        }
    }

    /// <summary>Reads elements at any places where a mask is set, of which every step-th integer counts.</summary>
    [MethodImpl(Compiled)]
    public static void GatherMasked<TMemory, T, TIndex>(
        TMemory* source,
        TIndex* index,
        int* mask,
        int maskStep,
        long count,
        T* lanes
    )
        where TMemory : unmanaged, INumberBase<TMemory>
        where T : unmanaged, INumberBase<T>
        where TIndex : unmanaged, INumberBase<TIndex>
    {
        for (long i = 0; i < count; i++)
        {
            lanes[i] = mask[i * maskStep] != 0 ? T.CreateTruncating(source[long.CreateTruncating(index[i])]) : T.Zero;
        }
    }

    /// <summary>Writes elements at equal distances.</summary>
    [MethodImpl(Compiled)]
    public static void Store<T, TMemory>(T* lanes, long stride, long count, TMemory* target)
        where TMemory : unmanaged, INumberBase<TMemory>
        where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < count; i++)
        {
            target[i * stride] = TMemory.CreateTruncating(lanes[i]);
        }
    }

    /// <summary>Writes elements at any places.</summary>
    [MethodImpl(Compiled)]
    public static void Scatter<T, TMemory, TIndex>(T* lanes, TIndex* index, long count, TMemory* target)
        where TMemory : unmanaged, INumberBase<TMemory>
        where T : unmanaged, INumberBase<T>
        where TIndex : unmanaged, INumberBase<TIndex>
    {
        for (long i = 0; i < count; i++)
        {
            target[long.CreateTruncating(index[i])] = TMemory.CreateTruncating(lanes[i]);
        }
    }

    /// <summary>Applies an operation of f32 values that has no expansion.</summary>
    [MethodImpl(Compiled)]
    public static void CallF32(int op, float* x, float* y, float* result, int count)
    {
        for (int i = 0; i < count; i++)
        {
            result[i] =
                (ScalarOp)op == ScalarOp.Rem ? x[i] % y[i] : (float)SpecialFunctions.Apply((ScalarOp)op, x[i], y[i]);
        }
    }

    /// <summary>Applies an operation of f64 values that has no expansion.</summary>
    [MethodImpl(Compiled)]
    public static void CallF64(int op, double* x, double* y, double* result, int count)
    {
        for (int i = 0; i < count; i++)
        {
            result[i] = SpecialFunctions.Apply((ScalarOp)op, x[i], y[i]);
        }
    }

    /// <summary>Applies an operation of integers: division, remainder, shift.</summary>
    [MethodImpl(Compiled)]
    public static void Integer<T>(int op, T* x, T* y, T* result, int count)
        where T : unmanaged, IBinaryInteger<T>
    {
        var type = DType.Of<T>();
        for (int i = 0; i < count; i++)
        {
            ulong bits = ScalarValue.Apply((ScalarOp)op, type.Code, Bits(x[i]), Bits(y[i]), 0);
            result[i] = T.CreateTruncating(bits);
        }

        static ulong Bits(T value) => sizeof(T) == 4 ? uint.CreateTruncating(value) : ulong.CreateTruncating(value);
    }

    /// <summary>Converts: saturated towards integers, NaN becomes 0.</summary>
    [MethodImpl(Compiled)]
    public static void Convert<TFrom, TTo>(TFrom* x, TTo* result, int count)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        for (int i = 0; i < count; i++)
        {
            result[i] = TTo.CreateSaturating(x[i]);
        }
    }

    /// <summary>Division of single integers: x / 0 = −1.</summary>
    public static long Div(long x, long y) =>
        y == 0 ? -1
        : y == -1 ? -x
        : x / y;

    /// <summary>Remainder of single integers: x rem 0 = x.</summary>
    public static long Rem(long x, long y) =>
        y == 0 ? x
        : y == -1 ? 0
        : x % y;

    /// <summary>Division of single integers: x / 0 = −1.</summary>
    public static int Div(int x, int y) =>
        y == 0 ? -1
        : y == -1 ? -x
        : x / y;

    /// <summary>Remainder of single integers: x rem 0 = x.</summary>
    public static int Rem(int x, int y) =>
        y == 0 ? x
        : y == -1 ? 0
        : x % y;
}
