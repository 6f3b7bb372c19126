using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Windows of single channels where the channels come before the image's extents, as in a depthwise convolution with the channels
/// first. The operands are turned so that channels lie side by side, vectors go along them as in <see cref="BatchVectors"/>, and the
/// result is turned back: three passes over memory in place of a column of windows for each element.
/// </summary>
internal sealed class TurnedGroups
{
    // Null where channels lie side by side already.
    private readonly StridedCopy? left;
    private readonly StridedCopy? right;
    private readonly StridedCopy output;

    private TurnedGroups(ContractionSpec spec, StridedCopy? left, StridedCopy? right, StridedCopy output)
    {
        Spec = spec;
        (this.left, this.right, this.output) = (left, right, output);
    }

    /// <summary>The contraction of the copies.</summary>
    public ContractionSpec Spec { get; }

    /// <summary>The copies that make a contraction one of vectors along its groups; null if it is not of this kind.</summary>
    public static TurnedGroups? For(ContractionSpec spec)
    {
        var axes = spec.Axes;
        int[] groups = [.. Enumerable.Range(0, axes.Length).Where(a => Has(a, AxisRole.Batch))];
        var type = spec.Accumulation;
        bool fits =
            groups.Length == 1
            && axes[groups[0]].Extent >= BatchVectors.LeastRun
            && spec.Output.Strides[groups[0]] != 1
            && Math.Min(spec.Extent(AxisRole.M), spec.Extent(AxisRole.N)) == 1
            && Math.Min(spec.Extent(AxisRole.K), Math.Max(spec.Extent(AxisRole.M), spec.Extent(AxisRole.N)))
                <= BatchVectors.MostTaps
            && (ReferenceEquals(type, DType.F32) || ReferenceEquals(type, DType.F64))
            && ReferenceEquals(spec.Output.DType, type)
            && ReferenceEquals(spec.Lhs.DType, type)
            && ReferenceEquals(spec.Rhs.DType, type)
            && (spec.Lhs.Dims.Any(IsWindow) || spec.Rhs.Dims.Any(IsWindow));
        if (!fits || Turn(spec.Lhs, axes, groups[0]) is not { } lhs || Turn(spec.Rhs, axes, groups[0]) is not { } rhs)
        {
            return null;
        }

        // Neighbours in the output stay neighbours beyond the channels.
        int[] order =
        [
            .. Enumerable
                .Range(0, axes.Length)
                .Where(a => a != groups[0] && axes[a].Extent > 1 && axes[a].Role != AxisRole.K)
                .OrderByDescending(a => spec.Output.Strides[a]),
            groups[0],
        ];
        var turned = OutputView.Dense(type, axes, order);
        var back = order
            .Reverse()
            .Skip(1)
            .Select(a => new StridedCopy.Dim(axes[a].Extent, turned.Strides[a], spec.Output.Strides[a]))
            .ToList();
        var channels = new StridedCopy.Dim(axes[groups[0]].Extent, 1, spec.Output.Strides[groups[0]]);
        back.Insert(Math.Min(1, back.Count), channels);
        long elements = order.Aggregate(1L, (product, a) => product * axes[a].Extent);
        return new TurnedGroups(
            spec with
            {
                Lhs = lhs.View,
                Rhs = rhs.View,
                Output = turned,
            },
            lhs.Copy,
            rhs.Copy,
            new StridedCopy([.. back], 0, elements, type.Size)
        );

        bool Has(int a, AxisRole role) => axes[a].Role == role && axes[a].Extent > 1;
        bool IsWindow(OperandDim dim) => axes.Where((axis, a) => axis.Extent > 1 && dim.Coefs[a] != 0).Count() > 1;
    }

    /// <summary>Makes the copies, runs their contraction and brings its result to where it belongs.</summary>
    public Executable With(Executable contraction) =>
        new CopiedContraction(left, right, new Turned(contraction, output));

    // Channels first, then all other dimensions as they lie.
    private static (OperandView View, StridedCopy? Copy)? Turn(OperandView view, ContractionAxis[] axes, int group)
    {
        var channels = view.Dims.Where(d => d.Coefs[group] != 0).ToArray();
        bool fits =
            channels is [{ Offset: 0, Divisor: 1 } only]
            && only.Coefs[group] == 1
            && only.Extent == axes[group].Extent
            && !axes.Where((axis, a) => a != group && axis.Extent > 1 && only.Coefs[a] != 0).Any();
        if (!fits)
        {
            return null;
        }

        if (channels[0].Stride == 1)
        {
            return (view, null);
        }

        long stride = channels[0].Extent;
        var dims = new List<OperandDim> { channels[0] with { Stride = 1 } };
        var copy = new List<StridedCopy.Dim> { new(channels[0].Extent, channels[0].Stride, 1) };
        stride = StridedCopy.Follow(view.Dims.Where(d => d.Coefs[group] == 0), dims, copy, stride);
        return (
            new OperandView(view.DType, [.. dims]),
            new StridedCopy([.. copy], view.BaseOffset, stride, view.DType.Size)
        );
    }

    private sealed class Turned(Executable contraction, StridedCopy back) : Executable
    {
        public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
        {
            using var output = BufferPool.Borrow(back.Bytes);
            contraction.Run(inputs, [output.Address]);
            back.Run(output.Address, outputs[0]);
        }
    }
}
