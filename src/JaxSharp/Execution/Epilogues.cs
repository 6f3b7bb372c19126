using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Runtime;
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
    /// The contractions whose first reader is a kernel that may be their epilogue; the contraction then runs in the kernel's place.
    /// No kernel is named twice.
    /// </summary>
    public static IReadOnlyList<FinishedContraction> Find(IReadOnlyList<FusionUnit> units)
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

        var found = new Dictionary<FusionUnit, FinishedContraction>();
        foreach (var unit in units)
        {
            if (
                unit.Members[0] is { Lowering: Lowering.Contraction, Equation.Outputs: [var result] }
                && result.Type.DType.Code is DTypeCode.F32 or DTypeCode.F64
                && result.Type.Rank > 0
                && result.Type.Size > 0
                && readers.GetValueOrDefault(result) is [{ IsFusable: true, HasReduction: false } kernel, .. var others]
                && kernel.Stored.Length > 0
                && Array.TrueForAll(kernel.Stored, v => v.Type.Shape == result.Type.Shape && !v.Type.DType.IsComplex)
            )
            {
                var finished = new FinishedContraction(unit, kernel, others.Count > 0 || unit.IsOutput(result));
                if (CanStore(finished))
                {
                    found.TryAdd(kernel, finished);
                }
            }
        }

        return [.. found.Values];
    }

    /// <summary>The kernel as an epilogue of the contraction; null if it reads in other ways.</summary>
    public static FoundEpilogue? Make(FinishedContraction found)
    {
        var (contraction, kernel, isKept) = found;
        var result = contraction.Stored[0];
        int rank = result.Type.Rank;
        var index = KernelBuilder.Axes(0, rank);
        var builder = new KernelBuilder(kernel.Grid, kernel.Definition);
        var rewriting = new Rewriting(builder.Inputs, result);
        var outputs = Outputs(kernel.Stored, result, isKept);
        var values = new ScalarExpr?[outputs.Length];
        for (int i = isKept ? 1 : 0; i < outputs.Length; i++)
        {
            values[i] = rewriting.Rewrite(builder.Read(outputs[i], index));
            if (values[i] is null)
            {
                return null;
            }
        }

        int columns = result.Type.Shape[rank - 1];
        var epilogue = new ContractionEpilogue(
            values,
            [.. rewriting.Operands.Select(o => new EpilogueOperand(o.Variable.Type.DType, o.Access))],
            result.Type.DType,
            result.Type.Size / columns,
            columns,
            KernelCompiler.CompileBlocks
        );
        return new FoundEpilogue(epilogue, [.. rewriting.Operands.Select(o => o.Variable)], outputs);
    }

    // Several results that do not stay in cache are written as fast by a kernel of their own, which goes through each in one piece.
    private static bool CanStore(FinishedContraction finished)
    {
        var (contraction, kernel, isKept) = finished;
        var type = contraction.Stored[0].Type;
        long bytes = kernel.Stored.Sum(v => v.Type.ByteLength) + (isKept ? type.ByteLength : 0);
        return isKept || kernel.Stored.Length > 1
            ? bytes < MachineLimits.CachedBytes
                && (isKept || Array.Exists(kernel.Stored, v => v.Type.DType == type.DType))
            : kernel.Stored[0].Type.DType == type.DType;
    }

    // First the one where the contraction leaves its result: that itself if it is kept, or else one of the same type.
    private static Var[] Outputs(Var[] stored, Var result, bool isKept)
    {
        var first = isKept ? result : Array.Find(stored, v => v.Type.DType == result.Type.DType)!;
        return [first, .. stored.Where(v => v != first)];
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

/// <summary>A contraction and a kernel that may be its epilogue.</summary>
/// <param name="Contraction">The contraction.</param>
/// <param name="Kernel">The first kernel that reads the result.</param>
/// <param name="IsKept">Whether others read the result too, or it is one of the program's.</param>
internal sealed record FinishedContraction(FusionUnit Contraction, FusionUnit Kernel, bool IsKept);

/// <summary>A kernel as the epilogue of a contraction.</summary>
/// <param name="Epilogue">What it computes.</param>
/// <param name="Operands">The variables that it reads besides the contraction's result.</param>
/// <param name="Outputs">What the contraction and its epilogue store.</param>
internal sealed record FoundEpilogue(ContractionEpilogue Epilogue, Var[] Operands, Var[] Outputs);
