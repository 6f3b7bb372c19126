using System;
using System.Linq;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

// Counting: histograms.
public static partial class Jnp
{
    /// <summary>How often each of the integers 0, 1, … appears; negative ones count as 0.</summary>
    /// <param name="x">A vector of integers.</param>
    /// <param name="weights">What each counts.</param>
    /// <param name="minLength">The least length of the result.</param>
    /// <param name="length">The length of the result, needed under a transformation; larger integers are left out.</param>
    public static NDArray BinCount(NDArray x, NDArray? weights = null, int minLength = 0, int? length = null)
    {
        x = BoolToInt(x);
        RequireInteger("bincount", x);
        if (x.Ndim != 1)
        {
            throw new ShapeException($"bincount needs a vector; got {x.Type}.");
        }

        if (weights is not null && weights.Shape != x.Shape)
        {
            throw new ShapeException($"bincount needs one weight for each element; got {x.Type} and {weights.Type}.");
        }

        if (minLength < 0)
        {
            throw new JaxArgumentException($"bincount got minLength {minLength}; it must not be negative.");
        }

        int size = length is { } given
            ? given
            : Math.Max(
                minLength,
                x.Size == 0 ? 0 : (int)Ops.Concrete(Max(x), "bincount", "Give length.").ItemInt(0) + 1
            );
        var start = Ops.Full(Math.Max(0, size), 0, weights?.DType ?? Ops.IndexType);
        if (size <= 0 || x.Size == 0)
        {
            return start;
        }

        return start.At[Maximum(x, 0)].Add(weights ?? Ops.Full(x.Shape, 1, Ops.IndexType));
    }

    /// <summary>The edges of the bins of a histogram.</summary>
    public static NDArray HistogramBinEdges(
        NDArray a,
        BinSpecification? bins = null,
        HistogramRange? range = null,
        NDArray? weights = null
    )
    {
        var specification = bins ?? 10;
        var values = Ravel(a);
        var type = Promotion.Inexact(a.DType);
        if (specification.Edges is { } edges)
        {
            return edges.Ndim == 1
                ? Promotion.ToInexact(edges)
                : throw new ShapeException($"histogram needs a vector of edges; got {edges.Type}.");
        }

        NDArray low;
        NDArray high;
        if (range is null)
        {
            (low, high) = (Min(values), Max(values));
        }
        else
        {
            var ends = range.Value.Array!;
            (low, high) = (ends[0], ends[1]);
        }

        low = Promotion.Convert(low, type);
        high = Promotion.Convert(high, type);
        var isFlat = Equal(low, high);
        low = Where(isFlat, Subtract(low, 0.5), low);
        high = Where(isFlat, Add(high, 0.5), high);
        return Linspace(low, high, specification.Count + 1, dtype: type);
    }

    /// <summary>How many elements fall into each bin (the last bin has its upper edge), and the edges.</summary>
    public static (NDArray Counts, NDArray Edges) Histogram(
        NDArray a,
        BinSpecification? bins = null,
        HistogramRange? range = null,
        NDArray? weights = null,
        bool? density = null
    )
    {
        if (weights is not null && weights.Shape != a.Shape)
        {
            throw new ShapeException(
                $"histogram needs weights of the shape of the array; got {a.Type} and {weights.Type}."
            );
        }

        var edges = HistogramBinEdges(a, bins, range, weights);
        var values = Ravel(Promotion.ToInexact(a));
        var points = Promotion.Convert(edges, Promotion.Types(Promotion.Inexact(edges.DType), values.DType));
        values = Promotion.Convert(values, points.DType);
        int n = edges.Shape[0];
        var place = SearchSorted(points, values, "right");
        place = Where(Equal(values, points[n - 1]), n - 1, place);
        var counted = weights is null ? Ops.Full(values.Shape, 1, values.DType) : Promotion.ToInexact(Ravel(weights));
        var counts = Ops.Full(n + 1, 0, counted.DType).At[place].Add(counted)[1..n];
        if (density == true)
        {
            var widths = Diff(points);
            counts = Divide(Divide(counts, widths), Sum(counts));
        }

        return (counts, edges);
    }

    /// <summary>A histogram of points in the plane, and the edges along both axes.</summary>
    public static (NDArray Counts, NDArray XEdges, NDArray YEdges) Histogram2D(
        NDArray x,
        NDArray y,
        BinsPerDimension? bins = null,
        HistogramRange?[]? range = null,
        NDArray? weights = null,
        bool? density = null
    )
    {
        Argument.Given(x);
        Argument.Given(y);
        if (x.Ndim != 1 || x.Shape != y.Shape)
        {
            throw new ShapeException($"histogram2d needs two vectors of one length; got {x.Type} and {y.Type}.");
        }

        var (counts, edges) = HistogramDD(Stack([x, y], -1), bins, range, weights, density);
        return (counts, edges[0], edges[1]);
    }

    /// <summary>A histogram of points, the rows of a matrix, and the edges along each axis.</summary>
    public static (NDArray Counts, NDArray[] Edges) HistogramDD(
        NDArray sample,
        BinsPerDimension? bins = null,
        HistogramRange?[]? range = null,
        NDArray? weights = null,
        bool? density = null
    )
    {
        Argument.Given(sample);
        if (sample.Ndim != 2 || sample.Shape[1] == 0)
        {
            throw new ShapeException(
                $"histogramdd needs a matrix whose rows are points of at least one dimension; got {sample.Type}."
            );
        }

        int n = sample.Shape[0];
        int dimensions = sample.Shape[1];
        if (range is not null && range.Length != dimensions)
        {
            throw new JaxArgumentException(
                $"histogramdd needs a range for each of {dimensions} dimensions; got {range.Length}."
            );
        }

        if (weights is not null && weights.Shape != new Shape(n))
        {
            throw new ShapeException($"histogramdd needs one weight for each of {n} points; got {weights.Type}.");
        }

        var specifications = (bins ?? 10).Resolve(dimensions, "histogramdd");
        var points = Promotion.ToInexact(sample);
        var edges = new NDArray[dimensions];
        NDArray? flat = null;
        int size = 1;
        int[] shape = new int[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            var values = Ops.At(points, 1, i);
            edges[i] = HistogramBinEdges(values, specifications[i], range?[i]);
            int m = edges[i].Shape[0];
            shape[i] = m + 1;
            size *= m + 1;
            var along = Promotion.Convert(edges[i], values.DType);
            var place = SearchSorted(along, values, "right");
            place = Where(Equal(values, along[m - 1]), m - 1, place);
            flat = flat is null ? place : Add(Multiply(flat, m + 1), place);
        }

        var counts = Ops.Reshape(BinCount(flat!, weights, length: size), shape);
        counts = counts[[.. shape.Select(ArrayIndex? (m) => 1..(m - 1))]];
        if (density == true)
        {
            counts = Promotion.ToInexact(counts);
            var total = Sum(counts);
            counts = Divide(counts, total);
            for (int i = 0; i < dimensions; i++)
            {
                int[] along = [.. Enumerable.Repeat(1, dimensions)];
                along[i] = edges[i].Shape[0] - 1;
                counts = Divide(counts, Ops.Reshape(Diff(edges[i]), along));
            }
        }

        return (counts, edges);
    }
}
