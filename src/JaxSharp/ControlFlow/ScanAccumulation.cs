using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Passes;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.ControlFlow;

/// <summary>
/// Takes sums out of a scan. A carried value to which each step only adds a product, as the gradient of a weight is, is computed behind
/// the loop: one product that sums over the steps too, in place of many that read and write the whole sum. So is one to which each step
/// adds the sum of something that is stacked anyway, as the gradient of a bias is: then nothing in the loop mixes the rows of a batch.
/// </summary>
internal static class ScanAccumulation
{
    private const int LeastLength = 4;

    /// <summary>A program in place of the scan, or null if it has no such sums.</summary>
    public static Lowering? Hoist(Scan scan, ArrayType[] operands)
    {
        if (scan.Length < LeastLength || scan.CarryCount == 0)
        {
            return null;
        }

        var body = Inlining.Flatten(scan.Body).Jaxpr;
        var definitions = body
            .Equations.SelectMany(e => e.Outputs.Select(v => (v, e)))
            .ToDictionary(p => p.v, p => p.e);
        var uses = body
            .Equations.SelectMany(e => e.Inputs)
            .Concat(body.Outputs)
            .OfType<Var>()
            .GroupBy(v => v)
            .ToDictionary(g => g.Key, g => g.Count());
        // The largest first: what is stacked for one is there for the others.
        var sums = new List<Sum>();
        foreach (
            var sum in Enumerable
                .Range(0, scan.CarryCount)
                .Select(Find)
                .OfType<Sum>()
                .OrderByDescending(s => body.Outputs[s.Carry].Type.Size)
        )
        {
            if (IsWorthwhile(sum, sums, scan, body))
            {
                sums.Add(sum);
            }
        }

        return sums.Count == 0 ? null : new Rebuilding(scan, body, sums).Lower(operands);

        Sum? Find(int carry)
        {
            var total = body.Inputs[scan.ConstCount + carry];
            if (
                uses.GetValueOrDefault(total) != 1
                || body.Outputs[carry] is not Var next
                || uses[next] != 1
                || !definitions.TryGetValue(next, out var add)
                || add.Primitive is not Add
                || !add.Inputs.Contains(total)
                || add.Inputs.FirstOrDefault(a => a != total) is not Var added
                || uses[added] != 1
                || !definitions.TryGetValue(added, out var addend)
            )
            {
                return null;
            }

            PermuteAxes? turn = null;
            if (addend is { Primitive: PermuteAxes permutation, Inputs: [Var turned] })
            {
                if (uses[turned] != 1 || !definitions.TryGetValue(turned, out addend))
                {
                    return null;
                }

                turn = permutation;
            }

            return addend.Primitive is DotGeneral or ReduceSum && Array.TrueForAll(addend.Inputs, x => x is Var)
                ? new Sum(carry, addend.Primitive, turn, Array.ConvertAll(addend.Inputs, x => (Var)x))
                : null;
        }
    }

    // Stacking the operands must cost less than the sum that it saves; what does not change is no operand to stack.
    private static bool IsWorthwhile(Sum sum, List<Sum> others, Scan scan, Jaxpr body)
    {
        long stacked = 0;
        foreach (var operand in sum.Operands)
        {
            int input = Array.IndexOf(body.Inputs, operand);
            if (input >= 0 && input < scan.ConstCount)
            {
                return false;
            }

            bool isThere =
                input >= scan.ConstCount + scan.CarryCount || others.Exists(other => other.Operands.Contains(operand));
            stacked += isThere ? 0 : operand.Type.Size;
        }

        return stacked <= body.Inputs[scan.ConstCount + sum.Carry].Type.Size;
    }

    /// <summary>A carried value that is a sum of what a primitive, a product or a sum along axes, makes of operands.</summary>
    private sealed record Sum(int Carry, Primitive Addend, PermuteAxes? Turn, Var[] Operands);

    private sealed class Rebuilding
    {
        private readonly Scan scan;
        private readonly List<Sum> sums;
        private readonly List<Var> stacked = [];
        private readonly int[] kept;
        private readonly Scan rest;
        private readonly Jaxpr body;

        public Rebuilding(Scan scan, Jaxpr body, List<Sum> sums)
        {
            this.scan = scan;
            this.body = body;
            this.sums = sums;
            int first = scan.ConstCount + scan.CarryCount;
            foreach (var operand in sums.SelectMany(s => s.Operands))
            {
                if (Array.IndexOf(body.Inputs, operand) < first && !stacked.Contains(operand))
                {
                    stacked.Add(operand);
                }
            }

            kept = [.. Enumerable.Range(0, scan.CarryCount).Where(i => sums.TrueForAll(s => s.Carry != i))];
            var smaller = new Jaxpr(
                [],
                [
                    .. body.Inputs[..scan.ConstCount],
                    .. kept.Select(i => body.Inputs[scan.ConstCount + i]),
                    .. body.Inputs[first..],
                ],
                body.Equations,
                [.. kept.Select(i => body.Outputs[i]), .. body.Outputs[scan.CarryCount..], .. stacked]
            );
            // The sums read carried values that are no inputs any more, so what is unused has to go.
            rest = new Scan(
                DeadCode.Eliminate(smaller, []).Jaxpr,
                scan.Length,
                scan.Reverse,
                scan.Unroll,
                scan.ConstCount,
                kept.Length
            );
        }

        public Lowering Lower(ArrayType[] operands) => Composition.Inline(operands, Run);

        private NDArray[] Run(NDArray[] operands)
        {
            int consts = scan.ConstCount;
            int first = consts + scan.CarryCount;
            var results = rest.BindAll([
                .. operands[..consts],
                .. kept.Select(i => operands[consts + i]),
                .. operands[first..],
            ]);
            int stacks = results.Length - stacked.Count;
            var carries = new NDArray[scan.CarryCount];
            for (int i = 0; i < kept.Length; i++)
            {
                carries[kept[i]] = results[i];
            }

            foreach (var sum in sums)
            {
                var total = AlongSteps(sum.Addend).Bind([.. sum.Operands.Select(Stack)]);
                total = sum.Turn is null ? total : sum.Turn.Bind(total);
                carries[sum.Carry] = new Add().Bind(operands[consts + sum.Carry], total);
            }

            return [.. carries, .. results[kept.Length..stacks]];

            NDArray Stack(Var operand)
            {
                int input = Array.IndexOf(body.Inputs, operand);
                return input >= first ? operands[input] : results[stacks + stacked.IndexOf(operand)];
            }
        }

        // The steps are one more axis, the first, to sum over.
        private static Primitive AlongSteps(Primitive addend)
        {
            if (addend is not DotGeneral dot)
            {
                return new ReduceSum([0, .. ((ReduceSum)addend).Axes.Select(axis => axis + 1)]);
            }

            var n = dot.DimensionNumbers;
            return dot with
            {
                DimensionNumbers = new DotDimensionNumbers(
                    Next(n.LhsContracting).Prepend(0),
                    Next(n.RhsContracting).Prepend(0),
                    Next(n.LhsBatch),
                    Next(n.RhsBatch)
                ),
            };
        }

        private static Dims Next(Dims axes) => new([.. axes.Select(axis => axis + 1)]);
    }
}
