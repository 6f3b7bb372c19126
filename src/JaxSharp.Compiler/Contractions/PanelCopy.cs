using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Copies rows that lie at one distance from each other into panels, a row of the panel's width behind the other.</summary>
internal static unsafe class PanelCopy
{
    /// <summary>Copies panels that lie side by side.</summary>
    /// <param name="source">The first row of the first panel.</param>
    /// <param name="step">From one row to the next, in bytes.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="bytes">The bytes of a row in all panels.</param>
    /// <param name="target">The first panel.</param>
    /// <param name="width">The bytes of a row of a panel.</param>
    /// <param name="panelStep">From one panel to the next, in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* source, nint step, int rows, nint bytes, byte* target, nint width, nint panelStep)
    {
        for (int k = 0; k < rows; k++)
        {
            byte* place = target;
            byte* from = source;
            for (nint rest = bytes; rest > 0; rest -= width)
            {
                LineCopy.Contiguous(from, place, Math.Min(rest, width));
                from += width;
                place += panelStep;
            }

            source += step;
            target += width;
        }
    }
}
