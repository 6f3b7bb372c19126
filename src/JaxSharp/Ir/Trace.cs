namespace JaxSharp.Ir;

/// <summary>
/// An interpretation of primitives: evaluation, staging into a program, or a transformation that rewrites each application into
/// applications on its parent. The trace in force is chosen by context (<c>TraceContext</c>), never by comparing levels.
/// </summary>
internal abstract class Trace
{
    /// <summary>Whether the function that this trace was made for has returned; its tracers are then leaked.</summary>
    public bool IsClosed { get; set; }

    public abstract NDArray[] Process(Primitive primitive, NDArray[] operands);
}

/// <summary>A stand-in for a value inside of a function that is being transformed.</summary>
internal abstract class Tracer(Trace trace) : NDArray
{
    public Trace Trace { get; } = trace;
}
