using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Execution;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Transforms;

namespace JaxSharp.Goldens.Programs;

/// <summary>
/// The transformations of functions over trees, as programs call them: JAX's conventions about arguments on top of JaxSharp's
/// transformations of functions over arrays.
/// </summary>
internal static partial class TransformLibrary
{
    private static readonly Dictionary<string, object?> NoKeywords = [];

    public static Dictionary<string, Function> Functions { get; } =
        new()
        {
            ["jax.grad"] = Decorator((f, k) => Grad(f, k, withValue: false)),
            ["jax.value_and_grad"] = Decorator((f, k) => Grad(f, k, withValue: true)),
            ["jax.jit"] = Decorator(Jit),
            ["jax.vmap"] = Vmap,
            ["jax.jvp"] = Jvp,
            ["jax.vjp"] = Vjp,
            ["jax.linearize"] = Linearize,
            ["jax.linear_transpose"] = LinearTranspose,
            ["jax.jacfwd"] = Decorator((f, k) => Jacobian(f, k, forward: true)),
            ["jax.jacrev"] = Decorator((f, k) => Jacobian(f, k, forward: false)),
            ["jax.jacobian"] = Decorator((f, k) => Jacobian(f, k, forward: false)),
            ["jax.hessian"] = Decorator((f, k) => Jacobian(Jacobian(f, k, forward: false), k, forward: true)),
            ["jax.block_until_ready"] = (arguments, _) => arguments[0],
            ["jax.ravel_pytree"] = RavelTree,
            ["tree.map"] = TreeMap,
            ["tree.leaves"] = (arguments, _) => PyTree.Leaves(arguments[0]),
        };

    /// <summary>A flat function: arrays in, arrays out; the tree of the last results in <paramref name="structure"/>.</summary>
    internal static Func<NDArray[], NDArray[]> Flat(Func<NDArray[], object?> call, Action<object?> structure) =>
        arrays =>
        {
            object? result = call(arrays);
            structure(result);
            return PyTree.Arrays(result);
        };

    internal static object? Get(IReadOnlyDictionary<string, object?> keywords, string name, object? standard = null) =>
        keywords.TryGetValue(name, out object? value) ? value : standard;

    private static Function Decorator(Func<object?, IReadOnlyDictionary<string, object?>, Function> transform) =>
        (arguments, keywords) =>
        {
            var all = new Dictionary<string, object?>(keywords, StringComparer.Ordinal);
            if (arguments.Count > 1)
            {
                all["argnums"] = arguments[1];
            }

            return transform(arguments[0], all);
        };

    /// <summary>The positions to differentiate, and whether one was given as a number rather than a tuple.</summary>
    private static (int[] Positions, bool IsSingle) Argnums(IReadOnlyDictionary<string, object?> keywords) =>
        Get(keywords, "argnums", 0L) is IEnumerable<object?> several
            ? ([.. several.Select(item => (int)(long)item!)], false)
            : ([(int)(long)Get(keywords, "argnums", 0L)!], true);

    private static object?[] Replace(IReadOnlyList<object?> arguments, int[] positions, IEnumerable<NDArray> leaves)
    {
        object?[] replaced = [.. arguments];
        NDArray[] all = [.. leaves];
        int next = 0;
        foreach (int position in positions)
        {
            int count = PyTree.Leaves(arguments[position]).Count;
            replaced[position] = PyTree.Rebuild(arguments[position], all[next..(next + count)]);
            next += count;
        }

        return replaced;
    }

    private static object? Regroup(IReadOnlyList<object?> arguments, int[] positions, bool isSingle, NDArray[] leaves)
    {
        object?[] replaced = Replace(arguments, positions, leaves);
        return isSingle ? replaced[positions[0]] : new PyTuple([.. positions.Select(position => replaced[position])]);
    }

    private static Function Grad(object? function, IReadOnlyDictionary<string, object?> keywords, bool withValue) =>
        (arguments, callKeywords) =>
        {
            (int[] positions, bool isSingle) = Argnums(keywords);
            bool hasAux = Operations.IsTrue(Get(keywords, "has_aux", false));
            bool holomorphic = Operations.IsTrue(Get(keywords, "holomorphic", false));
            object? aux = null;
            NDArray[] primals = [.. positions.SelectMany(position => PyTree.Arrays(arguments[position]))];
            foreach (NDArray primal in primals)
            {
                if (holomorphic ? !primal.DType.IsComplex : !primal.DType.IsFloating && !primal.DType.IsComplex)
                {
                    throw new DTypeException($"grad needs inputs of another type than {primal.DType}");
                }
            }

            (NDArray[] outputs, LinearFunction linear) = Linearization.Linearize(
                xs =>
                {
                    object? result = Interpreter.Invoke(function, Replace(arguments, positions, xs), callKeywords);
                    if (hasAux)
                    {
                        IReadOnlyList<object?> pair = ((PyTuple)result!).Items;
                        (result, aux) = (pair[0], pair[1]);
                    }

                    object?[] auxLeaves = [.. PyTree.Leaves(aux)];
                    return [PyTree.ToArray(result), .. auxLeaves.OfType<NDArray>()];
                },
                primals
            );
            if (outputs[0].Ndim != 0)
            {
                throw new ShapeException($"grad needs a scalar result, got {outputs[0].Shape}");
            }

            if (!holomorphic && !outputs[0].DType.IsFloating)
            {
                throw new DTypeException($"grad needs a real result, got {outputs[0].DType}");
            }

            NDArray?[] cotangents = [.. outputs.Select((_, i) => i == 0 ? One(outputs[0]) : null)];
            object? gradients = Regroup(arguments, positions, isSingle, OrZeros(linear.Transpose(cotangents), primals));
            int next = 1;
            aux = PyTree.Map(leaf => leaf is NDArray ? outputs[next++] : leaf, aux);
            object? value = hasAux ? new PyTuple([outputs[0], aux]) : outputs[0];
            return withValue ? new PyTuple([value, gradients])
                : hasAux ? new PyTuple([gradients, aux])
                : gradients;
        };

    private static NDArray One(NDArray like) => (NDArray)Library.Call("jnp.ones_like", [like], NoKeywords)!;

    private static NDArray[] OrZeros(NDArray?[] values, IReadOnlyList<NDArray> like) =>
        [.. values.Select((value, i) => value ?? Operators.Zeros(like[i].Type))];

    private static Function Jit(object? function, IReadOnlyDictionary<string, object?> keywords) =>
        (arguments, callKeywords) =>
        {
            HashSet<int> fixedPositions = Get(keywords, "static_argnums") is { } given
                ? [.. (given is IEnumerable<object?> list ? list : [given]).Select(item => (int)(long)item!)]
                : [];
            bool IsFixed(int i) =>
                fixedPositions.Contains(i) || PyTree.Leaves(arguments[i]).Any(leaf => leaf is Function or string);
            int[] positions = [.. Enumerable.Range(0, arguments.Count).Where(i => !IsFixed(i))];
            NDArray[] inputs = [.. positions.SelectMany(position => PyTree.Arrays(arguments[position]))];
            object? structure = null;
            Func<NDArray[], NDArray[]> flat = Flat(
                xs => Interpreter.Invoke(function, Replace(arguments, positions, xs), callKeywords),
                result => structure = result
            );
            (Jaxpr jaxpr, NDArray[] constants) = Staging.StageClosed(flat, Array.ConvertAll(inputs, x => x.Type));
            NDArray[] operands = [.. constants, .. inputs];
            NDArray[] outputs = Array.TrueForAll(operands, ArrayBridge.IsConcrete)
                ? ProgramCompiler.Compile(jaxpr).Run(operands)
                : Staging.Evaluate(jaxpr, operands);
            return PyTree.Rebuild(structure, outputs);
        };

    private static object? Vmap(IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> keywords)
    {
        object? function = given[0];
        object? inAxes = given.Count > 1 ? given[1] : Get(keywords, "in_axes", 0L);
        object? outAxes = given.Count > 2 ? given[2] : Get(keywords, "out_axes", 0L);
        string? axisName = Get(keywords, "axis_name") as string;
        return (Function)(
            (arguments, callKeywords) =>
            {
                var tuple = new PyTuple([.. arguments]);
                NDArray[] inputs = PyTree.Arrays(tuple);
                object? prefix = inAxes is IEnumerable<object?> list ? new PyTuple([.. list]) : inAxes;
                int?[] dims =
                [
                    .. PyTree
                        .Broadcast(prefix, tuple)
                        .Select((axis, i) => axis is long dim ? Normalize(dim, inputs[i].Ndim) : (int?)null),
                ];
                int size =
                    Get(keywords, "axis_size") is long fixedSize ? (int)fixedSize
                    : inputs.Zip(dims).First(pair => pair.Second is not null) is var (array, dim)
                        ? array.Shape[dim!.Value]
                    : 0;
                if (inputs.Zip(dims).Any(pair => pair.Second is int d && pair.First.Shape[d] != size))
                {
                    throw new ShapeException("vmap: the mapped axes have different extents");
                }

                var axis = new BatchAxis(size, axisName);
                object? structure = null;
                (NDArray[] outputs, int?[] outputDims) = Vectorization.Batch(
                    Flat(
                        xs => Interpreter.Invoke(function, ((PyTuple)PyTree.Rebuild(tuple, xs)!).Items, callKeywords),
                        result => structure = result
                    ),
                    axis,
                    inputs,
                    dims
                );
                List<object?> outPrefix = PyTree.Broadcast(outAxes, structure);
                return PyTree.Rebuild(
                    structure,
                    outputs.Select(
                        (output, i) =>
                            outPrefix[i] is long to
                                ? Batching.Align(
                                    output,
                                    outputDims[i],
                                    Normalize(to, output.Ndim + (outputDims[i] is null ? 1 : 0)),
                                    size
                                )
                                : output
                    )
                );
            }
        );
    }

    private static int Normalize(long axis, int rank)
    {
        if (axis < -rank || axis >= rank)
        {
            throw new AxisException($"vmap: the axis {axis} does not exist in an array of rank {rank}");
        }

        return (int)(axis < 0 ? axis + rank : axis);
    }

    private static object? Jvp(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        object? function = arguments[0];
        var primals = new PyTuple([.. Interpreter.Items(arguments[1])]);
        var tangents = new PyTuple([.. Interpreter.Items(arguments[2])]);
        bool hasAux = Operations.IsTrue(Get(keywords, "has_aux", false));
        object? structure = null;
        NDArray[] inputs = PyTree.Arrays(primals);
        NDArray[] directions = PyTree.Arrays(tangents);
        (NDArray[] outputs, NDArray?[] results) = ForwardMode.Jvp(
            Flat(
                xs => Interpreter.Invoke(function, ((PyTuple)PyTree.Rebuild(primals, xs)!).Items, NoKeywords),
                result => structure = result
            ),
            inputs,
            [.. inputs.Zip(directions, (x, t) => x.DType.IsInexact ? t : null)]
        );
        object? values = PyTree.Rebuild(structure, outputs);
        object? pushed = PyTree.Rebuild(structure, OrZeros(results, outputs));
        return hasAux
            ? new PyTuple([((PyTuple)values!).Items[0], ((PyTuple)pushed!).Items[0], ((PyTuple)values).Items[1]])
            : new PyTuple([values, pushed]);
    }

    private static object? Vjp(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        object? function = arguments[0];
        var primals = new PyTuple([.. arguments.Skip(1)]);
        bool hasAux = Operations.IsTrue(Get(keywords, "has_aux", false));
        object? structure = null;
        NDArray[] inputs = PyTree.Arrays(primals);
        (NDArray[] outputs, LinearFunction linear) = Linearization.Linearize(
            Flat(
                xs => Interpreter.Invoke(function, ((PyTuple)PyTree.Rebuild(primals, xs)!).Items, NoKeywords),
                result => structure = result
            ),
            inputs
        );
        object? values = PyTree.Rebuild(structure, outputs);
        Function pull = (cotangents, _) =>
        {
            NDArray?[] given = PyTree.Arrays(cotangents[0]);
            if (hasAux)
            {
                given = [.. given, .. new NDArray?[outputs.Length - given.Length]];
            }

            return PyTree.Rebuild(primals, OrZeros(linear.Transpose(given), inputs));
        };
        return hasAux
            ? new PyTuple([((PyTuple)values!).Items[0], pull, ((PyTuple)values).Items[1]])
            : new PyTuple([values, pull]);
    }

    private static object? Linearize(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        object? function = arguments[0];
        var primals = new PyTuple([.. arguments.Skip(1)]);
        object? structure = null;
        (NDArray[] outputs, LinearFunction linear) = Linearization.Linearize(
            Flat(
                xs => Interpreter.Invoke(function, ((PyTuple)PyTree.Rebuild(primals, xs)!).Items, NoKeywords),
                result => structure = result
            ),
            PyTree.Arrays(primals)
        );
        Function push = (tangents, _) =>
            PyTree.Rebuild(structure, OrZeros(linear.Apply(PyTree.Arrays(new PyTuple([.. tangents]))), outputs));
        return new PyTuple([PyTree.Rebuild(structure, outputs), push]);
    }

    private static object? LinearTranspose(
        IReadOnlyList<object?> arguments,
        IReadOnlyDictionary<string, object?> keywords
    )
    {
        var pair = (PyTuple)Vjp(arguments, NoKeywords)!;
        return pair.Items[1];
    }

    private static Function Jacobian(object? function, IReadOnlyDictionary<string, object?> keywords, bool forward) =>
        (arguments, callKeywords) =>
        {
            (int[] positions, bool isSingle) = Argnums(keywords);
            bool hasAux = Operations.IsTrue(Get(keywords, "has_aux", false));
            object? aux = null;
            object? structure = null;
            NDArray[] inputs = [.. positions.SelectMany(position => PyTree.Arrays(arguments[position]))];
            NDArray[] Function(NDArray[] xs)
            {
                object? result = Interpreter.Invoke(function, Replace(arguments, positions, xs), callKeywords);
                if (hasAux)
                {
                    IReadOnlyList<object?> pair = ((PyTuple)result!).Items;
                    (result, aux) = (pair[0], pair[1]);
                }

                structure = result;
                return PyTree.Arrays(result);
            }

            (NDArray[] outputs, LinearFunction linear) = Linearization.Linearize(Function, inputs);

            // One array for each output and input: shape of the output, then of the input.
            NDArray[][] blocks = forward ? Columns(linear, inputs, outputs) : Rows(linear, inputs, outputs);
            int next = 0;
            object? jacobian = PyTree.Map(_ => Regroup(arguments, positions, isSingle, blocks[next++]), structure);
            return hasAux ? new PyTuple([jacobian, aux]) : jacobian;
        };

    private static NDArray[][] Rows(LinearFunction linear, NDArray[] inputs, NDArray[] outputs) =>
        [
            .. outputs.Select(
                (output, o) =>
                {
                    NDArray basis = Basis(output);
                    (NDArray[] rows, int?[] dims) = Vectorization.Batch(
                        ct => OrZeros(linear.Transpose([.. outputs.Select((_, i) => i == o ? ct[0] : null)]), inputs),
                        new BatchAxis((int)output.Size, null),
                        [basis],
                        [0]
                    );
                    return rows.Select(
                            (row, i) =>
                                Reshape(
                                    Batching.Align(row, dims[i], 0, (int)output.Size),
                                    [.. output.Shape, .. inputs[i].Shape]
                                )
                        )
                        .ToArray();
                }
            ),
        ];

    private static NDArray[][] Columns(LinearFunction linear, NDArray[] inputs, NDArray[] outputs)
    {
        NDArray[][] byInput =
        [
            .. inputs.Select(
                (input, i) =>
                {
                    NDArray basis = Basis(input);
                    (NDArray[] columns, int?[] dims) = Vectorization.Batch(
                        t =>
                            OrZeros(
                                linear.Apply([
                                    .. inputs.Select((other, k) => k == i ? t[0] : Operators.Zeros(other.Type)),
                                ]),
                                outputs
                            ),
                        new BatchAxis((int)input.Size, null),
                        [basis],
                        [0]
                    );
                    return columns
                        .Select(
                            (column, o) =>
                                Reshape(
                                    Batching.Align(column, dims[o], outputs[o].Ndim, (int)input.Size),
                                    [.. outputs[o].Shape, .. input.Shape]
                                )
                        )
                        .ToArray();
                }
            ),
        ];
        return [.. outputs.Select((_, o) => byInput.Select(blocks => blocks[o]).ToArray())];
    }

    private static NDArray Basis(NDArray like)
    {
        var eye = (NDArray)
            Library.Call("jnp.eye", [like.Size], new Dictionary<string, object?> { ["dtype"] = like.DType })!;
        return Reshape(eye, [(int)like.Size, .. like.Shape]);
    }

    private static NDArray Reshape(NDArray array, int[] shape) =>
        (NDArray)
            Library.Call(
                "jnp.reshape",
                [array, new PyTuple([.. shape.Select(extent => (object?)(long)extent)])],
                NoKeywords
            )!;

    private static object? TreeMap(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        List<object?>[] columns = [.. arguments.Skip(1).Select(PyTree.Leaves)];
        return PyTree.Rebuild(
            arguments[1],
            Enumerable
                .Range(0, columns[0].Count)
                .Select(i => Interpreter.Invoke(arguments[0], [.. columns.Select(column => column[i])]))
                .ToList()
        );
    }

    private static object? RavelTree(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        object? tree = arguments[0];
        NDArray[] leaves = PyTree.Arrays(tree);
        object? flat = Library.Call(
            "jnp.concatenate",
            [leaves.Select(leaf => (object?)Reshape(leaf, [(int)leaf.Size])).ToList()],
            NoKeywords
        );
        Function back = (vectors, _) =>
        {
            long at = 0;
            return PyTree.Rebuild(
                tree,
                leaves
                    .Select(leaf =>
                    {
                        object? part = Operations.GetItem(vectors[0], new PySlice(at, at + leaf.Size, null));
                        at += leaf.Size;
                        return (object?)Reshape((NDArray)part!, [.. leaf.Shape]);
                    })
                    .ToList()
            );
        };
        return new PyTuple([flat, back]);
    }
}
