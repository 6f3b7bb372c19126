using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>
/// Applies a program to the slices of arrays along axis 0, one after the other, passing carried values on, and stacks the other
/// results. Operands: constants, initial carried values, arrays to slice; results: final carried values, stacked arrays.
/// </summary>
internal sealed record Scan(
    [Printed("jaxpr")] Jaxpr Body,
    int Length,
    bool Reverse,
    int Unroll,
    [Printed("num_consts")] int ConstCount,
    [Printed("num_carry")] int CarryCount
) : Primitive, ILinearizable, ICollective
{
    public override string Name => "scan";

    public override Primitive Evaluated =>
        ReferenceEquals(Body.Evaluated, Body) ? this : this with { Body = Body.Evaluated };

    private int First => ConstCount + CarryCount;

    private int StackedCount => Body.Outputs.Length - CarryCount;

    public override ArrayType[] Infer(ArrayType[] operands) =>
        [
            .. Body.Outputs[..CarryCount].Select(a => a.Type),
            .. Body.Outputs[CarryCount..].Select(a => a.Type with { Shape = a.Type.Shape.Insert(0, Length) }),
        ];

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var mask = Fix(tangents, (m, carry) => ForwardMode.JvpJaxpr(Body, m, Instantiate(carry)).NonzeroOutputs);
        bool[] carry = mask[ConstCount..First];
        var (jvp, nonzero) = ForwardMode.JvpJaxpr(Body, mask, Instantiate(carry));
        int consts = mask[..ConstCount].Count(m => m);
        int carries = carry.Count(m => m);
        int xs = mask[First..].Count(m => m);
        int total = Body.Inputs.Length;
        int outputs = Body.Outputs.Length;
        var body = JaxprParts.Reorder(
            jvp,
            [
                .. Enumerable.Range(0, ConstCount),
                .. Enumerable.Range(total, consts),
                .. Enumerable.Range(ConstCount, CarryCount),
                .. Enumerable.Range(total + consts, carries),
                .. Enumerable.Range(First, total - First),
                .. Enumerable.Range(total + consts + carries, xs),
            ],
            [
                .. Enumerable.Range(0, CarryCount),
                .. Enumerable.Range(outputs, carries),
                .. Enumerable.Range(CarryCount, StackedCount),
                .. Enumerable.Range(outputs + carries, jvp.Outputs.Length - outputs - carries),
            ]
        );
        var scan = new Scan(body, Length, Reverse, Unroll, ConstCount + consts, CarryCount + carries);
        var results = scan.BindAll([
            .. primals[..ConstCount],
            .. Active(tangents, mask, 0, ConstCount),
            .. primals[ConstCount..First],
            .. Active(tangents, mask, ConstCount, First),
            .. primals[First..],
            .. Active(tangents, mask, First, total),
        ]);
        int stackedFrom = CarryCount + carries;
        NDArray[] values = [.. results[..CarryCount], .. results[stackedFrom..(stackedFrom + StackedCount)]];
        NDArray[] moved = [.. results[CarryCount..stackedFrom], .. results[(stackedFrom + StackedCount)..]];
        return (values, Calls.Spread(values, nonzero, moved));
    }

    public (NDArray[] Outputs, Tangent[] Tangents) Linearize(NDArray[] primals, Tangent[] tangents)
    {
        var mask = Fix(
            tangents,
            (m, carry) => Linearization.LinearizeJaxpr(Body, m, Instantiate(carry)).NonzeroOutputs
        );
        var parts = Linearization.LinearizeJaxpr(Body, mask, Instantiate(mask[ConstCount..First]));
        return new ScanLinearization(this, parts, mask).Apply(primals, tangents);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        bool[] linear = [.. operands.Select((o, i) => o.IsLinear || (i >= ConstCount && i < First))];
        if (operands[ConstCount..First].Where((o, i) => !o.IsLinear && !o.Type.DType.IsInexact).Any())
        {
            throw new DifferentiationException(
                "A scan whose carried values are partly linear and partly known (a counter, for example) cannot be transposed: "
                    + "use Grad or Vjp, which separate the two."
            );
        }

        bool[] given = [.. cotangents[CarryCount..].Select(ct => ct is not null)];
        var body = TransposedBody(linear, given);
        int linearConsts = linear[..ConstCount].Count(l => l);
        var carryTypes = Body.Inputs[ConstCount..First].Select(v => v.Type);
        NDArray[] knownConsts = [.. Known(operands, linear, 0, ConstCount)];
        NDArray[] accumulators =
        [
            .. Body.Inputs[..ConstCount].Where((_, i) => linear[i]).Select(v => Operators.Zeros(v.Type)),
        ];
        var scan = new Scan(body, Length, !Reverse, Unroll, knownConsts.Length, linearConsts + CarryCount);
        var results = scan.BindAll([
            .. knownConsts,
            .. accumulators,
            .. cotangents[..CarryCount].Zip(carryTypes, Gradients.Conform),
            .. cotangents[CarryCount..].OfType<NDArray>(),
            .. Known(operands, linear, First, operands.Length),
        ]);
        bool[] all = [.. linear.Where(l => l)];
        return Transposition.Scatter(linear, all, results);
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        bool[] mask = [.. dims.Select(d => d is not null)];
        while (true)
        {
            var next = Vectorization.BatchJaxpr(Body, axis, mask, Instantiate(mask[ConstCount..First])).StackedOutputs;
            if (next.AsSpan(0, CarryCount).SequenceEqual(mask.AsSpan(ConstCount, CarryCount)))
            {
                break;
            }

            mask = [.. mask[..ConstCount], .. next[..CarryCount], .. mask[First..]];
        }

        var (body, stacked) = Vectorization.BatchJaxpr(Body, axis, mask, Instantiate(mask[ConstCount..First]));
        var results = new Scan(body, Length, Reverse, Unroll, ConstCount, CarryCount).BindAll([
            .. operands.Select(
                (x, i) =>
                    !mask[i] ? x
                    : i >= First ? Batching.MoveAxis(x, dims[i]!.Value, 1)
                    : Batching.Align(x, dims[i], 0, axis.Size)
            ),
        ]);
        return (results, [.. stacked.Select((s, i) => s ? (i < CarryCount ? 0 : 1) : (int?)null)]);
    }

    public bool UsesAxis(string name) => Calls.UsesAxis(Body, name);

    public (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        Batch(axis, operands, dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        ScanAccumulation.Hoist(this, operands)
        ?? ScanProducts.Hoist(this, operands)
        ?? new Lowering.Routine(() => LoopCompiler.Instance.Compile(this));

    private static IEnumerable<NDArray> Active(Tangent[] tangents, bool[] mask, int from, int to) =>
        Enumerable.Range(from, to - from).Where(i => mask[i]).Select(i => tangents[i].Instantiate());

    private static IEnumerable<NDArray> Known(LinearOperand[] operands, bool[] linear, int from, int to) =>
        Enumerable.Range(from, to - from).Where(i => !linear[i]).Select(i => operands[i].Value);

    private bool[] Instantiate(bool[] carry) => [.. carry, .. new bool[StackedCount]];

    // Which operands change: constants and slices as given, carried values also if they come to change after some steps.
    private bool[] Fix(Tangent[] tangents, Func<bool[], bool[], bool[]> nonzeroOutputs)
    {
        bool[] mask = [.. tangents.Select(t => !t.IsZero)];
        while (true)
        {
            bool[] carry = mask[ConstCount..First];
            bool[] next = nonzeroOutputs(mask, carry)[..CarryCount];
            if (next.SequenceEqual(carry))
            {
                return mask;
            }

            mask = [.. mask[..ConstCount], .. next, .. mask[First..]];
        }
    }

    // From known constants, sums for the cotangents of linear constants, cotangents of carried values and of slices, known
    // slices: to the sums, the cotangents of carried values, the cotangents of linear slices.
    private Jaxpr TransposedBody(bool[] linear, bool[] given)
    {
        var key = (this, (EquatableArray<bool>)linear, (EquatableArray<bool>)given);
        return JaxprCache<(Scan, EquatableArray<bool>, EquatableArray<bool>), Jaxpr>.Get(
            key,
            () =>
            {
                var inputs = Body.Inputs;
                Var[] knownConsts = [.. inputs[..ConstCount].Where((_, i) => !linear[i])];
                Var[] linearConsts = [.. inputs[..ConstCount].Where((_, i) => linear[i])];
                Var[] carry = inputs[ConstCount..First];
                Var[] knownXs = [.. inputs[First..].Where((_, i) => !linear[First + i])];
                Var[] linearXs = [.. inputs[First..].Where((_, i) => linear[First + i])];
                var reordered = new Jaxpr(
                    [],
                    [.. knownConsts, .. knownXs, .. linearConsts, .. carry, .. linearXs],
                    Body.Equations,
                    Body.Outputs
                );
                ArrayType[] stacked = [.. Body.OutputTypes[CarryCount..].Where((_, i) => given[i])];
                ArrayType[] types =
                [
                    .. knownConsts.Select(v => v.Type),
                    .. linearConsts.Select(v => v.Type),
                    .. carry.Select(v => v.Type),
                    .. stacked,
                    .. knownXs.Select(v => v.Type),
                ];
                var body = Staging.StageProgram(
                    arguments =>
                    {
                        int next = 0;
                        var consts = Take(knownConsts.Length);
                        var sums = Take(linearConsts.Length);
                        var carryCotangents = Take(carry.Length);
                        var stackedCotangents = new Queue<NDArray>(Take(stacked.Length));
                        var slices = Take(knownXs.Length);
                        var pulled = BackwardPass.RunWithResiduals(
                            reordered,
                            [.. consts, .. slices],
                            [.. carryCotangents, .. given.Select(g => g ? stackedCotangents.Dequeue() : null)]
                        );
                        return
                        [
                            .. sums.Select((sum, i) => pulled[i] is { } ct ? new Add().Bind(sum, ct) : sum),
                            .. carry.Select((v, i) => Gradients.Conform(pulled[sums.Length + i], v.Type)),
                            .. linearXs.Select(
                                (v, i) => Gradients.Conform(pulled[sums.Length + carry.Length + i], v.Type)
                            ),
                        ];

                        NDArray[] Take(int count)
                        {
                            next += count;
                            return arguments[(next - count)..next];
                        }
                    },
                    types
                );
                return body;
            }
        );
    }
}
