using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// Prints kernels and expressions as <see cref="KernelParser"/> reads them. Values that are used more than once get a name.
/// <code>
/// kernel (f32) -> (f32) grid [4096]
/// r0 = reduce max f32 [1024]: in0.f32[add(mul(a0, 1024), a1)]
/// store 0 []: a0 = r0.f32
/// </code>
/// </summary>
internal static class KernelPrinter
{
    /// <summary>The text of a kernel, one stage after the other.</summary>
    public static string Print(Kernel kernel)
    {
        var text = new StringBuilder();
        text.Append($"kernel ({Join(kernel.Inputs)}) -> ({Join(kernel.Outputs)}) grid [{Join(kernel.Grid)}]\n");
        for (int i = 0; i < kernel.Stages.Length; i++)
        {
            switch (kernel.Stages[i])
            {
                case Stage.Reduce reduce:
                    var body = new ScalarPrinter([reduce.Body]);
                    text.Append(body.Definitions);
                    text.Append($"r{i} = reduce {Name(reduce.Monoid)} {reduce.Accumulation} [{Join(reduce.Inner)}]");
                    text.Append(reduce.Order is { } order ? $" lanes {order.Lanes} block {order.Block}: " : ": ");
                    text.Append(body.Text(reduce.Body)).Append('\n');
                    break;
                case Stage.Store store:
                    var values = new ScalarPrinter([store.Index, store.Value]);
                    text.Append(values.Definitions);
                    text.Append($"store {store.Output} [{Join(store.Inner)}]: {values.Text(store.Index)} = ");
                    text.Append(values.Text(store.Value)).Append('\n');
                    break;
            }
        }

        return text.ToString();
    }

    private static string Join<T>(IEnumerable<T> items) => string.Join(", ", items);

    private static string Name(Monoid monoid) => monoid.ToString().ToLowerInvariant();
}
