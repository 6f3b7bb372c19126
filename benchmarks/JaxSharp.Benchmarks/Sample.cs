namespace JaxSharp.Benchmarks;

/// <summary>Operands of rows: normally distributed numbers, the same in every run.</summary>
internal static class Sample
{
    public static NDArray Normal(params int[] shape) => JaxRandom.Normal(JaxRandom.PRNGKey(0), shape);

    /// <summary>Other numbers than those of <see cref="Normal"/>.</summary>
    public static NDArray Second(params int[] shape) => JaxRandom.Normal(JaxRandom.PRNGKey(1), shape);
}
