using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Many tiny products side by side, as in a depthwise convolution with the channels last: vectors go along the batch axis, which
/// is contiguous in both operands and the output.
/// </summary>
internal sealed unsafe class BatchVectors : Executable
{
    private const int Depth = 128;
    private const int MultipliesPerChunk = 1 << 17;

    private readonly ContractionPlan plan;
    private readonly int run;

    private BatchVectors(ContractionPlan plan)
    {
        this.plan = plan;
        run = plan.OutBatch[^1].Extent;
    }

    /// <summary>The executable for a plan that has this form; otherwise null.</summary>
    public static BatchVectors? For(ContractionPlan plan)
    {
        bool fits =
            Math.Min(plan.Rows, plan.Columns) <= 2
            && plan.Inner > 0
            && !plan.IsComplex
            && (ReferenceEquals(plan.Type, DType.F32) || ReferenceEquals(plan.Type, DType.F64))
            && ReferenceEquals(plan.OutputType, plan.Type)
            && plan.OutBatch.Length > 0
            && plan.OutBatch[^1] is { Stride: 1, Extent: >= 8 } last
            && IsAlong(plan.Left, last.Extent)
            && IsAlong(plan.Right, last.Extent);
        return fits ? new BatchVectors(plan) : null;

        bool IsAlong(OperandLayout layout, int extent) =>
            ReferenceEquals(layout.DType, plan.Type)
            && layout.Scale == 1
            && layout.Batch.Length > 0
            && layout.Batch[^1] is { Stride: 1 } axis
            && axis.Extent == extent
            && axis.IsFree;
    }

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        nint left = inputs[plan.IsSwapped ? 1 : 0];
        nint right = inputs[plan.IsSwapped ? 0 : 1];
        if (ReferenceEquals(plan.Type, DType.F32))
        {
            Run<float>(left, right, outputs[0]);
        }
        else
        {
            Run<double>(left, right, outputs[0]);
        }
    }

    private void Run<T>(nint left, nint right, nint output)
        where T : unmanaged, INumber<T>
    {
        // The longer of rows and columns is cut.
        bool alongRows = plan.Rows >= plan.Columns;
        int length = Math.Max(plan.Rows, plan.Columns);
        double perPosition = (double)Math.Min(plan.Rows, plan.Columns) * plan.Inner * run;
        int perChunk = (int)Math.Clamp(MultipliesPerChunk / perPosition, 1, length);
        int chunks = ((length - 1) / perChunk) + 1;
        var work = new Chunks<T>(this, left, right, output, perChunk, alongRows, chunks);
        WorkerPool.Run(checked(plan.Batches / run * chunks), ref work);
    }

    private readonly struct Chunks<T>(
        BatchVectors owner,
        nint left,
        nint right,
        nint output,
        int perChunk,
        bool alongRows,
        int chunks
    ) : IParallelWork
        where T : unmanaged, INumber<T>
    {
        public void Invoke(int chunk)
        {
            var plan = owner.plan;
            (int batch, int part) = Math.DivRem(chunk, chunks);
            long position = (long)batch * owner.run;
            var range = (part * perChunk, Math.Min((part + 1) * perChunk, Math.Max(plan.Rows, plan.Columns)));
            var leftSide = new Side(plan.Left, left, position, sizeof(T));
            var rightSide = new Side(plan.Right, right, position, sizeof(T));
            T* target = (T*)output + OperandLayout.Locate(plan.OutBatch, position, []);
            if (alongRows)
            {
                owner.Positions(leftSide, rightSide, (plan.OutRows, range), (plan.OutColumns, plan.Columns), target);
            }
            else
            {
                owner.Positions(rightSide, leftSide, (plan.OutColumns, range), (plan.OutRows, plan.Rows), target);
            }
        }
    }

    private void Positions<T>(
        in Side longSide,
        in Side shortSide,
        (LayoutAxis[] Axes, (int Start, int End) Range) along,
        (LayoutAxis[] Axes, int Count) across,
        T* target
    )
        where T : unmanaged, INumber<T>
    {
        var first = stackalloc nint[Depth];
        var second = stackalloc nint[Depth];
        Span<nint> longAddresses = stackalloc nint[Depth];
        Span<nint> shortAddresses = stackalloc nint[Depth];
        Span<int> longCoordinates = stackalloc int[Depth * 4];
        Span<int> shortCoordinates = stackalloc int[Depth * 4];
        Span<int> outScratch = stackalloc int[along.Axes.Length];
        Span<int> longScratch = stackalloc int[longSide.ScratchLength];
        Span<int> shortScratch = stackalloc int[shortSide.ScratchLength];
        for (int start = 0; start < plan.Inner; start += Depth)
        {
            int depth = Math.Min(Depth, plan.Inner - start);
            var longSteps = new Steps(longSide, start, depth, longAddresses, longCoordinates);
            var shortSteps = new Steps(shortSide, start, depth, shortAddresses, shortCoordinates);
            var outCursor = new AxisCursor(along.Axes, along.Range.Start, 0, outScratch);
            var cursor = longSide.Rows(along.Range.Start, longScratch);
            for (int i = along.Range.Start; i < along.Range.End; i++)
            {
                for (int j = 0; j < across.Count; j++)
                {
                    var other = shortSide.Rows(j, shortScratch);
                    int count = 0;
                    for (int k = 0; k < depth; k++)
                    {
                        if (longSteps.Exists(k, cursor.Coordinates) && shortSteps.Exists(k, other.Coordinates))
                        {
                            first[count] = longSteps.Address(k, cursor.Address);
                            second[count++] = shortSteps.Address(k, other.Address);
                        }
                    }

                    T* place = target + outCursor.Address + OperandLayout.Locate(across.Axes, j, []);
                    Accumulate((T**)first, (T**)second, count, place, run, start > 0);
                }

                cursor.Next();
                outCursor.Next();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<T>(T** x, T** y, int count, T* target, int length, bool accumulate)
        where T : unmanaged, INumber<T>
    {
        int lanes = Vector<T>.Count;
        int i = 0;
        for (; i <= length - (4 * lanes); i += 4 * lanes)
        {
            var (a, b, c, d) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
            if (accumulate)
            {
                (a, b) = (Load(target + i), Load(target + i + lanes));
                (c, d) = (Load(target + i + (2 * lanes)), Load(target + i + (3 * lanes)));
            }

            for (int k = 0; k < count; k++)
            {
                T* p = x[k] + i;
                T* q = y[k] + i;
                a += Load(p) * Load(q);
                b += Load(p + lanes) * Load(q + lanes);
                c += Load(p + (2 * lanes)) * Load(q + (2 * lanes));
                d += Load(p + (3 * lanes)) * Load(q + (3 * lanes));
            }

            Unsafe.WriteUnaligned(target + i, a);
            Unsafe.WriteUnaligned(target + i + lanes, b);
            Unsafe.WriteUnaligned(target + i + (2 * lanes), c);
            Unsafe.WriteUnaligned(target + i + (3 * lanes), d);
        }

        for (; i <= length - lanes; i += lanes)
        {
            var sum = accumulate ? Load(target + i) : Vector<T>.Zero;
            for (int k = 0; k < count; k++)
            {
                sum += Load(x[k] + i) * Load(y[k] + i);
            }

            Unsafe.WriteUnaligned(target + i, sum);
        }

        for (; i < length; i++)
        {
            T sum = accumulate ? target[i] : T.Zero;
            for (int k = 0; k < count; k++)
            {
                sum += x[k][i] * y[k][i];
            }

            target[i] = sum;
        }

        static Vector<T> Load(T* p) => Unsafe.ReadUnaligned<Vector<T>>(p);
    }

    /// <summary>An operand at one position of the outer batch axes.</summary>
    private readonly struct Side
    {
        private readonly OperandLayout layout;

        public Side(OperandLayout layout, nint memory, long batch, int size)
        {
            this.layout = layout;
            Size = size;
            Checks = layout.Checks;
            Offsets = new int[Checks.Length];
            long address = layout.BaseOffset + OperandLayout.Locate(layout.Batch, batch, Offsets);
            Origin = memory + ((nint)address * size);
            for (int c = 0; c < Checks.Length; c++)
            {
                Offsets[c] += Checks[c].Offset;
            }
        }

        public int Size { get; }

        public CoordinateCheck[] Checks { get; }

        public int[] Offsets { get; }

        public nint Origin { get; }

        public LayoutAxis[] Inner => layout.Inner;

        public int ScratchLength => layout.Rows.Length + Checks.Length;

        public AxisCursor Rows(int position, Span<int> scratch) => new(layout.Rows, position, Checks.Length, scratch);
    }

    /// <summary>Addresses and coordinates of an operand for some steps of K.</summary>
    private readonly ref struct Steps
    {
        private readonly Side side;
        private readonly Span<nint> addresses;
        private readonly Span<int> coordinates;

        public Steps(in Side side, int start, int count, Span<nint> addresses, Span<int> coordinates)
        {
            this.side = side;
            this.addresses = addresses;
            int checks = side.Checks.Length;
            this.coordinates = checks * count <= coordinates.Length ? coordinates : new int[checks * count];
            var cursor = new AxisCursor(side.Inner, start, checks, new int[side.Inner.Length + checks]);
            for (int k = 0; k < count; k++)
            {
                addresses[k] = side.Origin + ((nint)cursor.Address * side.Size);
                for (int c = 0; c < checks; c++)
                {
                    this.coordinates[(k * checks) + c] = cursor.Coordinates[c] + side.Offsets[c];
                }

                cursor.Next();
            }
        }

        public nint Address(int k, long row) => addresses[k] + ((nint)row * side.Size);

        public bool Exists(int k, ReadOnlySpan<int> row)
        {
            for (int c = 0; c < row.Length; c++)
            {
                if (!side.Checks[c].Holds(coordinates[(k * row.Length) + c] + row[c]))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
