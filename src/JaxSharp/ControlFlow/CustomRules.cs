using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>The derivative rule of a program: from arguments and their tangents to results and their tangents.</summary>
internal delegate (NDArray[] Outputs, NDArray[] Tangents) JvpRule(NDArray[] primals, NDArray[] tangents);

/// <summary>A program whose derivative is given by a rule; the rule is itself made of differentiable operations.</summary>
internal sealed record CustomJvpCall(
    [Printed("name")] string FunctionName,
    [Printed("call_jaxpr")] Jaxpr Body,
    [NotPrinted] JvpRule Rule
) : Primitive, ILinearizable, ICollective
{
    public override string Name => "custom_jvp_call";

    public override Primitive Evaluated => new JitCall(FunctionName, Body.Evaluated);

    public override ArrayType[] Infer(ArrayType[] operands) => Body.OutputTypes;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var (outputs, moved) = Rule(primals, Instantiate(tangents));
        return (outputs, Moved(outputs, moved));
    }

    public (NDArray[] Outputs, Tangent[] Tangents) Linearize(NDArray[] primals, Tangent[] tangents)
    {
        // The rule mixes values and tangents freely; what depends on tangents belongs to the linear program.
        var active = tangents.First(t => !t.IsZero).Value!;
        if (active is not StagingTracer { Trace: StagingTrace { IsLinear: true } linear })
        {
            return Jvp(primals, tangents);
        }

        using var scope = TraceContext.Enter(new RuleTrace(TraceContext.Current, linear));
        return Jvp(primals, tangents);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        bool[] linear = [.. operands.Select(o => o.IsLinear)];
        var (transposed, nonzero) = Transposition.TransposeJaxpr(Body, linear, [.. cotangents.Select(ct => ct?.Type)]);
        var results = Staging.Evaluate(
            transposed,
            [.. operands.Where(o => !o.IsLinear).Select(o => o.Value), .. cotangents.OfType<NDArray>()]
        );
        return Transposition.Scatter(linear, nonzero, results);
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        bool[] stacked = [.. dims.Select(d => d is not null)];
        bool[] all = [.. Body.Outputs.Select(_ => true)];
        var (body, _) = Vectorization.BatchJaxpr(Body, axis, stacked, all);
        var call = new CustomJvpCall(FunctionName, body, BatchRule(axis, stacked));
        var outputs = call.BindAll([.. operands.Select((x, i) => Batching.ToFront(x, dims[i]))]);
        return (outputs, [.. outputs.Select(_ => (int?)0)]);
    }

    public bool UsesAxis(string name) => Calls.UsesAxis(Body, name);

    public (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        Batch(axis, operands, dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) => new Lowering.Inline(Body);

    private static NDArray[] Instantiate(Tangent[] tangents) =>
        Array.ConvertAll(tangents, t => t.Type.DType.IsInexact ? t.Instantiate() : Operators.Zeros(t.Type.Tangent()));

    private Tangent[] Moved(NDArray[] outputs, NDArray[] moved)
    {
        var result = new Tangent[outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            var type = outputs[i].Type;
            if (!type.DType.IsInexact)
            {
                result[i] = Tangent.Zero(outputs[i]);
                continue;
            }

            if (!moved[i].Type.SameAs(type))
            {
                throw new DifferentiationException(
                    $"The jvp rule of {FunctionName} must return tangents of the types of the results; it gave {moved[i].Type} for {type}."
                );
            }

            result[i] = Tangent.Of(moved[i]);
        }

        return result;
    }

    private JvpRule BatchRule(BatchAxis axis, bool[] stacked) =>
        (primals, tangents) =>
        {
            int count = primals.Length;
            var (outputs, dims) = Vectorization.Batch(
                xs =>
                {
                    var (ys, ts) = Rule(xs[..count], xs[count..]);
                    return [.. ys, .. ts];
                },
                axis,
                [.. primals, .. tangents],
                [.. stacked.Concat(stacked).Select(s => s ? 0 : (int?)null)]
            );
            NDArray[] aligned = [.. outputs.Select((y, i) => Batching.Align(y, dims[i], 0, axis.Size))];
            return (aligned[..(aligned.Length / 2)], aligned[(aligned.Length / 2)..]);
        };
}

/// <summary>
/// In force while a custom rule runs under linearization: operations on tangents go to the linear program, all others to the
/// trace around.
/// </summary>
internal sealed class RuleTrace(Trace parent, StagingTrace linear) : Trace
{
    public override NDArray[] Process(Primitive primitive, NDArray[] operands)
    {
        bool onTangents = Array.Exists(operands, x => x is Tracer t && ReferenceEquals(t.Trace, linear));
        var trace = onTangents ? linear : parent;
        using var scope = TraceContext.Enter(trace);
        return trace.Process(primitive, operands);
    }
}

/// <summary>The two halves of a custom reverse-mode rule.</summary>
/// <param name="Forward">From arguments to results and what the backward half needs.</param>
/// <param name="Backward">From that and cotangents of the results to cotangents of the arguments; null for zero.</param>
internal sealed record VjpRule(
    Func<NDArray[], (NDArray[] Outputs, NDArray[] Residuals)> Forward,
    Func<NDArray[], NDArray[], NDArray?[]> Backward
);

/// <summary>A program whose reverse-mode derivative is given by a rule. It has no forward mode.</summary>
internal sealed record CustomVjpCall(
    [Printed("name")] string FunctionName,
    [Printed("call_jaxpr")] Jaxpr Body,
    [NotPrinted] VjpRule Rule
) : Primitive, ILinearizable, ICollective
{
    public override string Name => "custom_vjp_call";

    public override Primitive Evaluated => new JitCall(FunctionName, Body.Evaluated);

    public override ArrayType[] Infer(ArrayType[] operands) => Body.OutputTypes;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        throw new DifferentiationException(
            $"{FunctionName} has a custom vjp rule and therefore no forward-mode derivative (Jvp, JacFwd, Hessian). Use Grad, Vjp or "
                + "JacRev, or give it a CustomJvp rule."
        );

    public (NDArray[] Outputs, Tangent[] Tangents) Linearize(NDArray[] primals, Tangent[] tangents)
    {
        var (outputs, residuals) = Rule.Forward(primals);
        var back = new CustomVjpLinear(
            FunctionName,
            residuals.Length,
            [.. primals.Select(x => x.Type)],
            [.. outputs.Select(y => y.Type)],
            Rule
        );
        var moved = Calls.ApplyLinear(
            [.. tangents.Select((t, i) => t.IsZero ? Tangent.Of(Operators.Zeros(primals[i].Type)) : t)],
            ts => back.BindAll([.. residuals, .. ts])
        );
        return (
            outputs,
            [.. moved.Select((t, i) => outputs[i].DType.IsInexact ? Tangent.Of(t) : Tangent.Zero(outputs[i]))]
        );
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        bool[] stacked = [.. dims.Select(d => d is not null)];
        bool[] all = [.. Body.Outputs.Select(_ => true)];
        var (body, _) = Vectorization.BatchJaxpr(Body, axis, stacked, all);
        var call = new CustomVjpCall(FunctionName, body, VjpRules.Batch(Rule, axis, stacked));
        var outputs = call.BindAll([.. operands.Select((x, i) => Batching.ToFront(x, dims[i]))]);
        return (outputs, [.. outputs.Select(_ => (int?)0)]);
    }

    public bool UsesAxis(string name) => Calls.UsesAxis(Body, name);

    public (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        Batch(axis, operands, dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) => new Lowering.Inline(Body);
}

/// <summary>
/// Stands in a linear program for the derivative that a custom reverse-mode rule gives: operands are what the forward half kept,
/// then tangents of the arguments. It can only be transposed.
/// </summary>
internal sealed record CustomVjpLinear(
    [Printed("name")] string FunctionName,
    [Printed("num_res")] int ResidualCount,
    [Printed("in_avals")] EquatableArray<ArrayType> Arguments,
    [Printed("out_avals")] EquatableArray<ArrayType> Results,
    [NotPrinted] VjpRule Rule
) : Primitive
{
    public override string Name => "custom_lin";

    public override ArrayType[] Infer(ArrayType[] operands) => Results.ToArray();

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        if (tangents[..ResidualCount].Any(t => !t.IsZero))
        {
            throw NoForwardMode();
        }

        var outputs = this.BindAll(primals);
        return (
            outputs,
            TangentOperators.ApplyAll(
                tangents[ResidualCount..],
                ts => this.BindAll([.. primals[..ResidualCount], .. ts])
            )
        );
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        NDArray[] residuals = [.. operands[..ResidualCount].Select(o => o.Value)];
        NDArray[] given = [.. cotangents.Select((ct, i) => ct ?? Operators.Zeros(Results[i].Tangent()))];
        var pulled = Rule.Backward(residuals, given);
        return [.. new NDArray?[ResidualCount], .. pulled];
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var rule = VjpRules.BatchLinear(Rule, axis, [.. dims.Select(d => d is not null)], ResidualCount);
        var linear = new CustomVjpLinear(
            FunctionName,
            ResidualCount,
            [.. Arguments.Select(t => t with { Shape = t.Shape.Insert(0, axis.Size) })],
            [.. Results.Select(t => t with { Shape = t.Shape.Insert(0, axis.Size) })],
            rule
        );
        var outputs = linear.BindAll([
            .. operands.Select(
                (x, i) => i < ResidualCount ? Batching.ToFront(x, dims[i]) : Batching.Align(x, dims[i], 0, axis.Size)
            ),
        ]);
        return (outputs, [.. outputs.Select(_ => (int?)0)]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) => throw NoForwardMode();

    private DifferentiationException NoForwardMode() =>
        new(
            $"{FunctionName} has a custom vjp rule and therefore no forward-mode derivative: its linearization can be pulled back only."
        );
}

/// <summary>Custom reverse-mode rules of stacks.</summary>
internal static class VjpRules
{
    public static VjpRule Batch(VjpRule rule, BatchAxis axis, bool[] stacked)
    {
        bool[] residualsStacked = [];
        return new VjpRule(Forward, Backward);

        (NDArray[], NDArray[]) Forward(NDArray[] arguments)
        {
            int count = 0;
            var (results, dims) = Vectorization.Batch(
                xs =>
                {
                    var (ys, residuals) = rule.Forward(xs);
                    count = ys.Length;
                    return [.. ys, .. residuals];
                },
                axis,
                arguments,
                [.. stacked.Select(s => s ? 0 : (int?)null)]
            );
            residualsStacked = [.. dims[count..].Select(d => d is not null)];
            return (
                [.. results[..count].Select((y, i) => Batching.Align(y, dims[i], 0, axis.Size))],
                [.. results[count..].Select((r, i) => Batching.ToFront(r, dims[count + i]))]
            );
        }

        NDArray?[] Backward(NDArray[] residuals, NDArray[] cotangents) =>
            Pull(rule, axis, residualsStacked, stacked, residuals, cotangents);
    }

    public static VjpRule BatchLinear(VjpRule rule, BatchAxis axis, bool[] stacked, int residualCount)
    {
        bool[] all = [.. stacked[residualCount..].Select(_ => true)];
        return new VjpRule(
            _ => throw new InternalException("The forward half of a rule ran twice."),
            (residuals, cotangents) => Pull(rule, axis, stacked[..residualCount], all, residuals, cotangents)
        );
    }

    // Cotangents of arguments that are the same for all slices are added up.
    private static NDArray?[] Pull(
        VjpRule rule,
        BatchAxis axis,
        bool[] residualsStacked,
        bool[] argumentsStacked,
        NDArray[] residuals,
        NDArray[] cotangents
    )
    {
        bool[] present = [];
        var (pulled, dims) = Vectorization.Batch(
            xs =>
            {
                var cts = rule.Backward(xs[..residuals.Length], xs[residuals.Length..]);
                present = [.. cts.Select(ct => ct is not null)];
                return [.. cts.OfType<NDArray>()];
            },
            axis,
            [.. residuals, .. cotangents],
            [.. residualsStacked.Select(s => s ? 0 : (int?)null), .. cotangents.Select(_ => (int?)0)]
        );
        var result = new NDArray?[present.Length];
        for (int i = 0, next = 0; i < result.Length; i++)
        {
            if (!present[i])
            {
                continue;
            }

            var ct = Batching.Align(pulled[next], dims[next], 0, axis.Size);
            result[i] = argumentsStacked[i] ? ct : new ReduceSum([0]).Bind(ct);
            next++;
        }

        return result;
    }
}
