using System.Linq;

namespace JaxSharp.Numpy;

/// <summary>What to pad with: one value, a pair for before and after every axis, or a pair for each axis; 0 by default.</summary>
public readonly struct PadValues
{
    private readonly NDArray? array;

    private PadValues(NDArray array) => this.array = array;

    internal NDArray Array => array ?? 0;

    /// <summary>One value, or an array of them that broadcasts to a pair for each axis.</summary>
    public static implicit operator PadValues(NDArray value) => new(value);

    /// <summary>One value.</summary>
    public static implicit operator PadValues(double value) => new(value);

    /// <summary>One value.</summary>
    public static implicit operator PadValues(int value) => new(value);

    /// <summary>A pair for every axis.</summary>
    public static implicit operator PadValues((double Before, double After) values) =>
        new(Jnp.Array(new[] { values.Before, values.After }));

    /// <summary>A pair for each axis.</summary>
    public static implicit operator PadValues((double Before, double After)[] values) =>
        new(
            Jnp.Array([
                .. Argument.Given(values, caller: nameof(PadValues)).Select(pair => new[] { pair.Before, pair.After }),
            ])
        );
}
