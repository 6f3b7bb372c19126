using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// The product of a matrix whose rows are contiguous and a few vectors: dot products of rows, four at a time, at the speed of
/// memory. A single long dot product is cut into parts of fixed length that are added up in order.
/// </summary>
internal sealed unsafe class RowDots : Executable
{
    private const int MaxVectors = 4;
    private const int PartLength = 1 << 15;
    private const int ElementsPerChunk = 1 << 16;

    private readonly ContractionPlan plan;

    private RowDots(ContractionPlan plan) => this.plan = plan;

    // In terms of the plan: the right operand is the matrix, the rows of the left one are the vectors.
    private long MatrixStep => plan.Right.Rows.Length == 0 ? 0 : plan.Right.Rows[0].Stride;

    private long VectorStep => plan.Left.Rows.Length == 0 ? 0 : plan.Left.Rows[0].Stride;

    private long OutMatrixStep => plan.OutColumns.Length == 0 ? 0 : plan.OutColumns[0].Stride;

    private long OutVectorStep => plan.OutRows.Length == 0 ? 0 : plan.OutRows[0].Stride;

    /// <summary>The executable for a plan that has this form; otherwise null.</summary>
    public static RowDots? For(ContractionPlan plan)
    {
        bool fits =
            plan.Rows <= MaxVectors
            && plan.Inner >= 8
            && !plan.IsComplex
            && (ReferenceEquals(plan.Type, DType.F32) || ReferenceEquals(plan.Type, DType.F64))
            && ReferenceEquals(plan.OutputType, plan.Type)
            && plan.OutColumns.Length <= 1
            && plan.OutRows.Length <= 1
            && IsRows(plan.Left)
            && IsRows(plan.Right);
        return fits ? new RowDots(plan) : null;

        bool IsRows(OperandLayout layout) => layout.IsOfRows && ReferenceEquals(layout.DType, plan.Type);
    }

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        nint left = inputs[plan.IsSwapped ? 1 : 0];
        nint right = inputs[plan.IsSwapped ? 0 : 1];
        if (ReferenceEquals(plan.Type, DType.F32))
        {
            Run((float*)left, (float*)right, (float*)outputs[0]);
        }
        else
        {
            Run((double*)left, (double*)right, (double*)outputs[0]);
        }
    }

    private void Run<T>(T* left, T* right, T* output)
        where T : unmanaged, INumber<T>
    {
        var work = new Lines<T>(this, left, right, output);
        if (plan.Rows == 1 && plan.Columns == 1 && plan.Inner > 2 * PartLength)
        {
            int parts = ((plan.Inner - 1) / PartLength) + 1;
            var sums = new T[parts];
            for (int batch = 0; batch < plan.Batches; batch++)
            {
                work.Sums = sums;
                work.FirstBatch = batch;
                WorkerPool.Run(parts, ref work);
                T sum = T.Zero;
                foreach (T part in sums)
                {
                    sum += part;
                }

                output[OperandLayout.Locate(plan.OutBatch, batch, [])] = sum;
            }

            return;
        }

        work.PerChunk = Math.Clamp(ElementsPerChunk / plan.Inner / 4 * 4, 4, ((plan.Columns - 1) / 4 * 4) + 4);
        int chunks = ((plan.Columns - 1) / work.PerChunk) + 1;
        WorkerPool.Run(checked(plan.Batches * chunks), ref work);
    }

    private struct Lines<T>(RowDots owner, T* left, T* right, T* output) : IParallelWork
        where T : unmanaged, INumber<T>
    {
        public T[]? Sums;
        public int FirstBatch;
        public int PerChunk;

        public readonly void Invoke(int chunk)
        {
            var plan = owner.plan;
            int chunks = Sums is null ? ((plan.Columns - 1) / PerChunk) + 1 : Sums.Length;
            (int batch, int part) = Math.DivRem(chunk, chunks);
            batch += FirstBatch;
            T* vectors = left + plan.Left.BaseOffset + OperandLayout.Locate(plan.Left.Batch, batch, []);
            T* matrix = right + plan.Right.BaseOffset + OperandLayout.Locate(plan.Right.Batch, batch, []);
            if (Sums is not null)
            {
                int start = part * PartLength;
                Sums[part] = Long(vectors + start, matrix + start, Math.Min(PartLength, plan.Inner - start));
                return;
            }

            T* target = output + OperandLayout.Locate(plan.OutBatch, batch, []);
            owner.Dots(vectors, matrix, target, part * PerChunk, Math.Min((part + 1) * PerChunk, plan.Columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dots<T>(T* vectors, T* matrix, T* target, int first, int end)
        where T : unmanaged, INumber<T>
    {
        var (step, outStep, inner) = (MatrixStep, OutMatrixStep, plan.Inner);
        matrix += first * step;
        target += first * outStep;
        for (int v = 0; v < plan.Rows; v++)
        {
            T* x = vectors + (v * VectorStep);
            T* place = target + (v * OutVectorStep);
            if (typeof(T) == typeof(float) && ShortRows.Take(inner, end - first))
            {
                ShortRows.Dots((float*)matrix, step, end - first, (float*)x, inner, (float*)place, outStep);
            }
            else
            {
                Dots(matrix, step, end - first, x, inner, place, outStep);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots<T>(T* matrix, long step, int rows, T* x, int inner, T* target, long outStep)
        where T : unmanaged, INumber<T>
    {
        var sums = stackalloc T[4];
        for (int row = 0; row < rows; row += 4)
        {
            // Rows beyond the end are computed as the last one and not stored.
            T* a = matrix + (row * step);
            T* b = matrix + (Math.Min(row + 1, rows - 1) * step);
            T* c = matrix + (Math.Min(row + 2, rows - 1) * step);
            T* d = matrix + (Math.Min(row + 3, rows - 1) * step);
            Four(a, b, c, d, x, inner, sums);
            T* place = target + (row * outStep);
            int count = Math.Min(4, rows - row);
            if (count == 4 && outStep == 1)
            {
                (place[0], place[1], place[2], place[3]) = (sums[0], sums[1], sums[2], sums[3]);
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                place[i * outStep] = sums[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.AggressiveInlining)]
    private static void Four<T>(T* a, T* b, T* c, T* d, T* x, int length, T* sums)
        where T : unmanaged, INumber<T>
    {
        var (sa, sb, sc, sd) = (Vector128<T>.Zero, Vector128<T>.Zero, Vector128<T>.Zero, Vector128<T>.Zero);
        int k = 0;
        if (Vector512.IsHardwareAccelerated && length >= Vector512<T>.Count)
        {
            var (wa, wb, wc, wd) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
            for (; k <= length - Vector512<T>.Count; k += Vector512<T>.Count)
            {
                var wx = Vector512.Load(x + k);
                wa = MultiplyAdd(Vector512.Load(a + k), wx, wa);
                wb = MultiplyAdd(Vector512.Load(b + k), wx, wb);
                wc = MultiplyAdd(Vector512.Load(c + k), wx, wc);
                wd = MultiplyAdd(Vector512.Load(d + k), wx, wd);
            }

            (sa, sb, sc, sd) = (Fold(Fold(wa)), Fold(Fold(wb)), Fold(Fold(wc)), Fold(Fold(wd)));
        }
        else if (Vector256.IsHardwareAccelerated && length >= Vector256<T>.Count)
        {
            var (wa, wb, wc, wd) = (Vector256<T>.Zero, Vector256<T>.Zero, Vector256<T>.Zero, Vector256<T>.Zero);
            for (; k <= length - Vector256<T>.Count; k += Vector256<T>.Count)
            {
                var wx = Vector256.Load(x + k);
                wa += Vector256.Load(a + k) * wx;
                wb += Vector256.Load(b + k) * wx;
                wc += Vector256.Load(c + k) * wx;
                wd += Vector256.Load(d + k) * wx;
            }

            (sa, sb, sc, sd) = (Fold(wa), Fold(wb), Fold(wc), Fold(wd));
        }

        for (; k <= length - Vector128<T>.Count; k += Vector128<T>.Count)
        {
            var wx = Vector128.Load(x + k);
            sa += Vector128.Load(a + k) * wx;
            sb += Vector128.Load(b + k) * wx;
            sc += Vector128.Load(c + k) * wx;
            sd += Vector128.Load(d + k) * wx;
        }

        if (Sse.IsSupported && typeof(T) == typeof(float))
        {
            var (fa, fb, fc, fd) = (sa.AsSingle(), sb.AsSingle(), sc.AsSingle(), sd.AsSingle());
            var ab = Sse.UnpackLow(fa, fb) + Sse.UnpackHigh(fa, fb);
            var cd = Sse.UnpackLow(fc, fd) + Sse.UnpackHigh(fc, fd);
            Vector128.Store(Sse.MoveLowToHigh(ab, cd) + Sse.MoveHighToLow(cd, ab), (float*)sums);
        }
        else
        {
            sums[0] = Vector128.Sum(sa);
            sums[1] = Vector128.Sum(sb);
            sums[2] = Vector128.Sum(sc);
            sums[3] = Vector128.Sum(sd);
        }

        for (; k < length; k++)
        {
            sums[0] += a[k] * x[k];
            sums[1] += b[k] * x[k];
            sums[2] += c[k] * x[k];
            sums[3] += d[k] * x[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Long<T>(T* x, T* y, int length)
        where T : unmanaged, INumber<T>
    {
        var (a, b, c, d) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
        int lanes = Vector<T>.Count;
        int k = 0;
        for (; k <= length - (4 * lanes); k += 4 * lanes)
        {
            a += Load(x + k) * Load(y + k);
            b += Load(x + k + lanes) * Load(y + k + lanes);
            c += Load(x + k + (2 * lanes)) * Load(y + k + (2 * lanes));
            d += Load(x + k + (3 * lanes)) * Load(y + k + (3 * lanes));
        }

        T sum = Vector.Sum((a + b) + (c + d));
        for (; k < length; k++)
        {
            sum += x[k] * y[k];
        }

        return sum;

        static Vector<T> Load(T* p) => Unsafe.ReadUnaligned<Vector<T>>(p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> MultiplyAdd<T>(Vector512<T> x, Vector512<T> y, Vector512<T> sum) =>
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), sum.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), sum.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Fold<T>(Vector512<T> vector) => vector.GetLower() + vector.GetUpper();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Fold<T>(Vector256<T> vector) => vector.GetLower() + vector.GetUpper();
}
