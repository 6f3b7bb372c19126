using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Passes;

namespace JaxSharp.Execution;

/// <summary>What the steps of a program do, for explanations.</summary>
internal static class Descriptions
{
    private const int MostNames = 8;

    /// <summary>A contraction.</summary>
    public static StepDescription Of(LoweredEquation contraction, ContractionSpec spec)
    {
        var equation = contraction.Equation;
        return new(Name([contraction], equation.Outputs), Flops(spec), Bytes(equation.Inputs, equation.Outputs), true);
    }

    /// <summary>A contraction and the kernel that finishes its result.</summary>
    public static StepDescription Of(FinishedContraction finished, ContractionSpec spec)
    {
        var contraction = finished.Contraction.Members[0];
        var result = contraction.Equation.Outputs[0];
        var builder = finished.Kernel.Build();
        Var[] outputs = finished.IsKept ? [result, .. builder.Outputs] : [.. builder.Outputs];
        return new(
            Name(builder.Defined.Prepend(contraction), outputs),
            Flops(spec) + Operations(builder.Finish()),
            Bytes([.. contraction.Equation.Inputs, .. builder.Inputs.Where(v => v != result)], outputs),
            true
        );
    }

    private static double Flops(ContractionSpec spec) =>
        2.0 * spec.Axes.Aggregate(1.0, (size, axis) => size * axis.Extent);

    /// <summary>A routine.</summary>
    public static StepDescription Of(FusionUnit routine)
    {
        var equation = routine.Members[0].Equation;
        return new(Name(routine.Members, equation.Outputs), null, Bytes(equation.Inputs, equation.Outputs), false);
    }

    /// <summary>A loop nest.</summary>
    public static StepDescription Of(FusionUnit unit, Kernel kernel)
    {
        var builder = unit.Build();
        return new(
            Name(builder.Defined, builder.Outputs),
            Operations(kernel),
            Bytes(builder.Inputs, builder.Outputs),
            false
        );
    }

    // Views cost nothing in a kernel that does something else.
    private static string Name(IEnumerable<LoweredEquation> equations, IEnumerable<Var> outputs)
    {
        LoweredEquation[] all = [.. equations];
        LoweredEquation[] work =
        [
            .. all.Where(d => d.Lowering is not (Lowering.Alias or Lowering.Indexed { IsView: true })),
        ];
        string[] names = [.. (work.Length > 0 ? work : all).Select(d => d.Equation.Primitive.Name)];
        string rest = names.Length > MostNames ? $" … ({names.Length} in all)" : "";
        return $"{string.Join(' ', names.Take(MostNames))}{rest} -> {string.Join(", ", outputs.Select(v => v.Type))}";
    }

    private static double Bytes(IEnumerable<Atom> inputs, IEnumerable<Var> outputs) =>
        inputs.Concat(outputs).OfType<Var>().Distinct().Sum(v => (double)v.Type.ByteLength);

    private static double Operations(Kernel kernel) =>
        KernelInterpreter
            .Prepare(kernel)
            .Stages.Sum(stage => (double)kernel.GridSize * stage.InnerSize * Operations(stage));

    // Operations on elements, without those that find their places.
    private static int Operations(Stage stage)
    {
        var seen = new HashSet<ScalarExpr>();
        return stage is Stage.Store store ? Count(store.Value) : Count(((Stage.Reduce)stage).Body) + 1;

        int Count(ScalarExpr expr)
        {
            if (!seen.Add(expr) || expr is ScalarExpr.Load)
            {
                return 0;
            }

            int count = expr is ScalarExpr.Op && expr.Type.Code != DTypeCode.I64 ? 1 : 0;
            foreach (var operand in expr.Operands)
            {
                count += Count(operand);
            }

            return count;
        }
    }
}
