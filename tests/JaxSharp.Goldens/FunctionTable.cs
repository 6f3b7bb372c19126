using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace JaxSharp.Goldens;

/// <summary>Finds public functions of JaxSharp by their JAX names.</summary>
public static class FunctionTable
{
    private static readonly Assembly Library = typeof(NDArray).Assembly;
    private static readonly Type[] StaticClasses =
    [
        .. Library.GetExportedTypes().Where(type => type is { IsAbstract: true, IsSealed: true }),
    ];
    private static readonly ConcurrentDictionary<string, MethodInfo[]> Cache = new(StringComparer.Ordinal);

    /// <summary>All public static methods that a JAX name such as <c>jnp.cumsum</c> or <c>jax.lax.add</c> stands for.</summary>
    public static MethodInfo[] Find(string name) => Cache.GetOrAdd(name, Search);

    private static MethodInfo[] Search(string name)
    {
        string[] parts = name.Split('.');
        if (parts[0] == "hk")
        {
            return ModuleTable.Functions(name);
        }

        if (parts[0] == "jax" && parts.Length > 2)
        {
            parts = parts[1..];
        }

        if (parts.Length < 2)
        {
            return [];
        }

        if (parts[0] == "optax")
        {
            return Optax.OptaxFunctions.Find(parts);
        }

        string[] classes = ClassNames(parts[..^1]);
        return
        [
            .. StaticClasses
                .Where(type => classes.Contains(type.Name, StringComparer.OrdinalIgnoreCase))
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
                .Where(method => !method.IsSpecialName && Names.Same(method.Name, parts[^1])),
        ];
    }

    private static string[] ClassNames(string[] module) =>
        module switch
        {
            ["jnp"] or ["numpy"] => ["Jnp"],
            ["random"] => ["JaxRandom", "Random"],
            ["jax"] => ["Jax"],
            ["nn"] => ["Nn", "JaxNn"],
            ["scipy", ..] or ["jnp", ..] => [module[^1], "Scipy" + module[^1], "Jnp" + module[^1]],
            _ => [module[^1], "Jnp" + module[^1]],
        };

    /// <summary>Operators, wherever they are declared.</summary>
    public static MethodInfo[] FindOperator(string metadataName) =>
        Cache.GetOrAdd(
            "operator " + metadataName,
            _ =>
                [
                    .. StaticClasses
                        .Append(typeof(NDArray))
                        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
                        .Where(method => method.Name == metadataName && method.ReturnType == typeof(NDArray)),
                ]
        );

    /// <summary>Methods and property getters of a type, extension members included, by JAX's name of the member.</summary>
    public static MethodInfo[] FindMembers(Type type, string name) =>
        Cache.GetOrAdd(
            type.FullName + " member " + name,
            _ =>
                [
                    .. type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
                        .Where(method =>
                            Names.Same(method.Name, name)
                            || (method.IsSpecialName && Names.Same(method.Name, "get_" + name))
                        ),
                    .. StaticClasses
                        .SelectMany(owner => owner.GetMethods(BindingFlags.Public | BindingFlags.Static))
                        .Where(method =>
                            method.GetParameters() is [{ } first, ..]
                            && first.ParameterType == type
                            && (
                                Names.Same(method.Name, "get_" + name)
                                || (
                                    Names.Same(method.Name, name)
                                    && method.IsDefined(
                                        typeof(System.Runtime.CompilerServices.ExtensionAttribute),
                                        false
                                    )
                                )
                            )
                        ),
                ]
        );
}
