using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Transforms;

/// <summary>Makes programs of functions and runs programs under the trace in force.</summary>
internal static class Staging
{
    /// <summary>Stages a function: the program and the arrays that it captured.</summary>
    public static (Jaxpr Jaxpr, NDArray[] Constants) Stage(
        Func<NDArray[], NDArray[]> function,
        IReadOnlyList<ArrayType> inputs,
        string? name = null
    )
    {
        var trace = new StagingTrace(name);
        try
        {
            var tracers = inputs.Select(trace.NewInput).ToArray();
            NDArray[] outputs;
            using (TraceContext.Enter(trace))
            {
                outputs = function(tracers);
            }

            return trace.Finish(outputs);
        }
        finally
        {
            trace.IsClosed = true;
        }
    }

    /// <summary>Stages a function and makes captured arrays the first inputs of the program.</summary>
    public static (Jaxpr Jaxpr, NDArray[] Constants) StageClosed(
        Func<NDArray[], NDArray[]> function,
        IReadOnlyList<ArrayType> inputs,
        string? name = null
    )
    {
        var (jaxpr, constants) = Stage(function, inputs, name);
        return (jaxpr.ConstantsToInputs(), constants);
    }

    /// <summary>
    /// Stages a function that is made of programs. It captures arrays only where a derivative rule of the user does; they stand in the
    /// program as literals, since whoever holds the program has no operands for them.
    /// </summary>
    /// <exception cref="LeakedTracerException">A rule captured a traced value.</exception>
    public static Jaxpr StageProgram(Func<NDArray[], NDArray[]> function, IReadOnlyList<ArrayType> inputs)
    {
        var (jaxpr, constants) = Stage(function, inputs);
        if (constants.Length == 0)
        {
            return jaxpr;
        }

        var literals = new Dictionary<Var, Literal>();
        for (int i = 0; i < constants.Length; i++)
        {
            literals[jaxpr.ConstVars[i]] = constants[i] is DeviceArray array
                ? new Literal(array)
                : throw new LeakedTracerException(
                    $"A derivative rule (CustomJvp, CustomVjp, …) of a function inside of a loop, a branch or a compiled function uses a "
                        + $"traced value of type {constants[i].Type} from outside. Make it an argument of the function, or give it to the "
                        + "backward half among its residuals."
                );
        }

        return new Jaxpr(
            [],
            jaxpr.Inputs,
            Array.ConvertAll(jaxpr.Equations, e => e with { Inputs = Array.ConvertAll(e.Inputs, Embed) }),
            Array.ConvertAll(jaxpr.Outputs, Embed)
        );

        Atom Embed(Atom atom) => atom is Var v && literals.TryGetValue(v, out var literal) ? literal : atom;
    }

    /// <summary>Applies a program to values, equation by equation, under the trace in force.</summary>
    public static NDArray[] Evaluate(Jaxpr jaxpr, IReadOnlyList<NDArray> constants, IReadOnlyList<NDArray> arguments)
    {
        var values = new Dictionary<Var, NDArray>();
        for (int i = 0; i < jaxpr.ConstVars.Length; i++)
        {
            values[jaxpr.ConstVars[i]] = constants[i];
        }

        for (int i = 0; i < jaxpr.Inputs.Length; i++)
        {
            values[jaxpr.Inputs[i]] = arguments[i];
        }

        foreach (var equation in jaxpr.Equations)
        {
            var outputs = equation.Primitive.BindAll(Array.ConvertAll(equation.Inputs, Read));
            for (int i = 0; i < outputs.Length; i++)
            {
                values[equation.Outputs[i]] = outputs[i];
            }
        }

        return Array.ConvertAll(jaxpr.Outputs, Read);

        NDArray Read(Atom atom) => atom is Literal literal ? literal.Value : values[(Var)atom];
    }

    /// <summary>Applies a program without captured constants.</summary>
    public static NDArray[] Evaluate(Jaxpr jaxpr, params NDArray[] arguments) => Evaluate(jaxpr, [], arguments);
}
