using System;
using System.Linq;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Convolutions of stacks: a stack of inputs is more batch, a stack of kernels more output features, and stacks of both are more
/// groups.
/// </summary>
internal static class ConvBatching
{
    public static (NDArray[] Outputs, int?[] Dims) Batch(
        ConvGeneralDilated conv,
        int size,
        NDArray[] operands,
        int?[] dims
    )
    {
        if (size == 0)
        {
            // Axes of no elements cannot be split again.
            ArrayType[] types =
            [
                .. operands.Select(
                    (x, i) => dims[i] is { } dim ? x.Type with { Shape = x.Shape.Without(dim) } : x.Type
                ),
            ];
            var type = conv.Infer(types)[0];
            return ([Operators.Zeros(type with { Shape = new Shape([0, .. type.Shape]) })], [0]);
        }

        var n = conv.DimensionNumbers;
        var (x, w) = (operands[0], operands[1]);
        return dims switch
        {
            [{ } l, { } r] => Both(conv, size, AxisMerging.Into(w, r, n.RhsSpec[0]), x, l),
            [{ } l, null] => Inputs(conv, size, x, w, l),
            _ => Kernels(conv, size, x, w, dims[1]!.Value),
        };
    }

    private static (NDArray[] Outputs, int?[] Dims) Both(ConvGeneralDilated conv, int size, NDArray w, NDArray x, int l)
    {
        var n = conv.DimensionNumbers;
        NDArray y;
        if (conv.BatchGroupCount > 1)
        {
            var merged = AxisMerging.Into(x, l, n.LhsSpec[0]);
            y = (conv with { BatchGroupCount = conv.BatchGroupCount * size }).Bind(merged, w);
        }
        else
        {
            var merged = AxisMerging.Into(x, l, n.LhsSpec[1]);
            y = (conv with { FeatureGroupCount = conv.FeatureGroupCount * size }).Bind(merged, w);
        }

        return ([AxisMerging.Split(y, n.OutSpec[1], size)], [n.OutSpec[1]]);
    }

    private static (NDArray[] Outputs, int?[] Dims) Inputs(
        ConvGeneralDilated conv,
        int size,
        NDArray x,
        NDArray w,
        int l
    )
    {
        var n = conv.DimensionNumbers;
        int batch = n.LhsSpec[0];
        var merged = Interleave(x, l, batch, conv.BatchGroupCount);
        return ([AxisMerging.Split(conv.Bind(merged, w), n.OutSpec[0], size)], [n.OutSpec[0]]);
    }

    private static (NDArray[] Outputs, int?[] Dims) Kernels(
        ConvGeneralDilated conv,
        int size,
        NDArray x,
        NDArray w,
        int r
    )
    {
        var n = conv.DimensionNumbers;
        int groups = Math.Max(conv.FeatureGroupCount, conv.BatchGroupCount);
        var y = conv.Bind(x, Interleave(w, r, n.RhsSpec[0], groups));
        int features = n.OutSpec[1];
        if (groups == 1)
        {
            return ([AxisMerging.Split(y, features, size)], [features]);
        }

        // Features are numbered by group, then place in the stack, then feature of the group.
        y = AxisMerging.Split(y, features, groups);
        y = AxisMerging.Split(y, features + 1, size);
        return ([AxisMerging.Into(y, features, features + 1)], [features]);
    }

    // Merges the stacked axis into an axis that is split into groups, inside of each group.
    private static NDArray Interleave(NDArray x, int dim, int axis, int groups)
    {
        if (groups == 1)
        {
            return AxisMerging.Into(x, dim, axis);
        }

        var split = AxisMerging.Split(x, axis + (dim <= axis ? 1 : 0), groups);
        split = AxisMerging.Into(split, dim + (axis < dim ? 1 : 0), axis + 1);
        return AxisMerging.Into(split, axis, axis);
    }
}

/// <summary>The conditions that StableHLO puts on a convolution.</summary>
internal static class ConvChecks
{
    public static void Check(ConvGeneralDilated conv, ArrayType x, ArrayType w)
    {
        var n = conv.DimensionNumbers;
        string call = $"conv_general_dilated of {Types.List(x, w)}";
        if (x.DType != w.DType)
        {
            throw new DTypeException($"{call} needs operands of one element type. Use AsType.");
        }

        if (x.Rank != w.Rank || x.Rank < 2)
        {
            throw new ShapeException($"{call} needs input and kernel of equal rank, with at least two axes.");
        }

        Specification("lhs", n.LhsSpec);
        Specification("rhs", n.RhsSpec);
        Specification("out", n.OutSpec);
        if (conv.Window.Length != x.Rank - 2)
        {
            throw new ShapeException(
                $"{call} has {x.Rank - 2} spatial axes; got strides, padding and dilations for {conv.Window.Length}."
            );
        }

        if (conv.Window.Any(d => d.Stride < 1 || d.BaseDilation < 1 || d.WindowDilation < 1))
        {
            throw new JaxArgumentException($"{call} needs strides and dilations of at least 1; got {conv.Window}.");
        }

        int features = x.Shape[n.LhsSpec[1]];
        int batch = x.Shape[n.LhsSpec[0]];
        var (outputs, inputs) = (w.Shape[n.RhsSpec[0]], w.Shape[n.RhsSpec[1]]);
        int groups = conv.FeatureGroupCount;
        if (groups < 1 || conv.BatchGroupCount < 1 || (groups > 1 && conv.BatchGroupCount > 1))
        {
            throw new JaxArgumentException(
                $"{call} got feature_group_count={groups} and batch_group_count={conv.BatchGroupCount}: they must be at least 1, and "
                    + "one of them 1."
            );
        }

        if (features % groups != 0 || features / groups != inputs)
        {
            throw new ShapeException(
                $"{call}: the input has {features} features in {groups} groups, so the kernel needs {features / groups} input "
                    + $"features (axis {n.RhsSpec[1]}); it has {inputs}."
            );
        }

        if (outputs % groups != 0 || outputs % conv.BatchGroupCount != 0 || batch % conv.BatchGroupCount != 0)
        {
            throw new ShapeException(
                $"{call}: the {outputs} output features and a batch of {batch} must be multiples of the group counts "
                    + $"({groups} feature groups, {conv.BatchGroupCount} batch groups)."
            );
        }

        void Specification(string name, Dims spec)
        {
            if (spec.Count != x.Rank || !spec.Order().SequenceEqual(Enumerable.Range(0, x.Rank)))
            {
                throw new AxisException($"{call}: {name}_spec={spec} must name each of the {x.Rank} axes once.");
            }
        }
    }
}
