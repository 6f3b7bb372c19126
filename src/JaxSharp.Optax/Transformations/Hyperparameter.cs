using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

/// <summary>
/// A number that tunes a transformation: a C# number, whose arithmetic is that of <c>double</c> and which takes the element type of the
/// array that it meets; or an array, which may be traced, so that a hyperparameter can be learned or changed during a run.
/// </summary>
public readonly struct Hyperparameter
{
    private readonly double number;
    private readonly bool isInteger;
    private readonly NDArray? array;

    private Hyperparameter(double number, bool isInteger = false)
    {
        this.number = number;
        this.isInteger = isInteger;
    }

    private Hyperparameter(NDArray array) => this.array = array;

    /// <summary>A number.</summary>
    public static implicit operator Hyperparameter(double value) => new(value);

    /// <summary>An integer, which leaves arrays of integers what they are.</summary>
    public static implicit operator Hyperparameter(int value) => new(value, isInteger: true);

    /// <summary>A scalar array.</summary>
    public static implicit operator Hyperparameter(NDArray value) => new(value);

    /// <summary>The value as an array: weakly typed, if it is a number.</summary>
    public static implicit operator NDArray(Hyperparameter value) =>
        value.array ?? (value.isInteger ? (NDArray)(int)value.number : value.number);

    /// <summary>The negative.</summary>
    public static Hyperparameter operator -(Hyperparameter x) =>
        x.array is { } a ? new Hyperparameter(-a) : new Hyperparameter(-x.number, x.isInteger);

    /// <summary>The sum.</summary>
    public static Hyperparameter operator +(Hyperparameter x, Hyperparameter y) =>
        AreNumbers(x, y) ? new Hyperparameter(x.number + y.number) : new Hyperparameter((NDArray)x + (NDArray)y);

    /// <summary>The difference.</summary>
    public static Hyperparameter operator -(Hyperparameter x, Hyperparameter y) =>
        AreNumbers(x, y) ? new Hyperparameter(x.number - y.number) : new Hyperparameter((NDArray)x - (NDArray)y);

    /// <summary>The product.</summary>
    public static Hyperparameter operator *(Hyperparameter x, Hyperparameter y) =>
        AreNumbers(x, y) ? new Hyperparameter(x.number * y.number) : new Hyperparameter((NDArray)x * (NDArray)y);

    /// <summary>The quotient.</summary>
    public static Hyperparameter operator /(Hyperparameter x, Hyperparameter y) =>
        AreNumbers(x, y) ? new Hyperparameter(x.number / y.number) : new Hyperparameter((NDArray)x / (NDArray)y);

    /// <summary>The sum.</summary>
    public static Hyperparameter operator +(double x, Hyperparameter y) => (Hyperparameter)x + y;

    /// <summary>The difference.</summary>
    public static Hyperparameter operator -(double x, Hyperparameter y) => (Hyperparameter)x - y;

    /// <summary>The product.</summary>
    public static Hyperparameter operator *(double x, Hyperparameter y) => (Hyperparameter)x * y;

    /// <summary>The quotient.</summary>
    public static Hyperparameter operator /(double x, Hyperparameter y) => (Hyperparameter)x / y;

    /// <summary>The sum.</summary>
    public static Hyperparameter operator +(Hyperparameter x, double y) => x + (Hyperparameter)y;

    /// <summary>The difference.</summary>
    public static Hyperparameter operator -(Hyperparameter x, double y) => x - (Hyperparameter)y;

    /// <summary>The product.</summary>
    public static Hyperparameter operator *(Hyperparameter x, double y) => x * (Hyperparameter)y;

    /// <summary>The quotient.</summary>
    public static Hyperparameter operator /(Hyperparameter x, double y) => x / (Hyperparameter)y;

    /// <summary>The sum.</summary>
    public static NDArray operator +(Hyperparameter x, NDArray y) => (NDArray)x + y;

    /// <summary>The difference.</summary>
    public static NDArray operator -(Hyperparameter x, NDArray y) => (NDArray)x - y;

    /// <summary>The product.</summary>
    public static NDArray operator *(Hyperparameter x, NDArray y) => (NDArray)x * y;

    /// <summary>The quotient.</summary>
    public static NDArray operator /(Hyperparameter x, NDArray y) => (NDArray)x / y;

    /// <summary>The sum.</summary>
    public static NDArray operator +(NDArray x, Hyperparameter y) => x + (NDArray)y;

    /// <summary>The difference.</summary>
    public static NDArray operator -(NDArray x, Hyperparameter y) => x - (NDArray)y;

    /// <summary>The product.</summary>
    public static NDArray operator *(NDArray x, Hyperparameter y) => x * (NDArray)y;

    /// <summary>The quotient.</summary>
    public static NDArray operator /(NDArray x, Hyperparameter y) => x / (NDArray)y;

    /// <summary>The square root.</summary>
    public Hyperparameter Sqrt() =>
        array is { } a ? new Hyperparameter(Jnp.Sqrt(a)) : new Hyperparameter(Math.Sqrt(number));

    /// <summary>Whether this is the C# number given, so that code may depend on it.</summary>
    public bool Is(double value) => array is null && number == value;

    /// <summary>The number; null for an array.</summary>
    public double? AsNumber() => array is null ? number : null;

    /// <inheritdoc/>
    public override string ToString() =>
        array?.ToString() ?? number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static bool AreNumbers(Hyperparameter x, Hyperparameter y) => x.array is null && y.array is null;
}
