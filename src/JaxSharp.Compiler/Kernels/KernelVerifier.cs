using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>Checks that a kernel is well formed.</summary>
internal static class KernelVerifier
{
    /// <summary>Throws if the kernel is not well formed.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public static void Verify(Kernel kernel)
    {
        Check(kernel, kernel.Inputs.Concat(kernel.Outputs).All(type => !type.IsComplex), "has complex operands");
        Check(kernel, kernel.Grid.All(extent => extent >= 0), "has a negative extent");
        for (int i = 0; i < kernel.Stages.Length; i++)
        {
            var stage = kernel.Stages[i];
            Check(kernel, stage.Inner.All(extent => extent >= 0), "has a negative extent");
            int axes = kernel.Grid.Length + stage.Inner.Length;
            var seen = new HashSet<ScalarExpr>(ReferenceEqualityComparer.Instance);
            switch (stage)
            {
                case Stage.Reduce reduce:
                    Check(kernel, !reduce.Body.Type.IsComplex, $"reduces complex values in stage {i}");
                    Expression(kernel, reduce.Body, axes, i, seen);
                    break;
                case Stage.Store store:
                    Check(
                        kernel,
                        store.Output >= 0 && store.Output < kernel.Outputs.Length,
                        $"has no output {store.Output}"
                    );
                    Check(
                        kernel,
                        ReferenceEquals(store.Index.Type, DType.I64),
                        $"stores at an index of type {store.Index.Type}"
                    );
                    Check(
                        kernel,
                        ReferenceEquals(store.Value.Type, kernel.Outputs[store.Output]),
                        $"stores {store.Value.Type} in output {store.Output}"
                    );
                    Expression(kernel, store.Index, axes, i, seen);
                    Expression(kernel, store.Value, axes, i, seen);
                    break;
            }
        }
    }

    private static void Expression(Kernel kernel, ScalarExpr expr, int axes, int stage, HashSet<ScalarExpr> seen)
    {
        if (!seen.Add(expr))
        {
            return;
        }

        switch (expr)
        {
            case ScalarExpr.Axis axis:
                Check(kernel, axis.Number >= 0 && axis.Number < axes, $"has no axis {axis.Number} in stage {stage}");
                break;
            case ScalarExpr.Reduced reduced:
                Check(
                    kernel,
                    reduced.Stage < stage
                        && kernel.Stages[reduced.Stage] is Stage.Reduce reduce
                        && ReferenceEquals(reduce.Accumulation, reduced.Type),
                    $"has no {reduced.Type} result of stage {reduced.Stage} in stage {stage}"
                );
                break;
            case ScalarExpr.Load load:
                Check(
                    kernel,
                    load.Input >= 0
                        && load.Input < kernel.Inputs.Length
                        && ReferenceEquals(kernel.Inputs[load.Input], load.Type),
                    $"has no {load.Type} input {load.Input}"
                );
                break;
        }

        foreach (var operand in expr.Operands)
        {
            Expression(kernel, operand, axes, stage, seen);
        }
    }

    private static void Check(Kernel kernel, bool condition, string complaint)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The kernel {complaint}:\n{KernelPrinter.Print(kernel)}");
        }
    }
}
