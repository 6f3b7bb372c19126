using System.Linq;

namespace JaxSharp.Numpy;

/// <summary>The bins of a histogram: how many, or their edges.</summary>
public readonly struct BinSpecification
{
    private readonly int? count;
    private readonly NDArray? edges;

    private BinSpecification(int? count, NDArray? edges)
    {
        this.count = count;
        this.edges = edges;
    }

    internal int Count => count ?? 10;

    internal NDArray? Edges => edges;

    /// <summary>A number of bins of equal width.</summary>
    public static implicit operator BinSpecification(int count) => new(count, null);

    /// <summary>The edges of the bins; a scalar is a number of bins.</summary>
    public static implicit operator BinSpecification(NDArray edges) =>
        Argument.Given(edges, caller: nameof(BinSpecification)).Ndim == 0 ? new((int)edges, null) : new(null, edges);
}

/// <summary>The bins of a histogram over several dimensions: the same for each, or one specification for each.</summary>
public readonly struct BinsPerDimension
{
    private readonly BinSpecification[]? bins;

    private BinsPerDimension(BinSpecification[] bins) => this.bins = bins;

    /// <summary>A number of bins for every dimension.</summary>
    public static implicit operator BinsPerDimension(int count) => new([count]);

    /// <summary>The edges of the bins of every dimension.</summary>
    public static implicit operator BinsPerDimension(NDArray edges) => new([edges]);

    /// <summary>A specification for each dimension.</summary>
    public static implicit operator BinsPerDimension(BinSpecification[] bins) => new(bins);

    internal BinSpecification[] Resolve(int dimensions, string caller)
    {
        BinSpecification[] given = bins ?? [10];
        return given.Length == 1 ? [.. Enumerable.Repeat(given[0], dimensions)]
            : given.Length == dimensions ? given
            : throw new JaxArgumentException(
                $"{caller} needs bins for each of {dimensions} dimensions; got {given.Length}."
            );
    }
}
