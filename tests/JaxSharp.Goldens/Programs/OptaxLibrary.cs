using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using JaxSharp.Goldens.Optax;
using JaxSharp.Optax;

namespace JaxSharp.Goldens.Programs;

/// <summary>Optax as programs use it: transformations have <c>init</c> and <c>update</c>, over trees of any kind.</summary>
internal static class OptaxLibrary
{
    /// <summary>What a name such as <c>optax.contrib.sam</c> stands for.</summary>
    public static object? Member(string path) =>
        path switch
        {
            "optax.with_extra_args_support" => (Function)((arguments, _) => arguments[0]),
            "optax.value_and_grad_from_state" => (Function)((arguments, _) => FromState(arguments[0])),
            "optax.monitor" or "optax.tree.set" => throw new UnsupportedProgramException(
                $"{path} is translated by hand"
            ),
            "optax.inject_hyperparams" => (Function)((arguments, keywords) => Inject(path, arguments[0], keywords)),
            _ => new FunctionObject((arguments, keywords) => Library.Call(path, arguments, keywords))
            {
                Members = { ["__name__"] = path },
            },
        };

    /// <summary>A method of a transformation.</summary>
    public static object? Attribute(GradientTransformation transformation, string name) =>
        name switch
        {
            "init" => (Function)((arguments, _) => transformation.Init(Tree(arguments[0])!)),
            "update" => (Function)((arguments, keywords) => Update(transformation, arguments, keywords)),
            _ => Method(transformation, name),
        };

    /// <summary>The state with another value of a hyperparameter: states do not change, the program's name gets another one.</summary>
    public static InjectStatefulHyperparamsState With(
        InjectStatefulHyperparamsState state,
        object? name,
        object? value
    ) => state.With((string)name!, PyTree.ToArray(value));

    private static PyTuple Update(
        GradientTransformation transformation,
        IReadOnlyList<object?> arguments,
        IReadOnlyDictionary<string, object?> keywords
    )
    {
        object? parameters = arguments.Count > 2 ? arguments[2] : keywords.GetValueOrDefault("params");
        (object updates, OptState state) = transformation.Update(
            Tree(arguments[0])!,
            (OptState)arguments[1]!,
            Tree(parameters),
            Extra(keywords)
        );
        return new PyTuple([Library.FromLibrary(updates), state]);
    }

    private static Function FromState(object? function)
    {
        var loss =
            (Func<object, NDArray>)SimpleConversions.MakeDelegate((Function)function!, typeof(Func<object, NDArray>))!;
        return (arguments, keywords) =>
            Library.FromLibrary(
                JaxSharp.Optax.Optax.ValueAndGradFromState(loss)(Tree(arguments[0])!, (OptState)keywords["state"]!)
            );
    }

    private static ExtraArgs Extra(IReadOnlyDictionary<string, object?> keywords) =>
        new()
        {
            Value = keywords.TryGetValue("value", out object? value) ? PyTree.ToArray(value) : null,
            Grad = Tree(keywords.GetValueOrDefault("grad")),
            ValueFn = Delegate(keywords, "value_fn", typeof(Func<object, NDArray>)),
            ["obj_fn"] = Delegate(keywords, "obj_fn", typeof(Func<object, NDArray>)),
            ["grad_fn"] = Delegate(keywords, "grad_fn", typeof(Func<object, int, object>)),
        };

    private static Delegate? Delegate(IReadOnlyDictionary<string, object?> keywords, string name, Type type) =>
        keywords.GetValueOrDefault(name) is Function function ? SimpleConversions.MakeDelegate(function, type) : null;

    private static Function Method(GradientTransformation transformation, string name)
    {
        MethodInfo method =
            Array.Find(transformation.GetType().GetMethods(), method => Names.Same(method.Name, name))
            ?? throw new UnsupportedProgramException($"{transformation.GetType().Name} has no {name}");
        return (arguments, _) => Library.FromLibrary(Invocation.Call(method, transformation, [.. arguments]));
    }

    private static Function Inject(string path, object? factory, IReadOnlyDictionary<string, object?> options) =>
        factory is FunctionObject { Members: var members } && options.Count == 0
            ? (_, keywords) =>
                new Recipe(
                    path,
                    [new TextValue((string)members["__name__"]!)],
                    keywords.ToDictionary(entry => entry.Key, entry => Library.ToGolden(entry.Value))
                ).Build()
            : throw new UnsupportedProgramException($"{path} with {string.Join(", ", options.Keys)}");

    private static object? Tree(object? tree) =>
        new ArgumentConverter(strict: false).TryConvert(
            Library.ToGolden(tree),
            typeof(object),
            out object? converted,
            out _
        )
            ? converted
            : throw new TreeException($"{tree} is no tree of arrays.");
}
