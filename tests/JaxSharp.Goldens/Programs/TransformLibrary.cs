using System;
using System.Collections.Generic;
using System.Linq;

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
            ["jax.eval_shape"] = (arguments, keywords) =>
                Interpreter.Invoke(arguments[0], [.. arguments.Skip(1)], keywords),
            ["jax.block_until_ready"] = (arguments, _) => arguments[0],
            ["jax.ravel_pytree"] = RavelTree,
            ["jnp.dtype"] = (arguments, _) => arguments[0],
            ["jnp.vectorize"] = Vectorize,
            ["lax.custom_root"] = CustomRoot,
            ["lax.custom_linear_solve"] = CustomLinearSolve,
            ["lax.ScatterDimensionNumbers"] = (_, keywords) => keywords.ToDictionary(),
            ["tree.map"] = TreeMap,
            ["tree.leaves"] = (arguments, _) => PyTree.Leaves(arguments[0]),
            ["tree.flatten_with_path"] = OnLists("tree.flatten_with_path", 0),
            ["tree.leaves_with_path"] = OnLists("tree.leaves_with_path", 0),
            ["tree.map_with_path"] = OnLists("tree.map_with_path", 1),
            ["tree.keystr"] = (arguments, _) => arguments[0]!.ToString(),
        };

    internal static object? Get(IReadOnlyDictionary<string, object?> keywords, string name, object? standard = null) =>
        keywords.TryGetValue(name, out object? value) ? value : standard;

    internal static Function Decorator(Func<object?, IReadOnlyDictionary<string, object?>, Function> transform) =>
        (arguments, keywords) =>
        {
            var all = new Dictionary<string, object?>(keywords, StringComparer.Ordinal);
            if (arguments.Count > 1)
            {
                all["argnums"] = arguments[1];
            }

            return transform(arguments[0], all);
        };

    /// <summary>Numbers become arrays, as they do where JAX takes or returns a tree of arrays.</summary>
    internal static object? AsArrays(object? tree) =>
        PyTree.Map(
            leaf => leaf is bool or long or double or System.Numerics.Complex ? PyTree.ToArray(leaf) : leaf,
            tree
        );

    internal static PyTuple AsArguments(IEnumerable<object?> arguments) =>
        (PyTuple)AsArrays(new PyTuple([.. arguments]))!;

    /// <summary>A function of a program as a function of the tuple of its arguments.</summary>
    internal static Func<PyTuple, object?> Lift(
        object? function,
        IReadOnlyDictionary<string, object?>? keywords = null
    ) => arguments => AsArrays(Interpreter.Invoke(function, arguments.Items, keywords ?? NoKeywords));

    internal static (object?, object?) Pair(object? value) =>
        value is PyTuple { Items: [var first, var second] }
            ? (first, second)
            : throw new TreeException("A function with has_aux returns a pair.");

    /// <summary>The positions to differentiate, and whether one was given as a number rather than a tuple.</summary>
    private static (int[] Positions, bool IsSingle) Argnums(IReadOnlyDictionary<string, object?> keywords) =>
        Get(keywords, "argnums", 0L) is IEnumerable<object?> several
            ? ([.. several.Select(item => (int)(long)item!)], false)
            : ([(int)(long)Get(keywords, "argnums", 0L)!], true);

    private static object?[] Replace(IReadOnlyList<object?> arguments, int[] positions, IReadOnlyList<object?> values)
    {
        object?[] replaced = [.. arguments];
        for (int i = 0; i < positions.Length; i++)
        {
            replaced[positions[i]] = values[i];
        }

        return replaced;
    }

    /// <summary>A transformation of a function with auxiliary results into its values and gradients.</summary>
    internal delegate Func<PyTuple, ((NDArray Value, object? Aux) Value, PyTuple Grad)> GradientOf(
        Func<PyTuple, (NDArray Value, object? Aux)> function,
        bool holomorphic,
        bool allowInt
    );

    internal static Function Grad(
        object? function,
        IReadOnlyDictionary<string, object?> keywords,
        bool withValue,
        GradientOf? transform = null
    ) =>
        (arguments, callKeywords) =>
        {
            (int[] positions, bool isSingle) = Argnums(keywords);
            bool hasAux = Operations.IsTrue(Get(keywords, "has_aux", false));
            transform ??= (f, holomorphic, allowInt) =>
                Jax.ValueAndGrad<PyTuple, object?>(f, hasAux: true, holomorphic: holomorphic, allowInt: allowInt);
            ((NDArray value, object? aux), PyTuple gradients) = transform(
                active =>
                {
                    object? result = Interpreter.Invoke(
                        function,
                        Replace(arguments, positions, active.Items),
                        callKeywords
                    );
                    (object? main, object? rest) = hasAux ? Pair(result) : (result, null);
                    return (PyTree.ToArray(main), rest);
                },
                Operations.IsTrue(Get(keywords, "holomorphic", false)),
                Operations.IsTrue(Get(keywords, "allow_int", false))
            )(AsArguments(positions.Select(position => arguments[position])));
            object? gradient = isSingle ? gradients.Items[0] : gradients;
            object? full = hasAux ? new PyTuple([value, aux]) : value;
            return withValue ? new PyTuple([full, gradient])
                : hasAux ? new PyTuple([gradient, aux])
                : gradient;
        };

    private static Function Jit(object? function, IReadOnlyDictionary<string, object?> keywords)
    {
        HashSet<int> statics = Get(keywords, "static_argnums") is { } given
            ? [.. (given is IEnumerable<object?> list ? list : [given]).Select(item => (int)(long)item!)]
            : [];
        return (arguments, callKeywords) =>
        {
            int[] positions =
            [
                .. Enumerable
                    .Range(0, arguments.Count)
                    .Where(i =>
                        !statics.Contains(i) && !PyTree.Leaves(arguments[i]).Any(leaf => leaf is Function or string)
                    ),
            ];
            return Jax.Jit<PyTuple, object?>(traced =>
                AsArrays(Interpreter.Invoke(function, Replace(arguments, positions, traced.Items), callKeywords))
            )(AsArguments(positions.Select(position => arguments[position])));
        };
    }

    private static object? Vmap(IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> keywords)
    {
        object? function = given[0];
        object? inAxes = given.Count > 1 ? given[1] : Get(keywords, "in_axes", 0L);
        object? outAxes = given.Count > 2 ? given[2] : Get(keywords, "out_axes", 0L);
        return (Function)(
            (arguments, callKeywords) =>
                Jax.Vmap<PyTuple, object?>(
                    Lift(function, callKeywords),
                    Axes(inAxes is IEnumerable<object?> list ? new PyTuple([.. list]) : inAxes),
                    Axes(outAxes),
                    Get(keywords, "axis_name") as string,
                    (int?)(Get(keywords, "axis_size") as long?)
                )(AsArguments(arguments))
        );
    }

    private static AxisTree Axes(object? axes) =>
        axes switch
        {
            null => AxisTree.None,
            long axis => (int)axis,
            _ => AxisTree.Of(AxisNode(axes)!),
        };

    // A tuple is a record with one member, the list of its items.
    private static object? AxisNode(object? axes) =>
        axes switch
        {
            long axis => (int)axis,
            PyTuple tuple => new List<object?> { tuple.Items.Select(AxisNode).ToList() },
            List<object?> list => list.Select(AxisNode).ToList(),
            Dictionary<string, object?> dictionary => dictionary.ToDictionary(
                entry => entry.Key,
                entry => AxisNode(entry.Value)
            ),
            _ => axes,
        };

    private static object? Jvp(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        (object? values, object? pushed) = Jax.Jvp<PyTuple, object?>(
            Lift(arguments[0]),
            AsArguments(Interpreter.Items(arguments[1])),
            AsArguments(Interpreter.Items(arguments[2]))
        );
        if (!Operations.IsTrue(Get(keywords, "has_aux", false)))
        {
            return new PyTuple([values, pushed]);
        }

        return new PyTuple([Pair(values).Item1, Pair(pushed).Item1, Pair(values).Item2]);
    }

    private static object? Vjp(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        PyTuple primals = AsArguments(arguments.Skip(1));
        if (Operations.IsTrue(Get(keywords, "has_aux", false)))
        {
            (object? main, Func<object?, PyTuple> pullMain, object? aux) = Jax.Vjp<PyTuple, object?, object?>(
                t => Pair(Interpreter.Invoke(arguments[0], t.Items, NoKeywords)),
                primals,
                hasAux: true
            );
            return new PyTuple([main, (Function)((cotangents, _) => pullMain(AsArrays(cotangents[0]))), aux]);
        }

        (object? values, Func<object?, PyTuple> pull) = Jax.Vjp<PyTuple, object?>(Lift(arguments[0]), primals);
        return new PyTuple([values, (Function)((cotangents, _) => pull(AsArrays(cotangents[0])))]);
    }

    private static object? Linearize(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        (object? values, Func<PyTuple, object?> push) = Jax.Linearize<PyTuple, object?>(
            Lift(arguments[0]),
            AsArguments(arguments.Skip(1))
        );
        return new PyTuple([values, (Function)((tangents, _) => push(AsArguments(tangents)))]);
    }

    private static object? LinearTranspose(
        IReadOnlyList<object?> arguments,
        IReadOnlyDictionary<string, object?> keywords
    )
    {
        Func<object?, PyTuple> transposed = Jax.LinearTranspose<PyTuple, object?>(
            Lift(arguments[0]),
            AsArguments(arguments.Skip(1))
        );
        return (Function)((cotangents, _) => transposed(AsArrays(cotangents[0])));
    }

    private static Function Jacobian(object? function, IReadOnlyDictionary<string, object?> keywords, bool forward) =>
        (arguments, callKeywords) =>
        {
            (int[] positions, bool isSingle) = Argnums(keywords);
            bool hasAux = Operations.IsTrue(Get(keywords, "has_aux", false));
            bool holomorphic = Operations.IsTrue(Get(keywords, "holomorphic", false));
            object? structure = null;
            object? Call(PyTuple active)
            {
                object? result = Interpreter.Invoke(
                    function,
                    Replace(arguments, positions, active.Items),
                    callKeywords
                );
                structure = AsArrays(hasAux ? Pair(result).Item1 : result);
                return structure;
            }

            Func<PyTuple, object?> jacobianOf = forward
                ? Jax.JacFwd<PyTuple, object?, object?>(Call, holomorphic)
                : Jax.JacRev<PyTuple, object?, object?>(Call, holomorphic);
            object? blocks = jacobianOf(AsArguments(positions.Select(position => arguments[position])));
            object? jacobian = isSingle ? OnlyArgument(structure, blocks) : blocks;
            return hasAux
                ? new PyTuple([jacobian, Pair(Interpreter.Invoke(function, arguments, callKeywords)).Item2])
                : jacobian;
        };

    /// <summary>In the place of each leaf of the result stands a tuple with one item: the item instead.</summary>
    private static object? OnlyArgument(object? structure, object? blocks) =>
        structure switch
        {
            null => null,
            PyTuple tuple => new PyTuple([.. tuple.Items.Zip(Interpreter.Items(blocks), OnlyArgument)]),
            List<object?> list => list.Zip(Interpreter.Items(blocks), OnlyArgument).ToList(),
            Dictionary<string, object?> dictionary => dictionary.ToDictionary(
                entry => entry.Key,
                entry => OnlyArgument(entry.Value, ((Dictionary<string, object?>)blocks!)[entry.Key])
            ),
            _ => ((PyTuple)blocks!).Items[0],
        };

    private static NDArray Reshape(NDArray array, int[] shape) =>
        (NDArray)
            Library.Call(
                "jnp.reshape",
                [array, new PyTuple([.. shape.Select(extent => (object?)(long)extent)])],
                NoKeywords
            )!;

    // A tuple is a record with one member, the list of its items; in a path it counts like that list.
    private static Function OnLists(string name, int tree) =>
        (arguments, keywords) =>
        {
            object?[] given = [.. arguments];
            given[tree] = Lists(given[tree]);
            return Library.Call(name, given, keywords);
        };

    private static object? Lists(object? tree) =>
        tree switch
        {
            PyTuple or List<object?> => ((IEnumerable<object?>)tree).Select(Lists).ToList(),
            Dictionary<string, object?> dictionary => dictionary.ToDictionary(e => e.Key, e => Lists(e.Value)),
            _ => tree,
        };

    private static object? TreeMap(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        if (Get(keywords, "is_leaf") is { } isLeaf)
        {
            return Tree.Map(
                x => Interpreter.Invoke(arguments[0], x),
                arguments[1],
                x => Operations.IsTrue(Interpreter.Invoke(isLeaf, x))
            );
        }

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
