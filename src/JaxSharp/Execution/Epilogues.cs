using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Passes;

namespace JaxSharp.Execution;

/// <summary>
/// Finds elementwise kernels that do nothing but finish the result of a contraction (add a bias, apply an activation), so that
/// they can run on each block of the result while it is in cache.
/// </summary>
internal static class Epilogues
{
    /// <summary>
    /// The contractions whose result is read by one kernel only, which can be their epilogue, by that kernel; the contraction then
    /// runs in the kernel's place.
    /// </summary>
    public static Dictionary<FusionUnit, FusionUnit> Find(IReadOnlyList<FusionUnit> units)
    {
        var readers = new Dictionary<Var, List<FusionUnit>>();
        foreach (var unit in units)
        {
            foreach (var variable in unit.Reads.Keys)
            {
                if (!readers.TryGetValue(variable, out var list))
                {
                    readers[variable] = list = [];
                }

                list.Add(unit);
            }
        }

        var contractions = new Dictionary<FusionUnit, FusionUnit>();
        foreach (var unit in units)
        {
            if (
                unit.Members[0] is { Lowering: Lowering.Contraction, Equation.Outputs: [var result] }
                && !unit.IsOutput(result)
                && readers.GetValueOrDefault(result)
                    is [{ IsFusable: true, HasReduction: false, Stored: [var stored] } kernel]
                && stored.Type.Shape == result.Type.Shape
                && stored.Type.DType == result.Type.DType
                && result.Type.DType.Code is DTypeCode.F32 or DTypeCode.F64
                && result.Type.Rank > 0
                && result.Type.Size > 0
            )
            {
                contractions.TryAdd(kernel, unit);
            }
        }

        return contractions;
    }

    /// <summary>The kernel as an epilogue of the contraction, with the variables it reads; null if it reads in other ways.</summary>
    public static FoundEpilogue? Make(FusionUnit kernel, Var result)
    {
        var builder = new KernelBuilder(kernel.Grid, kernel.Definition);
        int rank = result.Type.Rank;
        var index = KernelBuilder.Axes(0, rank);
        var value = builder.Read(kernel.Stored[0], index);
        var rewriting = new Rewriting(builder.Inputs, result);
        if (rewriting.Rewrite(value) is not { } rewritten)
        {
            return null;
        }

        int columns = result.Type.Shape[rank - 1];
        var epilogue = new ContractionEpilogue(
            rewritten,
            [.. rewriting.Operands.Select(o => new EpilogueOperand(o.Variable.Type.DType, o.Access))],
            result.Type.DType,
            result.Type.Size / columns,
            columns,
            KernelCompiler.CompileBlocks
        );
        return new FoundEpilogue(epilogue, [.. rewriting.Operands.Select(o => o.Variable)]);
    }

    /// <summary>Replaces loads by those of an epilogue; gives up on anything that depends on the place in another way.</summary>
    private sealed class Rewriting(IReadOnlyList<Var> inputs, Var result)
    {
        private readonly Dictionary<ScalarExpr, ScalarExpr?> known = [];
        private readonly ScalarExpr same = KernelBuilder.Flat(
            KernelBuilder.Axes(0, result.Type.Rank),
            result.Type.Shape
        );

        public List<(Var Variable, EpilogueAccess Access)> Operands { get; } = [];

        public ScalarExpr? Rewrite(ScalarExpr expression)
        {
            if (!known.TryGetValue(expression, out var rewritten))
            {
                rewritten = expression switch
                {
                    ScalarExpr.Const => expression,
                    ScalarExpr.Load load => Load(load),
                    ScalarExpr.Op op => Operation(op),
                    _ => null,
                };
                known[expression] = rewritten;
            }

            return rewritten;
        }

        private ScalarExpr.Op? Operation(ScalarExpr.Op op)
        {
            var operands = new ScalarExpr[op.Operands.Length];
            for (int i = 0; i < operands.Length; i++)
            {
                if (Rewrite(op.Operands[i]) is not { } operand)
                {
                    return null;
                }

                operands[i] = operand;
            }

            return new ScalarExpr.Op(op.Code, op.Type, operands);
        }

        private ScalarExpr? Load(ScalarExpr.Load load)
        {
            int columns = result.Type.Shape[^1];
            var variable = inputs[load.Input];
            EpilogueAccess? access =
                load.Index.Equals(same) ? EpilogueAccess.Same
                : load.Index is ScalarExpr.Axis axis && axis.Number == result.Type.Rank - 1 ? EpilogueAccess.Column
                : load.Index is ScalarExpr.Const { Bits: 0 } ? EpilogueAccess.Scalar
                : null;
            if (access is null || variable.Type.DType.IsComplex)
            {
                return null;
            }

            if (variable == result)
            {
                return access == EpilogueAccess.Same
                    ? Scalar.Load(0, load.Type, ContractionEpilogue.Place(EpilogueAccess.Same, columns))
                    : null;
            }

            int operand = Operands.IndexOf((variable, access.Value));
            if (operand < 0)
            {
                operand = Operands.Count;
                Operands.Add((variable, access.Value));
            }

            return Scalar.Load(operand + 1, load.Type, ContractionEpilogue.Place(access.Value, columns));
        }
    }
}

/// <summary>A kernel as the epilogue of a contraction.</summary>
/// <param name="Epilogue">What it computes.</param>
/// <param name="Operands">The variables that it reads besides the contraction's result.</param>
internal sealed record FoundEpilogue(ContractionEpilogue Epilogue, Var[] Operands);
