using System;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// A copy of an operand with its padding in memory. Every position of the loop axes then has an element, so that the operand is read
/// where it lies; that is cheaper than packing, which copies an element once for each place of the kernel that meets it, and than looking
/// for short runs of K in an operand that does not have all of them.
/// </summary>
internal sealed unsafe class PaddedOperand
{
    // A copied element should be multiplied so often, and packing should copy it so often.
    private const double LeastMultiplies = 16;
    private const double LeastPackings = 2;

    // Finding where runs of K are in each row takes as long as a tenth of so few multiplications, of elements and of vectors, more than
    // the copy, which takes some time to start.
    private const int ShortRun = 24;
    private const int FewVectors = 48;
    private const double LeastFound = 3 << 20;
    private const long BytesPerTask = 64 << 10;

    private readonly Dim[] dims;
    private readonly int size;
    private readonly long sourceOffset;

    private PaddedOperand(ContractionSpec spec, OperandView view, bool isLhs)
    {
        var axes = spec.Axes;
        size = view.DType.Size;
        var ordered = view
            .Dims.Where(d => d.Extent != 1 || d.Offset != 0 || d.Coefs.Any(c => c != 0))
            .OrderByDescending(d => d.Stride)
            .Select(d => (View: d, Range: Range(d, axes)))
            .ToArray();
        dims = new Dim[ordered.Length];
        var padded = new OperandDim[ordered.Length];
        long stride = 1;
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            var (dim, (low, high)) = ordered[i];
            int extent = checked((int)(high - low + 1));
            dims[i] = new Dim((int)low, extent, dim.Extent, dim.Stride, stride);
            padded[i] = dim with { Offset = dim.Offset - (int)low, Extent = extent, Stride = stride };
            stride *= extent;
        }

        Elements = stride;
        sourceOffset = view.BaseOffset;
        var whole = new OperandView(view.DType, padded);
        Spec = isLhs ? spec with { Lhs = whole } : spec with { Rhs = whole };
        IsLhs = isLhs;
    }

    /// <summary>The contraction that reads the copy.</summary>
    public ContractionSpec Spec { get; }

    /// <summary>Whether it is the left operand of the description.</summary>
    public bool IsLhs { get; }

    /// <summary>The elements of the copy.</summary>
    public long Elements { get; }

    public long Bytes => Elements * size;

    /// <summary>The copy of the operand that a plan would pack or find in short runs, if making it is cheaper; otherwise null.</summary>
    public static PaddedOperand? For(ContractionPlan plan)
    {
        var view = plan.IsSwapped ? plan.Spec.Rhs : plan.Spec.Lhs;
        if (
            plan.LeftAccess == LeftAccess.Places
            || (plan.LeftAccess == LeftAccess.Direct && !HasShortSegments(plan))
            || plan.Left.Checks.Length == 0
            || plan.IsComplex
            || !ReferenceEquals(view.DType, plan.Type)
            || view.Dims.Any(d => d.Divisor != 1 || d.Stride < 0)
        )
        {
            return null;
        }

        var operand = new PaddedOperand(plan.Spec, view, !plan.IsSwapped);
        double packed = (double)plan.Batches * plan.Rows * plan.Inner;
        return operand.Elements * LeastPackings <= packed && operand.Elements * LeastMultiplies <= plan.Multiplies
            ? operand
            : null;
    }

    /// <summary>Makes the copy.</summary>
    public void Copy(nint source, nint target)
    {
        // Tasks are ranges of positions of the outer dimensions.
        int outer = 0;
        long count = 1;
        long inner = Elements;
        while (outer < dims.Length - 1 && inner * size > BytesPerTask)
        {
            count *= dims[outer].Extent;
            inner /= dims[outer].Extent;
            outer++;
        }

        long perTask = Math.Max(1, BytesPerTask / Math.Max(1, inner * size));
        var work = new Tasks(this, source + (nint)(sourceOffset * size), target, outer, count, perTask, inner);
        WorkerPool.Run(checked((int)((count + perTask - 1) / perTask)), ref work);
    }

    private static bool HasShortSegments(ContractionPlan plan) =>
        plan.Left.Inner.Length > 1
        && plan.Left.Inner[^1].Extent <= ShortRun
        && plan.Left.Inner[^1].Extent * (((plan.Columns - 1) / plan.Lanes) + 1) <= FewVectors
        && plan.Multiplies >= LeastFound;

    private static (long Low, long High) Range(OperandDim dim, ContractionAxis[] axes)
    {
        long low = dim.Offset;
        long high = dim.Offset;
        for (int a = 0; a < axes.Length; a++)
        {
            long reach = (long)dim.Coefs[a] * (axes[a].Extent - 1);
            low += Math.Min(reach, 0);
            high += Math.Max(reach, 0);
        }

        return (low, high);
    }

    // Fills the part of the copy below the dimensions before this one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(int dim, byte* source, byte* target)
    {
        if (dim == dims.Length)
        {
            Unsafe.CopyBlockUnaligned(target, source, (uint)size);
            return;
        }

        ref readonly var d = ref dims[dim];
        long step = d.TargetStride * size;
        long first = Math.Clamp(-(long)d.Low, 0, d.Extent);
        long end = Math.Clamp((long)d.SourceExtent - d.Low, first, d.Extent);
        Unsafe.InitBlockUnaligned(target, 0, (uint)(first * step));
        Unsafe.InitBlockUnaligned(target + (end * step), 0, (uint)((d.Extent - end) * step));
        byte* from = source + ((d.Low + first) * d.SourceStride * size);
        if (IsDense(dim))
        {
            LineCopy.Contiguous(from, target + (first * step), (nint)((end - first) * step));
            return;
        }

        for (long i = first; i < end; i++)
        {
            Fill(dim + 1, from, target + (i * step));
            from += d.SourceStride * size;
        }
    }

    // Whether a step of the dimension is the same in both places, with nothing to leave out below.
    private bool IsDense(int dim)
    {
        for (int i = dim; i < dims.Length; i++)
        {
            if (
                dims[i].SourceStride != dims[i].TargetStride
                || (i > dim && (dims[i].Low != 0 || dims[i].Extent != dims[i].SourceExtent))
            )
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct Dim(int Low, int Extent, int SourceExtent, long SourceStride, long TargetStride);

    private readonly struct Tasks(
        PaddedOperand operand,
        nint source,
        nint target,
        int outer,
        long count,
        long perTask,
        long inner
    ) : IParallelWork
    {
        public void Invoke(int chunk)
        {
            long end = Math.Min((chunk + 1) * perTask, count);
            for (long position = chunk * perTask; position < end; position++)
            {
                byte* to = (byte*)target + (position * inner * operand.size);
                byte* from = (byte*)source;
                long rest = position;
                bool exists = true;
                for (int i = outer - 1; i >= 0; i--)
                {
                    ref readonly var dim = ref operand.dims[i];
                    (rest, long index) = Math.DivRem(rest, dim.Extent);
                    index += dim.Low;
                    exists &= (ulong)index < (ulong)dim.SourceExtent;
                    from += index * dim.SourceStride * operand.size;
                }

                if (exists)
                {
                    operand.Fill(outer, from, to);
                }
                else
                {
                    Unsafe.InitBlockUnaligned(to, 0, (uint)(inner * operand.size));
                }
            }
        }
    }
}

/// <summary>A contraction one of whose operands is copied with its padding first.</summary>
internal sealed class PaddedContraction(PaddedOperand operand, Executable contraction) : Executable
{
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        using var copy = BufferPool.Borrow(operand.Bytes);
        int number = operand.IsLhs ? 0 : 1;
        operand.Copy(inputs[number], copy.Address);
        Span<nint> changed = stackalloc nint[inputs.Length];
        inputs.CopyTo(changed);
        changed[number] = copy.Address;
        contraction.Run(changed, outputs);
    }
}
