using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Transforms;

/// <summary>Jacobians of flat functions: a block for each result and each active argument.</summary>
internal static class Jacobians
{
    /// <summary>By forward mode: one direction per element of the arguments.</summary>
    public static (NDArray[] Outputs, NDArray[][] Blocks) Forward(
        Func<NDArray[], NDArray[]> function,
        NDArray[] arguments,
        bool[] active,
        Func<int> differentiated,
        GradientOptions options
    )
    {
        Check(arguments, active, options);
        ArrayType[] types = [.. arguments.Where((_, i) => active[i]).Select(x => x.Type)];
        NDArray[] values = [];
        var (stacked, dims) = Vectorization.Batch(
            tangents =>
            {
                var directions = new Queue<NDArray>(tangents);
                var (outputs, moved) = ForwardMode.Jvp(
                    function,
                    arguments,
                    [.. active.Select(a => a ? directions.Dequeue() : null)]
                );
                values = outputs;
                return [.. moved.Take(differentiated()).Select((t, i) => t ?? Operators.Zeros(outputs[i].Type))];
            },
            Axis(types),
            Basis(types),
            [.. types.Select(_ => (int?)0)]
        );
        CheckOutputs(values[..stacked.Length], options);
        var blocks = stacked
            .Select(
                (s, k) =>
                    Split(
                        Batching.Align(s, dims[k], values[k].Ndim, Axis(types).Size),
                        values[k].Ndim,
                        types,
                        (part, type) => new Reshape(new Shape([.. values[k].Shape, .. type.Shape])).Bind(part)
                    )
            )
            .ToArray();
        return (values, blocks);
    }

    /// <summary>By reverse mode: one direction per element of the results.</summary>
    public static (NDArray[] Outputs, NDArray[][] Blocks) Reverse(
        Func<NDArray[], NDArray[]> function,
        NDArray[] arguments,
        bool[] active,
        Func<int> differentiated,
        GradientOptions options
    )
    {
        Check(arguments, active, options);
        NDArray[] primals = [.. arguments.Where((_, i) => active[i])];
        var (outputs, linear) = Linearization.Linearize(
            xs => function(Gradients.Merge(active, xs, arguments)),
            primals
        );
        int count = differentiated();
        CheckOutputs(outputs[..count], options);
        ArrayType[] types = [.. outputs[..count].Select(y => y.Type)];
        var (stacked, dims) = Vectorization.Batch(
            cotangents =>
            {
                var pulled = linear.Transpose([.. cotangents, .. new NDArray?[outputs.Length - count]]);
                return [.. pulled.Select((ct, i) => Gradients.Conform(ct, primals[i].Type))];
            },
            Axis(types),
            Basis(types),
            [.. types.Select(_ => (int?)0)]
        );
        var columns = stacked
            .Select(
                (s, i) =>
                    Split(
                        Batching.Align(s, dims[i], 0, Axis(types).Size),
                        0,
                        types,
                        (part, type) => new Reshape(new Shape([.. type.Shape, .. primals[i].Shape])).Bind(part)
                    )
            )
            .ToArray();
        return (outputs, [.. Enumerable.Range(0, count).Select(k => columns.Select(column => column[k]).ToArray())]);
    }

    private static BatchAxis Axis(ArrayType[] types) => new(checked((int)types.Sum(t => t.Size)), null);

    // For each array the directions along all elements of all arrays: rows of an identity matrix.
    private static NDArray[] Basis(ArrayType[] types)
    {
        int rows = Axis(types).Size;
        var result = new NDArray[types.Length];
        int offset = 0;
        for (int i = 0; i < types.Length; i++)
        {
            int columns = checked((int)types[i].Size);
            Shape shape = new(rows, columns);
            var row = new Iota(DType.I32, shape, 0).Bind();
            var column = new Add().Bind(
                new Iota(DType.I32, shape, 1).Bind(),
                Operators.Full(new ArrayType(DType.I32, shape), offset)
            );
            var identity = new ConvertElementType(types[i].DType, Weak: false).Bind(new Eq().Bind(row, column));
            result[i] = new Reshape(types[i].Shape.Insert(0, rows)).Bind(identity);
            offset += columns;
        }

        return result;
    }

    private static NDArray[] Split(
        NDArray stacked,
        int axis,
        ArrayType[] types,
        Func<NDArray, ArrayType, NDArray> shape
    )
    {
        var result = new NDArray[types.Length];
        int offset = 0;
        for (int i = 0; i < types.Length; i++)
        {
            int size = checked((int)types[i].Size);
            result[i] = shape(Slice.InDim(stacked, offset, offset + size, axis), types[i]);
            offset += size;
        }

        return result;
    }

    private static void Check(NDArray[] arguments, bool[] active, GradientOptions options)
    {
        foreach (var argument in arguments.Where((_, i) => active[i]))
        {
            Argument.Given(argument, "an argument", $"{options.Caller} of {options.Function}");
            bool fits = options.Holomorphic ? argument.DType.IsComplex : argument.DType.IsFloating;
            if (!fits)
            {
                throw new DifferentiationException(
                    options.Holomorphic
                        ? $"{options.Caller} of {options.Function} with holomorphic: true needs complex arguments; got {argument.Type}."
                        : $"{options.Caller} of {options.Function} needs real floating-point arguments; got {argument.Type}. "
                            + (
                                argument.DType.IsComplex
                                    ? "Pass holomorphic: true if the function is holomorphic."
                                    : "Convert it with AsType(DType.F32)."
                            )
                );
            }
        }
    }

    private static void CheckOutputs(NDArray[] outputs, GradientOptions options)
    {
        foreach (var output in outputs)
        {
            if (!output.DType.IsInexact || (options.Holomorphic && !output.DType.IsComplex))
            {
                throw new DifferentiationException(
                    $"{options.Caller} needs a function with {(options.Holomorphic ? "complex" : "floating-point")} results; "
                        + $"{options.Function} returned {output.Type}."
                );
            }
        }
    }
}

/// <summary>Jacobians of functions of arrays and trees.</summary>
internal static class JacobianCore
{
    /// <summary>The Jacobians by some of the arguments, and auxiliary results.</summary>
    public static (NDArray[] Jacobians, TAux Aux) OfArrays<TAux>(
        bool forward,
        Func<NDArray[], (NDArray Value, TAux Aux)> function,
        NDArray[] arguments,
        int[] argNums,
        GradientOptions options
    )
    {
        int[] numbers = ArgumentNumbers.Normalize(options.Caller, options.Function, argNums, arguments.Length);
        bool[] active = [.. arguments.Select((_, i) => numbers.Contains(i))];
        TreeDef? auxStructure = null;
        var (outputs, blocks) = Run(
            forward,
            xs =>
            {
                var (value, aux) = function(xs);
                return [options.Returned(value), .. TreeFunction<TAux, TAux>.FlattenAux(aux, out auxStructure)];
            },
            arguments,
            active,
            () => 1,
            options
        );
        int[] order = [.. Enumerable.Range(0, active.Length).Where(i => active[i])];
        return (
            Array.ConvertAll(numbers, number => blocks[0][Array.IndexOf(order, number)]),
            TreeFunction<TAux, TAux>.Unflatten(auxStructure!, outputs[1..])
        );
    }

    /// <summary>The Jacobian of a function of a tree: the structure of the result with that of the argument in each leaf.</summary>
    public static TJacobian OfTrees<T, TResult, TJacobian>(
        bool forward,
        Func<T, TResult> function,
        T argument,
        GradientOptions options
    )
    {
        var leaves = TreeFunction<T, T>.Flatten(argument, out var structure);
        var flat = new TreeFunction<T, TResult>(function);
        var (_, blocks) = Run(
            forward,
            flat.OnLeaves(structure),
            leaves,
            [.. leaves.Select(_ => true)],
            () => flat.Result.NumLeaves,
            options
        );
        return TreeFunction<TJacobian, TJacobian>.Unflatten(
            Tree.Compose(flat.Result, structure),
            [.. blocks.SelectMany(row => row)]
        );
    }

    private static (NDArray[], NDArray[][]) Run(
        bool forward,
        Func<NDArray[], NDArray[]> function,
        NDArray[] arguments,
        bool[] active,
        Func<int> count,
        GradientOptions options
    ) =>
        forward
            ? Jacobians.Forward(function, arguments, active, count, options)
            : Jacobians.Reverse(function, arguments, active, count, options);
}
