namespace JaxSharp.Numpy;

/// <summary>What <see cref="Jnp.Interp"/> gives beyond an end of the points: the value there by default, a number, or "extrapolate".</summary>
public readonly struct InterpolationEnd
{
    private InterpolationEnd(NDArray? value, bool isExtrapolation)
    {
        Value = value;
        IsExtrapolation = isExtrapolation;
    }

    internal NDArray? Value { get; }

    internal bool IsExtrapolation { get; }

    /// <summary>A value.</summary>
    public static implicit operator InterpolationEnd(NDArray value) => new(value, false);

    /// <summary>A number.</summary>
    public static implicit operator InterpolationEnd(double value) => new(value, false);

    /// <summary>A line through the last two points, for the word "extrapolate".</summary>
    public static implicit operator InterpolationEnd(string word) =>
        word == "extrapolate"
            ? new(null, true)
            : throw new JaxArgumentException($"interp knows the word \"extrapolate\" only; got \"{word}\".");
}
