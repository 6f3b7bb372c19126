using JaxSharp.Numpy;

namespace JaxSharp.Optax;

/// <summary>
/// What chooses the length of steps: a transformation, null for none, and where nothing is given the search that is the default.
/// </summary>
/// <example><code>
/// var searching = optax.Lbfgs();
/// var plain = optax.Lbfgs(0.1, linesearch: null);
/// var backtracking = optax.Lbfgs(linesearch: optax.ScaleByBacktrackingLinesearch(15));
/// </code></example>
public readonly struct Linesearch
{
    private readonly bool isGiven;
    private readonly GradientTransformation? search;

    private Linesearch(GradientTransformation? search)
    {
        this.search = search;
        isGiven = true;
    }

    /// <summary>A transformation, or null for no search.</summary>
    public static implicit operator Linesearch(GradientTransformation? search) => new(search);

    /// <summary>The transformation.</summary>
    internal GradientTransformation Or(GradientTransformation @default) =>
        isGiven ? search ?? Optax.Identity() : @default;

    /// <summary>The type of step sizes and losses: that of the parameters, without an imaginary part.</summary>
    internal static DType RealType<T>(T @params) =>
        Tree.Leaves(@params) is [var first, ..] ? Jnp.Real(first).DType : DType.F32;

    /// <summary>The derivative of the loss by the step size.</summary>
    internal static NDArray Slope<T>(T updates, T grad) => Jnp.Real(Optax.Tree.VDot(updates, Optax.Tree.Conj(grad)));
}
