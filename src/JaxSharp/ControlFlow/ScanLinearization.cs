using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Passes;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>
/// The linearization of a scan: a scan of values that also stacks the residuals of its steps, and a scan that is linear in the
/// tangents and reads them. Residuals that are the same in every step are computed once; those that are slices of an operand are
/// read from it again.
/// </summary>
internal sealed class ScanLinearization
{
    private readonly Scan scan;
    private readonly LinearizedJaxpr parts;
    private readonly bool[] mask;
    private readonly int first;
    private readonly int outputs;

    // Positions among the residuals.
    private readonly List<int> invariant = [];
    private readonly List<int> slices = [];
    private readonly List<int> stacked = [];

    public ScanLinearization(Scan scan, LinearizedJaxpr parts, bool[] mask)
    {
        this.scan = scan;
        this.parts = parts;
        this.mask = mask;
        first = scan.ConstCount + scan.CarryCount;
        outputs = scan.Body.Outputs.Length;
        var constant = JaxprParts.DependingOnlyOn(parts.Primal, scan.ConstCount);
        for (int i = 0; i < parts.ResidualCount; i++)
        {
            var residual = parts.Primal.Outputs[outputs + i];
            var list =
                residual is not Var v || constant.Contains(v) ? invariant
                : Array.IndexOf(parts.Primal.Inputs, v) >= first ? slices
                : stacked;
            list.Add(i);
        }
    }

    public (NDArray[] Outputs, Tangent[] Tangents) Apply(NDArray[] primals, Tangent[] tangents)
    {
        var results = new Scan(
            PrimalBody(),
            scan.Length,
            scan.Reverse,
            scan.Unroll,
            scan.ConstCount,
            scan.CarryCount
        ).BindAll(primals);
        var values = results[..outputs];
        NDArray[] residualConsts = Staging.Evaluate(Invariants(), primals[..scan.ConstCount]);
        NDArray[] residualSlices =
        [
            .. slices.Select(i => primals[Array.IndexOf(parts.Primal.Inputs, (Var)parts.Primal.Outputs[outputs + i])]),
            .. results[outputs..],
        ];
        var linear = Linear();
        int consts = mask[..scan.ConstCount].Count(m => m);
        int carries = mask[scan.ConstCount..first].Count(m => m);
        var active = tangents.Where((_, i) => mask[i]).ToArray();
        var moved = Calls.ApplyLinear(
            active,
            ts =>
                linear.BindAll([
                    .. residualConsts,
                    .. ts[..consts],
                    .. ts[consts..(consts + carries)],
                    .. ts[(consts + carries)..],
                    .. residualSlices,
                ])
        );
        return (values, Calls.Spread(values, parts.NonzeroOutputs, moved));
    }

    private Jaxpr PrimalBody() =>
        DeadCode.Eliminate(
            JaxprParts.Reorder(
                parts.Primal,
                Enumerable.Range(0, parts.Primal.Inputs.Length),
                [.. Enumerable.Range(0, outputs), .. stacked.Select(i => outputs + i)]
            )
        );

    private Jaxpr Invariants() =>
        DeadCode.Eliminate(
            JaxprParts.Reorder(parts.Primal, Enumerable.Range(0, scan.ConstCount), invariant.Select(i => outputs + i))
        );

    private Scan Linear()
    {
        int residuals = parts.ResidualCount;
        int consts = mask[..scan.ConstCount].Count(m => m);
        int carries = mask[scan.ConstCount..first].Count(m => m);
        var body = JaxprParts.Reorder(
            parts.Linear,
            [
                .. invariant,
                .. Enumerable.Range(residuals, consts + carries),
                .. Enumerable.Range(
                    residuals + consts + carries,
                    parts.Linear.Inputs.Length - residuals - consts - carries
                ),
                .. slices,
                .. stacked,
            ],
            Enumerable.Range(0, parts.Linear.Outputs.Length)
        );
        return new Scan(body, scan.Length, scan.Reverse, scan.Unroll, invariant.Count + consts, carries);
    }
}
