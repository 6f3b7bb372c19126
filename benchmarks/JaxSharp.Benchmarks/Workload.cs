using System;
using System.Collections.Generic;

namespace JaxSharp.Benchmarks;

/// <summary>What a row times: a computation with its operands at hand, and the results that it last had.</summary>
/// <param name="operands">What is computed with, for whoever does the same by other means.</param>
internal abstract class Workload(IReadOnlyList<NDArray> operands)
{
    public IReadOnlyList<NDArray> Operands => operands;

    /// <summary>The leaves of what the last run returned.</summary>
    public abstract IReadOnlyList<NDArray> Results { get; }

    public abstract void Run();

    public static Workload Of<T>(IReadOnlyList<NDArray> operands, Func<T> compute) =>
        new Computation<T>(operands, compute);

    private sealed class Computation<T>(IReadOnlyList<NDArray> operands, Func<T> compute) : Workload(operands)
    {
        private T last = default!;

        public override IReadOnlyList<NDArray> Results => Tree.Leaves(last);

        public override void Run() => last = compute();
    }
}
