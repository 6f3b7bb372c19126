using System.Numerics;
using System.Text.Json;
using JaxSharp.Goldens;
using Xunit;

namespace JaxSharp.Tests.Goldens;

public sealed class GoldenValueTests
{
    [Fact]
    public void NumbersWithoutPointAreIntegers()
    {
        Assert.Equal(new IntValue(3), Parse("3"));
        Assert.Equal(new FloatValue(3), Parse("3.0"));
        Assert.Equal(new FloatValue(1e5), Parse("1e5"));
        Assert.Equal(new FloatValue(double.NegativeInfinity), Parse("""{"f":"-inf"}"""));
        Assert.Equal(new ComplexValue(new Complex(1, -2)), Parse("""{"c":[1.0,-2]}"""));
    }

    [Fact]
    public void ArraysHoldRawElements()
    {
        var array = Assert.IsType<ArrayValue>(Parse("""{"a":"bf16[2,1]","d":"gD8AwA==","weak":true}"""));
        Assert.Equal("~bf16[2,1]", array.ToString());
        Assert.Equal(1, ElementReader.Read("bf16", array.Data, 0));
        Assert.Equal(-2, ElementReader.Read("bf16", array.Data, 1));
    }

    [Fact]
    public void TuplesListsAndMapsDiffer()
    {
        Assert.IsType<TupleValue>(Parse("""{"t":[1,null]}"""));
        Assert.IsType<ListValue>(Parse("[1,2]"));
        Assert.Equal("Point", Assert.IsType<MapValue>(Parse("""{"n":"Point","m":{"x":1}}""")).Name);
    }

    [Theory]
    [InlineData(1.0, 1.0, true)]
    [InlineData(1.0, 1.05, true)]
    [InlineData(1.0, 1.2, false)]
    [InlineData(double.NaN, double.NaN, true)]
    [InlineData(double.NaN, 1.0, false)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, true)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, false)]
    [InlineData(1e300, double.PositiveInfinity, false)]
    public void TolerancesAreRelativeToTheRecordedValue(double got, double expected, bool close) =>
        Assert.Equal(close, Comparison.Close(got, expected, new Tolerance(0.1, 0), exact: false));

    [Fact]
    public void TheSignOfZeroCountsOnlyWhereAsked()
    {
        Assert.True(Comparison.Close(-0.0, 0.0, Tolerance.Exact, exact: false));
        Assert.False(Comparison.Close(-0.0, 0.0, Tolerance.Exact, exact: true));
    }

    [Fact]
    public void NamesIgnoreCaseAndUnderscores()
    {
        Assert.True(Names.Same("dynamic_update_slice", "DynamicUpdateSlice"));
        Assert.True(Names.Same("keepdims", "keepDims"));
        Assert.False(Names.Same("keepdims", "keep"));
    }

    private static GoldenValue Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return GoldenValue.Parse(document.RootElement);
    }
}
