using JaxSharp.Ir;

namespace JaxSharp.Tracing;

/// <summary>An array of which only the type is known: what <c>Jax.EvalShape</c> gives.</summary>
internal sealed class AbstractArray(ArrayType type) : Tracer(ClosedTrace)
{
    private static readonly StagingTrace ClosedTrace = new("EvalShape") { IsClosed = true };

    internal override ArrayType Type { get; } = type;
}
