using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Passes;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>
/// A program whose inner values are computed again in the backward pass instead of being kept, except for those that the policy
/// saves.
/// </summary>
internal sealed record Checkpoint([Printed("jaxpr")] Jaxpr Body, CheckpointPolicy Policy) : CallPrimitive(Body)
{
    public override string Name => "remat2";

    protected override CallPrimitive With(Jaxpr body) => new Checkpoint(body, Policy);

    public override (NDArray[] Outputs, Tangent[] Tangents) Linearize(NDArray[] primals, Tangent[] tangents)
    {
        bool[] nonzero = [.. tangents.Select(t => !t.IsZero)];
        var plan = Plan(nonzero);
        var results = With(plan.Forward).BindAll(primals);
        var outputs = results[..Body.Outputs.Length];
        var saved = results[outputs.Length..];
        var moved = Calls.ApplyLinear(
            [.. tangents.Where(t => !t.IsZero)],
            ts => With(plan.Linear).BindAll([.. primals, .. saved, .. ts])
        );
        return (outputs, Calls.Spread(outputs, plan.NonzeroOutputs, moved));
    }

    // Forward: inputs to results and saved values. Linear: inputs, saved values and tangents to tangents.
    private CheckpointPlan Plan(bool[] nonzero) =>
        JaxprCache<(Checkpoint, EquatableArray<bool>), CheckpointPlan>.Get(
            (this, nonzero),
            () =>
            {
                var parts = Linearization.LinearizeJaxpr(Body, nonzero);
                var primal = parts.Primal;
                int count = Body.Outputs.Length;
                var kept = primal.Equations.Where(e => Policy.Saves(e)).ToArray();
                Var[] saved = [.. kept.SelectMany(e => e.Outputs)];
                var forward = DeadCode.Eliminate(
                    new Jaxpr([], primal.Inputs, primal.Equations, [.. primal.Outputs[..count], .. saved])
                );
                var recompute = DeadCode.Eliminate(
                    new Jaxpr(
                        [],
                        [.. primal.Inputs, .. saved],
                        [.. primal.Equations.Except(kept)],
                        primal.Outputs[count..]
                    )
                );
                Var[] tangents = parts.Linear.Inputs[parts.ResidualCount..];
                var linear = Staging.StageProgram(
                    arguments =>
                    {
                        int first = recompute.Inputs.Length;
                        // Without the barrier, common subexpressions would find the values of the forward pass and keep them.
                        var held = arguments[..first]
                            .Select(x => x.DType.IsInexact ? new OptimizationBarrier().Bind(x) : x);
                        var residuals = Staging.Evaluate(recompute, [.. held]);
                        return Staging.Evaluate(parts.Linear, [.. residuals, .. arguments[first..]]);
                    },
                    [.. recompute.InputTypes, .. tangents.Select(v => v.Type)]
                );
                return new CheckpointPlan(forward, linear, parts.NonzeroOutputs);
            }
        );

    private sealed record CheckpointPlan(Jaxpr Forward, Jaxpr Linear, bool[] NonzeroOutputs);
}

/// <summary>A value that checkpoint policies can refer to by a name.</summary>
internal sealed record CheckpointName([Printed("name")] string Label) : LinearPrimitive
{
    public override string Name => "name";

    public override ArrayType[] Infer(ArrayType[] operands) => [operands[0]];

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands) => ct;

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([this.Bind(operands)], dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) => new Lowering.Alias();
}
