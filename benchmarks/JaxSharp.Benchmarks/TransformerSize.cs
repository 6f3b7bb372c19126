namespace JaxSharp.Benchmarks;

/// <summary>Extents of a transformer with eight heads.</summary>
internal sealed record TransformerSize(int Batch, int Length, int Width, int Blocks)
{
    public const int Heads = 8;

    /// <summary>Operations of a forward pass: projections and perceptron, then scores and weighted values.</summary>
    public double Flops => 2.0 * Blocks * Batch * Length * Width * ((12.0 * Width) + (2.0 * Length));

    public override string ToString() => $"{Batch}x{Length}x{Width}, {Blocks} layers";
}
