using System;
using System.Linq;
using System.Numerics;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Runs a contraction as its definition reads, one product at a time: the oracle for the compiled ones. Floating-point sums
/// are taken in double precision, integer ones modulo 2⁶⁴.
/// </summary>
internal static unsafe class ContractionInterpreter
{
    public static void Run(ContractionSpec spec, nint lhs, nint rhs, nint output)
    {
        var outer = new int[spec.Axes.Length];
        do
        {
            long target = 0;
            for (int a = 0; a < outer.Length; a++)
            {
                target += outer[a] * spec.Output.Strides[a];
            }

            Store(spec, output + (nint)(target * spec.Output.DType.Size), lhs, rhs, outer);
        } while (Next(spec, outer, inK: false));
    }

    private static void Store(ContractionSpec spec, nint target, nint lhs, nint rhs, int[] index)
    {
        if (spec.Axes.Any(a => a.Role != AxisRole.K && a.Extent == 0))
        {
            return;
        }

        var sum = Complex.Zero;
        long integerSum = 0;
        bool any = spec.Extent(AxisRole.K) > 0;
        while (any)
        {
            var (left, leftInteger) = Read(spec.Lhs, lhs, index);
            var (right, rightInteger) = Read(spec.Rhs, rhs, index);
            sum += spec.Accumulation.IsComplex ? left * right : left.Real * right.Real;
            integerSum += leftInteger * rightInteger;
            any = Next(spec, index, inK: true);
        }

        bool floating = spec.Accumulation.IsInexact;
        var type = spec.Output.DType;
        switch (type.Code)
        {
            case DTypeCode.Bool:
                *(bool*)target = floating ? sum != Complex.Zero : integerSum != 0;
                break;
            case DTypeCode.I8 or DTypeCode.U8:
                *(byte*)target = (byte)Integer();
                break;
            case DTypeCode.I16 or DTypeCode.U16:
                *(ushort*)target = (ushort)Integer();
                break;
            case DTypeCode.I32 or DTypeCode.U32:
                *(uint*)target = (uint)Integer();
                break;
            case DTypeCode.I64 or DTypeCode.U64:
                *(long*)target = Integer();
                break;
            case DTypeCode.F16:
                *(Half*)target = (Half)(float)Real();
                break;
            case DTypeCode.BF16:
                *(BFloat16*)target = (BFloat16)(float)Real();
                break;
            case DTypeCode.F32:
                *(float*)target = (float)Real();
                break;
            case DTypeCode.F64:
                *(double*)target = Real();
                break;
            case DTypeCode.C64:
                *(Complex64*)target = (Complex64)(floating ? sum : integerSum);
                break;
            default:
                *(Complex*)target = floating ? sum : integerSum;
                break;
        }

        double Real() => floating ? sum.Real : integerSum;
        long Integer() => floating ? (long)sum.Real : integerSum;
    }

    private static (Complex Value, long Integer) Read(OperandView view, nint memory, int[] index)
    {
        long element = view.BaseOffset;
        foreach (var dim in view.Dims)
        {
            long q = dim.Offset;
            for (int a = 0; a < index.Length; a++)
            {
                q += (long)dim.Coefs[a] * index[a];
            }

            // Most dimensions have no divisor, and a division takes longer than all the rest.
            long place = dim.Divisor == 1 ? q : q / dim.Divisor;
            if (q < 0 || place * dim.Divisor != q || place >= dim.Extent)
            {
                return (Complex.Zero, 0);
            }

            element += dim.Stride * place;
        }

        nint p = memory + (nint)(element * view.DType.Size);
        return view.DType.Code switch
        {
            DTypeCode.Bool or DTypeCode.U8 => (*(byte*)p, *(byte*)p),
            DTypeCode.I8 => (*(sbyte*)p, *(sbyte*)p),
            DTypeCode.I16 => (*(short*)p, *(short*)p),
            DTypeCode.U16 => (*(ushort*)p, *(ushort*)p),
            DTypeCode.I32 => (*(int*)p, *(int*)p),
            DTypeCode.U32 => (*(uint*)p, *(uint*)p),
            DTypeCode.I64 => (*(long*)p, *(long*)p),
            DTypeCode.U64 => (*(ulong*)p, (long)*(ulong*)p),
            DTypeCode.F16 => ((double)*(Half*)p, (long)*(Half*)p),
            DTypeCode.BF16 => ((float)*(BFloat16*)p, (long)(float)*(BFloat16*)p),
            DTypeCode.F32 => (*(float*)p, (long)*(float*)p),
            DTypeCode.F64 => (*(double*)p, (long)*(double*)p),
            DTypeCode.C64 => (*(Complex64*)p, (long)(*(Complex64*)p).Real),
            _ => (*(Complex*)p, (long)(*(Complex*)p).Real),
        };
    }

    // Steps the K axes, or the others, as an odometer; false and back at zero after the last position.
    private static bool Next(ContractionSpec spec, int[] index, bool inK)
    {
        for (int a = index.Length - 1; a >= 0; a--)
        {
            if ((spec.Axes[a].Role == AxisRole.K) != inK)
            {
                continue;
            }

            if (++index[a] < spec.Axes[a].Extent)
            {
                return true;
            }

            index[a] = 0;
        }

        return false;
    }
}
