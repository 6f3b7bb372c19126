using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Which elements along a line of an operand exist: coordinates at its start and their steps along it.</summary>
internal readonly unsafe struct CheckedLine(CoordinateCheck[] checks, int* start, int* steps)
{
    /// <summary>
    /// Narrows a range of positions to those with elements, which lie side by side; false if holes of a dilation lie between.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Narrow(int* more, ref int low, ref int high)
    {
        for (int c = 0; c < checks.Length; c++)
        {
            ref readonly var check = ref checks[c];
            int q = start[c] + more[c];
            int step = steps[c];
            int extent = check.Extent;
            if (check.Divisor != 1)
            {
                if (step % check.Divisor != 0)
                {
                    return false;
                }

                extent *= check.Divisor;
                if (q % check.Divisor != 0)
                {
                    high = 0;
                    continue;
                }
            }

            if (step == 0)
            {
                high = (uint)q < (uint)extent ? high : 0;
            }
            else if (step == 1)
            {
                low = Math.Max(low, -q);
                high = Math.Min(high, extent - q);
            }
            else if (step > 0)
            {
                low = Math.Max(low, q >= 0 ? 0 : (-q + step - 1) / step);
                if (q + ((long)step * (high - 1)) >= extent)
                {
                    high = q >= extent ? 0 : Math.Min(high, (extent - q + step - 1) / step);
                }
            }
            else
            {
                low = Math.Max(low, q < extent ? 0 : ((q - extent) / -step) + 1);
                high = Math.Min(high, q < 0 ? 0 : (q / -step) + 1);
            }
        }

        return true;
    }

    /// <summary>Whether there is an element at a position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Exists(int* more, int position)
    {
        for (int c = 0; c < checks.Length; c++)
        {
            if (!checks[c].Holds(start[c] + more[c] + (steps[c] * position)))
            {
                return false;
            }
        }

        return true;
    }
}
