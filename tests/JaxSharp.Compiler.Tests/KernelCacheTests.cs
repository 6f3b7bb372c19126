using System;
using System.Linq;
using System.Threading.Tasks;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;
using Xunit;

namespace JaxSharp.Compiler.Tests;

/// <summary>Kernels that compute the same are compiled once.</summary>
public sealed class KernelCacheTests
{
    [Fact]
    public void EqualKernelsShareTheirCode()
    {
        Assert.Same(Compile(Map(77, "f32", 3)), Compile(Map(77, "f32", 3)));
        var others = new[]
        {
            Map(78, "f32", 3),
            Map(77, "f64", 3),
            Map(77, "f32", 4),
            Sum(77, 5),
            Sum(7, 11),
            Sum(77, 6),
        };
        Assert.Equal(others.Length, others.Select(Compile).Distinct().Count());
        Assert.All(others, kernel => Assert.NotSame(Compile(Map(77, "f32", 3)), Compile(kernel)));
    }

    [Fact]
    public void ThreadsThatAskAtOnceGetOneExecutable()
    {
        var found = new object[64];
        Parallel.For(0, found.Length, i => found[i] = Compile(Map(81, "f32", 5)));
        Assert.Single(found.Distinct());
    }

    [Fact]
    public void WhatFailedIsTriedAgain()
    {
        var kernel = KernelParser.Parse(Map(82, "f32", 6));
        int calls = 0;
        var cache = new KernelCache<Executable>(kernel =>
            ++calls == 1 ? throw new InvalidOperationException() : KernelCompiler.Compile(kernel)
        );
        Assert.Throws<InvalidOperationException>(() => cache.GetOrCompile(kernel));
        Assert.Same(cache.GetOrCompile(kernel), cache.GetOrCompile(kernel));
        Assert.Equal(2, calls);
    }

    [Fact]
    public void OldKernelsAreForgotten()
    {
        int calls = 0;
        var cache = new KernelCache<Executable>(kernel =>
        {
            calls++;
            return KernelCompiler.Compile(kernel);
        });
        var first = KernelParser.Parse(Map(90, "f32", 7));
        cache.GetOrCompile(first);
        for (int i = 0; i < 3 * KernelCache<Executable>.GenerationSize; i++)
        {
            cache.GetOrCompile(KernelParser.Parse(Map(91, "f32", i)));
        }

        int before = calls;
        cache.GetOrCompile(first);
        Assert.Equal(before + 1, calls);
    }

    private static object Compile(string text) => KernelCompiler.Compile(KernelParser.Parse(text));

    private static string Map(int extent, string type, int factor) =>
        $"""
            kernel ({type}) -> ({type}) grid [{extent}]
            store 0 []: a0 = mul(in0.{type}[a0], {factor}:{type})
            """;

    private static string Sum(int extent, int inner) =>
        $"""
            kernel (f32) -> (f32) grid [{extent}]
            r0 = reduce add f32 [{inner}]: in0.f32[add(mul(a0, {inner}), a1)]
            store 0 []: a0 = r0.f32
            """;
}
