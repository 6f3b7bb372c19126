using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace JaxSharp.Numpy;

/// <summary>
/// Several arrays as one argument: a collection expression, an array, a list or a tuple of arrays, or one array, which stands for
/// its slices along the first axis.
/// </summary>
/// <example><code>
/// NDArray x = jnp.Zeros((2, 3)), y = jnp.Ones((2, 3));
/// jnp.Concatenate([x, y], axis: 1).Shape; // => (2,6)
/// jnp.Stack((x, y)).Shape;                // => (2,2,3)
/// </code></example>
[CollectionBuilder(typeof(ArraySequence), nameof(Create))]
public readonly struct ArraySequence : IEnumerable<NDArray>
{
    private readonly NDArray[]? arrays;

    private ArraySequence(NDArray[] arrays) => this.arrays = Argument.AllGiven(arrays, caller: "A sequence of arrays");

    internal NDArray[] Items => arrays ?? [];

    /// <summary>The arrays of an array.</summary>
    public static implicit operator ArraySequence(NDArray[] arrays) => new(arrays);

    /// <summary>The arrays of a list.</summary>
    public static implicit operator ArraySequence(List<NDArray> arrays) =>
        new([.. Argument.Given(arrays, caller: "A sequence of arrays")]);

    /// <summary>Two arrays.</summary>
    public static implicit operator ArraySequence((NDArray, NDArray) arrays) => new([arrays.Item1, arrays.Item2]);

    /// <summary>Three arrays.</summary>
    public static implicit operator ArraySequence((NDArray, NDArray, NDArray) arrays) =>
        new([arrays.Item1, arrays.Item2, arrays.Item3]);

    /// <summary>The slices of an array along its first axis.</summary>
    public static implicit operator ArraySequence(NDArray array) =>
        new(Jnp.Unstack(Argument.Given(array, caller: "A sequence of arrays")));

    /// <summary>Makes a sequence; called by collection expressions.</summary>
    public static ArraySequence Create(System.ReadOnlySpan<NDArray> arrays) => new(arrays.ToArray());

    /// <inheritdoc/>
    public IEnumerator<NDArray> GetEnumerator() => Items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
