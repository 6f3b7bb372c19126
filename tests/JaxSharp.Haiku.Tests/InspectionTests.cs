using System;
using System.Linq;
using Xunit;
using static JaxSharp.Jax;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Graphs, tables and lists of what functions with modules do.</summary>
public sealed class InspectionTests
{
    private static readonly NDArray X = jnp.Ones((4, 2));

    private static readonly hk.Transformed<NDArray, NDArray> Network = hk.Transform(
        (NDArray x) => new hk.Nets.MLP([3, 2]).Call(x) * 2
    );

    [Fact]
    public void GraphsHaveABoxForEachModule()
    {
        var parameters = Network.Init(42, X);
        NDArray Predict(NDArray x) => Network.Apply(parameters, null, x);
        string graph = hk.ToDot<NDArray, NDArray>(Predict)(X);
        Assert.StartsWith("digraph G {", graph, StringComparison.Ordinal);
        Assert.Contains("label = <<b>Predict</b>>;", graph, StringComparison.Ordinal);
        int mlp = graph.IndexOf("label = <<b>mlp</b>>;", StringComparison.Ordinal);
        int linear = graph.IndexOf("label = <<b>mlp/~/linear_0</b>>;", StringComparison.Ordinal);
        int product = graph.IndexOf("<b>dot_general</b><br/>f32[4,3]", StringComparison.Ordinal);
        Assert.True(0 < mlp && mlp < linear && linear < product);
        Assert.Equal(graph.Count(c => c == '{'), graph.Count(c => c == '}'));
        Assert.Contains("<b>output</b><br/>f32[4,2]", graph, StringComparison.Ordinal);
        Assert.Equal(graph, hk.Experimental.AbstractToDot<NDArray, NDArray>(Predict)(EvalShape((NDArray x) => x, X)));
    }

    [Fact]
    public void ModelInfoSortsOperationsByModule()
    {
        var parameters = Network.Init(42, X);
        var info = hk.Experimental.JaxprInfo.MakeModelInfo((NDArray x) => Network.Apply(parameters, null, x), "net")(X);
        Assert.Equal(["module", "broadcast_in_dim", "mul"], info.Expressions.Select(e => e.Primitive));
        var mlp = info.Expressions[0].Submodule!;
        Assert.Equal(17, mlp.TotalParamSize);
        Assert.Equal("mlp/~/linear_0", mlp.Expressions[0].Submodule!.Name);
        Assert.Contains("dot_general", mlp.Expressions[0].Submodule!.Expressions.Select(e => e.Primitive));
        string text = hk.Experimental.JaxprInfo.FormatModule(info);
        Assert.StartsWith(
            "net:\n  mlp, 17 parameters:\n    mlp/~/linear_0, 9 parameters:\n",
            text,
            StringComparison.Ordinal
        );
        string page = hk.Experimental.JaxprInfo.AsHtmlPage(info);
        Assert.Contains("<summary>mlp, 17 parameters</summary>", page, StringComparison.Ordinal);
        Assert.Contains("mlp/~/linear_0/w: <span class=\"type\">f32[2,3]</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void TablesChooseColumnsAndRows()
    {
        string table = hk.Experimental.Tabulate(Network, columns: ["module", "params_size"], filters: ["has_params"])(
            X
        );
        Assert.Equal(11, table.Split('\n').Length);
        Assert.Contains("| mlp (MLP)               |            17 |", table, StringComparison.Ordinal);
        Assert.Throws<JaxArgumentException>(() => hk.Experimental.Tabulate(Network, columns: ["size"]));
        Assert.Equal("No modules matching filters.", hk.Experimental.Tabulate((NDArray x) => x)(X));
    }

    [Fact]
    public void ModulesPrintWhatDiffersFromDefaults() =>
        hk.Testing.TransformAndRun(() =>
        {
            Assert.Equal(
                "Linear(output_size=3, with_bias=False, name='a')",
                new hk.Linear(3, withBias: false, name: "a").ToString()
            );
            Assert.Equal("LSTM(hidden_size=2)", new hk.LSTM(2).ToString());
            using (hk.Config.Context(moduleAutoRepr: false))
            {
                Assert.Equal("JaxSharp.Haiku.Hk+LSTM", new hk.LSTM(2).ToString());
            }

            return 0;
        })();

    [Fact]
    public void PoliciesReadAndPrint()
    {
        Assert.Equal("p=f16,c=f16,o=f16", hk.MixedPrecision.Policy.Parse("half").ToString());
        Assert.Equal("p=full,c=bf16,o=bf16", hk.MixedPrecision.Policy.Parse("c=bf16").ToString());
        Assert.Throws<JaxArgumentException>(() => hk.MixedPrecision.Policy.Parse("weights=f32"));
        Assert.Throws<JaxArgumentException>(() => hk.MixedPrecision.Policy.Parse("int32"));
    }

    [Fact]
    public void BundlesArePartedAndMerged()
    {
        var p = new hk.Params
        {
            ["b"] = new() { ["w"] = jnp.Ones(2), ["b"] = jnp.Zeros(3) },
            ["a"] = new() { ["w"] = jnp.Ones((2, 2)) },
        };
        Assert.Equal(["a/w", "b/b", "b/w"], hk.DataStructures.Traverse(p).Select(e => $"{e.ModuleName}/{e.Name}"));
        var (weights, others) = hk.DataStructures.Partition((_, name, _) => name == "w", p);
        Assert.Equal(["b"], others.Keys);
        Assert.True(hk.DataStructures.IsSubset(weights, p));
        Assert.False(hk.DataStructures.IsSubset(p, weights));
        var merged = hk.DataStructures.Merge(weights, others);
        Assert.Equal((9L, 36L), (hk.DataStructures.TreeSize(merged), hk.DataStructures.TreeBytes(merged)));
        var parts = hk.DataStructures.PartitionN((module, _, _) => module == "a" ? 0 : 1, p, 2);
        Assert.Equal((4L, 5L), (hk.DataStructures.TreeSize(parts[0]), hk.DataStructures.TreeSize(parts[1])));
        var other = new hk.Params { ["a"] = new() { ["w"] = jnp.Ones(1) } };
        Assert.Throws<ParameterException>(() => hk.DataStructures.Merge([p, other], checkDuplicates: true));
        Assert.Equal(1, hk.DataStructures.Merge(p, other)["a"]["w"].Size);
        Assert.Equal("[2. 2.]", hk.DataStructures.Map((_, _, value) => value * 2, p)["b"]["w"].ToString());
        Assert.Equal(2, hk.DataStructures.ToHaikuDict(hk.DataStructures.ToImmutableDict(p)).Count);
    }

    [Fact]
    public void ModulesWithoutParametersAreListedInsideOfRawTransformations()
    {
        var summary = hk.Experimental.EvalSummary(
            (NDArray x) =>
            {
                var flatten = new hk.Flatten();
#pragma warning disable JXS1005 // The module has no parameters.
                return Vmap((NDArray row) => flatten.Call(row[null]))(x);
#pragma warning restore JXS1005
            }
        );
        Assert.Equal("flatten", Assert.Single(summary(X)).ModuleDetails.Module.ModuleName);
    }
}
