using System;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.Numpy;

/// <summary>
/// Runs a function of many small operations as one compiled program where its arguments are values: outside of all
/// transformations. Inside of one its operations take part as they are.
/// </summary>
internal static class Fused
{
    /// <summary>Applies a function whose operations depend on nothing but the types of its arguments and the key.</summary>
    public static NDArray Call(string name, string key, Func<NDArray[], NDArray> function, params NDArray[] arguments)
    {
        if (TraceContext.Current is not EvalTrace || Array.Exists(arguments, x => x is not DeviceArray))
        {
            return function(arguments);
        }

        var types = Array.ConvertAll(arguments, x => x.Type);
        var call = JaxprCache<(string, string, bool, EquatableArray<ArrayType>), JitCall?>.Get(
            (name, key, JaxConfig.EnableX64, types),
            () =>
            {
                var (jaxpr, constants) = Staging.Stage(staged => [function(staged)], types, name);
                return constants.Length == 0 ? new JitCall(name, jaxpr) : null;
            }
        );
        return call is null ? function(arguments) : call.Bind(arguments);
    }
}
