using System.Linq;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Tests.LaxFunctions;

/// <summary>Lax.Reduce with functions that are one loop, and with any others.</summary>
public sealed class ReduceTests
{
    private static readonly NDArray X = HostArray.Make(
        DType.F32,
        (2, 5),
        [.. new double[] { 3, -4, 1, 0.5, -2, 2, 6, -7, 7, 1 }.Select(v => new System.Numerics.Complex(v, 0))]
    );

    [Fact]
    public void KnownFunctionsReduceAndTakeTheInitialValue()
    {
        Assert.Equal([8.5, 19], Read(Lax.Reduce(X, 10f, Lax.Add, [1])));
        Assert.Equal([3, 6, 1.5, 7, 1.5], Read(Lax.Reduce(X, 1.5f, Lax.Max, [0])));
    }

    [Fact]
    public void AnyFunctionOfTwoScalarsReduces()
    {
        // The element of greatest magnitude; a later one wins a tie.
        NDArray Farther(NDArray a, NDArray b) => Lax.Select(Lax.Gt(Lax.Abs(a), Lax.Abs(b)), a, b);
        Assert.Equal([-4, 7], Read(Lax.Reduce(X, 0f, Farther, [1])));
        Assert.Equal([7], Read(Lax.Reduce(X, 0f, Farther, [0, 1])));
    }

    [Fact]
    public void SeveralArraysReduceTogether()
    {
        NDArray places = Lax.BroadcastedIota(DType.I32, (2, 5), 1);
        NDArray[] Larger(NDArray[] a, NDArray[] b)
        {
            NDArray first = Lax.Ge(a[0], b[0]);
            return [Lax.Select(first, a[0], b[0]), Lax.Select(first, a[1], b[1])];
        }

        NDArray[] result = Lax.Reduce([X, places], [float.NegativeInfinity, -1], Larger, [1]);
        Assert.Equal([3, 7], Read(result[0]));
        Assert.Equal([0, 3], Read(result[1]));
    }

    [Fact]
    public void NothingGivesTheInitialValue()
    {
        NDArray empty = Lax.Full((2, 0), 1f);
        Assert.Equal([4, 4], Read(Lax.Reduce(empty, 4f, Lax.Add, [1])));
        Assert.Equal([4, 4], Read(Lax.Reduce(empty, 4f, (a, b) => Lax.Add(Lax.Mul(a, b), 1f), [1])));
    }

    [Fact]
    public void RefusalsNameWhatDoesNotFit()
    {
        var type = Assert.Throws<DTypeException>(() => Lax.Reduce(X, 1, Lax.Add, [1]));
        Assert.Contains("f32[2,5] with i32[]", type.Message, System.StringComparison.Ordinal);
        var axis = Assert.Throws<AxisException>(() => Lax.Reduce(X, 0f, Lax.Add, [2]));
        Assert.Equal(
            "Lax.Reduce of f32[2,5] cannot reduce axes (2): they must be distinct and in [0, 2).",
            axis.Message
        );
        Assert.Throws<ShapeException>(() => Lax.Reduce(X, 0f, (a, b) => Lax.Gt(a, b), [1]));
    }

    private static double[] Read(NDArray x) => HostArray.ReadReal(x);
}
