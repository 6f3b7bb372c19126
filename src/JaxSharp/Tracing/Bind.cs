using JaxSharp.Ir;

namespace JaxSharp.Tracing;

/// <summary>Applies primitives under the trace in force.</summary>
internal static class BindExtensions
{
    /// <summary>Applies a primitive with any number of results.</summary>
    public static NDArray[] BindAll(this Primitive primitive, params NDArray[] operands) =>
        TraceContext.Current.Process(primitive, Given(primitive, operands));

    /// <summary>Applies a primitive with one result.</summary>
    public static NDArray Bind(this Primitive primitive, params NDArray[] operands) =>
        TraceContext.Current.Process(primitive, Given(primitive, operands))[0];

    private static NDArray[] Given(Primitive primitive, NDArray[] operands)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            if (operands[i] is null)
            {
                throw new JaxArgumentException(
                    $"{primitive.Name} got null as operand {i}, where it needs an array: null stands for a missing part of a tree only. "
                        + "Pass an array or a number."
                );
            }
        }

        return operands;
    }
}
