using System;
using JaxSharp.Arrays;
using JaxSharp.Numpy;

namespace JaxSharp;

/// <summary>The members that arrays have in NumPy and JAX; each does what the function of <see cref="Jnp"/> of its name does.</summary>
public static class NDArrayMembers
{
    extension(NDArray x)
    {
        /// <summary>The array with its axes in reverse order.</summary>
        public NDArray T => Jnp.Transpose(x);

        /// <summary>The array with its last two axes exchanged.</summary>
        public NDArray MT => Jnp.MatrixTranspose(x);

        /// <summary>The real part.</summary>
        public NDArray Real => Jnp.Real(x);

        /// <summary>The imaginary part.</summary>
        public NDArray Imag => Jnp.Imag(x);

        /// <summary>The size of an element in bytes.</summary>
        public int ItemSize => Argument.Given(x).DType.Size;

        /// <summary>The size of all elements in bytes.</summary>
        public long NBytes => Argument.Given(x).Size * x.DType.Size;

        /// <summary>Updates of places: <c>x.At[0].Set(1)</c>.</summary>
        public ArrayPlaces At => new(x);

        /// <summary>The array with another element type.</summary>
        public NDArray AsType(DType? dtype, bool copy = false) => Jnp.AsType(x, dtype, copy);

        /// <summary>The memory of the elements read as another element type; the last axis stretches or shrinks.</summary>
        public NDArray View(DType? dtype = null) => Jnp.View(x, dtype);

        /// <summary>The elements with their bytes in reverse order.</summary>
        /// <example><code>jnp.Array([1, 256]).ByteSwap(); // => [16777216    65536]</code></example>
        public NDArray ByteSwap() => Jnp.ByteSwap(x);

        /// <summary>The same elements under another shape; one extent may be −1.</summary>
        public NDArray Reshape(params ReadOnlySpan<int> shape) => Jnp.Reshape(x, new Dims(shape));

        /// <summary>The same elements under another shape; one extent may be −1.</summary>
        public NDArray Reshape(Dims shape, string order = "C") => Jnp.Reshape(x, shape, order);

        /// <summary>All elements in one axis.</summary>
        public NDArray Flatten(string order = "C") => Jnp.Ravel(x, order);

        /// <summary>All elements in one axis.</summary>
        public NDArray Ravel(string order = "C") => Jnp.Ravel(x, order);

        /// <summary>Axes in another order; reversed by default.</summary>
        public NDArray Transpose(params int[] axes) =>
            Jnp.Transpose(x, Argument.Given(axes).Length == 0 ? default : (Axes)axes);

        /// <summary>Two axes exchanged.</summary>
        public NDArray SwapAxes(int axis1, int axis2) => Jnp.SwapAxes(x, axis1, axis2);

        /// <summary>Axes of extent 1 taken out.</summary>
        public NDArray Squeeze(Axes axis = default) => Jnp.Squeeze(x, axis);

        /// <summary>Each element repeated.</summary>
        public NDArray Repeat(NDArray repeats, int? axis = null, int? totalRepeatLength = null) =>
            Jnp.Repeat(x, repeats, axis, totalRepeatLength);

        /// <summary>A copy; arrays are immutable, so that it cannot be told apart.</summary>
        public NDArray Copy() => x;

        /// <summary>The sum along axes.</summary>
        public NDArray Sum(
            Axes axis = default,
            DType? dtype = null,
            bool keepDims = false,
            NDArray? initial = null,
            NDArray? where = null
        ) => Jnp.Sum(x, axis, dtype, keepDims, initial, where);

        /// <summary>The product along axes.</summary>
        public NDArray Prod(
            Axes axis = default,
            DType? dtype = null,
            bool keepDims = false,
            NDArray? initial = null,
            NDArray? where = null
        ) => Jnp.Prod(x, axis, dtype, keepDims, initial, where);

        /// <summary>The mean along axes.</summary>
        public NDArray Mean(Axes axis = default, DType? dtype = null, bool keepDims = false, NDArray? where = null) =>
            Jnp.Mean(x, axis, dtype, keepDims, where);

        /// <summary>The variance along axes.</summary>
        public NDArray Var(
            Axes axis = default,
            DType? dtype = null,
            int ddof = 0,
            bool keepDims = false,
            NDArray? where = null
        ) => Jnp.Var(x, axis, dtype, ddof, keepDims, where);

        /// <summary>The standard deviation along axes.</summary>
        public NDArray Std(
            Axes axis = default,
            DType? dtype = null,
            int ddof = 0,
            bool keepDims = false,
            NDArray? where = null
        ) => Jnp.Std(x, axis, dtype, ddof, keepDims, where);

        /// <summary>The largest element along axes.</summary>
        public NDArray Max(
            Axes axis = default,
            bool keepDims = false,
            NDArray? initial = null,
            NDArray? where = null
        ) => Jnp.Max(x, axis, keepDims, initial, where);

        /// <summary>The smallest element along axes.</summary>
        public NDArray Min(
            Axes axis = default,
            bool keepDims = false,
            NDArray? initial = null,
            NDArray? where = null
        ) => Jnp.Min(x, axis, keepDims, initial, where);

        /// <summary>The largest element minus the smallest.</summary>
        public NDArray Ptp(Axes axis = default, bool keepDims = false) => Jnp.Ptp(x, axis, keepDims);

        /// <summary>Whether all elements are nonzero.</summary>
        public NDArray All(Axes axis = default, bool keepDims = false, NDArray? where = null) =>
            Jnp.All(x, axis, keepDims, where);

        /// <summary>Whether an element is nonzero.</summary>
        public NDArray Any(Axes axis = default, bool keepDims = false, NDArray? where = null) =>
            Jnp.Any(x, axis, keepDims, where);

        /// <summary>The place of the largest element.</summary>
        public NDArray ArgMax(int? axis = null, bool keepDims = false) => Jnp.ArgMax(x, axis, keepDims);

        /// <summary>The place of the smallest element.</summary>
        public NDArray ArgMin(int? axis = null, bool keepDims = false) => Jnp.ArgMin(x, axis, keepDims);

        /// <summary>Running sums.</summary>
        public NDArray CumSum(int? axis = null, DType? dtype = null) => Jnp.CumSum(x, axis, dtype);

        /// <summary>Running products.</summary>
        public NDArray CumProd(int? axis = null, DType? dtype = null) => Jnp.CumProd(x, axis, dtype);

        /// <summary>The elements sorted along an axis.</summary>
        public NDArray Sort(int? axis = -1, bool stable = true, bool descending = false) =>
            Jnp.Sort(x, axis, stable, descending);

        /// <summary>The places that the sorted elements come from.</summary>
        public NDArray ArgSort(int? axis = -1, bool stable = true, bool descending = false) =>
            Jnp.ArgSort(x, axis, stable, descending);

        /// <summary>The places of a partition about the kth element.</summary>
        public NDArray ArgPartition(int kth, int axis = -1) => Jnp.ArgPartition(x, kth, axis);

        /// <summary>Elements moved between bounds.</summary>
        public NDArray Clip(NDArray? min = null, NDArray? max = null) => Jnp.Clip(x, min, max);

        /// <summary>Slices at places along an axis.</summary>
        public NDArray Take(NDArray indices, int? axis = null, string? mode = null) => Jnp.Take(x, indices, axis, mode);

        /// <summary>Each element from the array that this one numbers.</summary>
        public NDArray Choose(ArraySequence choices, string mode = "raise") => Jnp.Choose(x, choices, mode);

        /// <summary>The slices for which a condition holds.</summary>
        public NDArray Compress(NDArray condition, int? axis = null) => Jnp.Compress(condition, x, axis);

        /// <summary>The places of nonzero elements, one array of indices per axis.</summary>
        public NDArray[] NonZero(int? size = null, NDArray? fillValue = null) => Jnp.NonZero(x, size, fillValue);

        /// <summary>Where values would be put into this sorted vector.</summary>
        public NDArray SearchSorted(NDArray v, string side = "left") => Jnp.SearchSorted(x, v, side);

        /// <summary>The elements of a diagonal of two axes.</summary>
        public NDArray Diagonal(int offset = 0, int axis1 = 0, int axis2 = 1) => Jnp.Diagonal(x, offset, axis1, axis2);

        /// <summary>The sum of a diagonal of two axes.</summary>
        public NDArray Trace(int offset = 0, int axis1 = 0, int axis2 = 1, DType? dtype = null) =>
            Jnp.Trace(x, offset, axis1, axis2, dtype);

        /// <summary>The product over the last axis of this array and the second-last axis of another.</summary>
        public NDArray Dot(NDArray b) => Jnp.Dot(x, b);

        /// <summary>Rounded to a number of decimals.</summary>
        public NDArray Round(int decimals = 0) => Jnp.Round(x, decimals);

        /// <summary>The complex conjugate.</summary>
        public NDArray Conj() => Jnp.Conj(x);

        /// <summary>The complex conjugate.</summary>
        public NDArray Conjugate() => Jnp.Conj(x);

        /// <summary>One element as a C# number: the only one, that at a flat place, or that at the indices.</summary>
        /// <exception cref="ArrayIndexException">There is no such element.</exception>
        /// <exception cref="ShapeException">There are several elements and no indices.</exception>
        public object Item(params int[] args)
        {
            Argument.Given(x);
            int[] extents = Argument.Given(args).Length == 1 ? [checked((int)x.Size)] : x.Shape.ToArray();
            for (int i = 0; i < Math.Min(args.Length, extents.Length); i++)
            {
                if (args[i] < -extents[i] || args[i] >= extents[i])
                {
                    throw new ArrayIndexException(
                        $"item got the index {args[i]} for {x.Type}: it must be in [{-extents[i]}, {extents[i]})."
                    );
                }
            }

            NDArray one =
                args.Length == 0 ? x
                : args.Length == 1 && x.Ndim != 1 ? Jnp.Ravel(x)[args[0]]
                : x[Array.ConvertAll(args, ArrayIndex? (i) => i)];
            return ArrayConversion.Item(ArrayConversion.One(one, "a number"), 0);
        }

        /// <summary>The elements as nested lists of C# numbers; a scalar as a number.</summary>
        public object ToList() => ArrayConversion.ToList(x);

        /// <summary>A copy of the elements in row-major order; T is the C# type of the element type (float for f32, …).</summary>
        /// <exception cref="DTypeException">T is another type.</exception>
        public T[] ToArray<T>()
            where T : unmanaged => ArrayConversion.ToArray<T>(x);
    }
}
