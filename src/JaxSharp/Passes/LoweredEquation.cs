using JaxSharp.Ir;

namespace JaxSharp.Passes;

/// <summary>An equation with its lowering; <paramref name="Order"/> is its place in the program.</summary>
internal sealed record LoweredEquation(Equation Equation, Lowering Lowering, int Order)
{
    /// <summary>Whether the result is computed element by element, so that consumers can put the definition in place.</summary>
    public bool IsMap => Lowering is Lowering.Elementwise or Lowering.Indexed or Lowering.Alias;

    /// <summary>Whether this can be part of a loop nest.</summary>
    public bool IsFusable => IsMap || Lowering is Lowering.Reduction;
}
