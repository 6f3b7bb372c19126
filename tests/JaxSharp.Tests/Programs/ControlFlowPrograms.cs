using System.Collections.Generic;
using Xunit;
using static JaxSharp.Jax;
using Dict = System.Collections.Generic.Dictionary<string, JaxSharp.NDArray>;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about control flow.</summary>
public sealed class ControlFlowPrograms : ProgramTests
{
    [Fact]
    public void CondGradTrue() =>
        Check(
            "cond/grad true",
            (NDArray p, NDArray x) => Grad(x => Lax.Cond(p, x => jnp.Power(x, 2), x => jnp.Sin(x), x))(x)
        );

    [Fact]
    public void CondGradFalse() =>
        Check(
            "cond/grad false",
            (NDArray p, NDArray x) => Grad(x => Lax.Cond(p, x => jnp.Power(x, 2), x => jnp.Sin(x), x))(x)
        );

    [Fact]
    public void CondTwoOperandsAndATree() =>
        Check(
            "cond/two operands and a tree",
            (NDArray x, NDArray y) =>
                Lax.Cond(
                    jnp.Sum(x) > 0,
                    (x, y) => new Dict { ["a"] = x, ["b"] = y },
                    (x, y) => new Dict { ["a"] = y, ["b"] = x },
                    x,
                    y
                )
        );

    [Fact]
    public void CondNested() =>
        Check(
            "cond/nested",
            (NDArray x) => Vmap(x => Lax.Cond(x > 0, x => Lax.Cond(x > 2, x => x * 10, x => x * 5, x), x => x, x))(x)
        );

    [Fact]
    public void CondGradOfVmapWithBatchedPredicate() =>
        Check(
            "cond/grad of vmap with batched predicate",
            (NDArray x) =>
                Grad(x => jnp.Sum(Vmap(x => Lax.Cond(x > 0, x => jnp.Power(x, 2), x => jnp.Power(x, 3), x))(x)))(x)
        );

    [Fact]
    public void WhileLoopZeroTrips() =>
        Check("while_loop/zero trips", (NDArray x) => Lax.WhileLoop(c => c < 0, c => c - 1, x));

    [Fact]
    public void WhileLoopJvpWithDataDependentTripCount() =>
        Check(
            "while_loop/jvp with data-dependent trip count",
            (NDArray x) => Jvp(x => Lax.WhileLoop(c => c < 100, c => c * x, x), x, 1.0)
        );

    [Fact]
    public void WhileLoopJacfwd() =>
        Check(
            "while_loop/jacfwd",
            (NDArray x) => JacFwd(x => Lax.WhileLoop(c => jnp.Sum(c) < 50, c => c * 2 + jnp.Sin(x), x))(x)
        );

    [Fact]
    public void WhileLoopSecondDerivativeByJvpOfJvp() =>
        Check(
            "while_loop/second derivative by jvp of jvp",
            (NDArray x) => JacFwd(JacFwd(x => Lax.WhileLoop(c => c < 100, c => c * x, x)))(x)
        );

    [Fact]
    public void WhileLoopGcd() =>
        Check(
            "while_loop/gcd",
            (NDArray a, NDArray b) =>
                Lax.WhileLoop(c => jnp.NotEqual(c.Item2, 0), c => (c.Item2, c.Item1 % c.Item2), (a, b)).Item1
        );

    [Fact]
    public void ForiLoopSumOfSquares() =>
        Check("fori_loop/sum of squares", (NDArray x) => Lax.ForiLoop(0, 5, (j, a) => a + jnp.Power(j, 2), 0));

    [Fact]
    public void ForiLoopDynamicBounds() =>
        Check("fori_loop/dynamic bounds", (NDArray lo, NDArray hi) => Lax.ForiLoop(lo, hi, (j, a) => a * 2 + j, 1));

    [Fact]
    public void ForiLoopUpdateArray() =>
        Check("fori_loop/update array", (NDArray x) => Lax.ForiLoop(0, 4, (j, a) => a.At[j].Set(a[j - 1] + j), x));

    [Fact]
    public void ForiLoopUnroll() =>
        Check("fori_loop/unroll", (NDArray x) => Lax.ForiLoop(0, 5, (j, a) => a * 1.5 + j, x, unroll: 2));

    [Fact]
    public void ForiLoopJvpWithDynamicBound() =>
        Check(
            "fori_loop/jvp with dynamic bound",
            (NDArray n, NDArray x) => Jvp(x => Lax.ForiLoop(0, n, (j, a) => a * x, 1.0), x, 1.0)
        );

    [Fact]
    public void MapValues() => Check("map/values", (NDArray x) => Lax.Map(v => jnp.Sum(jnp.Power(v, 2)), x));

    [Fact]
    public void MapBatchSize() =>
        Check("map/batch_size", (NDArray x) => Lax.Map(v => jnp.Sum(jnp.Power(v, 2)), x, batchSize: 2));

    [Fact]
    public void AssociativeScanAddAndReverse() =>
        Check(
            "associative_scan/add and reverse",
            (NDArray x) => (Lax.AssociativeScan(jnp.Add, x), Lax.AssociativeScan(jnp.Add, x, reverse: true))
        );

    [Fact]
    public void AssociativeScanMaxOnAxis1() =>
        Check("associative_scan/max on axis 1", (NDArray x) => Lax.AssociativeScan(jnp.Maximum, x, axis: 1));

    [Fact]
    public void AssociativeScanGrad() =>
        Check("associative_scan/grad", (NDArray x) => Grad(x => jnp.Sum(Lax.AssociativeScan(jnp.Multiply, x)))(x));

    [Fact]
    public void ScanYsNone() => Check("scan/ys None", (NDArray xs) => Lax.Scan((c, x) => (c + x, null), 0.0, xs));

    [Fact]
    public void ScanLengthZero() => Check("scan/length zero", (NDArray xs) => Lax.Scan((c, x) => (c + x, c), 1.0, xs));

    [Fact]
    public void ScanIntegerCarry() =>
        Check("scan/integer carry", (NDArray xs) => Lax.Scan((c, x) => (c + 1, (c, x * c)), 0, xs));

    [Fact]
    public void ScanGradByXs() =>
        Check(
            "scan/grad by xs",
            (NDArray xs) => Grad(xs => Lax.Scan((c, x) => (jnp.Sin(c) + x * c, null), 1.0, xs).Item1)(xs)
        );

    [Fact]
    public void ScanGradByCarryAndXs() =>
        Check(
            "scan/grad by carry and xs",
            (NDArray c, NDArray xs) =>
                Grad(
                    (c, xs) => jnp.Sum(jnp.Power(Lax.Scan((c, x) => (c * x, c + x), c, xs).Item2, 2)),
                    argNums: (0, 1)
                )(c, xs)
        );

    [Fact]
    public void ScanGradPytreeCarry() =>
        Check(
            "scan/grad pytree carry",
            (Dict p) =>
                Grad(
                    (Dict p) =>
                    {
                        var c = Lax.Scan(
                            (Dict c, NDArray? _) =>
                                (new Dict { ["a"] = c["a"] * c["b"], ["b"] = jnp.Sin(c["b"]) }, null),
                            p,
                            null,
                            length: 3
                        ).Carry;
                        return c["a"] * c["b"];
                    }
                )(p)
        );

    [Fact]
    public void ScanGradWithIntegerCarry() =>
        Check(
            "scan/grad with integer carry",
            (NDArray xs) =>
                Grad(xs =>
                    Lax.Scan(
                        (c, x) => ((c.Item1 + 1, c.Item2 + jnp.Power(x, 2) * c.Item1), null),
                        (0, 0.0),
                        xs
                    ).Carry.Item2
                )(xs)
        );

    [Fact]
    public void ScanJvp() =>
        Check(
            "scan/jvp",
            (NDArray xs, NDArray ts) => Jvp(xs => Lax.Scan((c, x) => (jnp.Sin(c) + x, c), 0.0, xs), xs, ts)
        );

    [Fact]
    public void ScanNested() =>
        Check(
            "scan/nested",
            (NDArray xs) => Lax.Scan((c, row) => Lax.Scan((c, x) => (c * 0.9 + x, c), c, row), 0.0, xs)
        );

    [Fact]
    public void ScanCondInside() =>
        Check(
            "scan/cond inside",
            (NDArray xs) =>
                ValueAndGrad(xs =>
                    Lax.Scan((c, x) => (Lax.Cond(x > 0, () => c + jnp.Power(x, 2), () => c * x), null), 1.0, xs).Item1
                )(xs)
        );

    [Fact]
    public void ScanWhileInsideJvp() =>
        Check(
            "scan/while inside jvp",
            (NDArray x) =>
                Jvp(
                    x =>
                        Lax.Scan(
                            (c, _) => (Lax.WhileLoop(a => a < 10, a => a * x, c) / 10, null),
                            x,
                            null,
                            length: 3
                        ).Item1,
                    x,
                    1.0
                )
        );

    [Fact]
    public void ScanGradInsideTheBody() =>
        Check(
            "scan/grad inside the body",
            (NDArray xs) => Lax.Scan((w, x) => (w - 0.1 * Grad(w => jnp.Power(w * x - 1, 2))(w), w), 0.0, xs)
        );

    [Fact]
    public void ScanGradOfUnrolled() =>
        Check(
            "scan/grad of unrolled",
            (NDArray xs) => Grad(xs => Lax.Scan((c, x) => (jnp.Sin(c) + x * c, null), 1.0, xs, unroll: 2).Item1)(xs)
        );

    [Fact]
    public void ScanJitOfGrad() =>
        Check(
            "scan/jit of grad",
            (NDArray xs) => Jit(Grad(xs => Lax.Scan((c, x) => (jnp.Sin(c) + x * c, null), 1.0, xs).Item1))(xs)
        );

    [Fact]
    public void SwitchClampedIndex() =>
        Check(
            "switch/clamped index",
            (NDArray x) =>
            {
                var results = new List<NDArray>();
                foreach (int n in (int[])[-5, 0, 1, 2, 9])
                {
                    results.Add(Lax.Switch(n, [x => x, x => jnp.Power(x, 2), x => jnp.Power(x, 3)], x));
                }

                return results;
            }
        );
}
