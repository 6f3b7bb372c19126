using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Benchmarks;

/// <summary>Parameters with the state of Adam: the running means of gradients and of their squares, and the number of steps.</summary>
internal sealed record Adam<TParams>(TParams Params, TParams Mu, TParams Nu, NDArray Count)
{
    private const float Decay1 = 0.9f;
    private const float Decay2 = 0.999f;

    public static Adam<TParams> Start(TParams parameters) =>
        new(
            parameters,
            Tree.Map(p => jnp.ZerosLike(p), parameters),
            Tree.Map(p => jnp.ZerosLike(p), parameters),
            jnp.Zeros(Shape.Scalar, DType.I32)
        );

    public Adam<TParams> Step(TParams gradients)
    {
        var count = Count + 1;
        var mu = Tree.Map((m, g) => Decay1 * m + (1 - Decay1) * g, Mu, gradients);
        var nu = Tree.Map((n, g) => Decay2 * n + (1 - Decay2) * g * g, Nu, gradients);
        var (scale1, scale2) = (1 - jnp.Power(Decay1, count), 1 - jnp.Power(Decay2, count));
        var parameters = Tree.Map(
            (p, m, n) => p - 1e-3f * (m / scale1) / (jnp.Sqrt(n / scale2) + 1e-8f),
            Params,
            mu,
            nu
        );
        return new(parameters, mu, nu, count);
    }
}
