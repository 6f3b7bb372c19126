using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Trees;

namespace JaxSharp.Transforms;

/// <summary>Maps functions of trees over axes.</summary>
internal static class VmapCore
{
    /// <summary>Applies a function to the slices along the mapped axes and stacks the results.</summary>
    public static TResult Run<TArguments, TResult>(
        Func<TArguments, TResult> function,
        TArguments arguments,
        int count,
        VmapOptions options
    )
    {
        var leaves = TreeFunction<TArguments, TArguments>.Flatten(arguments, out var structure);
        var flat = new TreeFunction<TArguments, TResult>(function);
        var dims = AxisPrefix.Arguments(options.InAxes, structure, leaves, count, options);
        var axis = new BatchAxis(Size(leaves, dims, structure, options), options.AxisName);
        var (outputs, outDims) = Vectorization.Batch(flat.OnLeaves(structure), axis, leaves, dims);
        var wanted = AxisPrefix.Results(options.OutAxes, flat.Result, outputs, outDims, options);
        return flat.Restore([.. outputs.Select((y, i) => Place(y, outDims[i], wanted[i], axis.Size, options))]);
    }

    private static NDArray Place(NDArray output, int? dim, int? wanted, int size, VmapOptions options)
    {
        if (wanted is { } to)
        {
            return Batching.Align(output, dim, to, size);
        }

        return dim is null
            ? output
            : throw new AxisException(
                $"Vmap of {options.Function} got outAxes: null for a result that differs along the mapped axis; its stack is {output.Type}. "
                    + "Give an axis to stack it along, or reduce it with Lax.PSum or a similar function."
            );
    }

    private static int Size(NDArray[] leaves, int?[] dims, TreeDef structure, VmapOptions options)
    {
        int? size = options.AxisSize;
        for (int i = 0; i < leaves.Length; i++)
        {
            if (dims[i] is not { } dim)
            {
                continue;
            }

            int extent = leaves[i].Shape[dim];
            if (size is { } other && other != extent)
            {
                var paths = structure.Paths().ToArray();
                string list = string.Join(
                    ", ",
                    leaves.Select((x, k) => dims[k] is { } d ? $"{x.Type} along axis {d}" : $"{x.Type} not mapped")
                );
                throw new ShapeException(
                    $"Vmap of {options.Function} needs mapped axes of one size; got {list}"
                        + (options.AxisSize is { } given ? $", and axisSize: {given}" : "")
                        + $". The leaf {paths[i]} has {extent} where {other} was expected."
                );
            }

            size = extent;
        }

        return size
            ?? throw new AxisException(
                $"Vmap of {options.Function} maps no argument: every one of inAxes is null. Map an argument or give axisSize."
            );
    }
}

/// <summary>What the caller of <c>Vmap</c> asked for.</summary>
internal sealed record VmapOptions(string Function, AxisTree InAxes, AxisTree OutAxes, string? AxisName, int? AxisSize);

/// <summary>Spreads axes given for parts of a tree over its leaves.</summary>
internal static class AxisPrefix
{
    /// <summary>The axes of the leaves of the arguments, counted from the front.</summary>
    public static int?[] Arguments(AxisTree axes, TreeDef structure, NDArray[] leaves, int count, VmapOptions options)
    {
        var result = new List<int?>();
        if (count == 1 && axes.Items is { Length: 1 } single && structure.Kind != TreeNodeKind.Tuple)
        {
            axes = single[0];
        }

        Spread(axes, structure, result, options);
        return
        [
            .. result.Select(
                (axis, i) =>
                    axis is { } a ? Normalize(a, leaves[i].Ndim, leaves[i].Type, options, forResult: false) : axis
            ),
        ];
    }

    /// <summary>The axes of the leaves of a result; those given count in the stacked array.</summary>
    public static int?[] Results(AxisTree axes, TreeDef structure, NDArray[] outputs, int?[] dims, VmapOptions options)
    {
        var result = new List<int?>();
        Spread(axes, structure, result, options);
        return
        [
            .. result.Select(
                (axis, i) =>
                    axis is { } a
                        ? Normalize(
                            a,
                            outputs[i].Ndim + (dims[i] is null ? 1 : 0),
                            outputs[i].Type,
                            options,
                            forResult: true
                        )
                        : axis
            ),
        ];
    }

    private static int Normalize(int axis, int rank, ArrayType type, VmapOptions options, bool forResult)
    {
        if (axis < -rank || axis >= rank)
        {
            throw new AxisException(
                forResult
                    ? $"Vmap of {options.Function} cannot stack results along axis {axis}: the stacked array has {rank} axes."
                    : $"Vmap of {options.Function} cannot map {type} along axis {axis}: it has {rank} axes."
            );
        }

        return axis < 0 ? axis + rank : axis;
    }

    private static void Spread(AxisTree axes, TreeDef structure, List<int?> result, VmapOptions options)
    {
        if (axes.Items is not { } items)
        {
            object? tree = axes.Tree;
            if (tree is null)
            {
                result.AddRange(Enumerable.Repeat(axes.Axis, structure.NumLeaves));
                return;
            }

            SpreadTree(tree, structure, result, options);
            return;
        }

        // Optional parameters of a method may follow, which hold no arrays.
        if (
            structure.Kind is not (TreeNodeKind.Tuple or TreeNodeKind.List)
            || structure.Nodes.Length < items.Length
            || structure.Nodes[items.Length..].Any(node => node.NumLeaves > 0)
        )
        {
            throw Mismatch($"{items.Length} axes", structure, options);
        }

        for (int i = 0; i < items.Length; i++)
        {
            Spread(items[i], structure.Nodes[i], result, options);
        }
    }

    private static void SpreadTree(object? tree, TreeDef structure, List<int?> result, VmapOptions options)
    {
        switch (tree)
        {
            case null:
                result.AddRange(Enumerable.Repeat((int?)null, structure.NumLeaves));
                break;
            case int axis:
                result.AddRange(Enumerable.Repeat((int?)axis, structure.NumLeaves));
                break;
            case AxisTree nested:
                Spread(nested, structure, result, options);
                break;
            case IDictionary entries
                when structure is { Kind: TreeNodeKind.Dictionary, Data: object[] keys }
                    && entries.Count == keys.Length:
                for (int i = 0; i < keys.Length; i++)
                {
                    if (!entries.Contains(keys[i]))
                    {
                        throw Mismatch($"a dictionary without the key '{keys[i]}'", structure, options);
                    }

                    SpreadTree(entries[keys[i]], structure.Nodes[i], result, options);
                }

                break;
            case IEnumerable list and not (string or IDictionary):
                object?[] parts = [.. list.Cast<object?>()];
                if (parts.Length != structure.Nodes.Length)
                {
                    throw Mismatch($"{parts.Length} axes", structure, options);
                }

                for (int i = 0; i < parts.Length; i++)
                {
                    SpreadTree(parts[i], structure.Nodes[i], result, options);
                }

                break;
            default:
                throw Mismatch(tree.GetType().Name, structure, options);
        }
    }

    private static TreeException Mismatch(string axes, TreeDef structure, VmapOptions options) =>
        new(
            $"Vmap of {options.Function} got {axes} for a tree of structure {structure}: the axes must be an integer, null, or a tree that "
                + "starts like the structure."
        );
}
