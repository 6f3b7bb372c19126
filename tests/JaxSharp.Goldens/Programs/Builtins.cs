using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Goldens.Programs;

/// <summary>Python's own functions, and constants of modules.</summary>
internal static class Builtins
{
    public static Dictionary<string, object?> Constants { get; } =
        new()
        {
            ["jnp.inf"] = double.PositiveInfinity,
            ["jnp.nan"] = double.NaN,
            ["jnp.pi"] = Math.PI,
            ["jnp.e"] = Math.E,
            ["jnp.newaxis"] = null,
            ["jnp.s_"] = new IndexExpression(),
            ["jnp.index_exp"] = new IndexExpression(),
            ["jax.checkpoint_policies.everything_saveable"] = CheckpointPolicy.EverythingSaveable,
            ["jax.checkpoint_policies.nothing_saveable"] = CheckpointPolicy.NothingSaveable,
            ["jax.checkpoint_policies.dots_saveable"] = CheckpointPolicy.DotsSaveable,
        };

    public static Dictionary<string, Function> Functions { get; } =
        new()
        {
            ["range"] = (arguments, _) => Range(arguments),
            ["partial"] = Partial,
            ["len"] = (arguments, _) =>
                arguments[0] switch
                {
                    NDArray array => (long)array.Shape[0],
                    TreePath path => (long)path.Length,
                    string text => (long)text.Length,
                    var items => (long)Interpreter.Items(items).Count(),
                },
            ["str"] = (arguments, _) => Text(arguments[0]),
            ["sum"] = (arguments, _) =>
                Interpreter
                    .Items(arguments[0])
                    .Aggregate(arguments.Count > 1 ? arguments[1] : 0L, (a, b) => Operations.Binary("+", a, b)),
            ["tuple"] = (arguments, _) => new PyTuple([.. Interpreter.Items(arguments[0])]),
            ["bytes"] = (arguments, _) =>
                Interpreter.Items(arguments[0]).Select(item => Convert.ToByte(item)).ToArray(),
            ["list"] = (arguments, _) => Interpreter.Items(arguments[0]).ToList(),
            ["zip"] = (arguments, _) => Zip(arguments),
            ["enumerate"] = (arguments, _) =>
                Interpreter.Items(arguments[0]).Select((item, i) => (object?)new PyTuple([(long)i, item])).ToList(),
            ["abs"] = (arguments, _) =>
                arguments[0] switch
                {
                    long number => Math.Abs(number),
                    double number => Math.Abs(number),
                    var other => Library.Call("jnp.abs", [other], new Dictionary<string, object?>()),
                },
            ["dict"] = (_, keywords) => keywords.ToDictionary(),
            ["int"] = (arguments, _) => Convert.ToInt64(arguments[0]),
            ["float"] = (arguments, _) =>
                arguments[0] is NDArray array
                    ? SimpleConversions.NumberOf(array, typeof(double))
                    : Convert.ToDouble(arguments[0]),
            ["bool"] = (arguments, _) => Operations.IsTrue(arguments[0]),
            ["sorted"] = (arguments, _) => Interpreter.Items(arguments[0]).Order(Ordering).ToList(),
            ["reversed"] = (arguments, _) => Interpreter.Items(arguments[0]).Reverse().ToList(),
            ["map"] = (arguments, _) =>
                Interpreter.Items(arguments[1]).Select(item => Interpreter.Invoke(arguments[0], item)).ToList(),
        };

    private static Comparer<object?> Ordering { get; } =
        Comparer<object?>.Create(
            (a, b) =>
                a is string first && b is string second
                    ? string.CompareOrdinal(first, second)
                    : Comparer<object?>.Default.Compare(a, b)
        );

    /// <summary>The element type that a function such as <c>float</c> stands for, if any.</summary>
    public static string? TypeOf(Function function) =>
        Array.Find(["float", "int", "bool"], name => Functions[name] == function);

    private static List<object?> Range(IReadOnlyList<object?> arguments)
    {
        long start = arguments.Count > 1 ? (long)arguments[0]! : 0;
        long stop = (long)arguments[arguments.Count > 1 ? 1 : 0]!;
        long step = arguments.Count > 2 ? (long)arguments[2]! : 1;
        var items = new List<object?>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            items.Add(i);
        }

        return items;
    }

    private static object? Partial(IReadOnlyList<object?> bound, IReadOnlyDictionary<string, object?> options) =>
        (Function)(
            (arguments, keywords) =>
                Interpreter.Invoke(
                    bound[0],
                    [.. bound.Skip(1), .. arguments],
                    new Dictionary<string, object?>(options.Concat(keywords))
                )
        );

    private static List<object?> Zip(IReadOnlyList<object?> arguments)
    {
        List<object?>[] columns = [.. arguments.Select(argument => Interpreter.Items(argument).ToList())];
        return
        [
            .. Enumerable
                .Range(0, columns.Min(column => column.Count))
                .Select(i => (object?)new PyTuple([.. columns.Select(column => column[i])])),
        ];
    }

    public static string Text(object? value) =>
        value switch
        {
            string text => text,
            List<object?> list => $"[{string.Join(", ", list.Select(Text))}]",
            PyTuple { Items: [var only] } => $"({Text(only)},)",
            PyTuple tuple => $"({string.Join(", ", tuple.Items.Select(Text))})",
            DType { Size: 0 } dtype => $"[('{dtype.LongName}', 'V')]", // NumPy's name for a type with a name of its own.
            DType dtype => dtype.LongName,
            bool flag => flag ? "True" : "False",
            null => "None",
            _ => value.ToString() ?? "",
        };

    /// <summary><c>jnp.s_[…]</c> is its index.</summary>
    internal sealed record IndexExpression;
}
