using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Tests.Numpy;

/// <summary>Arguments at the edge of what functions take.</summary>
public sealed class EdgeCaseTests
{
    [Fact]
    public void WeightsOfQuantilesRepeatElements()
    {
        var x = Jnp.Array(
            new[,]
            {
                { 3f, 1f, 2f },
                { 5f, 9f, 7f },
            }
        );
        var weights = Jnp.Array([1f, 3f, 2f]);
        var repeated = Jnp.Concatenate([x, x[.., 1..], x[.., 1..2]], axis: 1);
        var q = Jnp.Array([0.1f, 0.4f, 0.6f, 0.9f]);
        Assert.Equal(
            Jnp.Quantile(repeated, q, 1, method: "inverted_cdf").ToString(),
            Jnp.Quantile(x, q, 1, method: "inverted_cdf", weights: weights).ToString()
        );
        Assert.Throws<JaxArgumentException>(() => Jnp.Quantile(x, 0.5, 1, weights: weights));
        Assert.Throws<ShapeException>(() => Jnp.Quantile(x, 0.5, 0, method: "inverted_cdf", weights: weights));
    }

    [Fact]
    public void Interp_with_one_point_knows_what_is_left_of_it()
    {
        var x = Jnp.Array([0f, 1f, 2f]);
        var y = Jnp.Interp(x, Jnp.Array([1f]), Jnp.Array([5f]), left: -1.0, right: 9.0);
        Assert.Equal([-1f, 5f, 9f], y.ToArray<float>());
    }

    [Fact]
    public void Take_clips_negative_places_to_the_first()
    {
        var x = Jnp.Array([10, 20, 30]);
        Assert.Equal([10, 30], Jnp.Take(x, Jnp.Array([-1, 7]), mode: "clip").ToArray<int>());
        Assert.Throws<JaxArgumentException>(() => Jnp.TakeAlongAxis(x, Jnp.Array([4]), mode: "wrap"));
    }

    [Fact]
    public void Put_without_values_changes_nothing() =>
        Assert.Equal([1f, 2f], Jnp.Put(Jnp.Array([1f, 2f]), Jnp.Array([0]), Jnp.Zeros(0)).ToArray<float>());

    [Fact]
    public void SetDiff1D_of_a_size_takes_the_smallest() =>
        Assert.Equal([1, 2], Jnp.SetDiff1D(Jnp.Array([3, 1, 2]), Jnp.Array([9]), size: 2).ToArray<int>());

    [Fact]
    public void Bad_bytes_and_texts_are_refused()
    {
        Assert.Throws<JaxArgumentException>(() => Jnp.FromBuffer(new byte[8], DType.F32, offset: 12));
        Assert.Throws<JaxArgumentException>(() => Jnp.FromString("1 two 3"));
        Assert.Throws<JaxArgumentException>(() => Lax.Add(Jnp.Ones(2), null!));
    }

    [Fact]
    public void Correlate_turned_around_keeps_its_middle()
    {
        var (x, y) = (Jnp.Array([1f, 2f]), Jnp.Array([1f, 10f, 100f, 1000f]));
        Assert.Equal([2100f, 210f, 21f, 2f], Jnp.Correlate(x, y, mode: "same").ToArray<float>());
        Assert.Equal([1f, 12f, 120f, 1200f], Jnp.Convolve(x, y, mode: "same").ToArray<float>());
    }

    [Fact]
    public void Arange_goes_on_as_its_first_two_elements_begin()
    {
        Assert.Equal([0, 1, 2, 3, 4], Jnp.Arange(0.5, 3, 0.5, DType.I32).ToArray<int>());
        Assert.Equal([true, true], Jnp.Arange(1, 3, dtype: DType.Bool).ToArray<bool>());
        Assert.Equal([false, true], Jnp.Arange(2, dtype: DType.Bool).ToArray<bool>());
        Assert.Equal(1.3000001f, Jnp.Arange(1, 2, 0.1).ToArray<float>()[3]);
        Assert.Equal([5, 3, 1], Jnp.Arange(5, 0, -2).ToArray<int>());
        Assert.Throws<JaxArgumentException>(() => Jnp.Arange(5, 0, 0));
        using var scope = JaxConfig.X64();
        long[] expected = [9007199254740993, 9007199254740994];
        Assert.Equal(expected, Jnp.Arange(9007199254740993, 9007199254740995).ToArray<long>());
        var last = Jnp.Array(ulong.MaxValue);
        Assert.Equal([ulong.MaxValue - 1], Jnp.Arange(last - Jnp.Array(1UL), last).ToArray<ulong>());
    }

    [Fact]
    public void LdExp_keeps_infinities_and_takes_any_exponent()
    {
        var x = Jnp.Array([float.PositiveInfinity, float.NegativeInfinity, 0f, 1f]);
        float[] expected = [float.PositiveInfinity, float.NegativeInfinity, 0f, 8f];
        Assert.Equal(expected, Jnp.LdExp(x, Jnp.Array([-3000, -1, 3000, 3])).ToArray<float>());
        Assert.Equal(float.PositiveInfinity, (float)Jnp.LdExp(1f, Jnp.Array(4000000000u)));
        using var scope = JaxConfig.X64();
        Assert.Equal(double.PositiveInfinity, (double)Jnp.LdExp(1.0, Jnp.Array(1L << 32)));
    }

    [Fact]
    public void Round_takes_more_decimals_than_numbers_have()
    {
        var x = Jnp.Array([5f, -5.5f, float.PositiveInfinity, float.NaN, 0f]);
        Assert.Equal(x.ToArray<float>(), Jnp.Round(x, 40).ToArray<float>());
        Assert.Equal([0f, -0f, float.PositiveInfinity, float.NaN, 0f], Jnp.Round(x, -40).ToArray<float>());
        Assert.Equal([2e38f, 3e38f], Jnp.Round(Jnp.Array([1.7e38f, 3.1e38f]), -38).ToArray<float>());
        Assert.Equal([100f, 200f], Jnp.Round(Jnp.Array([149f, 151f]), -2).ToArray<float>());
    }

    [Fact]
    public void PolyVal_broadcasts_columns_of_coefficients()
    {
        var p = Jnp.Array(
            new[,]
            {
                { 1f, 2f },
                { 3f, 4f },
            }
        );
        Assert.Equal([5f, 8f], Jnp.PolyVal(p, 2).ToArray<float>());
        var x = Jnp.Array(
            new[,]
            {
                { 1f },
                { 2f },
                { 3f },
            }
        );
        Assert.Equal([4f, 6f, 5f, 8f, 6f, 10f], Jnp.PolyVal(p, x).ToArray<float>());
        Assert.Equal(DType.F32, Jnp.PolyVal(Jnp.Array([2, 5, 1]), 3).DType);
        Assert.Equal(new Shape(), Jnp.Poly(Jnp.Zeros(0)).Shape);
        Assert.Throws<ShapeException>(() => Jnp.Poly(p));
    }

    [Fact]
    public void Item_refuses_places_that_do_not_exist()
    {
        var x = Jnp.Array(
            new[,]
            {
                { 1, 2 },
                { 3, 4 },
            }
        );
        Assert.Equal(4, x.Item(-1));
        Assert.Equal(3, x.Item(1, 0));
        Assert.Throws<ArrayIndexException>(() => x.Item(4));
        Assert.Throws<ArrayIndexException>(() => x.Item(-5));
        Assert.Throws<ArrayIndexException>(() => x.Item(2, 0));
        Assert.Throws<ArrayIndexException>(() => Jnp.Zeros(0).Item(0));
    }

    [Fact]
    public void Printing_needs_digits_that_are_not_negative() =>
        Assert.Throws<JaxArgumentException>(() => Jnp.ArrayStr(Jnp.Ones(2), precision: -1));
}
