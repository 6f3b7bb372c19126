using System.Collections.Generic;
using System.Linq;
using Xunit;
using static JaxSharp.Jax;
using Dict = System.Collections.Generic.Dictionary<string, JaxSharp.NDArray>;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about trees.</summary>
public sealed class TreePrograms : ProgramTests
{
    [Fact]
    public void Map() => Check("tree/map", (object t) => Tree.Map(x => x * 2, t));

    [Fact]
    public void MapTwoTrees() =>
        Check("tree/map two trees", (object t) => Tree.Map((x, y) => x + y, t, Tree.Map(x => jnp.OnesLike(x), t)));

    [Fact]
    public void FlattenAndUnflatten() =>
        Check(
            "tree/flatten and unflatten",
            (object t) =>
            {
                var (leaves, structure) = Tree.Flatten(t);
                return (
                    leaves.Length,
                    structure.NumLeaves,
                    Tree.Unflatten<object>(structure, [.. leaves.Select(x => x + 1)])
                );
            }
        );

    [Fact]
    public void Transpose() =>
        Check(
            "tree/transpose",
            (NDArray _) =>
            {
                var tree = new Dictionary<string, int[]> { ["a"] = [1, 2, 3], ["b"] = [4, 5, 6] };
                var outer = Tree.Structure(new Dictionary<string, int> { ["a"] = 0, ["b"] = 0 });
                return Tree.Transpose<Dictionary<string, int[]>, Dictionary<string, int>[]>(
                    outer,
                    Tree.Structure(new int[3]),
                    tree
                );
            }
        );

    [Fact]
    public void FlattenWithPath() =>
        Check(
            "tree/flatten_with_path",
            (object t) => Tree.FlattenWithPath(t).Leaves.Select(entry => (entry.Path.ToString(), entry.Leaf)).ToArray()
        );

    [Fact]
    public void MapWithPath() =>
        Check("tree/map_with_path", (object t) => Tree.MapWithPath((path, x) => x * path.Length, t));

    [Fact]
    public void MapIsLeafNone() =>
        Check("tree/map is_leaf None", (object t) => Tree.Map(x => x ?? 0, t, isLeaf: x => x is null));

    [Fact]
    public void BroadcastAndLeavesWithPath() =>
        Check(
            "tree/broadcast and leaves_with_path",
            (NDArray _) =>
                Tree.Broadcast(
                    new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 },
                    new Dictionary<string, object> { ["a"] = new[] { 0, 0 }, ["b"] = 0 }
                )
        );

    [Fact]
    public void DictOrderIsByKey() =>
        Check(
            "tree/dict order is by key",
            (NDArray _) =>
                Tree.Leaves(
                        new Dictionary<string, int>
                        {
                            ["z"] = 1,
                            ["a"] = 2,
                            ["m"] = 3,
                        }
                    )
                    .Select(x => (int)x)
                    .ToArray()
        );

    [Fact]
    public void RavelToAVector() =>
        Check(
            "tree/ravel_pytree",
            (object t) =>
            {
                var (flat, back) = RavelPytree(t);
                return (flat, back(flat * 2));
            }
        );

    [Fact]
    public void GradientAsAVector() =>
        Check(
            "tree/ravel_pytree gradient as a vector",
            (Dict p, NDArray x) =>
            {
                var (flat, back) = RavelPytree(p);
                return Grad(v => jnp.Sum(jnp.Tanh(jnp.MatMul(x, back(v)["w"]) + back(v)["b"])))(flat);
            }
        );

    [Fact]
    public void SgdStepByTreeMap() =>
        Check(
            "tree/sgd step by tree.map",
            (Dict p, NDArray x, NDArray y) =>
            {
                var g = Grad((Dict p) => jnp.Mean(jnp.Power(jnp.MatMul(x, p["w"]) + p["b"] - y, 2)))(p);
                return Tree.Map((p, g) => p - 0.1 * g, p, g);
            }
        );

    [Fact]
    public void StackAndUnstackAListOfTrees() =>
        Check(
            "tree/stack and unstack a list of trees",
            (Dict a, Dict b) =>
            {
                var stacked = Tree.Map((NDArray[] v) => jnp.Stack(v), (Dict[])[a, b]);
                return (stacked, Enumerable.Range(0, 2).Select(k => Tree.Map(x => x[k], stacked)).ToArray());
            }
        );
}
