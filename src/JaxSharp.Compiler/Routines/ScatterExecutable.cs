using System;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>Scatters updates into a copy of an array, in the order of the updates.</summary>
internal static class ScatterExecutable
{
    public static Executable Create(ScatterLayout layout) =>
        layout.DType.Code switch
        {
            DTypeCode.Bool => new Typed<byte, BoolArithmetic>(layout),
            DTypeCode.I8 => new Typed<sbyte, NumberArithmetic<sbyte>>(layout),
            DTypeCode.I16 => new Typed<short, NumberArithmetic<short>>(layout),
            DTypeCode.I32 => new Typed<int, NumberArithmetic<int>>(layout),
            DTypeCode.I64 => new Typed<long, NumberArithmetic<long>>(layout),
            DTypeCode.U8 => new Typed<byte, NumberArithmetic<byte>>(layout),
            DTypeCode.U16 => new Typed<ushort, NumberArithmetic<ushort>>(layout),
            DTypeCode.U32 => new Typed<uint, NumberArithmetic<uint>>(layout),
            DTypeCode.U64 => new Typed<ulong, NumberArithmetic<ulong>>(layout),
            DTypeCode.F16 => new Typed<Half, NumberArithmetic<Half>>(layout),
            DTypeCode.BF16 => new Typed<BFloat16, BFloat16Arithmetic>(layout),
            DTypeCode.F32 => new Typed<float, NumberArithmetic<float>>(layout),
            DTypeCode.F64 => new Typed<double, NumberArithmetic<double>>(layout),
            DTypeCode.C64 => new Typed<Complex64, Complex64Arithmetic>(layout),
            _ => new Typed<Complex, Complex128Arithmetic>(layout),
        };

    private sealed unsafe class Typed<T, TArithmetic>(ScatterLayout layout) : Executable
        where T : unmanaged
        where TArithmetic : struct, IElementArithmetic<T>
    {
        private readonly ScatterAxis[] window = Merge(layout.Window);

        public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
        {
            var target = (T*)outputs[0];
            long bytes = layout.Size * sizeof(T);
            if (inputs[0] != outputs[0])
            {
                System.Buffer.MemoryCopy((void*)inputs[0], target, bytes, bytes);
            }

            if (layout.Outer.Any(axis => axis.Extent == 0) || window.Any(axis => axis.Extent == 0))
            {
                return;
            }

            if (layout.Outer is [var loop] && window.Length == 0)
            {
                Elements(target, inputs[1], (T*)inputs[2], loop);
                return;
            }

            Span<int> at = stackalloc int[layout.Outer.Length];
            at.Clear();
            Outer(target, inputs[1], (T*)inputs[2], at);
        }

        // Single elements, one by one.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Elements(T* target, nint indices, T* updates, ScatterAxis loop)
        {
            for (long i = 0; i < loop.Extent; i++)
            {
                long start = Start(indices, i * loop.IndexStride);
                if (start < 0)
                {
                    continue;
                }

                T* place = target + (start + (i * loop.OperandStride));
                var update = updates[i * loop.UpdateStride];
                *place = layout.Combination switch
                {
                    ScatterCombination.Replace => update,
                    ScatterCombination.Add => TArithmetic.Add(*place, update),
                    ScatterCombination.Sub => TArithmetic.Sub(*place, update),
                    ScatterCombination.Mul => TArithmetic.Mul(*place, update),
                    ScatterCombination.Min => TArithmetic.Min(*place, update),
                    _ => TArithmetic.Max(*place, update),
                };
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Outer(T* target, nint indices, T* updates, Span<int> at)
        {
            long index = 0;
            long update = 0;
            long place = 0;
            while (true)
            {
                if (Start(indices, index) is >= 0 and var start)
                {
                    Window(target + start + place, updates + update, 0);
                }

                int axis = at.Length - 1;
                for (; axis >= 0; axis--)
                {
                    var loop = layout.Outer[axis];
                    index += loop.IndexStride;
                    update += loop.UpdateStride;
                    place += loop.OperandStride;
                    if (++at[axis] < loop.Extent)
                    {
                        break;
                    }

                    index -= loop.IndexStride * loop.Extent;
                    update -= loop.UpdateStride * loop.Extent;
                    place -= loop.OperandStride * loop.Extent;
                    at[axis] = 0;
                }

                if (axis < 0)
                {
                    return;
                }
            }
        }

        // Where the window starts that an index vector gives, without batching axes; negative if the window is dropped.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private long Start(nint indices, long index)
        {
            long start = 0;
            for (int c = 0; c < layout.Components.Length; c++)
            {
                var component = layout.Components[c];
                long value = ElementInteger.Read(layout.IndexType, indices, index + (c * layout.ComponentStride));
                if (layout.Clamp)
                {
                    value = Math.Clamp(value, 0, component.Last);
                }
                else if (value < 0 || value > component.Last)
                {
                    return -1;
                }

                start += value * component.OperandStride;
            }

            return start;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Window(T* target, T* updates, int depth)
        {
            if (depth >= window.Length)
            {
                Combine(target, updates, 1, 1, 1);
                return;
            }

            var loop = window[depth];
            if (depth == window.Length - 1)
            {
                Combine(target, updates, loop.Extent, loop.OperandStride, loop.UpdateStride);
                return;
            }

            for (int i = 0; i < loop.Extent; i++)
            {
                Window(target + (i * loop.OperandStride), updates + (i * loop.UpdateStride), depth + 1);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Combine(T* target, T* updates, int count, long targetStep, long updateStep)
        {
            switch (layout.Combination)
            {
                case ScatterCombination.Replace:
                    for (int i = 0; i < count; i++)
                    {
                        target[i * targetStep] = updates[i * updateStep];
                    }

                    break;
                case ScatterCombination.Add:
                    for (int i = 0; i < count; i++)
                    {
                        target[i * targetStep] = TArithmetic.Add(target[i * targetStep], updates[i * updateStep]);
                    }

                    break;
                case ScatterCombination.Sub:
                    for (int i = 0; i < count; i++)
                    {
                        target[i * targetStep] = TArithmetic.Sub(target[i * targetStep], updates[i * updateStep]);
                    }

                    break;
                case ScatterCombination.Mul:
                    for (int i = 0; i < count; i++)
                    {
                        target[i * targetStep] = TArithmetic.Mul(target[i * targetStep], updates[i * updateStep]);
                    }

                    break;
                case ScatterCombination.Min:
                    for (int i = 0; i < count; i++)
                    {
                        target[i * targetStep] = TArithmetic.Min(target[i * targetStep], updates[i * updateStep]);
                    }

                    break;
                default:
                    for (int i = 0; i < count; i++)
                    {
                        target[i * targetStep] = TArithmetic.Max(target[i * targetStep], updates[i * updateStep]);
                    }

                    break;
            }
        }
    }

    // Joins neighbouring loops of a window that step through both memories as one, so that the innermost is long.
    private static ScatterAxis[] Merge(ScatterAxis[] axes)
    {
        var merged = new System.Collections.Generic.List<ScatterAxis>();
        foreach (var axis in axes.Where(a => a.Extent != 1))
        {
            if (
                merged.Count > 0
                && merged[^1] is var outer
                && outer.OperandStride == axis.OperandStride * axis.Extent
                && outer.UpdateStride == axis.UpdateStride * axis.Extent
            )
            {
                merged[^1] = axis with { Extent = outer.Extent * axis.Extent };
            }
            else
            {
                merged.Add(axis);
            }
        }

        return [.. merged];
    }
}

/// <summary>Reads integers of any type.</summary>
internal static unsafe class ElementInteger
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Read(DType type, nint memory, long index) =>
        type.Code switch
        {
            DTypeCode.Bool or DTypeCode.U8 => ((byte*)memory)[index],
            DTypeCode.I8 => ((sbyte*)memory)[index],
            DTypeCode.I16 => ((short*)memory)[index],
            DTypeCode.U16 => ((ushort*)memory)[index],
            DTypeCode.I32 => ((int*)memory)[index],
            DTypeCode.U32 => ((uint*)memory)[index],
            _ => ((long*)memory)[index],
        };
}
