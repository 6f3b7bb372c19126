using System.Linq;
using JaxSharp.Compiler.Kernels;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>
/// Decides which kernels store past the caches. An ordinary store reads the line that it writes to first, and what is written
/// drives out what was cached. Results of many megabytes are in memory anyway before anything reads them, so that streaming
/// saves a third of the traffic; smaller ones are read sooner than they leave the caches.
/// </summary>
internal static class StreamStores
{
    /// <summary>The plan, with the decision about its stores.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="least">The bytes from which on kernels stream.</param>
    public static LoopPlan Run(LoopPlan plan, long least)
    {
        long stored = 0;
        foreach (var store in plan.Kernel.Stages.OfType<Stage.Store>())
        {
            stored += Contiguous(plan, store);
        }

        return plan with
        {
            Streams = stored >= least,
        };
    }

    private static long Contiguous(LoopPlan plan, Stage.Store store)
    {
        var kernel = plan.Kernel;
        int axis = plan.VectorAxis >= 0 ? plan.VectorAxis : kernel.Grid.Length + store.Inner.Length - 1;
        var index = store.Index is Op { Code: Scalars.ScalarOp.Guard } guard ? guard.Operands[1] : store.Index;
        return Affine.Of(index).FactorOf(axis) == 1
            ? kernel.GridSize * store.InnerSize * kernel.Outputs[store.Output].Size
            : 0;
    }
}
