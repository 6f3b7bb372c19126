using System;
using System.Numerics;
using System.Runtime.InteropServices;
using JaxSharp.Arrays;

namespace JaxSharp;

// What arrays offer as instance members besides extension members: indexing, conversion to numbers, text.
public abstract partial class NDArray : IFormattable
{
    /// <summary>
    /// The elements that an index names, by NumPy's rules: integers (also from the end, <c>^1</c> or −1), ranges, slices with a step
    /// (a tuple), arrays of integers or bools, <c>Jnp.NewAxis</c> or null, <c>Jnp.Ellipsis</c>. Integers and index arrays out of
    /// range are moved into range.
    /// </summary>
    /// <example><code>
    /// NDArray x = jnp.Arange(12).Reshape((3, 4));
    /// x[0];             // => [0 1 2 3]
    /// x[1..3, ^1];      // => [ 7 11]
    /// x[rows, columns]; // => [ 1 11]
    /// x[x &gt; 8];         // => [ 9 10 11]
    /// x[(null, null, 2)].Shape; // => (2,4)
    /// </code></example>
    public NDArray this[params ReadOnlySpan<ArrayIndex?> index] => Indexing.Get(this, NullMeansNewAxis(index));

    /// <summary>The extent of the first axis.</summary>
    /// <exception cref="ShapeException">The array has no axes.</exception>
    public int Length =>
        Ndim > 0 ? Shape[0] : throw new ShapeException($"An array without axes has no length; got {Type}.");

    /// <summary>The one element of an array of size 1, nonzero or not.</summary>
    /// <exception cref="ConcretizationException">The array is traced: use Jnp.Where or Lax.Cond.</exception>
    public static explicit operator bool(NDArray x) => ArrayConversion.One(x, "bool").ItemComplex(0) != Complex.Zero;

    /// <summary>The one element of an array of size 1, cut to an integer.</summary>
    /// <exception cref="ConcretizationException">The array is traced.</exception>
    public static explicit operator int(NDArray x) => checked((int)(long)x);

    /// <summary>The one element of an array of size 1, cut to an integer.</summary>
    /// <exception cref="ConcretizationException">The array is traced.</exception>
    public static explicit operator long(NDArray x)
    {
        var one = ArrayConversion.One(x, "an integer");
        return one.DType.IsComplex
            ? throw new DTypeException($"A complex number does not convert to an integer; got {x.Type}.")
            : one.ItemInt(0);
    }

    /// <summary>The one element of an array of size 1.</summary>
    /// <exception cref="ConcretizationException">The array is traced.</exception>
    public static explicit operator float(NDArray x) => (float)(double)x;

    /// <summary>The one element of an array of size 1.</summary>
    /// <exception cref="ConcretizationException">The array is traced.</exception>
    public static explicit operator double(NDArray x)
    {
        var one = ArrayConversion.One(x, "a number");
        return one.DType.IsComplex
            ? throw new DTypeException(
                $"A complex number does not convert to a real one; got {x.Type}. Use Jnp.Real or Jnp.Abs."
            )
            : one.ItemDouble(0);
    }

    /// <summary>The one element of an array of size 1.</summary>
    /// <exception cref="ConcretizationException">The array is traced.</exception>
    public static explicit operator Complex(NDArray x) => ArrayConversion.One(x, "a number").ItemComplex(0);

    /// <summary>
    /// The array as text: in NumPy's form for no format, as JAX's repr for "r"; scalars take Python's formats such as ".3f", "5d".
    /// </summary>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        format switch
        {
            null or "" or "G" => ArrayFormatter.Str(this),
            "r" or "R" => ArrayFormatter.Repr(this),
            _ => PythonFormat.Format(ArrayConversion.One(this, "formatted text"), format),
        };

    /// <inheritdoc cref="ToString(string, IFormatProvider)"/>
    public string ToString(string? format) => ToString(format, null);

    private static readonly ArrayIndex?[] OneNewAxis = [null];

    // x[null] passes the span of a null array; only the compiler's own spans are not null.
    internal static ReadOnlySpan<ArrayIndex?> NullMeansNewAxis(ReadOnlySpan<ArrayIndex?> index) =>
        System.Runtime.CompilerServices.Unsafe.IsNullRef(ref MemoryMarshal.GetReference(index)) ? OneNewAxis : index;
}
