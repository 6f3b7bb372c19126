using System;
using System.Collections.Generic;
using Xunit;
using static JaxSharp.Jax;
using Dict = System.Collections.Generic.Dictionary<string, JaxSharp.NDArray>;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about mapped functions.</summary>
public sealed class VmapPrograms : ProgramTests
{
    [Fact]
    public void InAxes10() =>
        Check("vmap/in_axes=(1, 0)", (NDArray x, NDArray y) => Vmap(jnp.Dot, inAxes: (1, 0))(x, y));

    [Fact]
    public void OutAxes1() => Check("vmap/out_axes=1", (NDArray x) => Vmap(jnp.CumSum, outAxes: 1)(x));

    [Fact]
    public void OutAxes1OfAMatrix() =>
        Check("vmap/out_axes=-1 of a matrix", (NDArray x) => Vmap(v => jnp.Outer(v, v), outAxes: -1)(x));

    [Fact]
    public void OutAxes01() =>
        Check("vmap/out_axes=(0, 1)", (NDArray x) => Vmap(v => (jnp.Sum(v), v * 2), outAxes: (0, 1))(x));

    [Fact]
    public void OutAxesNone() =>
        Check(
            "vmap/out_axes None",
            (NDArray x, NDArray y) => Vmap((x, y) => (x * 2, y), inAxes: (0, null), outAxes: (0, null))(x, y)
        );

    [Fact]
    public void InAxesDict() =>
        Check(
            "vmap/in_axes dict",
            (Dict p) =>
                Vmap(
                    (Dict p) => p["a"] * p["b"],
                    inAxes: AxisTree.Of(new Dictionary<string, int?> { ["a"] = 0, ["b"] = null })
                )(p)
        );

    [Fact]
    public void InAxesPrefixForATree() =>
        Check(
            "vmap/in_axes prefix for a tree",
            (Dict p, NDArray x) => Vmap((Dict p, NDArray x) => jnp.MatMul(p["w"], x) + p["b"], inAxes: (null, 0))(p, x)
        );

    [Fact]
    public void AxisSizeWithoutArgumentsMapped() =>
        Check("vmap/axis_size without arguments mapped", (NDArray x) => Vmap(x => x * 2, inAxes: null, axisSize: 3)(x));

    [Fact]
    public void PmeanPmaxAxisIndex() =>
        Check(
            "vmap/pmean pmax axis_index",
            (NDArray x) => Vmap(x => (Lax.PMean(x, "i"), Lax.PMax(x, "i"), Lax.AxisIndex("i")), axisName: "i")(x)
        );

    [Fact]
    public void AllGather() =>
        Check("vmap/all_gather", (NDArray x) => Vmap(x => Lax.AllGather(x, "i"), axisName: "i")(x));

    [Fact]
    public void OfGrad() => Check("vmap/of grad", (NDArray x) => Vmap(Grad(x => jnp.Sin(x) * x))(x));

    [Fact]
    public void OfJit() => Check("vmap/of jit", (NDArray x) => Vmap(Jit(x => jnp.Tanh(x) + 1))(x));

    [Fact]
    public void JitOf() => Check("vmap/jit of", (NDArray x) => Jit(Vmap(x => jnp.Tanh(x) + 1))(x));

    [Fact]
    public void MatmulBatchedLeft() =>
        Check("vmap/matmul batched left", (NDArray a, NDArray b) => Vmap(a => jnp.MatMul(a, b))(a));

    [Fact]
    public void MatmulBothOnDifferentAxes() =>
        Check("vmap/matmul both on different axes", (NDArray a, NDArray b) => Vmap(jnp.MatMul, inAxes: (2, 1))(a, b));

    [Fact]
    public void DotGeneralWithABatchDimension() =>
        Check(
            "vmap/dot_general with a batch dimension",
            (NDArray a, NDArray b) => Vmap((a, b) => Lax.DotGeneral(a, b, (([2], [1]), ([0], [0]))))(a, b)
        );

    [Fact]
    public void Einsum() =>
        Check("vmap/einsum", (NDArray a, NDArray b) => Vmap((a, b) => jnp.Einsum("ij,kj->ki", a, b))(a, b));

    [Fact]
    public void ConvBatchedBoth() =>
        Check("vmap/conv batched both", (NDArray x, NDArray k) => Vmap((x, k) => Lax.Conv(x, k, (2, 2), "SAME"))(x, k));

    [Fact]
    public void GatherBatchedIndices() =>
        Check("vmap/gather batched indices", (NDArray x, NDArray n) => Vmap(n => x[n])(n));

    [Fact]
    public void GatherBatchedBoth() =>
        Check("vmap/gather batched both", (NDArray x, NDArray n) => Vmap((x, n) => x[n])(x, n));

    [Fact]
    public void TakeAlongAxis() =>
        Check("vmap/take_along_axis", (NDArray x, NDArray n) => Vmap((x, n) => jnp.TakeAlongAxis(x, n, 0))(x, n));

    [Fact]
    public void ScatterSetBatchedIndexOnly() =>
        Check("vmap/scatter set batched index only", (NDArray x, NDArray n) => Vmap(n => x.At[n].Set(9.0))(n));

    [Fact]
    public void DynamicSliceBatchedOperandAndStart() =>
        Check(
            "vmap/dynamic_slice batched operand and start",
            (NDArray x, NDArray n) => Vmap((x, n) => Lax.DynamicSliceInDim(x, n, 2, axis: 0))(x, n)
        );

    [Fact]
    public void DynamicUpdateSliceBatched() =>
        Check(
            "vmap/dynamic_update_slice batched",
            (NDArray x, NDArray u, NDArray n) =>
                Vmap((x, u, n) => Lax.DynamicUpdateSlice(x, u, (NDArray[])[n]))(x, u, n)
        );

    [Fact]
    public void SortOfTwoOperands() =>
        Check(
            "vmap/sort of two operands",
            (NDArray x, NDArray y) => Vmap((x, y) => Lax.Sort([x, y], numKeys: 1))(x, y)
        );

    [Fact]
    public void CumsumReverse() =>
        Check("vmap/cumsum reverse", (NDArray x) => Vmap(x => Lax.CumSum(x, reverse: true), inAxes: 1)(x));

    [Fact]
    public void ReduceWindow() =>
        Check(
            "vmap/reduce_window",
            (NDArray x) =>
                Vmap(x => Lax.ReduceWindow(x, 0.0, Lax.Add, ValueTuple.Create(2), ValueTuple.Create(1), "VALID"))(x)
        );

    [Fact]
    public void ReshapeTransposeBroadcast() =>
        Check(
            "vmap/reshape transpose broadcast",
            (NDArray x) => Vmap(x => jnp.BroadcastTo(x.Reshape((3, 2)).T, (2, 2, 3)))(x)
        );

    [Fact]
    public void PadWithBatchedValue() =>
        Check(
            "vmap/pad with batched value",
            (NDArray x, NDArray v) => Vmap((x, v) => Lax.Pad(x, v, [(1, 1, 0)]))(x, v)
        );

    [Fact]
    public void IotaAndEyeInside() =>
        Check("vmap/iota and eye inside", (NDArray x) => Vmap(x => jnp.Eye(2) * x + jnp.Arange(2.0))(x));

    [Fact]
    public void RandomWithBatchedKeys() =>
        Check("vmap/random with batched keys", (PrngKey keys) => Vmap((PrngKey k) => JaxRandom.Uniform(k, 3))(keys));

    [Fact]
    public void PermutationWithBatchedKeys() =>
        Check(
            "vmap/permutation with batched keys",
            (PrngKey keys) => Vmap((PrngKey k) => JaxRandom.Permutation(k, 5))(keys)
        );

    [Fact]
    public void CategoricalWithBatchedKeys() =>
        Check("vmap/categorical with batched keys", (PrngKey keys, NDArray l) => Vmap(JaxRandom.Categorical)(keys, l));

    [Fact]
    public void CondWithBatchedPredicate() =>
        Check("vmap/cond with batched predicate", (NDArray x) => Vmap(x => Lax.Cond(x > 0, x => x * 2, x => -x, x))(x));

    [Fact]
    public void CondWithUnbatchedPredicate() =>
        Check(
            "vmap/cond with unbatched predicate",
            (NDArray p, NDArray x) => Vmap(x => Lax.Cond(p, x => x * 2, x => -x, x))(x)
        );

    [Fact]
    public void SwitchWithBatchedIndex() =>
        Check(
            "vmap/switch with batched index",
            (NDArray n, NDArray x) => Vmap((n, x) => Lax.Switch(n, [x => x, x => jnp.Power(x, 2), x => -x], x))(n, x)
        );

    [Fact]
    public void WhileLoopWithBatchedPredicate() =>
        Check(
            "vmap/while_loop with batched predicate",
            (NDArray x) => Vmap(x => Lax.WhileLoop(c => c.Item1 < 100, c => (c.Item1 * 2, c.Item2 + 1), (x, 0)))(x)
        );

    [Fact]
    public void WhileLoopWithUnbatchedPredicate() =>
        Check(
            "vmap/while_loop with unbatched predicate",
            (NDArray x) => Vmap(x => Lax.WhileLoop(c => c.Item2 < 3, c => (c.Item1 * 2, c.Item2 + 1), (x, 0)))(x)
        );

    [Fact]
    public void ForiLoopWithBatchedBound() =>
        Check(
            "vmap/fori_loop with batched bound",
            (NDArray n, NDArray x) => Vmap((n, x) => Lax.ForiLoop(0, n, (j, a) => a * 2 + j, x))(n, x)
        );

    [Fact]
    public void ScanWithBatchedCarry() =>
        Check(
            "vmap/scan with batched carry",
            (NDArray c, NDArray xs) => Vmap(c => Lax.Scan((c, x) => (c * 0.5 + x, c), c, xs))(c)
        );

    [Fact]
    public void ScanOfGrad() =>
        Check(
            "vmap/scan of grad",
            (NDArray xs) =>
                Vmap(xs => Lax.Scan((c, x) => (c - 0.1 * Grad(c => jnp.Power(c - x, 2))(c), c), 0.0, xs))(xs)
        );

    [Fact]
    public void Map() => Check("vmap/map", (NDArray x) => Vmap(x => Lax.Map(v => jnp.Power(v, 2), x))(x));

    [Fact]
    public void AssociativeScan() =>
        Check("vmap/associative_scan", (NDArray x) => Vmap(x => Lax.AssociativeScan(jnp.Add, x))(x));

    [Fact]
    public void Interp() =>
        Check(
            "vmap/interp",
            (NDArray v) =>
                Vmap(v => jnp.Interp(v, jnp.Array(new[] { 0.0f, 1.0f, 2.0f }), jnp.Array(new[] { 0.0f, 10.0f, 5.0f })))(
                    v
                )
        );

    [Fact]
    public void PairwiseDistances() =>
        Check("vmap/pairwise distances", (NDArray x) => Vmap(a => Vmap(b => jnp.Sum(jnp.Power(a - b, 2)))(x))(x));

    [Fact]
    public void EnsembleOfNetworks() =>
        Check(
            "vmap/ensemble of networks",
            (Dict p, NDArray x) =>
                Vmap((Dict p, NDArray x) => jnp.MatMul(jnp.Tanh(jnp.MatMul(x, p["w1"])), p["w2"]), inAxes: (0, null))(
                    p,
                    x
                )
        );

    [Fact]
    public void VectorizeWithSignature() =>
        Check(
            "vmap/jnp.vectorize with signature",
            (NDArray a, NDArray b) => jnp.Vectorize((a, b) => jnp.MatMul(a, b), signature: "(n,m),(m)->(n)")(a, b)
        );

    [Fact]
    public void VectorizeBroadcastsScalars() =>
        Check(
            "vmap/jnp.vectorize scalars broadcast",
            (NDArray a, NDArray b) => jnp.Vectorize((a, b) => a * b + 1)(a, b)
        );
}
