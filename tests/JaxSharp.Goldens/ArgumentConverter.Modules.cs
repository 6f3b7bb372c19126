using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using JaxSharp.Haiku;

namespace JaxSharp.Goldens;

/// <content>Modules and initialisers of Haiku as arguments.</content>
public sealed partial class ArgumentConverter
{
    private readonly Dictionary<GoldenValue, object> made = new(ReferenceEqualityComparer.Instance);

    /// <summary>The module of a recorded one; always the same object.</summary>
    public object Module(ModuleValue value) => ((LiveValue)Made(value)).Value;

    private GoldenValue Made(GoldenValue value)
    {
        if (value is not (ModuleValue or InitializerValue))
        {
            return value;
        }

        if (!made.TryGetValue(value, out object? result))
        {
            result = value is ModuleValue module
                ? ModuleMaker.Make(module, this)
                : ModuleMaker.Make((InitializerValue)value, this);
            made[value] = result;
        }

        return new LiveValue(result);
    }

    private Hk.Params Parameters(MapValue map)
    {
        var result = new Hk.Params();
        foreach (var (path, group) in map.Items)
        {
            result[path] = [];
            foreach (var (name, array) in ((MapValue)group).Items)
            {
                result[path][name] = Array((ArrayValue)array);
            }
        }

        return result;
    }

    /// <summary>The implicit conversions that the classes of a value declare.</summary>
    private static bool TryOwnConversion(object value, Type target, out object? result)
    {
        for (Type? type = value.GetType(); type is not null; type = type.BaseType)
        {
            MethodInfo? conversion = type.GetMethods(BindingFlags.Public | BindingFlags.Static)
                .FirstOrDefault(method => method.Name == "op_Implicit" && method.ReturnType == target);
            if (conversion is not null)
            {
                result = Invocation.Call(conversion, null, [value]);
                return true;
            }
        }

        result = null;
        return false;
    }
}
