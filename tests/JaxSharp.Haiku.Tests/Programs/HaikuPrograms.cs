using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Goldens;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Haiku.Tests.Programs;

/// <summary>
/// Programs that were run with Haiku (<c>tests/goldens/haiku.jsonl</c>), written as a user of JaxSharp would: a test names the recorded
/// program and gives it in C#.
/// </summary>
public abstract class HaikuPrograms
{
    private static readonly Lazy<Dictionary<string, GoldenCase>> Cases = new(() =>
        GoldenCase.ReadFile(Repository.PathOf("tests", "goldens", "haiku.jsonl")).ToDictionary(golden => golden.Id)
    );

    /// <summary>A program of weights, a bias and inputs.</summary>
    protected static void Check(string id, Func<NDArray, NDArray, NDArray, object?> main) =>
        Run(id, inputs => main(Array(inputs[0]), Array(inputs[1]), Array(inputs[2])));

    /// <summary>A program of nothing.</summary>
    protected static void Check(string id, Func<object?> main) => Run(id, _ => main());

    /// <summary>A program that Haiku refuses; what is thrown says all of the words.</summary>
    protected static void Refused<TException>(string id, Action main, params string[] words)
        where TException : JaxException
    {
        Assert.NotNull(Cases.Value[id].Error);
        string message = Assert.Throws<TException>(main).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    /// <summary>The parameters and states that a function makes, as lines of path and shape.</summary>
    protected static List<string> Paths<T, TOut>(Func<T, TOut> f, T x) =>
        Lines(hk => hk.Init(42, x), Hk.TransformWithState(f));

    /// <summary>Parameters for <c>new hk.Linear(…)</c>.</summary>
    protected static Hk.Params Linear(NDArray w, NDArray b) =>
        new()
        {
            ["linear"] = new() { ["w"] = w, ["b"] = b },
        };

    private static List<string> Lines<T>(Func<T, (Hk.Params, Hk.State)> init, T transformed)
    {
        var (parameters, state) = Jax.EvalShape(_ => init(transformed), (NDArray)0);
        return
        [
            .. parameters
                .SelectMany(module => module.Value.Select(p => $"{module.Key}/{p.Key} {List(p.Value)}"))
                .Order(StringComparer.Ordinal),
            .. state
                .SelectMany(module => module.Value.Select(s => $"state {module.Key}/{s.Key} {List((NDArray)s.Value)}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string List(NDArray array) => $"[{string.Join(", ", array.Shape)}]";

    private static void Run(string id, Func<GoldenValue[], object?> main)
    {
        var golden = Cases.Value[id];
        string? difference = OutputComparison.Difference(
            main(golden.Arguments),
            golden.Output,
            golden.Tolerance,
            exact: false
        );
        Assert.True(difference is null, $"{id}: {difference}");
    }

    private static NDArray Array(GoldenValue value) => ArrayBridge.FromValue((ArrayValue)value);
}
