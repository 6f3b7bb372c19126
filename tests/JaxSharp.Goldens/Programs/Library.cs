using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using JaxSharp.Numpy;

namespace JaxSharp.Goldens.Programs;

/// <summary>What a program reaches through names and attributes: JaxSharp's public functions, by their JAX names.</summary>
internal static class Library
{
    private static readonly Dictionary<string, object?> NoKeywords = [];

    public static string ModuleOf(string import) =>
        import switch
        {
            "jax.numpy" => "jnp",
            "jax.lax" => "lax",
            "jax.flatten_util" or "jax.ad_checkpoint" => "jax",
            _ => import,
        };

    /// <summary>Calls a public function of JaxSharp.</summary>
    public static object? Call(
        string name,
        IReadOnlyList<object?> arguments,
        IReadOnlyDictionary<string, object?> keywords
    )
    {
        if (keywords.Count == 0 && CallTranslations.JoinedKeys(name, arguments) is PrngKey keys)
        {
            return keys;
        }

        if (CallTranslations.For(name) is CallTranslation translation)
        {
            (name, arguments, keywords) = translation(arguments, keywords);
        }

        var golden = new GoldenCase
        {
            Id = name,
            Function = name,
            Arguments = [.. arguments.Select(ToGolden)],
            Keywords = keywords.ToDictionary(entry => entry.Key, entry => ToGolden(entry.Value)),
        };
        IReadOnlyList<CallCandidate> candidates = Callable.Resolve(golden);
        if (candidates.Count == 0)
        {
            throw new UnsupportedProgramException($"{name} is not implemented");
        }

        BoundCall[] calls =
        [
            .. candidates
                .Select(candidate => candidate(new ArgumentConverter(strict: false)))
                .OfType<BoundCall>()
                .OrderBy(bound => bound.Cost),
        ];
        if (calls.Length == 0)
        {
            throw new JaxArgumentException(
                $"no overload of {name} takes ({string.Join(", ", golden.Arguments.Select(a => a.ToString()))}; "
                    + $"{string.Join(", ", golden.Keywords.Select(k => $"{k.Key}={k.Value}"))})"
            );
        }

        return FromLibrary(InvokeFirst(calls));
    }

    // A function in Python fits a delegate of any number of arguments: where one overload refuses, another may be meant.
    private static object? InvokeFirst(BoundCall[] calls)
    {
        JaxException? refusal = null;
        foreach (BoundCall call in calls)
        {
            try
            {
                return call.Invoke();
            }
            catch (JaxException error)
            {
                refusal ??= error;
            }
        }

        throw refusal!;
    }

    /// <summary>A value of the interpreter as an argument.</summary>
    public static GoldenValue ToGolden(object? value) =>
        value switch
        {
            null => NoneValue.Instance,
            GoldenValue golden => golden,
            bool flag => new BoolValue(flag),
            long number => new IntValue(number),
            double number => new FloatValue(number),
            Complex number => new ComplexValue(number),
            string text => new TextValue(text),
            DType dtype => new DTypeValue(dtype.Name),
            PyTuple tuple => new TupleValue([.. tuple.Items.Select(ToGolden)]),
            List<object?> list => new ListValue([.. list.Select(ToGolden)]),
            PySlice slice => new SliceValue(ToGolden(slice.Start), ToGolden(slice.Stop), ToGolden(slice.Step)),
            Dictionary<string, object?> map => new MapValue(
                map.ToDictionary(entry => entry.Key, entry => ToGolden(entry.Value)),
                null
            ),
            FunctionObject function => new LiveValue(function.Call),
            Function function when Builtins.TypeOf(function) is string type => new DTypeValue(type),
            _ => new LiveValue(value),
        };

    /// <summary>A recorded input as a value of the interpreter.</summary>
    public static object? FromGolden(GoldenValue value) =>
        value switch
        {
            NoneValue => null,
            BoolValue flag => flag.Value,
            IntValue number => (long)number.Value,
            FloatValue number => number.Value,
            ComplexValue number => number.Value,
            TextValue text => text.Value,
            ArrayValue array => ArrayBridge.FromValue(array),
            KeyValue key => new PrngKey(ArrayBridge.FromValue(key.Words)),
            TupleValue tuple => new PyTuple([.. tuple.Items.Select(FromGolden)]),
            ListValue list => list.Items.Select(FromGolden).ToList(),
            MapValue map => map.Items.ToDictionary(entry => entry.Key, entry => FromGolden(entry.Value)),
            DTypeValue dtype => ArrayBridge.DTypeOf(dtype.Name),
            _ => throw new UnsupportedProgramException(value.GetType().Name),
        };

    /// <summary>A result of JaxSharp as a value of the interpreter.</summary>
    public static object? FromLibrary(object? value) =>
        value switch
        {
            int or uint or short or ushort or byte or sbyte => Convert.ToInt64(value),
            float number => (double)number,
            Shape shape => new PyTuple([.. shape.Select(extent => (object?)(long)extent)]),
            NDArray or string or long or double or bool or Complex or DType or null => value,
            ITuple tuple => new PyTuple([.. Enumerable.Range(0, tuple.Length).Select(i => FromLibrary(tuple[i]))]),
            IDictionary dictionary => dictionary
                .Keys.Cast<object>()
                .ToDictionary(key => key.ToString()!, key => FromLibrary(dictionary[key])),
            IList list => list.Cast<object?>().Select(FromLibrary).ToList(),
            _ => value,
        };

    public static object? Attribute(object? owner, string name)
    {
        switch (owner)
        {
            case Module module:
                return ModuleMember(module.Member(name));
            case FunctionObject function:
                return function.Members.TryGetValue(name, out object? member)
                    ? member
                    : throw new UnsupportedProgramException($"a function has no {name}");
            case AtProxy at:
                return (Function)(
                    (arguments, keywords) => Call("at." + name, [at.Array, at.Index, .. arguments], keywords)
                );
            case NDArray array:
                return ArrayMember(array, name);
            case List<object?> list when name == "append":
                return (Function)(
                    (arguments, _) =>
                    {
                        list.Add(arguments[0]);
                        return null;
                    }
                );
            case string path when name is "reduce" or "accumulate" or "outer" or "at" or "reduceat":
                return (Function)((arguments, keywords) => Call($"{path}.{name}", arguments, keywords));
            case Dictionary<string, object?> dictionary when name is "items" or "keys" or "values":
                return (Function)(
                    (_, _) =>
                        dictionary
                            .Select(entry =>
                                name == "keys" ? entry.Key
                                : name == "values" ? entry.Value
                                : new PyTuple([entry.Key, entry.Value])
                            )
                            .ToList()
                );
            case Haiku.Hk.Module module:
                return HaikuLibrary.Attribute(module, name);
            case PrngKey keys when name == "reshape":
                return (Function)((arguments, _) => keys.Reshape([.. arguments.Select(extent => (int)(long)extent!)]));
            case JaxSharp.Numpy.Ufunc ufunc:
                return (Function)((arguments, keywords) => HaikuLibrary.Call(ufunc, name, arguments, keywords));
            case JaxSharp.Optax.GradientTransformation transformation:
                return OptaxLibrary.Attribute(transformation, name);
            case DType dtype when name == "name":
                return dtype.LongName;
            default:
                PropertyInfo? property = owner
                    ?.GetType()
                    .GetProperties()
                    .FirstOrDefault(property => Names.Same(property.Name, name));
                return property is not null
                    ? FromLibrary(property.GetValue(owner))
                    : throw new UnsupportedProgramException($"{owner?.GetType().Name ?? "None"} has no {name}");
        }
    }

    private static object? ArrayMember(NDArray array, string name)
    {
        switch (name)
        {
            case "shape":
                return FromLibrary(array.Shape);
            case "dtype":
                return array.DType;
            case "ndim":
                return (long)array.Ndim;
            case "size":
                return array.Size;
            case "at":
                return new AtProxy(array, null, false);
            case "T":
                return Call("jnp.transpose", [array], NoKeywords);
            case "real" or "imag":
                return Call("jnp." + name, [array], NoKeywords);
            case "astype":
                return (Function)((arguments, keywords) => Call("astype", [array, .. arguments], keywords));
            case "view" or "item" or "tolist":
                return (Function)(
                    (arguments, keywords) =>
                        Call(name == "view" ? name : "Array." + name, [array, .. arguments], keywords)
                );
            case "reshape":
                return (Function)(
                    (arguments, keywords) =>
                        Call(
                            "jnp.reshape",
                            [array, arguments.Count == 1 ? arguments[0] : new PyTuple(arguments)],
                            keywords
                        )
                );
            case "flatten" or "byteswap":
                return (Function)((arguments, keywords) => Call("Array." + name, [array, .. arguments], keywords));
            default:
                return (Function)((arguments, keywords) => Call("jnp." + name, [array, .. arguments], keywords));
        }
    }

    private static object? ModuleMember(string path)
    {
        // jax.tree_util repeats its name in those of its functions.
        path = path.Replace("tree.tree_", "tree.", StringComparison.Ordinal);
        if (Module.IsModule(path))
        {
            return new Module(path);
        }

        if (path.StartsWith("hk.", StringComparison.Ordinal))
        {
            return HaikuLibrary.Member(path);
        }

        if (path.StartsWith("optax.", StringComparison.Ordinal))
        {
            return OptaxLibrary.Member(path);
        }

        if (Builtins.Constants.TryGetValue(path, out object? constant))
        {
            return constant;
        }

        if (TransformLibrary.Functions.TryGetValue(path, out Function? function))
        {
            return function;
        }

        if (ControlFlowLibrary.Functions.TryGetValue(path, out function))
        {
            return function;
        }

        if (
            (
                path.StartsWith("jnp.", StringComparison.Ordinal)
                || path.StartsWith("jax.dtypes.", StringComparison.Ordinal)
            ) && ArrayBridge.DTypeOf(path.Split('.')[^1].TrimEnd('_')) is DType dtype
        )
        {
            return dtype;
        }

        return new FunctionObject((arguments, keywords) => Call(path, arguments, keywords))
        {
            Path = path,
            Members =
            {
                ["reduce"] = Method(path, "reduce"),
                ["accumulate"] = Method(path, "accumulate"),
                ["outer"] = Method(path, "outer"),
                ["at"] = Method(path, "at"),
                ["reduceat"] = Method(path, "reduceat"),
            },
        };
    }

    private static Function Method(string path, string name) =>
        (arguments, keywords) => Call($"{path}.{name}", arguments, keywords);

    /// <summary>Objects such as <c>jnp.mgrid</c> that are indexed, not called.</summary>
    public static object? Index(object owner, object? index)
    {
        if (owner is not FunctionObject { Path: "jnp.mgrid" or "jnp.ogrid" } grid)
        {
            throw new UnsupportedProgramException($"{owner.GetType().Name}[{index}]");
        }

        GridRange[] axes = [.. (index is PyTuple several ? several : new PyTuple([index])).Select(GridAxis)];
        return grid.Path == "jnp.mgrid" ? Jnp.MGrid[axes] : Jnp.OGrid[axes].ToList<object?>();
    }

    private static GridRange GridAxis(object? slice) =>
        slice switch
        {
            PySlice { Start: long start, Stop: long stop, Step: null } => ((int)start, (int)stop, 1),
            PySlice { Start: long start, Stop: long stop, Step: long step } => ((int)start, (int)stop, (int)step),
            PySlice { Step: Complex count } points => GridRange.Points(
                Convert.ToDouble(points.Start),
                Convert.ToDouble(points.Stop),
                (int)count.Imaginary
            ),
            PySlice range => (
                Convert.ToDouble(range.Start),
                Convert.ToDouble(range.Stop),
                Convert.ToDouble(range.Step)
            ),
            _ => throw new UnsupportedProgramException($"a grid of {slice}"),
        };
}
