using JaxSharp.Ir;

namespace JaxSharp.Tracing;

/// <summary>Applies primitives under the trace in force.</summary>
internal static class BindExtensions
{
    /// <summary>Applies a primitive with any number of results.</summary>
    public static NDArray[] BindAll(this Primitive primitive, params NDArray[] operands) =>
        TraceContext.Current.Process(primitive, operands);

    /// <summary>Applies a primitive with one result.</summary>
    public static NDArray Bind(this Primitive primitive, params NDArray[] operands) =>
        TraceContext.Current.Process(primitive, operands)[0];
}
