using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Tests.LaxFunctions;

/// <summary>What functions of Lax say about operands that do not fit.</summary>
public sealed class ElementwiseRefusalTests
{
    private static readonly NDArray Matrix = Lax.Full((2, 3), 1f);

    [Fact]
    public void RanksMustAgree() =>
        Assert.Equal(
            "lax.add needs operands of equal rank, or scalars; got f32[2,3], f32[3]. Functions of Jnp broadcast; here use "
                + "Lax.ExpandDims or Lax.BroadcastInDim.",
            Assert.Throws<ShapeException>(() => Lax.Add(Matrix, Lax.Full(3, 1f))).Message
        );

    [Fact]
    public void ExtentsMustAgree() =>
        Assert.Equal(
            "lax.mul needs operands of equal shape, where an axis of extent 1 repeats; got f32[2,3], f32[2,2], which differ on axis 1.",
            Assert.Throws<ShapeException>(() => Lax.Mul(Matrix, Lax.Full((2, 2), 1f))).Message
        );

    [Fact]
    public void ElementTypesMustAgree() =>
        Assert.Equal(
            "add needs operands of one element type; got f32[2,3], i32[2,3]. Functions of Jnp promote; those of Lax do not: use "
                + "AsType.",
            Assert.Throws<DTypeException>(() => Lax.Add(Matrix, Lax.Full((2, 3), 1))).Message
        );

    [Fact]
    public void ElementTypesMustBeOfTheDomain() =>
        Assert.Equal(
            "sin does not take elements of type i32; got i32[4]. It takes floating-point numbers, complex numbers: use AsType.",
            Assert.Throws<DTypeException>(() => Lax.Sin(Lax.Full(4, 1))).Message
        );

    [Fact]
    public void NumbersTakeTheTypeOfTheArray()
    {
        NDArray half = Lax.ConvertElementType(Matrix, DType.BF16);
        Assert.Equal(DType.BF16, Lax.Mul(half, 0.5).DType);
        Assert.Equal(DType.F32, Lax.Add(1, Matrix).DType);
        Assert.Throws<DTypeException>(() => Lax.Add(Lax.Full(4, 1), 0.5));
    }

    [Fact]
    public void AxesOfExtentOneRepeat()
    {
        NDArray sum = Lax.Add(Lax.Full((2, 1), 1f), Lax.Full((1, 3), 2f));
        Assert.Equal(new Shape(2, 3), sum.Shape);
        Assert.All(HostArray.ReadReal(sum), value => Assert.Equal(3, value));
    }
}
