using System;
using System.Collections.Generic;
using System.Threading;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Errors;

/// <summary>Exceptions of the user's function pass through every transformation, and leave nothing behind.</summary>
public class AfterErrorsTests
{
    private static readonly NDArray Input = jnp.Array([0.5f, 1.5f, 2.5f]);

    private static readonly Dictionary<string, Func<Func<NDArray, NDArray>, NDArray>> Transformations = new()
    {
        ["Grad"] = f => Grad((NDArray x) => jnp.Sum(f(x)))(Input),
        ["Grad of Grad"] = f => Grad((NDArray y) => jnp.Sum(Grad((NDArray x) => jnp.Sum(f(x)))(y)))(Input),
        ["Jvp"] = f => Jvp(f, Input, Input).Tangents,
        ["Vjp"] = f => Vjp(f, Input).Vjp(Input),
        ["Jit"] = f => Jit(f)(Input),
        ["Jit in Jit"] = f => Jit((NDArray x) => Jit(f)(x))(Input),
        ["Vmap"] = f => Vmap(f)(jnp.Stack([Input, Input])),
        ["named Vmap"] = f => Vmap((NDArray x) => Lax.PSum(f(x), "rows"), axisName: "rows")(jnp.Stack([Input, Input])),
        ["Scan"] = f => Lax.Scan((c, x) => (f(c), x), Input, Input).Carry,
        ["Scan under Grad"] = f => Grad((NDArray y) => jnp.Sum(Lax.Scan((c, x) => (f(c), x), y, y).Carry))(Input),
        ["Cond"] = f => Lax.Cond(true, x => x, f, Input),
        ["WhileLoop"] = f => Lax.WhileLoop(x => jnp.Sum(x) < 3, f, Input),
        ["WhileLoop's condition"] = f => Lax.WhileLoop(x => jnp.Sum(f(x)) > 0, x => x + 1, Input),
        ["Map"] = f => Lax.Map(x => jnp.Sum(f(Input) * x), Input),
        ["Checkpoint"] = f => Grad((NDArray x) => jnp.Sum(Checkpoint(f)(x)))(Input),
        ["CustomJvp"] = f => CustomJvp(f, (x, dx) => (f(x), dx))(Input),
        ["rule of CustomJvp"] = f => Jvp(CustomJvp((NDArray x) => x, (x, dx) => (x, f(dx))), Input, Input).Tangents,
        ["JacFwd"] = f => JacFwd(f)(Input),
        ["MakeJaxpr"] = f =>
        {
            MakeJaxpr(f)(Input);
            return Input;
        },
        ["EvalShape"] = f =>
        {
            EvalShape(f, Input);
            return Input;
        },
    };

    public static TheoryData<string> Names => [.. Transformations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ExceptionsPassThrough(string name)
    {
        var transformation = Transformations[name];
        float[] expected = Values(transformation(jnp.Sin));
        for (int i = 0; i < 2; i++)
        {
            var error = Assert.Throws<TimeZoneNotFoundException>(() =>
                transformation(x => jnp.Sum(jnp.Sin(x)) is { } ? throw new TimeZoneNotFoundException() : x)
            );
            Assert.NotNull(error.StackTrace);
            Assert.Equal(expected, Values(transformation(jnp.Sin)));
            // Outside of all transformations values are known.
            Assert.True((bool)(jnp.Sum(Input) > 4));
        }

        float[]? elsewhere = null;
        var thread = new Thread(() => elsewhere = Values(transformation(jnp.Sin)));
        thread.Start();
        thread.Join();
        Assert.Equal(expected, elsewhere);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LeakedValuesAreRefused(string name)
    {
        NDArray? leaked = null;
        Transformations[name](x => jnp.Sin(leaked = x));
        if (leaked is DeviceArray)
        {
            // The function ran on the values themselves, which stay good.
            Assert.Contains(name, (string[])["Vjp", "CustomJvp", "Jvp", "Map", "rule of CustomJvp"]);
            return;
        }

        Assert.Throws<LeakedTracerException>(() => _ = leaked! + 1);
        Assert.Throws<LeakedTracerException>(() => jnp.Sum(leaked!));
        Assert.Throws<LeakedTracerException>(() => Jit((NDArray x) => x + leaked!)(Input));
        Assert.Throws<LeakedTracerException>(() => Jit((NDArray x) => x * 2)(leaked!));
        Assert.Throws<LeakedTracerException>(() => Grad((NDArray x) => jnp.Sum(x * leaked!))(Input));
        Assert.Throws<LeakedTracerException>(() => Vmap((NDArray x) => x * leaked!)(Input));
        Assert.Throws<LeakedTracerException>(() => Lax.Scan((c, x) => (c * leaked!, x), Input, Input));
        Assert.Throws<LeakedTracerException>(() => Lax.Cond(true, x => x * leaked!, x => x, Input));
        // Printing it is no use of its value.
        Assert.Contains("f32[", leaked!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ACompiledFunctionThatThrewOnceIsTracedAgain()
    {
        bool fails = true;
        var function = Jit((NDArray x) => fails ? throw new TimeZoneNotFoundException() : x * 2);
        Assert.Throws<TimeZoneNotFoundException>(() => function(Input));
        fails = false;
        Assert.Equal([1f, 3f, 5f], Values(function(Input)));
    }

    [Fact]
    public void SettingsOfAFunctionThatThrewAreRestored()
    {
        Assert.Throws<TimeZoneNotFoundException>(() =>
        {
            using var scope = JaxConfig.X64();
            Jit(NDArray (NDArray x) => throw new TimeZoneNotFoundException())(Input);
        });
        Assert.Equal(DType.F32, jnp.Zeros(1).DType);
    }

    private static float[] Values(NDArray x) => Array.ConvertAll(TestKit.HostArray.ReadReal(x), v => (float)v);
}
