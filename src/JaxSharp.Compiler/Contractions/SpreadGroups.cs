using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Groups of few channels, as in a depthwise convolution with several outputs for each channel: products too small for tiles. The
/// left operand is copied so that a channel stands once for each output of its group, side by side; then vectors go along the outputs
/// of all groups, as in <see cref="BatchVectors"/>.
/// </summary>
internal sealed unsafe class SpreadGroups
{
    private const int MostOutputs = 8;
    private const int MostChannels = 16;
    private const int LeastMultiplies = 4;

    private readonly StridedCopy left;
    private readonly StridedCopy? right;

    private SpreadGroups(ContractionSpec spec, StridedCopy left, StridedCopy? right)
    {
        Spec = spec;
        this.left = left;
        this.right = right;
    }

    /// <summary>The contraction of the copies.</summary>
    public ContractionSpec Spec { get; }

    /// <summary>The copies that make a contraction one of vectors along its groups; null if it is not of this kind.</summary>
    public static SpreadGroups? For(ContractionSpec spec)
    {
        var axes = spec.Axes;
        var strides = spec.Output.Strides;
        int group = One(AxisRole.Batch);
        int output = One(AxisRole.N);
        if (group < 0 || output == -2)
        {
            return null;
        }

        int outputs = output < 0 ? 1 : axes[output].Extent;
        int lanes = outputs * axes[group].Extent;
        bool fits =
            outputs <= MostOutputs
            && lanes >= BatchVectors.LeastRun
            && strides[group] == outputs
            && (output < 0 || strides[output] == 1)
            && (ReferenceEquals(spec.Accumulation, DType.F32) || ReferenceEquals(spec.Accumulation, DType.F64))
            && ReferenceEquals(spec.Output.DType, spec.Accumulation)
            && ReferenceEquals(spec.Lhs.DType, spec.Accumulation)
            && ReferenceEquals(spec.Rhs.DType, spec.Accumulation)
            && new OperandLayout(spec.Rhs, axes, [], [], []).IsWhole;
        if (!fits || Spread(spec, group, output) is not { } spread)
        {
            return null;
        }

        double multiplies = axes.Aggregate(1.0, (product, axis) => product * axis.Extent);
        if (multiplies < (double)LeastMultiplies * spread.Copy.Elements)
        {
            return null;
        }

        if (output >= 0)
        {
            axes = [.. axes];
            axes[output] = axes[output] with { Role = AxisRole.Batch };
        }

        var (other, turned) = Turn(spec, group, output);
        return new SpreadGroups(spec with { Axes = axes, Lhs = spread.View, Rhs = other }, spread.Copy, turned);

        // The only axis of a role; −1 if there is none, −2 if there are several.
        int One(AxisRole role)
        {
            int[] found = [.. Enumerable.Range(0, axes.Length).Where(a => axes[a].Role == role && axes[a].Extent > 1)];
            return found.Length switch
            {
                0 => -1,
                1 => found[0],
                _ => -2,
            };
        }
    }

    /// <summary>Makes the copies and runs their contraction.</summary>
    public Executable With(Executable contraction) => new CopiedContraction(left, right, contraction);

    // All dimensions but that of the channels as they are; then channels of a group, groups, outputs of a group.
    private static (OperandView View, StridedCopy Copy)? Spread(ContractionSpec spec, int group, int output)
    {
        var axes = spec.Axes;
        var channels = spec.Lhs.Dims.Where(d => d.Coefs[group] != 0).ToArray();
        int[] moving =
        [
            .. Enumerable.Range(0, axes.Length).Where(a => axes[a].Extent > 1 && channels.Any(d => d.Coefs[a] != 0)),
        ];
        int channel = moving.FirstOrDefault(a => a != group, -1);
        bool regular = moving.Length <= 2 && (channel < 0 || axes[channel].Extent <= MostChannels);
        if (!regular || !Array.TrueForAll(channels, IsInside))
        {
            return null;
        }

        int outputs = output < 0 ? 1 : axes[output].Extent;
        int lanes = outputs * axes[group].Extent;
        long stride = lanes;
        var copy = new List<StridedCopy.Dim>
        {
            new(outputs, 0, 1),
            new(axes[group].Extent, channels.Sum(d => d.Coefs[group] * d.Stride), outputs),
        };
        int[] along = new int[axes.Length];
        along[group] = outputs;
        if (output >= 0)
        {
            along[output] = 1;
        }

        var dims = new List<OperandDim> { new(along, 0, 1, lanes, 1) };
        if (channel >= 0)
        {
            int[] within = new int[axes.Length];
            within[channel] = 1;
            dims.Add(new OperandDim(within, 0, 1, axes[channel].Extent, stride));
            copy.Add(new(axes[channel].Extent, channels.Sum(d => d.Coefs[channel] * d.Stride), stride));
            stride *= axes[channel].Extent;
        }

        stride = StridedCopy.Follow(spec.Lhs.Dims.Except(channels), dims, copy, stride);
        long first = spec.Lhs.BaseOffset + channels.Sum(d => d.Offset * d.Stride);
        var type = spec.Lhs.DType;
        return (new OperandView(type, [.. dims]), new StridedCopy([.. copy], first, stride, type.Size));

        bool IsInside(OperandDim dim) =>
            new OperandLayout(new OperandView(spec.Lhs.DType, [dim]), axes, [], [], []).IsWhole;
    }

    // The right operand with outputs side by side, or as it is.
    private static (OperandView View, StridedCopy? Copy) Turn(ContractionSpec spec, int group, int output)
    {
        var (view, axes) = (spec.Rhs, spec.Axes);
        long[] steps = [.. axes.Select((_, a) => view.Dims.Sum(d => d.Coefs[a] * d.Stride))];
        int outputs = output < 0 ? 1 : axes[output].Extent;
        if (steps[group] == outputs && (output < 0 || steps[output] == 1))
        {
            return (view, null);
        }

        int[] order =
        [
            .. Enumerable.Range(0, axes.Length).Where(a => a != group && a != output && steps[a] != 0),
            group,
            .. output < 0 ? Array.Empty<int>() : [output],
        ];
        var dense = OperandView.Dense(view.DType, axes, order);
        var dims = order
            .Select((a, i) => new StridedCopy.Dim(axes[a].Extent, steps[a], dense.Dims[i].Stride))
            .Reverse();
        long first = view.BaseOffset + view.Dims.Sum(d => d.Offset * d.Stride);
        long elements = order.Aggregate(1L, (product, a) => product * axes[a].Extent);
        return (dense, new StridedCopy([.. dims], first, elements, view.DType.Size));
    }
}

/// <summary>A contraction whose operands are copied first, but for those that are used as they are.</summary>
internal sealed class CopiedContraction(StridedCopy? left, StridedCopy? right, Executable contraction) : Executable
{
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        using var leftCopy = BufferPool.Borrow(left?.Bytes ?? 0);
        using var rightCopy = BufferPool.Borrow(right?.Bytes ?? 0);
        Span<nint> changed = stackalloc nint[inputs.Length];
        inputs.CopyTo(changed);
        if (left is not null)
        {
            left.Run(inputs[0], leftCopy.Address);
            changed[0] = leftCopy.Address;
        }

        if (right is not null)
        {
            right.Run(inputs[1], rightCopy.Address);
            changed[1] = rightCopy.Address;
        }

        contraction.Run(changed, outputs);
    }
}
