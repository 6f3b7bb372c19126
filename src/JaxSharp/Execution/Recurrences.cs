using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Compiler.Scalars;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;
using JaxSharp.Passes;

namespace JaxSharp.Execution;

/// <summary>
/// Loops over single elements: all of the loop becomes one compiled function, which keeps carried values in registers, where steps
/// of a program would take longer to start than to run.
/// </summary>
internal sealed class Recurrences
{
    private const int LeastSteps = 8;
    private const int MostOperations = 4000;

    private readonly Dictionary<Var, LoweredEquation> definitions = [];
    private readonly KernelBuilder builder;

    private Recurrences() => builder = new KernelBuilder([], definitions.GetValueOrDefault);

    /// <summary>The compiled loop, or null if it is none of this kind.</summary>
    public static Executable? Compile(Scan scan)
    {
        var body = scan.Body;
        int carries = scan.CarryCount;
        if (scan.Length < LeastSteps || carries == 0 || !IsOfElements(body, scan.ConstCount))
        {
            return null;
        }

        var loop = new Recurrences();
        int first = scan.ConstCount + carries;
        Array.ForEach(body.Inputs[..first], loop.builder.Declare);
        foreach (var slice in body.Inputs[first..])
        {
            var all = new Var(slice.Type with { Shape = slice.Type.Shape.Insert(0, scan.Length) });
            loop.builder.Declare(all);
            loop.Define(scan, slice, all, new Lowering.Indexed((at, read) => read[0]([Scalar.Axis(0), .. at])));
        }

        return loop.Results(body) is { } values
            ? loop.Compile(
                body,
                carries,
                scan.ConstCount,
                values,
                new LoopSteps(scan.Length, scan.Reverse),
                condition: null
            )
            : null;
    }

    /// <summary>The compiled loop, or null if it is none of this kind.</summary>
    public static Executable? Compile(WhileLoop loop)
    {
        if (!IsOfElements(loop.Body, loop.BodyConsts) || !IsOfElements(loop.Cond, loop.CondConsts))
        {
            return null;
        }

        var steps = new Recurrences();
        Array.ForEach(loop.Cond.Inputs[..loop.CondConsts], steps.builder.Declare);
        Array.ForEach(loop.Body.Inputs, steps.builder.Declare);
        for (int i = 0; i < loop.Body.Outputs.Length; i++)
        {
            var (own, carried) = (loop.Cond.Inputs[loop.CondConsts + i], loop.Body.Inputs[loop.BodyConsts + i]);
            steps.Define(loop, own, carried, new Lowering.Alias());
        }

        return steps.Results(loop.Body) is { } next && steps.Results(loop.Cond) is { } condition
            ? steps.Compile(
                loop.Body,
                next.Length,
                loop.CondConsts + loop.BodyConsts,
                next,
                new LoopSteps(loop.MaxSteps, false),
                condition[0]
            )
            : null;
    }

    // Everything that changes from step to step is a single element; constants may be arrays.
    private static bool IsOfElements(Jaxpr body, int constants) =>
        body.Outputs.Length > 0
        && body.InputTypes.Skip(constants).Concat(body.OutputTypes).All(t => t.Size == 1)
        && body.InputTypes.Concat(body.OutputTypes).All(t => !t.DType.IsComplex && t.Size > 0);

    private void Define(Primitive loop, Var variable, Var source, Lowering lowering) =>
        definitions[variable] = new LoweredEquation(new Equation(loop, [source], [variable]), lowering, 0);

    // The results of a program as expressions, if it is all made of such.
    private ScalarExpr[]? Results(Jaxpr body)
    {
        var (flat, lowerings) = Inlining.Flatten(body);
        flat = DeadCode.Eliminate(CommonSubexpressions.Eliminate(flat));
        foreach (var equation in flat.Equations)
        {
            var lowered = new LoweredEquation(equation, lowerings[equation.Outputs[0]], definitions.Count);
            if (
                !lowered.IsMap
                || equation.Primitive.HasEffects
                || equation.Outputs.Concat<Atom>(equation.Inputs).Any(a => a.Type.DType.IsComplex)
                || equation.Inputs.Any(a => a is Literal { Value.Ndim: > 0 })
            )
            {
                return null;
            }

            foreach (var output in equation.Outputs)
            {
                definitions[output] = lowered;
            }
        }

        if (flat.Outputs.Any(a => a is Literal { Value.Ndim: > 0 }))
        {
            return null;
        }

        return
        [
            .. flat.Outputs.Select(a => builder.Read(a, [.. a.Type.Shape.Select(_ => Scalar.Const(DType.I64, 0L))])),
        ];
    }

    private Executable? Compile(
        Jaxpr body,
        int carries,
        int firstCarried,
        ScalarExpr[] values,
        LoopSteps steps,
        ScalarExpr? condition
    )
    {
        var seen = new HashSet<ScalarExpr>();
        foreach (var value in values)
        {
            Count(value, seen);
        }

        return seen.Count > MostOperations
            ? null
            : KernelCompiler.Compile(
                new Recurrence(
                    builder.Finish().Inputs,
                    [.. body.OutputTypes.Select(t => t.DType)],
                    steps,
                    [.. Enumerable.Range(firstCarried, carries)],
                    values[..carries],
                    [.. values.Skip(carries).Select((v, i) => new Stage.Store(carries + i, [], Scalar.Axis(0), v))],
                    condition
                )
            );
    }

    private static void Count(ScalarExpr expr, HashSet<ScalarExpr> seen)
    {
        if (seen.Count <= MostOperations && seen.Add(expr))
        {
            foreach (var operand in expr.Operands)
            {
                Count(operand, seen);
            }
        }
    }
}
