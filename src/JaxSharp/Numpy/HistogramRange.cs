namespace JaxSharp.Numpy;

/// <summary>The lower and upper end of the bins of a histogram: a pair of numbers, or an array of two.</summary>
public readonly struct HistogramRange
{
    private readonly NDArray? array;

    private HistogramRange(NDArray array) => this.array = array;

    internal NDArray? Array => array;

    /// <summary>Two numbers.</summary>
    public static implicit operator HistogramRange((double Low, double High) range) =>
        new(Jnp.Array(new[] { range.Low, range.High }));

    /// <summary>An array of two numbers.</summary>
    /// <exception cref="ShapeException">It has another shape.</exception>
    public static implicit operator HistogramRange(NDArray range) =>
        Argument.Given(range, caller: nameof(HistogramRange)).Shape == new Shape(2)
            ? new(range)
            : throw new ShapeException($"A range of a histogram needs two numbers; got {range.Type}.");
}
