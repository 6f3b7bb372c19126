using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Ir;
using JaxSharp.Passes;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>
/// Takes contractions of slices with constants out of a scan, such as a recurrent layer's product of its inputs with a weight: they
/// do not wait for carried values, so that one large contraction before the loop does for all steps, which reads the constant
/// once.
/// </summary>
internal sealed class ScanProducts
{
    private const int LeastLength = 4;

    // With so many rows in a step more of them gain nothing.
    private const long MostRows = 256;

    // A shorter sum costs less than storing and reading the result.
    private const long LeastInner = 8;

    // What is computed for all steps at once takes memory.
    private const long MostBytes = 256L << 20;

    private readonly Scan scan;
    private readonly Jaxpr body;
    private readonly Dictionary<Var, Lowering> lowerings;
    private readonly HashSet<Var> constant;
    private readonly HashSet<Var> early;

    private ScanProducts(Scan scan)
    {
        this.scan = scan;
        (body, lowerings) = Inlining.Flatten(scan.Body);
        constant = JaxprParts.DependingOnlyOn(body, scan.ConstCount);
        early = JaxprParts.DependingOnlyOn(
            body,
            [.. body.Inputs[..scan.ConstCount], .. body.Inputs[(scan.ConstCount + scan.CarryCount)..]]
        );
    }

    /// <summary>A program in place of the scan, or null if it has no such contractions.</summary>
    public static Lowering? Hoist(Scan scan, ArrayType[] operands) =>
        scan.Length < LeastLength || scan.ConstCount + scan.CarryCount == scan.Body.Inputs.Length
            ? null
            : new ScanProducts(scan).Lower(operands);

    private Lowering? Lower(ArrayType[] operands)
    {
        Var[] hoisted = Find();
        if (hoisted.Length == 0)
        {
            return null;
        }

        int consts = scan.ConstCount;
        int first = consts + scan.CarryCount;
        Var[] independent = [.. body.Inputs[..consts], .. body.Inputs[first..]];
        var step = DeadCode.Eliminate(new Jaxpr([], independent, body.Equations, hoisted));
        bool[] stacked = [.. independent.Select((_, i) => i >= consts)];
        bool[] all = [.. hoisted.Select(_ => true)];
        var steps = Vectorization.BatchJaxpr(step, new BatchAxis(scan.Length, null), stacked, all).Jaxpr;

        // A result that is hoisted is there already.
        int[] kept =
        [
            .. Enumerable
                .Range(0, body.Outputs.Length)
                .Where(i => i < scan.CarryCount || Array.IndexOf(hoisted, body.Outputs[i]) < 0),
        ];
        var set = hoisted.ToHashSet();
        var rest = new Jaxpr(
            [],
            [.. body.Inputs, .. hoisted],
            [.. body.Equations.Where(e => !Array.Exists(e.Outputs, set.Contains))],
            [.. kept.Select(i => body.Outputs[i])]
        );
        var loop = new Scan(
            DeadCode.Eliminate(rest),
            scan.Length,
            scan.Reverse,
            scan.Unroll,
            scan.ConstCount,
            scan.CarryCount
        );
        return Composition.Inline(operands, Run);

        NDArray[] Run(NDArray[] inputs)
        {
            var before = Staging.Evaluate(steps, [.. inputs[..consts], .. inputs[first..]]);
            var results = loop.BindAll([.. inputs, .. before]);
            var outputs = new NDArray[body.Outputs.Length];
            for (int i = 0; i < kept.Length; i++)
            {
                outputs[kept[i]] = results[i];
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i] ??= before[Array.IndexOf(hoisted, body.Outputs[i])];
            }

            return outputs;
        }
    }

    // The results of contractions before the loop that the loop, or who reads its results, needs.
    private Var[] Find()
    {
        var moved = new HashSet<Equation>();
        var candidates = new HashSet<Var>();
        long bytes = 0;
        foreach (var equation in body.Equations)
        {
            if (!IsWorthwhile(equation) || Reach(equation) is not { } cone)
            {
                continue;
            }

            bytes += scan.Length * equation.Outputs[0].Type.ByteLength;
            if (bytes > MostBytes)
            {
                break;
            }

            moved.UnionWith(cone);
            candidates.Add(equation.Outputs[0]);
        }

        var needed = body
            .Equations.Where(e => !moved.Contains(e))
            .SelectMany(e => e.Inputs)
            .Concat(body.Outputs)
            .OfType<Var>()
            .ToHashSet();
        return [.. candidates.Where(needed.Contains)];
    }

    private bool IsWorthwhile(Equation equation)
    {
        if (
            lowerings[equation.Outputs[0]] is not Lowering.Contraction { Spec: var spec }
            || !Array.TrueForAll(equation.Outputs, early.Contains)
            || Array.TrueForAll(equation.Outputs, constant.Contains)
            || equation.Inputs is not [var left, var right]
        )
        {
            return false;
        }

        long rows = IsConstant(right) ? spec.Extent(AxisRole.M) : spec.Extent(AxisRole.N);
        return IsConstant(left) != IsConstant(right)
            && rows < MostRows
            && spec.Extent(AxisRole.K) >= LeastInner
            && spec.Extent(AxisRole.Batch) == 1;
    }

    private bool IsConstant(Atom atom) => atom is not Var variable || constant.Contains(variable);

    // What a contraction depends on, if all of it can be done for many steps at once at no extra cost.
    private HashSet<Equation>? Reach(Equation equation)
    {
        var cone = new HashSet<Equation> { equation };
        var needed = equation.Inputs.OfType<Var>().ToHashSet();
        foreach (var other in body.Equations.Reverse())
        {
            if (!Array.Exists(other.Outputs, needed.Contains) || Array.TrueForAll(other.Outputs, constant.Contains))
            {
                continue;
            }

            if (lowerings[other.Outputs[0]] is Lowering.Routine)
            {
                return null;
            }

            cone.Add(other);
            needed.UnionWith(other.Inputs.OfType<Var>());
        }

        return cone;
    }
}
