using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using JaxSharp.Haiku;

namespace JaxSharp.Goldens.Programs;

/// <summary>Haiku as programs use it: modules are made by reflection, functions of programs are transformed.</summary>
internal static class HaikuLibrary
{
    private static readonly Dictionary<string, Function> Functions = new(StringComparer.Ordinal)
    {
        ["hk.transform"] = (arguments, _) => Pair(Hk.Transform(Lift(arguments[0]))),
        ["hk.transform_with_state"] = (arguments, _) => Pair(Hk.TransformWithState(Lift(arguments[0]))),
        ["hk.without_apply_rng"] = (arguments, _) =>
            PairOf(arguments[0]) switch
            {
                Hk.Transformed<PyTuple, object?> f => Pair(Hk.WithoutApplyRng(f)),
                Hk.TransformedWithState<PyTuple, object?> f => Pair(Hk.WithoutApplyRng(f)),
                var other => throw new UnsupportedProgramException($"without_apply_rng of {other}"),
            },
        ["hk.without_state"] = (arguments, _) =>
            Pair(Hk.WithoutState((Hk.TransformedWithState<PyTuple, object?>)PairOf(arguments[0])!)),
        ["hk.with_empty_state"] = (arguments, _) =>
            Pair(Hk.WithEmptyState((Hk.Transformed<PyTuple, object?>)PairOf(arguments[0])!)),
        ["hk.grad"] = TransformLibrary.Decorator((f, k) => TransformLibrary.Grad(f, k, withValue: false, Gradient)),
        ["hk.value_and_grad"] = TransformLibrary.Decorator(
            (f, k) => TransformLibrary.Grad(f, k, withValue: true, Gradient)
        ),
        ["hk.dynamic_unroll"] = (arguments, keywords) =>
            Library.FromLibrary(
                ModuleCall.RunFunction(
                    "hk.dynamic_unroll",
                    arguments[0]!,
                    [.. arguments.Skip(1).Select(Library.ToGolden)],
                    Keywords(keywords),
                    new ArgumentConverter(strict: false)
                )
            ),
        ["hk.testing.transform_and_run"] = (arguments, _) =>
            (Function)(
                (values, _) =>
                {
                    var f = Hk.TransformWithState(Lift(arguments[0]));
                    var (parameters, state) = f.Init(42, new PyTuple(values));
                    return f.Apply(parameters, state, 42, new PyTuple(values)).Result;
                }
            ),
    };

    // These take functions of several types; the programs that use them are written in C#.
    private static readonly HashSet<string> Translated =
    [
        "hk.lift",
        "hk.transparent_lift",
        "hk.lift_with_state",
        "hk.layer_stack",
    ];

    /// <summary>What a name such as <c>hk.nets.MLP</c> stands for.</summary>
    public static object? Member(string path)
    {
        if (Functions.TryGetValue(path, out Function? function))
        {
            return function;
        }

        if (Translated.Contains(path))
        {
            throw new UnsupportedProgramException($"{path} is translated by hand");
        }

        if (ModuleTable.TryConstant(path, out object? constant))
        {
            return constant;
        }

        return ModuleTable.Makers(path) switch
        {
            [] => throw new UnsupportedProgramException($"{path} is not implemented"),
            [ConstructorInfo, ..] => (Function)((arguments, keywords) => Make(path, arguments, keywords)),
            _ => (Function)((arguments, keywords) => Library.Call(path, arguments, keywords)),
        };
    }

    /// <summary>Calls a method of a module, or a delegate.</summary>
    public static object? Call(
        object callee,
        string method,
        IReadOnlyList<object?> arguments,
        IReadOnlyDictionary<string, object?> keywords
    ) =>
        Library.FromLibrary(
            ModuleCall.Run(
                callee,
                method,
                [.. arguments.Select(Library.ToGolden)],
                Keywords(keywords),
                new ArgumentConverter(strict: false)
            )
        );

    public static object? Attribute(Hk.Module module, string name)
    {
        PropertyInfo? property = module.GetType().GetProperties().FirstOrDefault(p => Names.Same(p.Name, name));
        return property is not null
            ? Library.FromLibrary(property.GetValue(module))
            : (Function)((arguments, keywords) => Call(module, name, arguments, keywords));
    }

    private static object Make(
        string path,
        IReadOnlyList<object?> arguments,
        IReadOnlyDictionary<string, object?> keywords
    ) =>
        ModuleMaker.Make(
            new ModuleValue(path, [.. arguments.Select(Library.ToGolden)], Keywords(keywords)),
            new ArgumentConverter(strict: false)
        );

    private static Dictionary<string, GoldenValue> Keywords(IReadOnlyDictionary<string, object?> keywords) =>
        keywords.ToDictionary(entry => entry.Key, entry => Library.ToGolden(entry.Value));

    private static Func<PyTuple, ((NDArray Value, object? Aux) Value, PyTuple Grad)> Gradient(
        Func<PyTuple, (NDArray Value, object? Aux)> function,
        bool holomorphic,
        bool allowInt
    ) => Hk.ValueAndGrad<PyTuple, object?>(function, hasAux: true, holomorphic);

    private static Func<PyTuple, object?> Lift(object? function) =>
        arguments => Interpreter.Invoke(function, arguments.Items, new Dictionary<string, object?>());

    private static object? PairOf(object? pair) => (pair as FunctionObject)?.Members["pair"];

    private static FunctionObject Pair(Hk.Transformed<PyTuple, object?> f) =>
        Pair(
            f,
            arguments => f.Init(Rng(arguments[0]), Rest(arguments, 1)),
            arguments => f.Apply(Params(arguments[0]), Rng(arguments[1]), Rest(arguments, 2))
        );

    private static FunctionObject Pair(Hk.TransformedWithState<PyTuple, object?> f) =>
        Pair(
            f,
            arguments => f.Init(Rng(arguments[0]), Rest(arguments, 1)),
            arguments => f.Apply(Params(arguments[0]), State(arguments[1]), Rng(arguments[2]), Rest(arguments, 3))
        );

    private static FunctionObject Pair(Hk.TransformedWithoutRng<PyTuple, object?> f) =>
        Pair(
            f,
            arguments => f.Init(Rng(arguments[0]), Rest(arguments, 1)),
            arguments => f.Apply(Params(arguments[0]), Rest(arguments, 1))
        );

    private static FunctionObject Pair(Hk.TransformedWithStateWithoutRng<PyTuple, object?> f) =>
        Pair(
            f,
            arguments => f.Init(Rng(arguments[0]), Rest(arguments, 1)),
            arguments => f.Apply(Params(arguments[0]), State(arguments[1]), Rest(arguments, 2))
        );

    private static FunctionObject Pair(
        object pair,
        Func<IReadOnlyList<object?>, object?> init,
        Func<IReadOnlyList<object?>, object?> apply
    ) =>
        new((_, _) => throw new UnsupportedProgramException("a pair of functions cannot be called"))
        {
            Members =
            {
                ["pair"] = pair,
                ["init"] = (Function)((arguments, _) => Library.FromLibrary(init(arguments))),
                ["apply"] = (Function)((arguments, _) => Library.FromLibrary(apply(arguments))),
            },
        };

    private static PyTuple Rest(IReadOnlyList<object?> arguments, int start) => new([.. arguments.Skip(start)]);

    private static Hk.Rng? Rng(object? rng) =>
        rng switch
        {
            null => null,
            PrngKey key => key,
            NDArray key => key,
            long seed => seed,
            _ => throw new JaxArgumentException($"{rng} is no random key"),
        };

    private static Hk.Params Params(object? value)
    {
        var parameters = new Hk.Params();
        foreach (var (path, group) in Map(value))
        {
            parameters[path] = [];
            foreach (var (name, array) in Map(group))
            {
                parameters[path][name] = PyTree.ToArray(array);
            }
        }

        return parameters;
    }

    private static Hk.State State(object? value)
    {
        var state = new Hk.State();
        foreach (var (path, group) in Map(value))
        {
            state[path] = [];
            foreach (var (name, entry) in Map(group))
            {
                state[path][name] = entry!;
            }
        }

        return state;
    }

    private static Dictionary<string, object?> Map(object? value) =>
        value as Dictionary<string, object?>
        ?? (value is null ? [] : throw new JaxArgumentException($"{value} is no dictionary of parameters or states"));
}
