using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Goldens.Programs;

/// <summary>Control flow, custom rules and checkpoints, as programs call them.</summary>
internal static class ControlFlowLibrary
{
    public static Dictionary<string, Function> Functions { get; } =
        new(StringComparer.Ordinal)
        {
            ["lax.scan"] = Scan,
            ["lax.while_loop"] = (arguments, _) =>
                Lax.WhileLoop<object?>(
                    carry => PyTree.ToArray(Interpreter.Invoke(arguments[0], carry)),
                    carry => Call(arguments[1], carry),
                    TransformLibrary.AsArrays(arguments[2])
                ),
            ["lax.fori_loop"] = (arguments, _) =>
                Lax.ForiLoop<object?>(
                    PyTree.ToArray(arguments[0]),
                    PyTree.ToArray(arguments[1]),
                    (i, carry) => Call(arguments[2], i, carry),
                    TransformLibrary.AsArrays(arguments[3])
                ),
            ["lax.map"] = (arguments, _) =>
                Lax.Map<object?, object?>(x => Call(arguments[0], x), TransformLibrary.AsArrays(arguments[1])),
            ["lax.associative_scan"] = (arguments, keywords) =>
                Lax.AssociativeScan<object?>(
                    (a, b) => Call(arguments[0], a, b),
                    TransformLibrary.AsArrays(arguments[1]),
                    Operations.IsTrue(TransformLibrary.Get(keywords, "reverse", false)),
                    (int)(long)TransformLibrary.Get(keywords, "axis", 0L)!
                ),
            ["lax.cond"] = (arguments, _) =>
                Lax.Cond<PyTuple, object?>(
                    PyTree.ToArray(arguments[0]),
                    TransformLibrary.Lift(arguments[1]),
                    TransformLibrary.Lift(arguments[2]),
                    TransformLibrary.AsArguments(arguments.Skip(3))
                ),
            ["lax.switch"] = (arguments, _) =>
                Lax.Switch<PyTuple, object?>(
                    PyTree.ToArray(arguments[0]),
                    [.. Interpreter.Items(arguments[1]).Select(branch => TransformLibrary.Lift(branch))],
                    TransformLibrary.AsArguments(arguments.Skip(2))
                ),
            ["jax.checkpoint"] = Checkpoint,
            ["jax.remat"] = Checkpoint,
            ["jax.checkpoint_policies.save_only_these_names"] = (arguments, _) =>
                CheckpointPolicy.SaveOnlyTheseNames([.. arguments.Cast<string>()]),
            ["jax.custom_jvp"] = CustomJvp,
            ["jax.custom_vjp"] = CustomVjp,
        };

    private static object? Call(object? function, params object?[] arguments) =>
        TransformLibrary.AsArrays(Interpreter.Invoke(function, arguments));

    private static object? Scan(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords)
    {
        object? xs = arguments.Count > 2 ? arguments[2] : TransformLibrary.Get(keywords, "xs");
        (object? carry, object? ys) = Lax.Scan<object?, object?, object?>(
            (c, x) => TransformLibrary.Pair(Call(arguments[0], c, x)),
            TransformLibrary.AsArrays(arguments[1]),
            TransformLibrary.AsArrays(xs),
            (int?)(TransformLibrary.Get(keywords, "length") as long?),
            Operations.IsTrue(TransformLibrary.Get(keywords, "reverse", false)),
            TransformLibrary.Get(keywords, "unroll") is long unroll ? (int)unroll : 1
        );
        return new PyTuple([carry, ys]);
    }

    private static object? Checkpoint(IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> keywords)
    {
        var policy = TransformLibrary.Get(keywords, "policy") as CheckpointPolicy;
        return (Function)(
            (arguments, callKeywords) =>
                Jax.Checkpoint<PyTuple, object?>(TransformLibrary.Lift(given[0], callKeywords), policy)(
                    TransformLibrary.AsArguments(arguments)
                )
        );
    }

    /// <summary>The positions that a rule does not differentiate by.</summary>
    private static HashSet<int> Fixed(IReadOnlyDictionary<string, object?> keywords) =>
        TransformLibrary.Get(keywords, "nondiff_argnums") is IEnumerable<object?> positions
            ? [.. positions.Select(position => (int)(long)position!)]
            : [];

    private static List<object?> Merge(IReadOnlyList<object?> arguments, HashSet<int> fixedPositions, PyTuple active)
    {
        int next = 0;
        return [.. arguments.Select((argument, i) => fixedPositions.Contains(i) ? argument : active.Items[next++])];
    }

    private static (List<object?> Fixed, PyTuple Active) Split(
        IReadOnlyList<object?> arguments,
        HashSet<int> fixedPositions
    ) =>
        (
            [.. arguments.Where((_, i) => fixedPositions.Contains(i))],
            TransformLibrary.AsArguments(arguments.Where((_, i) => !fixedPositions.Contains(i)))
        );

    private static object? CustomJvp(IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> keywords)
    {
        object? function = given[0];
        object? rule = null;
        HashSet<int> fixedPositions = Fixed(keywords);
        var result = new FunctionObject(
            (arguments, _) =>
            {
                (List<object?> rest, PyTuple active) = Split(arguments, fixedPositions);
                return Jax.CustomJvp<PyTuple, object?>(
                    t => Call(function, [.. Merge(arguments, fixedPositions, t)]),
                    (t, dt) => TransformLibrary.Pair(Call(rule, [.. rest, t, dt]))
                )(active);
            }
        );
        result.Members["defjvp"] = (Function)((rules, _) => rule = rules[0]);
        result.Members["defjvps"] = (Function)(
            (rules, _) =>
            {
                rule = (Function)(
                    (pair, _) =>
                    {
                        var primals = (PyTuple)pair[0]!;
                        var tangents = (PyTuple)pair[1]!;
                        object? value = Call(function, [.. primals.Items]);
                        object? sum = rules
                            .Select(
                                (each, i) =>
                                    each is null
                                        ? null
                                        : Interpreter.Invoke(each, [tangents.Items[i], value, .. primals.Items])
                            )
                            .Where(term => term is not null)
                            .Aggregate((a, b) => Operations.Binary("+", a, b));
                        return new PyTuple([value, sum]);
                    }
                );
                return null;
            }
        );
        return result;
    }

    private static object? CustomVjp(IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> keywords)
    {
        object? function = given[0];
        object? forward = null;
        object? backward = null;
        HashSet<int> fixedPositions = Fixed(keywords);
        var result = new FunctionObject(
            (arguments, _) =>
            {
                (List<object?> rest, PyTuple active) = Split(arguments, fixedPositions);
                return Jax.CustomVjp<PyTuple, object?, object?>(
                    t => Call(function, [.. Merge(arguments, fixedPositions, t)]),
                    t => TransformLibrary.Pair(Call(forward, [.. Merge(arguments, fixedPositions, t)])),
                    (residuals, cotangent) =>
                        new PyTuple([.. Interpreter.Items(Call(backward, [.. rest, residuals, cotangent]))])
                )(active);
            }
        );
        result.Members["defvjp"] = (Function)(
            (rules, _) =>
            {
                (forward, backward) = (rules[0], rules[1]);
                return null;
            }
        );
        return result;
    }
}
