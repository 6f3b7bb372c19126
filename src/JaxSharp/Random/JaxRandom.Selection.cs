using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

// Permutations and samples of given elements.
public static partial class JaxRandom
{
    /// <summary>A random permutation of numbers or of the slices of an array.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="x">An integer n, for a permutation of 0, …, n − 1; or an array.</param>
    /// <param name="axis">The axis to permute along.</param>
    /// <param name="independent">Whether each vector along the axis gets a permutation of its own.</param>
    /// <example><code>JaxRandom.Permutation(JaxRandom.Key(0), jnp.Arange(5)); // => [0 1 4 3 2]</code></example>
    public static NDArray Permutation(PrngKey key, NDArray x, int axis = 0, bool independent = false)
    {
        var words = CheckKey("permutation", key);
        axis = Axes.Normalize(axis, Math.Max(1, x.Ndim), "permutation");
        if (x.Ndim == 0)
        {
            return Shuffle(words, Range("permutation", x), 0);
        }

        if (independent || x.Ndim == 1)
        {
            return Shuffle(words, x, axis);
        }

        return Jnp.Take(x, Shuffle(words, Ops.Iota(Ops.IndexType, x.Shape[axis]), 0), axis: axis);
    }

    /// <summary>A random sample of numbers or of the slices of an array.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="a">An integer n, for a sample of 0, …, n − 1; or an array.</param>
    /// <param name="shape">The shape of the sample; one element by default.</param>
    /// <param name="replace">Whether an element may be drawn more than once.</param>
    /// <param name="p">The probability of each element; equal by default.</param>
    /// <param name="axis">The axis of the array to sample from.</param>
    /// <param name="mode">Passed to <see cref="Gumbel"/> where <paramref name="p"/> is used without replacement.</param>
    /// <example><code>JaxRandom.Choice(JaxRandom.Key(0), jnp.Array([10, 20, 30]), [4]); // => [20 10 30 20]</code></example>
    public static NDArray Choice(
        PrngKey key,
        NDArray a,
        Shape? shape = null,
        bool replace = true,
        NDArray? p = null,
        int axis = 0,
        string? mode = null
    )
    {
        var words = CheckKey("choice", key);
        shape ??= Shape.Scalar;
        bool isRange = a.Ndim == 0;
        axis = isRange ? 0 : Axes.Normalize(axis, a.Ndim, "choice");
        int count = isRange ? Count("choice", a) : a.Shape[axis];
        int draws = checked((int)shape.Size);
        if (p is not null && p.Shape != count)
        {
            throw new ShapeException(
                $"choice needs one probability for each of the {count} elements; got p of type {p.Type}."
            );
        }

        var resultShape = isRange ? shape : new Shape([.. a.Shape[..axis], .. shape, .. a.Shape[(axis + 1)..]]);
        if (draws == 0)
        {
            return Ops.Full(resultShape, 0, isRange ? Ops.IndexType : a.DType);
        }

        if (count <= 0)
        {
            throw new JaxArgumentException("choice has no elements to choose from: a must not be empty.");
        }

        if (!replace && draws > count)
        {
            throw new JaxArgumentException(
                $"choice cannot draw {draws} of {count} elements without replacement. Pass replace: true, or ask for fewer."
            );
        }

        if (p is null && !replace)
        {
            var shuffled = Permutation(key, isRange ? count : a, axis);
            return Ops.Reshape(Ops.SliceAxis(shuffled, axis, 0, draws), resultShape);
        }

        NDArray indices;
        if (p is null)
        {
            indices = RandInt(key, shape, 0, count);
        }
        else
        {
            p = Promotion.ToInexact(p);
            indices = replace
                ? ByCumulative(words, p, shape)
                : LargestFirst(GumbelOf(words, count, p.DType, mode) + Jnp.Log(p), draws);
        }

        return Ops.Reshape(isRange ? indices : Jnp.Take(a, indices, axis: axis), resultShape);
    }

    /// <summary>Refused, as in JAX: the shape of a choice is a list of extents, so that no other number is taken for one.</summary>
    /// <exception cref="JaxArgumentException">Always.</exception>
    [Obsolete("The shape of a choice is a list, as in JAX: write [n] instead of n.", error: true)]
    public static NDArray Choice(
        PrngKey key,
        NDArray a,
        int shape,
        bool replace = true,
        NDArray? p = null,
        int axis = 0,
        string? mode = null
    ) =>
        throw new JaxArgumentException(
            $"choice needs a list of extents as shape, as in JAX; got the number {shape}. Write [{shape}] for {shape} draws along one "
                + "axis."
        );

    private static NDArray ByCumulative(NDArray words, NDArray p, Shape shape)
    {
        var cumulative = Jnp.CumSum(p, axis: 0);
        var u = UniformOf(words, shape, cumulative.DType);
        var r = Ops.At(cumulative, 0, p.Shape[0] - 1) * (1 - u);
        return Promotion.Convert(Jnp.SearchSorted(cumulative, r), Ops.IndexType);
    }

    /// <summary>Sorts by random keys as often as it takes to make ties of all keys of a pair improbable.</summary>
    private static NDArray Shuffle(NDArray words, NDArray x, int axis)
    {
        int rounds = (int)Math.Ceiling(3 * Math.Log(Math.Max(1, x.Size)) / Math.Log(uint.MaxValue));
        for (int round = 0; round < rounds; round++)
        {
            (words, var use) = SplitInTwo(words);
            x = new Sort(axis, true, 1).BindAll(BitsOf(use, x.Shape, 32), x)[1];
        }

        return x;
    }

    private static NDArray Range(string caller, NDArray n) => Ops.Iota(Ops.IndexType, Count(caller, n));

    private static int Count(string caller, NDArray n)
    {
        if (!n.DType.IsInteger)
        {
            throw new DTypeException($"{caller} needs an integer or an array with at least one axis; got {n.Type}.");
        }

        long count = Ops.Concrete(n, caller, "Pass a C# integer.").ItemInt(0);
        return count >= 0
            ? checked((int)count)
            : throw new JaxArgumentException($"{caller} needs a count of at least 0; got {count}.");
    }
}
