using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace JaxSharp.Goldens;

/// <summary>A call whose arguments are bound.</summary>
public sealed record BoundCall(Func<object?> Invoke, int Cost);

/// <summary>One way to make a recorded call in C#; null where the arguments do not fit it.</summary>
public delegate BoundCall? CallCandidate(ArgumentConverter converter);

/// <summary>Translates the function names of the goldens into C# calls: functions, operators, indexing, members.</summary>
public static class Callable
{
    private static readonly Dictionary<string, GoldenValue> NoKeywords = [];

    private static readonly Dictionary<string, string> Operators = new()
    {
        ["add"] = "op_Addition",
        ["sub"] = "op_Subtraction",
        ["mul"] = "op_Multiply",
        ["truediv"] = "op_Division",
        ["mod"] = "op_Modulus",
        ["and"] = "op_BitwiseAnd",
        ["or"] = "op_BitwiseOr",
        ["xor"] = "op_ExclusiveOr",
        ["lshift"] = "op_LeftShift",
        ["rshift"] = "op_RightShift",
        ["invert"] = "op_OnesComplement",
        ["neg"] = "op_UnaryNegation",
        ["pos"] = "op_UnaryPlus",
        ["lt"] = "op_LessThan",
        ["le"] = "op_LessThanOrEqual",
        ["gt"] = "op_GreaterThan",
        ["ge"] = "op_GreaterThanOrEqual",
        ["eq"] = "op_Equality",
        ["ne"] = "op_Inequality",
    };

    private static readonly Dictionary<string, string> OperatorFunctions = new()
    {
        ["sub"] = "jnp.subtract",
        ["mul"] = "jnp.multiply",
        ["truediv"] = "jnp.true_divide",
        ["floordiv"] = "jnp.floor_divide",
        ["pow"] = "jnp.power",
        ["and"] = "jnp.bitwise_and",
        ["or"] = "jnp.bitwise_or",
        ["xor"] = "jnp.bitwise_xor",
        ["lshift"] = "jnp.left_shift",
        ["rshift"] = "jnp.right_shift",
        ["neg"] = "jnp.negative",
        ["pos"] = "jnp.positive",
        ["lt"] = "jnp.less",
        ["le"] = "jnp.less_equal",
        ["gt"] = "jnp.greater",
        ["ge"] = "jnp.greater_equal",
        ["eq"] = "jnp.equal",
        ["ne"] = "jnp.not_equal",
    };

    /// <summary>All ways to make the call; none where the function does not exist.</summary>
    public static IReadOnlyList<CallCandidate> Resolve(GoldenCase golden)
    {
        string name = golden.Function!;
        string[] parts = name.Split('.');
        return parts[0] switch
        {
            "op" => ResolveOperator(parts[1], golden),
            "getitem" => ResolveGetItem(golden),
            "at" => ResolveAt(parts[1], golden),
            "Array" => ResolveMember(ArrayMember(parts[1]), golden.Arguments, golden.Keywords),
            "astype" or "view" => ResolveMember(name, golden.Arguments, golden.Keywords),
            "repr" => ResolveText(golden, "r"),
            "str" => ResolveText(golden),
            "format" => ResolveText(golden),
            "jnp" when ArrayBridge.DTypeOf(parts[1].TrimEnd('_')) is DType dtype => ResolveConversion(dtype, golden),
            "jnp" when parts.Length == 3 => ResolveUfunc(parts[1], parts[2], golden),
            "initializers" => ResolveInitializer(name, golden),
            _ => ResolveFunction(name, golden.Arguments, golden.Keywords),
        };
    }

    private static CallCandidate[] ResolveFunction(
        string name,
        IReadOnlyList<GoldenValue> arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords
    ) =>
        ModuleTable.TryConstant(name, out object? constant) && constant is Delegate function
            ?
            [
                converter =>
                    Invocation.TryBind(constant.GetType().GetMethod("Invoke")!, arguments, keywords, converter)
                        is Invocation bound
                        ? new BoundCall(() => bound.Invoke(function), bound.Cost)
                        : null,
            ]
            : Candidates(FunctionTable.Find(name), arguments, keywords);

    private static CallCandidate[] Candidates(
        IEnumerable<MethodInfo> methods,
        IReadOnlyList<GoldenValue> arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords
    ) =>
        [
            .. methods
                .SelectMany(CloseGeneric)
                .Select(method => new CallCandidate(converter =>
                    Invocation.TryBind(method, arguments, keywords, converter) is Invocation bound
                        ? new BoundCall(() => bound.Invoke(null), bound.Cost)
                        : null
                )),
        ];

    // A generic function takes any tree of arrays: an array, or tuples, lists and dictionaries as objects.
    private static MethodInfo[] CloseGeneric(MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return [method];
        }

        try
        {
            int count = method.GetGenericArguments().Length;
            return
            [
                .. new[] { typeof(NDArray), typeof(object) }.Select(type =>
                    method.MakeGenericMethod([.. Enumerable.Repeat(type, count)])
                ),
            ];
        }
        catch (ArgumentException)
        {
            return []; // A constraint excludes arrays.
        }
    }

    private static CallCandidate[] ResolveOperator(string name, GoldenCase golden)
    {
        MethodInfo[] methods = Operators.TryGetValue(name, out string? metadataName)
            ? FunctionTable.FindOperator(metadataName)
            : [];
        CallCandidate[] candidates = Candidates(methods, golden.Arguments, golden.Keywords);
        return candidates.Length > 0
            ? candidates
            : ResolveFunction(
                OperatorFunctions.GetValueOrDefault(name, "jnp." + name),
                golden.Arguments,
                golden.Keywords
            );
    }

    private static IReadOnlyList<GoldenValue> IndexItems(GoldenValue index) =>
        index is TupleValue tuple ? tuple.Items : [index];

    private static CallCandidate[] ResolveGetItem(GoldenCase golden) =>
        Indexers(typeof(NDArray), golden.Arguments[0], golden.Arguments[1]);

    private static CallCandidate[] Indexers(Type type, GoldenValue array, GoldenValue index) =>
        [
            .. FunctionTable
                .FindMembers(type, "item")
                .Where(method => method.Name == "get_Item")
                .Select(method => OnInstance(method, array, IndexItems(index), NoKeywords)),
        ];

    private static CallCandidate[] ResolveAt(string verb, GoldenCase golden)
    {
        MethodInfo? at = FunctionTable.FindMembers(typeof(NDArray), "at").FirstOrDefault();
        if (at is null || !FunctionTable.FindMembers(at.ReturnType, "item").Any(method => method.Name == "get_Item"))
        {
            return [];
        }

        MethodInfo[] indexers =
        [
            .. FunctionTable.FindMembers(at.ReturnType, "item").Where(method => method.Name == "get_Item"),
        ];
        IEnumerable<CallCandidate> candidates =
            from indexer in indexers
            from method in FunctionTable.FindMembers(indexer.ReturnType, verb)
            select new CallCandidate(converter =>
            {
                if (
                    !converter.TryConvert(golden.Arguments[0], typeof(NDArray), out object? operand, out _)
                    || Invocation.TryBind(indexer, IndexItems(golden.Arguments[1]), NoKeywords, converter)
                        is not Invocation place
                    || Invocation.TryBind(method, [.. golden.Arguments.Skip(2)], golden.Keywords, converter)
                        is not Invocation update
                )
                {
                    return null;
                }

                return new BoundCall(
                    () =>
                    {
                        object? updater = at.IsStatic
                            ? Invocation.Call(at, null, [operand])
                            : Invocation.Call(at, operand, []);
                        return update.Invoke(place.Invoke(updater));
                    },
                    place.Cost + update.Cost
                );
            });
        return [.. candidates];
    }

    private static string ArrayMember(string name) =>
        name switch
        {
            "float" => "op_Explicit double",
            "int" or "index" => "op_Explicit int",
            "bool" => "op_Explicit bool",
            "complex" => "op_Explicit complex",
            "len" => "length",
            _ => name,
        };

    private static CallCandidate[] ResolveMember(
        string name,
        GoldenValue[] arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords
    )
    {
        if (name.StartsWith("op_Explicit ", StringComparison.Ordinal))
        {
            string type = name["op_Explicit ".Length..];
            return Candidates(
                typeof(NDArray)
                    .GetMethods(BindingFlags.Public | BindingFlags.Static)
                    .Where(method => method.Name == "op_Explicit" && Names.Same(Alias(method.ReturnType), type)),
                arguments,
                keywords
            );
        }

        GoldenValue[] rest = arguments[1..];
        return
        [
            .. FunctionTable
                .FindMembers(typeof(NDArray), name)
                .Where(method => method.Name != "get_Item")
                .Select(method =>
                    method.IsStatic
                        ? Candidates([method], arguments, keywords)[0]
                        : OnInstance(method, arguments[0], rest, keywords)
                ),
        ];
    }

    private static string Alias(Type type) =>
        type == typeof(int) ? "int"
        : type == typeof(bool) ? "bool"
        : type.Name;

    private static CallCandidate OnInstance(
        MethodInfo method,
        GoldenValue instance,
        IReadOnlyList<GoldenValue> arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords
    ) =>
        converter =>
        {
            if (
                !converter.TryConvert(instance, typeof(NDArray), out object? target, out int cost)
                || target is null
                || Invocation.TryBind(method, arguments, keywords, converter) is not Invocation bound
            )
            {
                return null;
            }

            return new BoundCall(() => bound.Invoke(target), cost + bound.Cost);
        };

    private static CallCandidate[] ResolveText(GoldenCase golden, string? form = null) =>
        [
            converter =>
                golden.Arguments[0] is ArrayValue array
                    ? new BoundCall(
                        () =>
                        {
                            NDArray operand = converter.Array(array);
                            return operand.ToString(golden.Arguments is [_, TextValue format] ? format.Value : form);
                        },
                        0
                    )
                    : null,
        ];

    private static CallCandidate[] ResolveConversion(DType dtype, GoldenCase golden) =>
        ResolveFunction("jnp.asarray", [golden.Arguments[0], new DTypeValue(dtype.Name)], golden.Keywords);

    // A method of a binary function, as in jnp.add.reduce: a public static field or property of class Jnp or Ufuncs whose
    // value has the method.
    private static CallCandidate[] ResolveUfunc(string function, string method, GoldenCase golden)
    {
        object? holder = typeof(NDArray)
            .Assembly.GetExportedTypes()
            .Where(type => type.Name is "Jnp" or "Ufuncs" or "Ufunc" or "JnpUfuncs")
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .FirstOrDefault(property => Names.Same(property.Name, function))
            ?.GetValue(null);
        if (holder is null)
        {
            return [];
        }

        return
        [
            .. FunctionTable
                .FindMembers(holder.GetType(), method)
                .Select(member => new CallCandidate(converter =>
                    Invocation.TryBind(member, golden.Arguments, golden.Keywords, converter) is Invocation bound
                        ? new BoundCall(() => bound.Invoke(holder), bound.Cost)
                        : null
                )),
        ];
    }

    // initializers.he_normal(**factory) makes a function of (key, shape, dtype).
    private static CallCandidate[] ResolveInitializer(string name, GoldenCase golden)
    {
        IReadOnlyDictionary<string, GoldenValue> factory = golden.Keywords.GetValueOrDefault("factory") is MapValue map
            ? map.Items
            : NoKeywords;
        Dictionary<string, GoldenValue> keywords = golden
            .Keywords.Where(entry => entry.Key != "factory")
            .ToDictionary();
        return
        [
            .. FunctionTable
                .Find(name)
                .Select(method => new CallCandidate(converter =>
                {
                    if (!typeof(Delegate).IsAssignableFrom(method.ReturnType))
                    {
                        return
                            Invocation.TryBind(method, golden.Arguments, keywords, converter) is Invocation direct
                            && factory.Count == 0
                            ? new BoundCall(() => direct.Invoke(null), direct.Cost)
                            : null;
                    }

                    MethodInfo invoke = method.ReturnType.GetMethod("Invoke")!;
                    if (
                        Invocation.TryBind(method, [], factory, converter) is not Invocation make
                        || BindInitializer(invoke, golden.Arguments, keywords, converter) is not Invocation call
                    )
                    {
                        return null;
                    }

                    return new BoundCall(() => call.Invoke(make.Invoke(null)), make.Cost + call.Cost);
                })),
        ];
    }

    // A delegate type such as Func has no default arguments: without a dtype the initialiser gets null, then f32.
    private static Invocation? BindInitializer(
        MethodInfo invoke,
        GoldenValue[] arguments,
        Dictionary<string, GoldenValue> keywords,
        ArgumentConverter converter
    ) =>
        Invocation.TryBind(invoke, arguments, keywords, converter)
        ?? Invocation.TryBind(invoke, [.. arguments, NoneValue.Instance], keywords, converter)
        ?? Invocation.TryBind(invoke, [.. arguments, new DTypeValue("f32")], keywords, converter);
}
