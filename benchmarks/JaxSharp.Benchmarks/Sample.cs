namespace JaxSharp.Benchmarks;

/// <summary>Operands of rows.</summary>
internal static class Sample
{
    public static NDArray Normal(params int[] shape) => JaxRandom.Normal(JaxRandom.PRNGKey(0), shape);
}
