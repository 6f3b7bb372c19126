using System;

namespace JaxSharp.Numpy;

/// <summary>A piece of <see cref="Jnp.Piecewise"/>: a function of the array, or a value.</summary>
public readonly struct PiecewisePart
{
    private readonly Func<NDArray, NDArray>? function;
    private readonly NDArray? value;

    private PiecewisePart(Func<NDArray, NDArray>? function, NDArray? value)
    {
        this.function = function;
        this.value = value;
    }

    /// <summary>A function of the array.</summary>
    public static implicit operator PiecewisePart(Func<NDArray, NDArray> function) => new(function, null);

    /// <summary>A value.</summary>
    public static implicit operator PiecewisePart(NDArray value) => new(null, value);

    /// <summary>A number.</summary>
    public static implicit operator PiecewisePart(double value) => new(null, value);

    /// <summary>A number.</summary>
    public static implicit operator PiecewisePart(int value) => new(null, value);

    internal NDArray Of(NDArray x) => function is null ? value ?? 0 : function(x);
}
