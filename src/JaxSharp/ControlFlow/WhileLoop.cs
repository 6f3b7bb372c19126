using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>
/// Repeats a program on carried values while another gives true. Operands: what only the condition reads, what only the body
/// reads, the initial carried values. With <c>MaxSteps</c> it ends after that many steps at the latest and has a reverse-mode
/// derivative.
/// </summary>
internal sealed record WhileLoop(
    [Printed("cond_jaxpr")] Jaxpr Cond,
    [Printed("cond_nconsts")] int CondConsts,
    [Printed("body_jaxpr")] Jaxpr Body,
    [Printed("body_nconsts")] int BodyConsts,
    int? MaxSteps = null
) : Primitive, ILinearizable, ICollective
{
    public override string Name => "while";

    public override Primitive Evaluated =>
        ReferenceEquals(Cond.Evaluated, Cond) && ReferenceEquals(Body.Evaluated, Body)
            ? this
            : this with
            {
                Cond = Cond.Evaluated,
                Body = Body.Evaluated,
            };

    private int CarryCount => Body.Outputs.Length;

    public override ArrayType[] Infer(ArrayType[] operands) => operands[(CondConsts + BodyConsts)..];

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        bool[] consts = [.. tangents[CondConsts..(CondConsts + BodyConsts)].Select(t => !t.IsZero)];
        bool[] carry = CarryTangents(tangents, (mask, m) => ForwardMode.JvpJaxpr(Body, mask, m).NonzeroOutputs);
        if (!carry.Contains(true))
        {
            return Unchanged(primals);
        }

        var (jvp, _) = ForwardMode.JvpJaxpr(Body, [.. consts, .. carry], carry);
        int constTangents = consts.Count(c => c);
        int carryTangents = carry.Count(c => c);
        int total = Body.Inputs.Length;
        var body = JaxprParts.Reorder(
            jvp,
            [
                .. Enumerable.Range(0, BodyConsts),
                .. Enumerable.Range(total, constTangents),
                .. Enumerable.Range(BodyConsts, CarryCount),
                .. Enumerable.Range(total + constTangents, carryTangents),
            ],
            Enumerable.Range(0, CarryCount + carryTangents)
        );
        var unread = body.Inputs[^carryTangents..].Select(v => new Var(v.Type));
        var cond = new Jaxpr([], [.. Cond.Inputs, .. unread], Cond.Equations, Cond.Outputs);
        int first = CondConsts + BodyConsts;
        var results = new WhileLoop(cond, CondConsts, body, BodyConsts + constTangents, MaxSteps).BindAll([
            .. primals[..first],
            .. tangents[CondConsts..first].Where(t => !t.IsZero).Select(t => t.Value!),
            .. primals[first..],
            .. tangents[first..].Where((_, i) => carry[i]).Select(t => t.Instantiate()),
        ]);
        var outputs = results[..CarryCount];
        return (outputs, Calls.Spread(outputs, carry, results[CarryCount..]));
    }

    public (NDArray[] Outputs, Tangent[] Tangents) Linearize(NDArray[] primals, Tangent[] tangents)
    {
        // Not by the forward rule: the body may have a rule for reverse mode only.
        if (!CarryTangents(tangents, (m, c) => Linearization.LinearizeJaxpr(Body, m, c).NonzeroOutputs).Contains(true))
        {
            return Unchanged(primals);
        }

        if (MaxSteps is not { } steps)
        {
            throw new DifferentiationException(
                "Lax.WhileLoop (and Lax.ForiLoop with bounds that are not known while tracing) has no reverse-mode derivative: the "
                    + "number of steps, and with it the memory for their values, is not known. Give maxSteps, use Lax.Scan or Lax.ForiLoop "
                    + "with bounds of type int, or differentiate forwards with Jvp or JacFwd."
            );
        }

        var scan = new Scan(
            MaskedBody(),
            steps,
            Reverse: false,
            Unroll: 1,
            ConstCount: CondConsts + BodyConsts,
            CarryCount: CarryCount
        );
        return scan.Linearize(primals, tangents);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int first = CondConsts + BodyConsts;
        bool[] stacked = [.. dims.Select(d => d is not null)];
        bool[] carry = stacked[first..];
        bool perSlice;
        while (true)
        {
            perSlice = Vectorization.BatchJaxpr(Cond, axis, [.. stacked[..CondConsts], .. carry]).StackedOutputs[0];
            bool[] next = perSlice
                ? [.. carry.Select(_ => true)]
                : Vectorization.BatchJaxpr(Body, axis, [.. stacked[CondConsts..first], .. carry], carry).StackedOutputs;
            if (next.SequenceEqual(carry))
            {
                break;
            }

            carry = next;
        }

        var cond = Vectorization.BatchJaxpr(Cond, axis, [.. stacked[..CondConsts], .. carry]).Jaxpr;
        var body = Vectorization.BatchJaxpr(Body, axis, [.. stacked[CondConsts..first], .. carry], carry).Jaxpr;
        NDArray[] consts = [.. operands[..first].Select((x, i) => Batching.ToFront(x, dims[i]))];
        NDArray[] init =
        [
            .. operands[first..].Select((x, i) => carry[i] ? Batching.Align(x, dims[first + i], 0, axis.Size) : x),
        ];
        var loop = perSlice ? Masked(cond, body) : new WhileLoop(cond, CondConsts, body, BodyConsts, MaxSteps);
        NDArray[] arguments = perSlice ? [.. consts[..CondConsts], .. consts, .. init] : [.. consts, .. init];
        return (loop.BindAll(arguments), [.. carry.Select(c => c ? 0 : (int?)null)]);
    }

    public bool UsesAxis(string name) => Calls.UsesAxis(Cond, name) || Calls.UsesAxis(Body, name);

    public (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        Batch(axis, operands, dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        new Lowering.Routine(() => LoopCompiler.Instance.Compile(this));

    private (NDArray[], Tangent[]) Unchanged(NDArray[] primals)
    {
        var outputs = this.BindAll(primals);
        return (outputs, [.. outputs.Select(Tangent.Zero)]);
    }

    // The carried values that change with the active operands, in any number of steps.
    private bool[] CarryTangents(Tangent[] tangents, Func<bool[], bool[], bool[]> nonzeroOutputs)
    {
        bool[] consts = [.. tangents[CondConsts..(CondConsts + BodyConsts)].Select(t => !t.IsZero)];
        bool[] carry = [.. tangents[(CondConsts + BodyConsts)..].Select(t => !t.IsZero)];
        while (true)
        {
            bool[] next = nonzeroOutputs([.. consts, .. carry], carry);
            if (next.SequenceEqual(carry))
            {
                return carry;
            }

            carry = next;
        }
    }

    // One step of a loop that runs a fixed number of steps: values stay once the condition is false.
    private Jaxpr MaskedBody()
    {
        var jaxpr = Staging.StageProgram(
            arguments =>
            {
                var condConsts = arguments[..CondConsts];
                var bodyArguments = arguments[CondConsts..];
                var goesOn = Staging.Evaluate(Cond, [.. condConsts, .. bodyArguments[BodyConsts..]])[0];
                var stays = new Jaxpr([], Body.Inputs, [], [.. Body.Inputs[BodyConsts..]]);
                return new Cond([stays, Body]).BindAll([
                    new ConvertElementType(DType.I32, Weak: false).Bind(goesOn),
                    .. bodyArguments,
                ]);
            },
            [.. Cond.InputTypes[..CondConsts], .. Body.InputTypes]
        );
        return jaxpr;
    }

    // Slices end after different numbers of steps: the loop goes on while any does, and changes those only.
    private WhileLoop Masked(Jaxpr cond, Jaxpr body)
    {
        var any = Staging.StageProgram(
            arguments => [new ReduceOr([0]).Bind(Staging.Evaluate(cond, arguments)[0])],
            cond.InputTypes
        );
        var step = Staging.StageProgram(
            arguments =>
            {
                var carry = arguments[(CondConsts + BodyConsts)..];
                var goesOn = Staging.Evaluate(cond, [.. arguments[..CondConsts], .. carry])[0];
                var next = Staging.Evaluate(body, arguments[CondConsts..]);
                return
                [
                    .. next.Select((x, i) => SelectN.Where(new BroadcastInDim(x.Shape, [0]).Bind(goesOn), x, carry[i])),
                ];
            },
            [.. cond.InputTypes[..CondConsts], .. body.InputTypes]
        );
        return new WhileLoop(any, CondConsts, step, CondConsts + BodyConsts, MaxSteps);
    }
}
