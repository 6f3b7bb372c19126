using JaxSharp.Ir;

namespace JaxSharp.TestKit;

/// <summary>What a derivative of a primitive is expected to be.</summary>
internal enum Derivative
{
    /// <summary>The limit of difference quotients at the sampled points.</summary>
    Smooth,

    /// <summary>Exists as a rule, which is compared with its own transpose only.</summary>
    Stated,

    /// <summary>Refused with an error, or there is nothing to differentiate.</summary>
    None,
}

/// <summary>A row of the case table: a primitive with parameters, and operands that it takes.</summary>
internal sealed record PrimitiveCase(Primitive Primitive, params Sample[] Operands)
{
    public Derivative Derivative { get; init; } = Derivative.Smooth;

    /// <summary>Bits differ between ways to compute the result: random numbers, or values that are not defined.</summary>
    public bool IsBatched { get; init; } = true;

    public string Name =>
        $"{Primitive} {string.Join(' ', (object[])[.. System.Linq.Enumerable.Select(Operands, o => o.Type)])}";
}
