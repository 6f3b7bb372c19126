using System;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>Scatters updates into an array, those to one place in the order of the updates.</summary>
internal static class ScatterExecutable
{
    // So many elements are enough for several tasks, and so many bytes of a window for its share.
    private const int LeastInTasks = 1 << 14;
    private const int LeastCutBytes = 256;
    private const int MostTasksLog = 4;
    private const int LeastBlock = 64;
    private const int BlocksPerTask = 256;

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

    private sealed unsafe class Typed<T, TArithmetic>(ScatterLayout layout) : Executable, IUpdatesInPlace
        where T : unmanaged
        where TArithmetic : struct, IElementArithmetic<T>
    {
        private readonly ScatterAxis[] outer = Merge(layout.Outer) is { Length: > 0 } loops ? loops : [new(1, 0, 0, 0)];
        private readonly ScatterAxis[] window = Merge(layout.Window);

        private int IndexBytes => layout.IndexType.Size;

        private bool IsInteger => layout.DType.IsInteger && !layout.DType.IsBool;

        public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
        {
            LargeCopy.Run(inputs[0], outputs[0], layout.Size * sizeof(T));
            double windows = Count(outer);
            double elements = windows * Count(window);
            if (layout.Size == 0 || elements == 0)
            {
                return;
            }

            var operands = new Operands(outputs[0], inputs[1], inputs[2]);
            if (elements < LeastInTasks || WorkerPool.Threads == 1 || !layout.IsDisjoint)
            {
                Scatter(operands, outer, default, new Cut(0, 1));
                return;
            }

            int parts = (int)Math.Min(WorkerPool.Threads, windows / LeastInTasks);
            if (
                parts > 1
                && IsInteger
                && layout.Combination is ScatterCombination.Add or ScatterCombination.Sub
                && outer.Length == 1
                && window.Length == 0
                && layout.Size * (parts + 1) < windows / 2
            )
            {
                Totals(operands, parts);
                return;
            }

            // Each task does all updates to its places in their order, so that the number of tasks changes no bits.
            int tasks = 1 << Math.Min(BitOperations.Log2((uint)WorkerPool.Threads), MostTasksLog);
            bool cuts = Count(window) * sizeof(T) >= (long)tasks * LeastCutBytes && window[0].Extent >= tasks;
            int shift = ShareShift(tasks);
            WorkerPool.Run(
                tasks,
                (this, operands, tasks, cuts, shift),
                static (state, task) =>
                {
                    var (self, operands, tasks, cuts, shift) = state;
                    var share = cuts ? default : new ScatterShare(shift, tasks - 1, task);
                    self.Scatter(operands, self.outer, share, cuts ? new Cut(task, tasks) : new Cut(0, 1));
                }
            );
        }

        // Blocks are small, since often updates crowd at some places, but neighbouring windows are not all in blocks of one task.
        private int ShareShift(int tasks)
        {
            long block = Math.Max(LeastBlock, layout.Size / (tasks * BlocksPerTask));
            if (layout.Components.Length > 0)
            {
                block = Math.Max(block, layout.Components.Min(c => c.OperandStride));
            }

            return BitOperations.Log2((ulong)block - 1) + 1;
        }

        // Sums of integers are the same in any order: each part of the updates has its own.
        private void Totals(Operands operands, int parts)
        {
            int size = (int)layout.Size;
            using var memory = BufferPool.Borrow((long)parts * size * sizeof(T));
            var sums = (T*)memory.Address;
            WorkerPool.Run(
                parts,
                (this, operands, (nint)sums, size, parts),
                static (state, part) =>
                {
                    var (self, operands, sums, size, parts) = state;
                    var own = (T*)sums + ((long)part * size);
                    new Span<T>(own, size).Clear();
                    var loop = self.outer[0];
                    long first = (long)loop.Extent * part / parts;
                    long end = (long)loop.Extent * (part + 1) / parts;
                    var slice = new Operands(
                        (nint)(own + (first * loop.OperandStride)),
                        operands.Indices + (nint)(first * loop.IndexStride * self.IndexBytes),
                        (nint)(operands.Updates + (first * loop.UpdateStride))
                    );
                    self.Scatter(slice, [loop with { Extent = (int)(end - first) }], default, new Cut(0, 1));
                }
            );
            for (int part = 0; part < parts; part++)
            {
                Line<Added>(operands.Target, sums + ((long)part * size), size, 1, 1);
            }
        }

        private void Scatter(Operands operands, ScatterAxis[] loops, ScatterShare share, Cut cut)
        {
            switch (layout.Combination)
            {
                case ScatterCombination.Replace:
                    Scatter<Replaced>(operands, loops, share, cut);
                    break;
                case ScatterCombination.Add:
                    Scatter<Added>(operands, loops, share, cut);
                    break;
                case ScatterCombination.Sub:
                    Scatter<Subtracted>(operands, loops, share, cut);
                    break;
                case ScatterCombination.Mul:
                    Scatter<Multiplied>(operands, loops, share, cut);
                    break;
                case ScatterCombination.Min:
                    Scatter<Smaller>(operands, loops, share, cut);
                    break;
                default:
                    Scatter<Larger>(operands, loops, share, cut);
                    break;
            }
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Scatter<TCombination>(Operands operands, ScatterAxis[] loops, ScatterShare share, Cut cut)
            where TCombination : struct, ICombination
        {
            long* places = stackalloc long[ScatterPlaces.Together + Vector512<int>.Count];
            int* numbers = stackalloc int[ScatterPlaces.Together + Vector512<int>.Count];
            Span<int> at = stackalloc int[loops.Length];
            at.Clear();
            var run = loops[^1];
            var updates = operands.Updates;
            long index = 0;
            long place = 0;
            while (true)
            {
                for (long first = 0; first < run.Extent; first += ScatterPlaces.Together)
                {
                    int listed = ScatterPlaces.List(
                        layout,
                        run,
                        operands.Indices,
                        index + (first * run.IndexStride),
                        place + (first * run.OperandStride),
                        (int)Math.Min(ScatterPlaces.Together, run.Extent - first),
                        share,
                        places,
                        numbers
                    );
                    var from = updates + (first * run.UpdateStride);
                    if (window.Length == 0)
                    {
                        for (int i = 0; i < listed; i++)
                        {
                            var to = operands.Target + places[i];
                            *to = TCombination.Combine(*to, from[numbers[i] * run.UpdateStride]);
                        }
                    }
                    else
                    {
                        for (int i = 0; i < listed; i++)
                        {
                            var to = operands.Target + places[i];
                            Window<TCombination>(to, from + (numbers[i] * run.UpdateStride), 0, cut);
                        }
                    }
                }

                int axis = loops.Length - 2;
                for (; axis >= 0; axis--)
                {
                    var loop = loops[axis];
                    index += loop.IndexStride;
                    updates += loop.UpdateStride;
                    place += loop.OperandStride;
                    if (++at[axis] < loop.Extent)
                    {
                        break;
                    }

                    index -= loop.IndexStride * loop.Extent;
                    updates -= loop.UpdateStride * loop.Extent;
                    place -= loop.OperandStride * loop.Extent;
                    at[axis] = 0;
                }

                if (axis < 0)
                {
                    return;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Window<TCombination>(T* target, T* updates, int depth, Cut cut)
            where TCombination : struct, ICombination
        {
            var loop = window[depth];
            var (first, end) = cut.Of(loop.Extent);
            target += first * loop.OperandStride;
            updates += first * loop.UpdateStride;
            if (depth == window.Length - 1)
            {
                Line<TCombination>(target, updates, end - first, loop.OperandStride, loop.UpdateStride);
                return;
            }

            for (int i = first; i < end; i++)
            {
                Window<TCombination>(target, updates, depth + 1, new Cut(0, 1));
                target += loop.OperandStride;
                updates += loop.UpdateStride;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Line<TCombination>(T* target, T* updates, int count, long targetStep, long updateStep)
            where TCombination : struct, ICombination
        {
            int i = 0;
            if (targetStep == 1 && updateStep == 1)
            {
                if (typeof(TCombination) == typeof(Replaced))
                {
                    new ReadOnlySpan<T>(updates, count).CopyTo(new Span<T>(target, count));
                    return;
                }

                if (TCombination.HasVectors && Vector<T>.IsSupported)
                {
                    for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
                    {
                        TCombination.Combine(Vector.Load(target + i), Vector.Load(updates + i)).Store(target + i);
                    }
                }
            }

            for (; i < count; i++)
            {
                target[i * targetStep] = TCombination.Combine(target[i * targetStep], updates[i * updateStep]);
            }
        }

        private static double Count(ScatterAxis[] axes) => axes.Aggregate(1.0, (count, axis) => count * axis.Extent);

        private interface ICombination
        {
            static abstract bool HasVectors { get; }

            static abstract T Combine(T x, T y);

            static abstract Vector<T> Combine(Vector<T> x, Vector<T> y);
        }

        private readonly record struct Operands(nint To, nint Indices, nint From)
        {
            public T* Target => (T*)To;

            public T* Updates => (T*)From;
        }

        // A task's part of the first axis of a window; ends are where vectors end.
        private readonly record struct Cut(int Task, int Tasks)
        {
            public (int First, int End) Of(int extent) => (At(extent, Task), At(extent, Task + 1));

            private int At(int extent, int task) =>
                task == Tasks ? extent
                : extent < Tasks * 64 ? (int)((long)extent * task / Tasks)
                : (int)((long)extent * task / Tasks) & -16;
        }

        private readonly struct Replaced : ICombination
        {
            public static bool HasVectors => false;

            public static T Combine(T x, T y) => y;

            public static Vector<T> Combine(Vector<T> x, Vector<T> y) => y;
        }

        private readonly struct Added : ICombination
        {
            public static bool HasVectors => TArithmetic.HasVectors;

            public static T Combine(T x, T y) => TArithmetic.Add(x, y);

            public static Vector<T> Combine(Vector<T> x, Vector<T> y) => x + y;
        }

        private readonly struct Subtracted : ICombination
        {
            public static bool HasVectors => TArithmetic.HasVectors;

            public static T Combine(T x, T y) => TArithmetic.Sub(x, y);

            public static Vector<T> Combine(Vector<T> x, Vector<T> y) => x - y;
        }

        private readonly struct Multiplied : ICombination
        {
            public static bool HasVectors => TArithmetic.HasVectors;

            public static T Combine(T x, T y) => TArithmetic.Mul(x, y);

            public static Vector<T> Combine(Vector<T> x, Vector<T> y) => x * y;
        }

        private readonly struct Smaller : ICombination
        {
            public static bool HasVectors => false;

            public static T Combine(T x, T y) => TArithmetic.Min(x, y);

            public static Vector<T> Combine(Vector<T> x, Vector<T> y) => throw new NotSupportedException();
        }

        private readonly struct Larger : ICombination
        {
            public static bool HasVectors => false;

            public static T Combine(T x, T y) => TArithmetic.Max(x, y);

            public static Vector<T> Combine(Vector<T> x, Vector<T> y) => throw new NotSupportedException();
        }
    }

    // Joins neighbouring loops that step through all memories as one, so that the innermost is long.
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
                && outer.IndexStride == axis.IndexStride * axis.Extent
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
