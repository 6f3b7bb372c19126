using System;
using System.Linq;
using JaxSharp.Execution;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Transforms;

namespace JaxSharp.Goldens;

/// <summary>The transformations for functions from arrays to arrays.</summary>
internal static class FlatTransforms
{
    /// <summary>Stages the function, compiles the program as a whole and runs it.</summary>
    public static NDArray[] Jit(Func<NDArray[], NDArray[]> function, NDArray[] inputs)
    {
        (Jaxpr jaxpr, NDArray[] constants) = Staging.StageClosed(function, Array.ConvertAll(inputs, x => x.Type));
        return ProgramCompiler.Compile(jaxpr).Run([.. constants, .. inputs]);
    }

    /// <summary>Pulls cotangents back to all inputs.</summary>
    public static NDArray[] Vjp(Func<NDArray[], NDArray[]> function, NDArray[] inputs, NDArray[] cotangents)
    {
        LinearFunction linear = Linearization.Linearize(function, inputs).Linear;
        return OrZeros(linear.Transpose(cotangents), inputs);
    }

    /// <summary>Pushes tangents of all inputs forward.</summary>
    public static NDArray[] Jvp(Func<NDArray[], NDArray[]> function, NDArray[] inputs, NDArray[] tangents)
    {
        (NDArray[] outputs, NDArray?[] results) = ForwardMode.Jvp(function, inputs, tangents);
        return OrZeros(results, outputs);
    }

    /// <summary>Maps over the first axis of all inputs; results are stacked along their first axis.</summary>
    public static NDArray[] Vmap(Func<NDArray[], NDArray[]> function, NDArray[] inputs)
    {
        var axis = new BatchAxis(inputs[0].Shape[0], null);
        (NDArray[] outputs, int?[] dims) = Vectorization.Batch(
            function,
            axis,
            inputs,
            [.. inputs.Select(_ => (int?)0)]
        );
        return [.. outputs.Select((output, i) => Batching.Align(output, dims[i], 0, axis.Size))];
    }

    private static NDArray[] OrZeros(NDArray?[] values, NDArray[] like) =>
        [.. values.Select((value, i) => value ?? Operators.Zeros(like[i].Type))];
}
