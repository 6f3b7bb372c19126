using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>
/// One of several programs with equal types, applied to all operands after the first, which is its number: an i32 scalar, clamped
/// into range.
/// </summary>
internal sealed record Cond(EquatableArray<Jaxpr> Branches) : Primitive, ILinearizable, ICollective
{
    public override string Name => "cond";

    public override Primitive Evaluated =>
        Branches.All(branch => ReferenceEquals(branch.Evaluated, branch))
            ? this
            : new Cond([.. Branches.Select(branch => branch.Evaluated)]);

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        if (operands[0].Rank != 0 || operands[0].DType != DType.I32)
        {
            throw new ShapeException($"cond chooses by a scalar of type i32; got {operands[0]}.");
        }

        return Branches[0].OutputTypes;
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        bool[] nonzero = [.. tangents[1..].Select(t => !t.IsZero)];
        bool[] any = Union(Branches.Select(b => ForwardMode.JvpJaxpr(b, nonzero).NonzeroOutputs));
        Jaxpr[] branches = [.. Branches.Select(b => ForwardMode.JvpJaxpr(b, nonzero, any).Jaxpr)];
        var results = new Cond(branches).BindAll([
            .. primals,
            .. tangents[1..].Where(t => !t.IsZero).Select(t => t.Value!),
        ]);
        var outputs = results[..any.Length];
        return (outputs, Calls.Spread(outputs, any, results[any.Length..]));
    }

    public (NDArray[] Outputs, Tangent[] Tangents) Linearize(NDArray[] primals, Tangent[] tangents)
    {
        bool[] nonzero = [.. tangents[1..].Select(t => !t.IsZero)];
        bool[] any = Union(Branches.Select(b => Linearization.LinearizeJaxpr(b, nonzero).NonzeroOutputs));
        LinearizedJaxpr[] parts = [.. Branches.Select(b => Linearization.LinearizeJaxpr(b, nonzero, any))];

        // Residuals of different branches share a place where their types agree; only one branch fills it.
        var places = new List<ArrayType>();
        int[][] placeOf = [.. parts.Select(part => Assign(part, places))];
        var primal = new Cond([.. parts.Select((part, i) => WithResiduals(part, placeOf[i], places))]);
        var results = primal.BindAll(primals);
        var outputs = results[..any.Length];
        var residuals = results[any.Length..];
        var linear = new Cond([.. parts.Select((part, i) => OfResiduals(part, placeOf[i], places))]);
        var moved = Calls.ApplyLinear(
            [.. tangents.Where(t => !t.IsZero)],
            ts => linear.BindAll([primals[0], .. residuals, .. ts])
        );
        return (outputs, Calls.Spread(outputs, any, moved));
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        bool[] linear = [.. operands[1..].Select(o => o.IsLinear)];
        ArrayType?[] given = [.. cotangents.Select(ct => ct?.Type)];
        Jaxpr[] branches =
        [
            .. Branches.Select(b => Transposition.TransposeJaxpr(b, linear, given, instantiate: true).Jaxpr),
        ];
        var results = new Cond(branches).BindAll([
            .. operands.Where(o => !o.IsLinear).Select(o => o.Value),
            .. cotangents.OfType<NDArray>(),
        ]);
        bool[] all = [.. linear.Where(l => l)];
        return [null, .. Transposition.Scatter(linear, all, results)];
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        bool[] stacked = [.. dims[1..].Select(d => d is not null)];
        bool chosenPerSlice = dims[0] is not null;
        bool[] any = [.. Branches[0].Outputs.Select(_ => chosenPerSlice)];
        any = Union([any, .. Branches.Select(b => Vectorization.BatchJaxpr(b, axis, stacked).StackedOutputs)]);
        Jaxpr[] branches = [.. Branches.Select(b => Vectorization.BatchJaxpr(b, axis, stacked, any).Jaxpr)];
        NDArray[] arguments = [.. operands[1..].Select((x, i) => Batching.ToFront(x, dims[i + 1]))];
        int?[] outputDims = [.. any.Select(s => s ? 0 : (int?)null)];
        if (!chosenPerSlice)
        {
            return (new Cond(branches).BindAll([operands[0], .. arguments]), outputDims);
        }

        // Each slice may take another branch: all are computed, and the results chosen.
        NDArray[][] results = [.. branches.Select(b => Staging.Evaluate(b, arguments))];
        var outputs = new NDArray[any.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            NDArray[] cases = [.. results.Select(r => r[i])];
            outputs[i] =
                cases.Length == 1 ? cases[0] : new SelectN().Bind([Choice(operands[0], cases[0].Shape), .. cases]);
        }

        return (outputs, outputDims);
    }

    public bool UsesAxis(string name) => Branches.Any(b => Calls.UsesAxis(b, name));

    public (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        Batch(axis, operands, dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        Branches.Length == 1
            ? new Lowering.Inline(
                new Jaxpr([], [new Var(operands[0]), .. Branches[0].Inputs], Branches[0].Equations, Branches[0].Outputs)
            )
            : new Lowering.Routine(() => LoopCompiler.Instance.Compile(this));

    private static NDArray Choice(NDArray index, Shape shape) => new BroadcastInDim(shape, [0]).Bind(index);

    private static bool[] Union(IEnumerable<bool[]> masks) =>
        masks.Aggregate((a, b) => [.. a.Zip(b, (x, y) => x || y)]);

    private static int[] Assign(LinearizedJaxpr part, List<ArrayType> places)
    {
        var taken = new HashSet<int>();
        var result = new int[part.ResidualCount];
        for (int i = 0; i < result.Length; i++)
        {
            var type = part.Linear.Inputs[i].Type;
            int place = places.FindIndex(0, t => t == type);
            while (place >= 0 && taken.Contains(place))
            {
                place = places.FindIndex(place + 1, t => t == type);
            }

            if (place < 0)
            {
                place = places.Count;
                places.Add(type);
            }

            taken.Add(place);
            result[i] = place;
        }

        return result;
    }

    private static Jaxpr WithResiduals(LinearizedJaxpr part, int[] placeOf, List<ArrayType> places)
    {
        int outputs = part.Primal.Outputs.Length - part.ResidualCount;
        var jaxpr = Staging.StageProgram(
            arguments =>
            {
                var results = Staging.Evaluate(part.Primal, arguments);
                return
                [
                    .. results[..outputs],
                    .. places.Select(
                        (type, place) =>
                            Array.IndexOf(placeOf, place) is var i and >= 0
                                ? results[outputs + i]
                                : Operators.Zeros(type)
                    ),
                ];
            },
            part.Primal.InputTypes
        );
        return jaxpr;
    }

    private static Jaxpr OfResiduals(LinearizedJaxpr part, int[] placeOf, List<ArrayType> places)
    {
        var residuals = places.Select(type => new Var(type)).ToArray();
        for (int i = 0; i < placeOf.Length; i++)
        {
            residuals[placeOf[i]] = part.Linear.Inputs[i];
        }

        return new Jaxpr(
            [],
            [.. residuals, .. part.Linear.Inputs[placeOf.Length..]],
            part.Linear.Equations,
            part.Linear.Outputs
        );
    }
}
