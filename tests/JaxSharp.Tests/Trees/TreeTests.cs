using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Trees;

/// <summary>Trees of arrays: what the leaves are, how structures print and compare.</summary>
public sealed partial class TreeTests
{
    [Fact]
    public void StructureInJaxNotation()
    {
        var tree = (
            new Dictionary<string, object?> { ["b"] = 1, ["a"] = new NDArray?[] { 2.0, null } },
            new Point(1.0, 2.0)
        );
        Assert.Equal("PyTreeDef(({'a': [*, None], 'b': *}, Point(X=*, Y=*)))", Tree.Structure(tree).ToString());
        Assert.Equal(
            ["[0]['a'][0]", "[0]['b']", "[1].X", "[1].Y"],
            Tree.LeavesWithPath(tree).Select(entry => entry.Path.ToString())
        );
    }

    [Fact]
    public void ContainersComeBackAsTheyWere()
    {
        RoundTrip((1.0, (2, (NDArray)3.0), new List<int> { 4, 5 }));
        RoundTrip(new SortedDictionary<string, double> { ["z"] = 1, ["A"] = 2 });
        RoundTrip(new Layer(1.0, 2.0) { Scale = 3.0, Name = "first" });
        RoundTrip(new Generated(1.0, [2.0, 3.0], "text") { Extra = 4.0 });
        RoundTrip((1, 2, 3, 4, 5, 6, 7, 8, 9));
        RoundTrip<int?>(null);
        RoundTrip(new Link(1.0, new Link(2.0, null)));
        RoundTrip(
            new Setting
            {
                Name = "rate",
                Value = 3.0,
                Count = 4,
            }
        );
    }

    [Fact]
    public void GeneratedCodeServesPartialTypes()
    {
        Assert.True(typeof(IPyTreeNode<Generated>).IsAssignableFrom(typeof(Generated)));
        var gradient = Grad((Generated g) => g.W * g.Rest[1] + g.Extra)(
            new Generated(2.0, [3.0, 5.0], "t") { Extra = 1.0 }
        );
        Assert.Equal(
            (5f, 0f, 2f, 1f, "t"),
            ((float)gradient.W, (float)gradient.Rest[0], (float)gradient.Rest[1], (float)gradient.Extra, gradient.Label)
        );
    }

    [Fact]
    public void StaticMembersBelongToTheStructure()
    {
        var a = Tree.Structure(new Generated(1.0, [], "a"));
        Assert.NotEqual(a, Tree.Structure(new Generated(1.0, [], "b")));
        Assert.Equal(a, Tree.Structure(new Generated(2.0, [], "a")));
    }

    [Fact]
    public void DifferentStructuresAreRefused()
    {
        var error = Assert.Throws<TreeException>(() => Tree.Map((x, y) => x + y, new NDArray[] { 1.0 }, [1.0, 2.0]));
        Assert.Equal("Tree.Map needs trees of one structure; got PyTreeDef([*]) and PyTreeDef([*, *]).", error.Message);
        Assert.Throws<TreeException>(() => Tree.Unflatten<(NDArray, NDArray)>(Tree.Structure((1, 2)), [1.0]));
        Assert.Throws<TreeException>(() => Tree.Unflatten<NDArray>(Tree.Structure((1, 2)), [1.0, 2.0]));
    }

    [Fact]
    public void RegisteredTypesAreNodes()
    {
        Tree.Register<Interval>(
            i => ([i.Low, i.High], i.Unit),
            (unit, parts) => new Interval((NDArray)parts[0]!, (NDArray)parts[1]!, (string)unit!)
        );
        var doubled = Tree.Map(x => x * 2, new Interval(1.0, 2.0, "m"));
        Assert.Equal((2f, 4f, "m"), ((float)doubled.Low, (float)doubled.High, doubled.Unit));
    }

    [Fact]
    public void OddTreesAreRefusedByName()
    {
        var pair = Tree.Structure((1.0, "a"));
        Assert.Throws<TreeException>(() => Tree.Unflatten<(NDArray, DayOfWeek)>(pair, [1.0]));
        Assert.Throws<TreeException>(() => Tree.Unflatten<(NDArray, IDisposable)>(pair, [1.0]));
        var numbered = Tree.Structure(new Dictionary<int, NDArray> { [1] = 2.0 });
        Assert.Throws<TreeException>(() => Tree.Unflatten<Dictionary<string, NDArray>>(numbered, [1.0]));
        var unordered = new Dictionary<object, NDArray> { [1] = 2.0, ["a"] = 3.0 };
        Assert.Contains("IComparable", Assert.Throws<TreeException>(() => Tree.Leaves(unordered)).Message);
        Assert.Equal(0, Tree.Structure(default(ImmutableArray<NDArray>)).NumLeaves);
        Tree.Register<Childless>(_ => (null!, null), (_, _) => new Childless());
        Assert.Throws<TreeException>(() => Tree.Leaves(new Childless()));
        using var scope = JaxConfig.X64();
        Assert.Throws<TreeException>(() => Tree.Unflatten<int>(TreeDef.Leaf, [Jnp.Array(1L << 40)]));
    }

    [Fact]
    public void CallersDecideWhatIsALeaf()
    {
        var tree = (new NDArray?[] { 1.0, null }, new Point(2.0, 3.0), "text");
        Assert.Equal(4, Tree.Leaves(tree, isLeaf: x => x is null).Length);
        Assert.Equal("PyTreeDef(([*, None], *, <text>))", Tree.Structure(tree, isLeaf: x => x is Point).ToString());
        var mapped = Tree.Map(
            x =>
                x switch
                {
                    Point p => new Point(p.Y, p.X),
                    null => (NDArray)0.0,
                    _ => (NDArray)x * 10,
                },
            tree,
            isLeaf: x => x is null or Point
        );
        Assert.Equal(
            (10f, 0f, 3f, 2f, "text"),
            (
                (float)mapped.Item1[0]!,
                (float)mapped.Item1[1]!,
                (float)mapped.Item2.X,
                (float)mapped.Item2.Y,
                mapped.Item3
            )
        );
        var asked = new List<object?>();
        Tree.Leaves(
            new Generated(1.0, [], "static"),
            isLeaf: x =>
            {
                asked.Add(x);
                return false;
            }
        );
        Assert.IsType<Generated>(asked[0]);
        Assert.DoesNotContain("static", asked);
        var error = Assert.Throws<TreeException>(() => Tree.Map(_ => "a", new NDArray?[] { null }, x => x is null));
        Assert.Contains("String does not fit its place", error.Message);
    }

    [Fact]
    public void PrefixesSpreadOverWholeTrees()
    {
        var full = new Dictionary<string, NDArray?[]> { ["a"] = [1.0, null, 2.0], ["b"] = [3.0] };
        var spread = Tree.Broadcast(new Dictionary<string, NDArray> { ["a"] = 5.0, ["b"] = 6.0 }, full);
        Assert.Equal(Tree.Structure(full), Tree.Structure(spread));
        Assert.Equal([5f, 5f, 6f], Tree.Leaves(spread).Select(x => (float)x));
        Assert.Equal([7f, 7f, 7f], Tree.Leaves(Tree.Broadcast(7.0, full)).Select(x => (float)x));
        var error = Assert.Throws<TreeException>(() =>
            Tree.Broadcast(new Dictionary<string, NDArray[]> { ["a"] = [5.0], ["b"] = [6.0] }, full)
        );
        Assert.EndsWith("they differ at ['a'].", error.Message);
    }

    private static void RoundTrip<T>(T tree)
    {
        var (leaves, structure) = Tree.Flatten(tree);
        var back = Tree.Unflatten<T>(structure, leaves);
        Assert.Equal(structure, Tree.Structure(back));
        Assert.Equal(leaves.Select(x => (double)x), Tree.Leaves(back).Select(x => (double)x));
        Assert.Equal(structure.NumLeaves, leaves.Length);
    }

    private sealed class Childless;

    private sealed record Point(NDArray X, NDArray Y);

    private sealed record Link(NDArray Value, Link? Next);

    private record struct Setting
    {
        public double Count;

        [Static]
        public string Name { get; set; }

        public NDArray Value { get; set; }
    }

    private sealed record Layer(NDArray W, NDArray B)
    {
        public NDArray Scale { get; init; } = 1.0;

        [Static]
        public string Name { get; init; } = "";
    }

    [PyTree]
    internal sealed partial record Generated(NDArray W, NDArray[] Rest, [property: Static] string Label)
    {
        public NDArray Extra { get; init; } = 0.0;
    }

    private sealed class Interval(NDArray low, NDArray high, string unit)
    {
        public NDArray Low { get; } = low;

        public NDArray High { get; } = high;

        public string Unit { get; } = unit;
    }
}
