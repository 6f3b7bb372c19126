using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Numpy;

/// <summary>
/// What holds for every function of arrays, whatever it computes: it answers, or refuses with an exception of this library; under
/// <c>Jit</c> and <c>Vmap</c> it gives what it gives without.
/// </summary>
public sealed class EveryFunctionTests
{
    private static readonly Shape[] Shapes = [Shape.Scalar, 0, 3, (2, 3), (2, 0)];

    private static readonly DType[] Types = [DType.Bool, DType.U8, DType.I32, DType.BF16, DType.F32, DType.C64];

    private static readonly Dictionary<string, MethodInfo> Functions = new[] { typeof(Jnp), typeof(Lax), typeof(Nn) }
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => ArrayCount(method) > 0)
        .ToDictionary(method =>
            $"{method.DeclaringType!.Name}.{method.Name}({string.Join(",", method.GetParameters().Select(p => p.Name))})"
        );

    public static TheoryData<string> Names => [.. Functions.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AnswersOrRefuses(string name)
    {
        var method = Functions[name];
        foreach (var type in Types)
        {
            foreach (var shape in Shapes)
            {
                string call = $"{name} of {type}{shape}";
                var (first, second) = (Draw(method, type, shape, 1), Draw(method, type, shape, 2));
                if (Answer(call, () => Call(method, first)) is not { } expected)
                {
                    continue;
                }

                if (Answer(call + " under Jit", () => Jit((NDArray[] xs) => Call(method, xs))(first)) is { } compiled)
                {
                    AssertSame(call + " under Jit", expected, compiled);
                }

                NDArray[] stacked = [.. first.Zip(second, (a, b) => Jnp.Stack([a, b]))];
                if (
                    Answer(call, () => Call(method, second)) is { } other
                    && other.Zip(expected).All(pair => pair.First.Shape == pair.Second.Shape)
                    && Answer(call + " under Vmap", () => Vmap((NDArray[] xs) => Call(method, xs))(stacked))
                        is { } mapped
                )
                {
                    NDArray[] both = [.. expected.Zip(other, (a, b) => Jnp.Stack([a, b]))];
                    AssertSame(call + " under Vmap", both, mapped);
                }
            }
        }
    }

    // The leading arrays that a function needs; 0 where it needs something else too.
    private static int ArrayCount(MethodInfo method)
    {
        var parameters = method.GetParameters();
        int count = parameters.TakeWhile(p => p.ParameterType == typeof(NDArray) && !p.HasDefaultValue).Count();
        bool isCallable = count <= 3 && parameters.Skip(count).All(p => p.HasDefaultValue);
        return isCallable && !method.IsGenericMethod && Leaves(method.ReturnType) ? count : 0;
    }

    private static bool Leaves(Type result) =>
        result == typeof(NDArray)
        || result == typeof(NDArray[])
        || (typeof(ITuple).IsAssignableFrom(result) && result.GetGenericArguments().All(Leaves));

    private static NDArray[] Draw(MethodInfo method, DType type, Shape shape, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, ArrayCount(method))
                .Select(_ =>
                {
                    float[] numbers =
                    [
                        .. Enumerable.Range(0, (int)shape.Size).Select(_ => random.Next(-200, 400) / 100f),
                    ];
                    var array = Jnp.Array(numbers).Reshape(shape);
                    return (type.IsUnsigned ? Jnp.Abs(array) : array).AsType(type);
                }),
        ];
    }

    private static NDArray[] Call(MethodInfo method, NDArray[] arrays)
    {
        object?[] others = [.. method.GetParameters().Skip(arrays.Length).Select(Default)];
        return Flatten(method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. arrays, .. others], null));
    }

    private static object? Default(ParameterInfo parameter) =>
        parameter.DefaultValue is null
            ? parameter.ParameterType.IsValueType
                ? Activator.CreateInstance(parameter.ParameterType)
                : null
            : Nullable.GetUnderlyingType(parameter.ParameterType) is { IsEnum: true } type
                ? Enum.ToObject(type, parameter.DefaultValue)
                : parameter.DefaultValue;

    private static NDArray[] Flatten(object? result) =>
        result switch
        {
            NDArray array => [array],
            NDArray[] arrays => arrays,
            ITuple tuple => [.. Enumerable.Range(0, tuple.Length).SelectMany(i => Flatten(tuple[i]))],
            _ => [],
        };

    // Null for a refusal; any exception that is no refusal fails the test.
    private static NDArray[]? Answer(string call, Func<NDArray[]> function)
    {
        try
        {
            return function();
        }
        catch (JaxException refusal) when (refusal is not InternalException)
        {
            return null;
        }
        catch (Exception error)
        {
            Assert.Fail($"{call}: {error}");
            return null;
        }
    }

    private static void AssertSame(string call, NDArray[] expected, NDArray[] got)
    {
        Assert.True(expected.Length == got.Length, $"{call} gives {got.Length} arrays, expected {expected.Length}");
        for (int i = 0; i < got.Length; i++)
        {
            var (x, y) = (expected[i], got[i]);
            Assert.True(
                x.DType == y.DType && x.Shape == y.Shape,
                $"{call} gives {y.DType}{y.Shape}, expected {x.DType}{x.Shape}"
            );
            double tolerance = x.DType == DType.BF16 ? 3e-2 : 3e-5;
            var compared = x.DType.IsComplex ? DType.C64 : DType.F32;
            bool same = (bool)
                Jnp.AllClose(x.AsType(compared), y.AsType(compared), tolerance, tolerance, equalNan: true);
            Assert.True(same, $"{call} gives {y}, expected {x}");
        }
    }
}
