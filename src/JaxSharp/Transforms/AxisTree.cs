namespace JaxSharp;

/// <summary>
/// The axes that <c>Vmap</c> maps: an integer for all leaves of an argument, null for an argument that is the same for all, a tuple
/// with an entry per argument, or a tree of integers and nulls that starts like the argument (see <see cref="Of"/>). Axes may be
/// negative.
/// </summary>
public readonly struct AxisTree
{
    private readonly int axis;
    private readonly bool isNone;

    private AxisTree(int? axis)
    {
        this.axis = axis.GetValueOrDefault();
        isNone = axis is null;
    }

    private AxisTree(object tree) => Tree = tree;

    private AxisTree(params AxisTree[] items) => Items = items;

    /// <summary>Not mapped.</summary>
    public static AxisTree None => new((int?)null);

    internal int? Axis => isNone ? null : axis;

    internal AxisTree[]? Items { get; }

    internal object? Tree { get; }

    /// <summary>One axis for everything.</summary>
    public static implicit operator AxisTree(int axis) => new((int?)axis);

    /// <summary>One axis for everything, or null for what is not mapped.</summary>
    public static implicit operator AxisTree(int? axis) => new(axis);

    /// <summary>The axes of one argument.</summary>
    public static implicit operator AxisTree(System.ValueTuple<int?> axes) => new(new AxisTree(axes.Item1));

    /// <summary>The axes of two arguments.</summary>
    public static implicit operator AxisTree((int?, int?) axes) => new(axes.Item1, axes.Item2);

    /// <summary>The axes of three arguments.</summary>
    public static implicit operator AxisTree((int?, int?, int?) axes) => new(axes.Item1, axes.Item2, axes.Item3);

    /// <summary>The axes of four arguments.</summary>
    public static implicit operator AxisTree((int?, int?, int?, int?) axes) =>
        new(axes.Item1, axes.Item2, axes.Item3, axes.Item4);

    /// <summary>The axes of five arguments.</summary>
    public static implicit operator AxisTree((int?, int?, int?, int?, int?) axes) =>
        new(axes.Item1, axes.Item2, axes.Item3, axes.Item4, axes.Item5);

    /// <summary>The axes of two arguments.</summary>
    public static implicit operator AxisTree((AxisTree, AxisTree) axes) => new(axes.Item1, axes.Item2);

    /// <summary>The axes of three arguments.</summary>
    public static implicit operator AxisTree((AxisTree, AxisTree, AxisTree) axes) =>
        new(axes.Item1, axes.Item2, axes.Item3);

    /// <summary>The axes of four arguments.</summary>
    public static implicit operator AxisTree((AxisTree, AxisTree, AxisTree, AxisTree) axes) =>
        new(axes.Item1, axes.Item2, axes.Item3, axes.Item4);

    /// <summary>A tree of integers and nulls: dictionaries and lists that start like the argument.</summary>
    /// <example><code>
    /// NDArray Predict(Dictionary&lt;string, NDArray&gt; p) => p["w"] * 2 + p["b"];
    /// var axes = AxisTree.Of(new Dictionary&lt;string, int?&gt; { ["w"] = 0, ["b"] = null });
    /// Vmap((Func&lt;Dictionary&lt;string, NDArray&gt;, NDArray&gt;)Predict, inAxes: axes)(new() { ["w"] = jnp.Arange(3), ["b"] = 1 }); // => [1 3 5]
    /// </code></example>
    public static AxisTree Of(object? tree) => tree is null ? None : new(tree);
}
