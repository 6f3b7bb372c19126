using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;
using JaxSharp.Trees;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The function with the first axes of its arguments merged into one, and the first axis of its results split again. Arguments with
    /// fewer axes stay as they are. Arguments and results are arrays or trees of arrays.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="numDims">The number of axes to merge.</param>
    /// <exception cref="JaxArgumentException">The number of axes is smaller than 1.</exception>
    /// <exception cref="ShapeException">At the call: no argument has so many axes, or a result is not of the merged axis.</exception>
    /// <example><code>
    /// NDArray series = jnp.Ones((7, 3, 4)); // time, batch, features
    /// hk.BatchApply((NDArray x) => jnp.Sum(x, axis: 1))(series).Shape; // => (7,3)
    /// </code></example>
    public static Func<TIn, TOut> BatchApply<TIn, TOut>(Func<TIn, TOut> f, int numDims = 2)
    {
        ArgumentNullException.ThrowIfNull(f);
        AxisMerge.CheckCount(numDims);
        return inputs =>
        {
            var merge = new AxisMerge(numDims, Tree.Leaves(inputs));
            return Tree.Map(merge.Split, f(Tree.Map(merge.Merge, inputs)));
        };
    }

    /// <summary>The same for a module.</summary>
    /// <inheritdoc cref="BatchApply{TIn, TOut}(Func{TIn, TOut}, int)"/>
    public static Func<TIn, TOut> BatchApply<TIn, TOut>(Module<TIn, TOut> f, int numDims = 2)
    {
        ArgumentNullException.ThrowIfNull(f);
        return BatchApply<TIn, TOut>(f.Call, numDims);
    }

    /// <summary>The same for a function of two arguments.</summary>
    /// <inheritdoc cref="BatchApply{TIn, TOut}(Func{TIn, TOut}, int)"/>
    public static Func<T1, T2, TOut> BatchApply<T1, T2, TOut>(Func<T1, T2, TOut> f, int numDims = 2)
    {
        ArgumentNullException.ThrowIfNull(f);
        AxisMerge.CheckCount(numDims);
        return (first, second) =>
        {
            var merge = new AxisMerge(numDims, Tree.Leaves(first).Concat(Tree.Leaves(second)));
            return Tree.Map(merge.Split, f(Tree.Map(merge.Merge, first), Tree.Map(merge.Merge, second)));
        };
    }
}

/// <summary>Merges the first axes of arrays, and splits them again like those of the first array that has them.</summary>
internal sealed class AxisMerge
{
    private readonly int count;
    private readonly Shape merged;

    public AxisMerge(int count, IEnumerable<NDArray> arrays)
    {
        this.count = count;
        merged =
            arrays.FirstOrDefault(array => array.Ndim >= count)?.Shape[..count]
            ?? throw new ShapeException(
                $"Hk.BatchApply merges {count} axes, but no argument has so many: {string.Join(", ", arrays.Select(a => a.Type))}."
            );
    }

    public static void CheckCount(int count)
    {
        if (count < 1)
        {
            throw new JaxArgumentException($"Hk.BatchApply merges 1 axis or more; got numDims {count}.");
        }
    }

    public NDArray Merge(NDArray array) =>
        array.Ndim < count
            ? array
            : Jnp.Reshape(array, new Shape([(int)array.Shape[..count].Size, .. array.Shape[count..]]));

    public NDArray Split(NDArray array) =>
        array.Ndim > 0 && array.Shape[0] == merged.Size
            ? Jnp.Reshape(array, new Shape([.. merged, .. array.Shape[1..]]))
            : throw new ShapeException(
                $"Hk.BatchApply splits axis 0 of the results into {merged}, so its size must be {merged.Size}; got {array.Type}."
            );
}
