using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Panels for complex products, which run as real ones: the left operand is read as pairs of real numbers along K, the output
/// as pairs along the columns, and each element <c>c + di</c> of the right one becomes the two rows <c>(c, d)</c> and
/// <c>(−d, c)</c>.
/// </summary>
internal static unsafe class ComplexPanels
{
    /// <summary>The copy of one element; real elements get a zero imaginary part.</summary>
    public static delegate* <byte*, nint, byte*, nint, nint, void> Copy(DType type) =>
        type.Code switch
        {
            DTypeCode.C64 => &CopyElements<Complex64>,
            DTypeCode.C128 => &CopyElements<Complex>,
            _ => throw new NotSupportedException($"A complex contraction needs complex operands, not {type}."),
        };

    /// <summary>Fills <c>target[k·width + column]</c>; columns and K are counted in real numbers and even.</summary>
    public static void Fill(
        in OperandOrigin origin,
        (int Start, int Count) columns,
        (int Start, int Count) inner,
        byte* target,
        int width,
        int size,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        Unsafe.InitBlockUnaligned(target, 0, (uint)((long)inner.Count * width * size));
        var layout = origin.Layout;
        Packing.Fill(
            origin,
            layout.Inner,
            layout.Rows,
            (inner.Start / 2, inner.Count / 2),
            (columns.Start / 2, columns.Count / 2),
            target,
            width,
            2 * size,
            copy
        );
        for (int k = 0; k < inner.Count; k += 2)
        {
            if (size == sizeof(float))
            {
                AddConjugates((float*)target + ((long)k * width), width, columns.Count);
            }
            else
            {
                AddConjugates((double*)target + ((long)k * width), width, columns.Count);
            }
        }
    }

    private static void AddConjugates<T>(T* row, int width, int count)
        where T : unmanaged, INumber<T>
    {
        for (int j = 0; j < count; j += 2)
        {
            row[width + j] = -row[j + 1];
            row[width + j + 1] = row[j];
        }
    }

    private static void CopyElements<T>(byte* source, nint sourceStep, byte* target, nint targetStep, nint count)
        where T : unmanaged
    {
        for (nint i = 0; i < count; i++)
        {
            *(T*)target = *(T*)source;
            source += sourceStep;
            target += targetStep;
        }
    }
}
