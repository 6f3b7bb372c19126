namespace JaxSharp.Ir;

/// <summary>
/// A direction of change of a value, zero or held as an array. It has only linear operations (see <c>TangentOperators</c>), so a
/// derivative rule that would use it nonlinearly does not compile.
/// </summary>
internal readonly struct Tangent
{
    private Tangent(NDArray? value, ArrayType type)
    {
        Value = value;
        Type = type;
    }

    /// <summary>The array; null for zero. Only the machinery of the transformations looks inside.</summary>
    public NDArray? Value { get; }

    /// <summary>The type of the value whose change this is.</summary>
    public ArrayType Type { get; }

    public bool IsZero => Value is null;

    public static Tangent Zero(ArrayType type) => new(null, type.Strong());

    public static Tangent Zero(NDArray primal) => Zero(primal.Type);

    public static Tangent Of(NDArray value) => new(value, value.Type);
}
