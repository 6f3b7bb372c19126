using System;
using System.Collections.Generic;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler;

/// <summary>A kernel as the key of what was compiled for it: all that it does, compared by structure.</summary>
internal sealed class KernelKey : IEquatable<KernelKey>
{
    private readonly long[] numbers;
    private readonly ScalarExpr[] expressions;
    private readonly int hash;

    public KernelKey(Kernel kernel)
    {
        var numbers = new List<long>();
        var expressions = new List<ScalarExpr>();
        Add(numbers, Array.ConvertAll(kernel.Inputs, type => (int)type.Code));
        Add(numbers, Array.ConvertAll(kernel.Outputs, type => (int)type.Code));
        Add(numbers, kernel.Grid);
        foreach (var stage in kernel.Stages)
        {
            Add(numbers, stage.Inner);
            if (stage is Stage.Store store)
            {
                numbers.Add(store.Output);
                expressions.Add(store.Index);
                expressions.Add(store.Value);
                continue;
            }

            var reduce = (Stage.Reduce)stage;
            numbers.AddRange([
                -1,
                (long)reduce.Monoid,
                (long)reduce.Accumulation.Code,
                reduce.Order?.Lanes ?? 0,
                reduce.Order?.Block ?? 0,
            ]);
            expressions.Add(reduce.Body);
        }

        var code = default(HashCode);
        foreach (long number in numbers)
        {
            code.Add(number);
        }

        foreach (var expression in expressions)
        {
            code.Add(expression);
        }

        hash = code.ToHashCode();
        this.numbers = [.. numbers];
        this.expressions = [.. expressions];
    }

    /// <inheritdoc/>
    public bool Equals(KernelKey? other) =>
        other is not null
        && hash == other.hash
        && numbers.AsSpan().SequenceEqual(other.numbers)
        && expressions.AsSpan().SequenceEqual(other.expressions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KernelKey);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    private static void Add(List<long> numbers, int[] list)
    {
        numbers.Add(list.Length);
        foreach (int number in list)
        {
            numbers.Add(number);
        }
    }
}
