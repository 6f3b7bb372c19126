using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

/// <summary>
/// Sums of products in Einstein's notation, contracted two arrays at a time: each contraction is a <c>dot_general</c>, so that its
/// derivative is one too.
/// </summary>
internal static class Einsum
{
    /// <summary>Evaluates a formula such as <c>ij,jk-&gt;ik</c>.</summary>
    public static NDArray Evaluate(string subscripts, NDArray[] operands)
    {
        var (inputs, output) = Parse(subscripts, operands);
        var terms = new List<Term>();
        var sizes = Sizes(subscripts, inputs, operands);
        for (int i = 0; i < operands.Length; i++)
        {
            terms.Add(TakeDiagonals(new Term(operands[i], inputs[i])));
        }

        foreach (var (first, second) in Order([.. terms.Select(t => t.Labels)], output, sizes))
        {
            var others = terms.Where((_, i) => i != first && i != second).Select(t => t.Labels);
            string needed = output + string.Concat(others);
            var contracted = Contract(terms[first], terms[second], needed);
            terms.RemoveAt(second);
            terms.RemoveAt(first);
            terms.Add(contracted);
        }

        var last = SumOut(terms[0], output);
        var ordered = Ops.Transpose(last.Array, [.. output.Select(label => last.Labels.IndexOf(label))]);
        return Broadcasting.To(ordered, new Shape([.. output.Select(label => sizes[label])]), "einsum");
    }

    /// <summary>The pairs in the order in which they are contracted; each result goes to the end of the list.</summary>
    public static List<(int First, int Second)> Path(string subscripts, NDArray[] operands)
    {
        var (inputs, output) = Parse(subscripts, operands);
        return Order([.. inputs], output, Sizes(subscripts, inputs, operands));
    }

    private static List<(int First, int Second)> Order(List<string> labels, string output, Dictionary<char, int> sizes)
    {
        var pairs = new List<(int First, int Second)>();
        while (labels.Count > 1)
        {
            var (first, second) = Cheapest(labels, output, sizes);
            pairs.Add((first, second));
            string both = labels[first] + labels[second];
            labels.RemoveAt(second);
            labels.RemoveAt(first);
            string needed = output + string.Concat(labels);
            labels.Add(string.Concat(both.Distinct().Where(needed.Contains)));
        }

        return pairs;
    }

    /// <summary>The formula with explicit output and labels in place of ellipses.</summary>
    private static (string[] Inputs, string Output) Parse(string subscripts, NDArray[] operands)
    {
        string formula = subscripts.Replace(" ", "", StringComparison.Ordinal);
        int arrow = formula.IndexOf("->", StringComparison.Ordinal);
        string[] inputs = (arrow < 0 ? formula : formula[..arrow]).Split(',');
        string? output = arrow < 0 ? null : formula[(arrow + 2)..];
        if (inputs.Length != operands.Length)
        {
            throw new JaxArgumentException(
                $"einsum \"{subscripts}\" describes {inputs.Length} arrays, but {operands.Length} were given."
            );
        }

        int longest = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            int labels = inputs[i].Replace("...", "", StringComparison.Ordinal).Length;
            bool open = inputs[i].Contains("...", StringComparison.Ordinal);
            if (open ? labels > operands[i].Ndim : labels != operands[i].Ndim)
            {
                throw new ShapeException(
                    $"einsum \"{subscripts}\": \"{inputs[i]}\" does not fit array {i} of type {operands[i].Type}."
                );
            }

            longest = Math.Max(longest, open ? operands[i].Ndim - labels : 0);
        }

        // Digits never are labels of a user's formula.
        string all = "0123456789"[..longest];
        for (int i = 0; i < inputs.Length; i++)
        {
            int labels = inputs[i].Replace("...", "", StringComparison.Ordinal).Length;
            int open = Math.Min(longest, operands[i].Ndim - labels);
            inputs[i] = inputs[i].Replace("...", all[(longest - open)..], StringComparison.Ordinal);
        }

        string joined = string.Concat(inputs);
        if (output is null)
        {
            var single = joined
                .Where(label => !char.IsDigit(label) && joined.Count(l => l == label) == 1)
                .Distinct()
                .Order();
            output = all + string.Concat(single);
        }
        else
        {
            output = output.Replace("...", all, StringComparison.Ordinal);
        }

        foreach (char label in joined + output)
        {
            if (!char.IsLetterOrDigit(label))
            {
                throw new JaxArgumentException($"einsum \"{subscripts}\" has the label '{label}'; labels are letters.");
            }
        }

        if (output.Distinct().Count() != output.Length || output.Any(label => !joined.Contains(label)))
        {
            throw new JaxArgumentException(
                $"einsum \"{subscripts}\": each label of the result must appear there once and in an array."
            );
        }

        return (inputs, output);
    }

    private static Dictionary<char, int> Sizes(string subscripts, string[] inputs, NDArray[] operands)
    {
        var sizes = new Dictionary<char, int>();
        for (int i = 0; i < inputs.Length; i++)
        {
            for (int axis = 0; axis < inputs[i].Length; axis++)
            {
                char label = inputs[i][axis];
                int extent = operands[i].Shape[axis];
                if (!sizes.TryGetValue(label, out int known) || known == 1)
                {
                    sizes[label] = extent;
                }
                else if (extent != 1 && extent != known)
                {
                    throw new ShapeException(
                        $"einsum \"{subscripts}\": label '{label}' has extent {known} in one array and {extent} in {operands[i].Type}."
                    );
                }
            }
        }

        return sizes;
    }

    private static Term TakeDiagonals(Term term)
    {
        while (term.Labels.FirstOrDefault(label => term.Labels.Count(l => l == label) > 1) is var label and not '\0')
        {
            int first = term.Labels.IndexOf(label);
            int second = term.Labels.IndexOf(label, first + 1);
            term = new Term(
                Jnp.Diagonal(term.Array, 0, first, second),
                term.Labels.Remove(second, 1).Remove(first, 1) + label
            );
        }

        return term;
    }

    /// <summary>The pair whose product is cheapest, by the number of multiplications.</summary>
    private static (int First, int Second) Cheapest(List<string> terms, string output, Dictionary<char, int> sizes)
    {
        if (terms.Count == 2)
        {
            return (0, 1);
        }

        double best = double.PositiveInfinity;
        var pair = (0, 1);
        for (int i = 0; i < terms.Count; i++)
        {
            for (int j = i + 1; j < terms.Count; j++)
            {
                var union = terms[i].Union(terms[j]).ToArray();
                var rest = output + string.Concat(terms.Where((_, k) => k != i && k != j));
                double cost = Product(union) + Product(union.Where(rest.Contains));
                bool shares = terms[i].Any(terms[j].Contains);
                cost = shares ? cost : cost * 1e6;
                if (cost < best)
                {
                    best = cost;
                    pair = (i, j);
                }
            }
        }

        return pair;

        double Product(IEnumerable<char> labels) =>
            labels.Aggregate(1.0, (size, label) => size * Math.Max(1, sizes[label]));
    }

    private static Term Contract(Term a, Term b, string needed)
    {
        // What only one side has and nobody needs is summed first; extents of 1 stretch, so that they do not contract.
        a = SumOut(DropOnes(a, b), needed + b.Labels);
        b = SumOut(DropOnes(b, a), needed + a.Labels);
        string shared = string.Concat(a.Labels.Where(b.Labels.Contains));
        string batch = string.Concat(shared.Where(needed.Contains));
        string summed = string.Concat(shared.Where(label => !needed.Contains(label)));
        string labels =
            batch
            + string.Concat(a.Labels.Where(label => !shared.Contains(label)))
            + string.Concat(b.Labels.Where(label => !shared.Contains(label)));
        if (summed.Length == 0 && a.Array.DType.IsFloating)
        {
            // No sum: a product of broadcast elements.
            return new Term(Ops.Mul(Aligned(a, labels, b), Aligned(b, labels, a)), labels);
        }

        var numbers = new DotDimensionNumbers(Places(a, summed), Places(b, summed), Places(a, batch), Places(b, batch));
        return new Term(new DotGeneral(numbers).Bind(a.Array, b.Array), labels);

        static int[] Places(Term term, string of) => [.. of.Select(label => term.Labels.IndexOf(label))];
    }

    private static NDArray Aligned(Term term, string labels, Term other)
    {
        string own = string.Concat(labels.Where(term.Labels.Contains));
        var ordered = Ops.Transpose(term.Array, [.. own.Select(label => term.Labels.IndexOf(label))]);
        int[] shape =
        [
            .. labels
                .Select(label => (term.Labels.Contains(label) ? term : other))
                .Zip(labels, (source, label) => source.Array.Shape[source.Labels.IndexOf(label)]),
        ];
        return new BroadcastInDim(shape, own.Select(label => labels.IndexOf(label)).ToArray()).Bind(ordered);
    }

    /// <summary>Axes of extent 1 that have a larger one under the same label in the other term.</summary>
    private static Term DropOnes(Term term, Term other)
    {
        for (int axis = term.Labels.Length - 1; axis >= 0; axis--)
        {
            int at = other.Labels.IndexOf(term.Labels[axis]);
            if (at >= 0 && term.Array.Shape[axis] == 1 && other.Array.Shape[at] != 1)
            {
                term = new Term(Ops.Squeeze(term.Array, axis), term.Labels.Remove(axis, 1));
            }
        }

        return term;
    }

    private static Term SumOut(Term term, string needed)
    {
        int[] axes = [.. Enumerable.Range(0, term.Labels.Length).Where(axis => !needed.Contains(term.Labels[axis]))];
        return axes.Length == 0
            ? term
            : new Term(Jnp.Sum(term.Array, axes, term.Array.DType), string.Concat(term.Labels.Where(needed.Contains)));
    }

    private sealed record Term(NDArray Array, string Labels);
}

/// <summary>Products in Einstein's notation.</summary>
public static partial class Jnp
{
    /// <summary>
    /// A sum of products in Einstein's notation: labels name axes, a label that the result lacks is summed over, an ellipsis stands
    /// for axes that broadcast. Without "-&gt;" the result has the labels that appear once, in alphabetic order.
    /// </summary>
    /// <param name="subscripts">The formula.</param>
    /// <param name="operands">The arrays.</param>
    /// <example><code>
    /// jnp.Einsum("bij,bjk-&gt;bik", jnp.Ones((5, 2, 3)), jnp.Ones((5, 3, 4))).Shape; // => (5,2,4)
    /// jnp.Einsum("ii", jnp.Eye(3)); // => 3.0
    /// </code></example>
    public static NDArray Einsum(string subscripts, params NDArray[] operands) =>
        EinsumIn(Argument.Given(subscripts), Argument.Given(operands), null);

    /// <summary>A sum of products in Einstein's notation, with an element type for the result.</summary>
    /// <param name="subscripts">The formula.</param>
    /// <param name="operands">The arrays.</param>
    /// <param name="optimize">Accepted for likeness: the order of products is chosen by cost.</param>
    /// <param name="precision">Accepted for likeness: products are always computed to the full precision of the type.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    public static NDArray Einsum(
        string subscripts,
        NDArray[] operands,
        object? optimize = null,
        Precision? precision = null,
        DType? preferredElementType = null
    ) => EinsumIn(Argument.Given(subscripts), Argument.Given(operands), preferredElementType);

    /// <summary>
    /// The order in which <see cref="Einsum(string, NDArray[])"/> contracts its arrays: the places of two of them in the list, from
    /// which they are taken and to whose end their product goes; and the same in words.
    /// </summary>
    /// <param name="subscripts">The formula.</param>
    /// <param name="operands">The arrays.</param>
    /// <param name="optimize">Accepted for likeness: the pair that is cheapest goes first.</param>
    /// <example><code>
    /// var (a, b, c) = (jnp.Ones((10, 2)), jnp.Ones((2, 10)), jnp.Ones((10, 3)));
    /// var (path, text) = jnp.EinsumPath("ab,bc,cd-&gt;ad", [a, b, c]);
    /// path[0]; // => (1, 2)
    /// text;    // => ab,bc,cd-&gt;ad: (1, 2), (0, 1)
    /// </code></example>
    public static ((int First, int Second)[] Path, string Text) EinsumPath(
        string subscripts,
        NDArray[] operands,
        object? optimize = null
    )
    {
        Argument.Given(subscripts);
        var path = Numpy.Einsum.Path(subscripts, Argument.Given(operands)).ToArray();
        return (path, $"{subscripts}: {string.Join(", ", path)}");
    }

    private static NDArray EinsumIn(string subscripts, NDArray[] operands, DType? preferred)
    {
        if (operands.Length == 0)
        {
            throw new JaxArgumentException("einsum needs at least one array.");
        }

        var (dtype, weak) = Promotion.Result(operands);
        if (dtype.IsBool && preferred is null)
        {
            var counts = Numpy.Einsum.Evaluate(
                subscripts,
                System.Array.ConvertAll(operands, x => Promotion.Convert(x, DType.I32))
            );
            return Ops.Ne(counts, Ops.Like(counts, 0));
        }

        var compute = preferred is null
            ? dtype
            : Promotion.Types(JaxConfig.Canonical(dtype), JaxConfig.Canonical(preferred));
        var result = Numpy.Einsum.Evaluate(
            subscripts,
            System.Array.ConvertAll(operands, x => Promotion.Convert(x, compute, weak && preferred is null))
        );
        return preferred is null ? result : Promotion.Convert(result, preferred);
    }
}
