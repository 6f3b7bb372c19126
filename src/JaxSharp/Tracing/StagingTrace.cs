using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Passes;

namespace JaxSharp.Tracing;

/// <summary>A variable of a program that is being staged.</summary>
internal sealed class StagingTracer(StagingTrace trace, Var variable) : Tracer(trace)
{
    public Var Variable { get; } = variable;

    internal override ArrayType Type => Variable.Type;
}

/// <summary>Records primitives as equations of a program. Values of other traces become captured constants.</summary>
internal sealed class StagingTrace(string? functionName = null, bool isLinear = false) : Trace
{
    private readonly List<Equation> equations = [];
    private readonly List<Var> inputs = [];
    private readonly List<Var> constVars = [];
    private readonly List<NDArray> constants = [];
    private readonly Dictionary<NDArray, Var> constantVars = new(ReferenceEqualityComparer.Instance);

    /// <summary>The name of the traced function, for messages.</summary>
    public string FunctionName { get; } = functionName ?? "the function";

    /// <summary>Whether this records the linear program of a linearization: <see cref="Tangent"/> operations go to it.</summary>
    public bool IsLinear { get; } = isLinear;

    /// <summary>What was recorded so far.</summary>
    public IReadOnlyList<Equation> Equations => equations;

    public NDArray NewInput(ArrayType type)
    {
        var variable = new Var(type);
        inputs.Add(variable);
        return new StagingTracer(this, variable);
    }

    public override NDArray[] Process(Primitive primitive, NDArray[] operands)
    {
        var atoms = new Atom[operands.Length];
        var types = new ArrayType[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            atoms[i] = ToAtom(primitive, operands[i]);
            types[i] = atoms[i].Type;
        }

        var results = primitive.Infer(types);
        if (results.Length == 1 && primitive.Simplify(operands) is { } simpler)
        {
            return [simpler];
        }

        var outputs = Array.ConvertAll(results, type => new Var(type));
        equations.Add(new Equation(primitive, atoms, outputs));
        return Array.ConvertAll(outputs, NDArray (variable) => new StagingTracer(this, variable));
    }

    /// <summary>Ends the recording: the program that computes the results, and the arrays it captured.</summary>
    public (Jaxpr Jaxpr, NDArray[] Constants) Finish(IReadOnlyList<NDArray> results)
    {
        var outputs = new Atom[results.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = ToAtom(null, results[i]);
        }

        IsClosed = true;
        return DeadCode.Eliminate(new Jaxpr([.. constVars], [.. inputs], [.. equations], outputs), [.. constants]);
    }

    private Atom ToAtom(Primitive? primitive, NDArray? value)
    {
        if (value is StagingTracer tracer && ReferenceEquals(tracer.Trace, this))
        {
            return tracer.Variable;
        }

        if (value is Tracer { Trace.IsClosed: true } leaked)
        {
            throw primitive is null
                ? new LeakedTracerException(
                    $"{FunctionName} returned a traced value of another function whose transformation has ended."
                )
                : EvalTrace.LeakedTracer(primitive, leaked);
        }

        if (value is null)
        {
            throw new JaxArgumentException(
                $"{FunctionName} returned null where it must return an array. Return an array or a number; a function whose results "
                    + "may be missing returns a tree, such as a tuple."
            );
        }

        if (value is DeviceArray { Ndim: 0 } scalar)
        {
            return new Literal(scalar);
        }

        if (!constantVars.TryGetValue(value, out var variable))
        {
            variable = new Var(value.Type);
            constantVars.Add(value, variable);
            constVars.Add(variable);
            constants.Add(value);
        }

        return variable;
    }
}
