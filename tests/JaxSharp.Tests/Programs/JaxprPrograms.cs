using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using JaxSharp.Goldens;
using JaxSharp.TestKit;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>
/// Functions whose programs JAX printed: ours take and give values of the same types and do the same work. What moves or converts
/// elements may differ, and which parts are calls.
/// </summary>
public sealed partial class JaxprPrograms
{
    private static readonly NDArray Number = jnp.Zeros(Shape.Scalar);
    private static readonly NDArray Vector = jnp.Zeros(3);
    private static readonly NDArray Matrix = jnp.Zeros((3, 3));

    private static readonly Dictionary<string, Func<ClosedJaxpr>> Programs = new()
    {
        ["polynomial"] = () => MakeJaxpr(x => 3 * jnp.Power(x, 2) + 2 * x + 1)(Number),
        ["matmul"] = () => MakeJaxpr(a => jnp.MatMul(a, a))(Matrix),
        ["mean"] = () => MakeJaxpr(x => jnp.Mean(x))(Vector),
        ["log_softmax"] = () => MakeJaxpr(x => Nn.LogSoftmax(x))(Vector),
        ["logsumexp"] = () => MakeJaxpr(x => Nn.LogSumExp(x))(Vector),
        ["where"] = () => MakeJaxpr(x => jnp.Where(x > 0, x, 0.0))(Vector),
        ["while_loop"] = () => MakeJaxpr(x => Lax.WhileLoop(c => c < 10, c => c * 2, x))(Number),
        ["scan"] = () => MakeJaxpr(x => Lax.Scan((c, a) => (c + a, c * a), 0.0, x))(Vector),
        ["fori_loop"] = () => MakeJaxpr(x => Lax.ForiLoop(0, 3, (_, a) => a * 2, x))(Number),
        ["jit"] = () => MakeJaxpr(Jit(x => x + 1))(Number),
        ["jvp of sin"] = () => MakeJaxpr(x => Jvp(x => jnp.Sin(x), x, 1.0))(Number),
        ["index"] = () => MakeJaxpr(x => x[1])(Vector),
        ["at set"] = () => MakeJaxpr(x => x.At[1].Set(5.0))(Vector),
        ["transpose reshape"] = () => MakeJaxpr(a => a.T.Reshape(-1))(Matrix),
        ["cumsum sort argmax"] = () => MakeJaxpr(x => (jnp.CumSum(x), jnp.Sort(x), jnp.ArgMax(x)))(Vector),
        ["concatenate and broadcast"] = () => MakeJaxpr(x => jnp.Concatenate([x, jnp.Ones(2)]) * 2)(Vector),
        ["convert and compare"] = () => MakeJaxpr(x => (x.AsType(DType.I32), jnp.Equal(x, 0)))(Vector),
        ["checkpoint"] = () => MakeJaxpr(Checkpoint(x => jnp.Sin(x)))(Number),
        ["einsum"] = () => MakeJaxpr(m => jnp.Einsum("ij,ij->i", m, m))(Matrix),
    };

    // Keys are words here, which the program takes in place of a key.
    private const string WithKeys = "random uniform";

    public static TheoryData<string> Names => [.. Programs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TakesGivesAndDoesWhatJaxDoes(string name)
    {
        string recorded = Recorded()[name];
        string printed = Programs[name]().ToString();
        Assert.Equal(Types(recorded, "^{ lambda ; (.*?)\\. let"), Types(printed, "^{ lambda .*?; (.*?)\\. let"));
        Assert.Equal(Results(recorded), Results(printed));
        Assert.Equal(Work(recorded), Work(printed));
    }

    [Fact]
    public void EveryProgramIsWritten() => Assert.Equal([WithKeys], Recorded().Keys.Except(Programs.Keys));

    private static Dictionary<string, string> Recorded() =>
        GoldenCase
            .ReadFile(Repository.PathOf("tests", "goldens", "transforms.jsonl"))
            .Where(golden => golden.Id.StartsWith("jaxpr/", StringComparison.Ordinal))
            .ToDictionary(golden => golden.Id["jaxpr/".Length..], golden => ((TextValue)golden.Output).Value);

    private static string[] Types(string text, string variables) =>
        [
            .. TypeOf()
                .Matches(Regex.Match(text, variables, RegexOptions.Singleline).Groups[1].Value)
                .Select(m => m.Value),
        ];

    // The types of the variables that the program ends with, from where they are defined.
    private static string[] Results(string text) =>
        [
            .. Regex
                .Match(text, "in \\(([^()]*?),?\\) }$")
                .Groups[1]
                .Value.Split(", ")
                .Select(name => Regex.Match(text, $"\\b{name}:([a-z0-9]+\\[[0-9,]*\\])").Groups[1].Value),
        ];

    // The operations in the order of their names; how often counts.
    private static string[] Work(string text) =>
        [
            .. Operation()
                .Matches(text)
                .Select(match => match.Groups[1].Value)
                .Where(operation => !Moves.Contains(operation))
                .Order(StringComparer.Ordinal),
        ];

    private static readonly HashSet<string> Moves =
    [
        "broadcast_in_dim",
        "convert_element_type",
        "jit",
        "reshape",
        "sign",
        "squeeze",
        "stop_gradient",
    ];

    [GeneratedRegex(@"[a-z0-9]+\[[0-9,]*\]")]
    private static partial Regex TypeOf();

    [GeneratedRegex(@"\] = ([a-z0-9_]+)")]
    private static partial Regex Operation();
}
