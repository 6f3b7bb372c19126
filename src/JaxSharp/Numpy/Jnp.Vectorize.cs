using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Transforms;

namespace JaxSharp.Numpy;

public static partial class Jnp
{
    /// <summary>
    /// A function of elements, or of the trailing axes that a signature names, as a function of arrays that broadcasts over all other
    /// axes.
    /// </summary>
    /// <param name="pyfunc">The function of elements.</param>
    /// <param name="signature">
    /// The trailing axes of arguments and result, such as <c>(n,m),(m)->(n)</c>; none by default. Sizes of one name must agree.
    /// </param>
    /// <exception cref="JaxArgumentException">The signature is not well formed, or names another number of arguments.</exception>
    /// <exception cref="ShapeException">The arrays do not broadcast, or sizes of one name differ.</exception>
    /// <example><code>
    /// jnp.Vectorize((a, b) => jnp.Dot(a, b), "(n,m),(m)-&gt;(n)")(jnp.Ones((5, 2, 3)), jnp.Ones((5, 3))).Shape; // => (5,2)
    /// </code></example>
    public static Func<NDArray, NDArray> Vectorize(Func<NDArray, NDArray> pyfunc, string? signature = null)
    {
        Argument.Given(pyfunc);
        var spec = new VectorizeSignature(signature, 1);
        return x => spec.Apply(xs => pyfunc(xs[0]), x);
    }

    /// <inheritdoc cref="Vectorize(Func{NDArray, NDArray}, string?)"/>
    public static Func<NDArray, NDArray, NDArray> Vectorize(
        Func<NDArray, NDArray, NDArray> pyfunc,
        string? signature = null
    )
    {
        Argument.Given(pyfunc);
        var spec = new VectorizeSignature(signature, 2);
        return (x, y) => spec.Apply(xs => pyfunc(xs[0], xs[1]), x, y);
    }

    /// <inheritdoc cref="Vectorize(Func{NDArray, NDArray}, string?)"/>
    public static Func<NDArray, NDArray, NDArray, NDArray> Vectorize(
        Func<NDArray, NDArray, NDArray, NDArray> pyfunc,
        string? signature = null
    )
    {
        Argument.Given(pyfunc);
        var spec = new VectorizeSignature(signature, 3);
        return (x, y, z) => spec.Apply(xs => pyfunc(xs[0], xs[1], xs[2]), x, y, z);
    }
}

/// <summary>The trailing axes that a vectorized function takes.</summary>
internal sealed class VectorizeSignature
{
    private readonly string[][] arguments;
    private readonly string text;

    public VectorizeSignature(string? signature, int count)
    {
        text = signature ?? string.Join(",", Enumerable.Repeat("()", count)) + "->()";
        string[] sides = text.Replace(" ", "", StringComparison.Ordinal).Split("->");
        if (sides.Length != 2)
        {
            throw Malformed("it needs one arrow, as in (n,m),(m)->(n)");
        }

        arguments = Parse(sides[0]);
        Parse(sides[1]);
        if (arguments.Length != count)
        {
            throw Malformed($"it names {arguments.Length} arguments of a function that takes {count}");
        }
    }

    /// <summary>Maps a function over all axes but the trailing ones.</summary>
    public NDArray Apply(Func<NDArray[], NDArray> function, params NDArray[] arrays)
    {
        var sizes = new Dictionary<string, int>();
        for (int i = 0; i < arrays.Length; i++)
        {
            Check(arrays[i], i, sizes);
        }

        var loop = Jnp.BroadcastShapes([.. arrays.Select((x, i) => x.Shape[..^arguments[i].Length])]);
        NDArray[] whole =
        [
            .. arrays.Select((x, i) => Jnp.BroadcastTo(x, new Shape([.. loop, .. x.Shape[^arguments[i].Length..]]))),
        ];
        Func<NDArray[], NDArray> mapped = function;
        for (int axis = 0; axis < loop.Rank; axis++)
        {
            var inner = mapped;
            var options = new VmapOptions(text, 0, 0, null, null);
            mapped = xs => VmapCore.Run(inner, xs, 1, options);
        }

        return mapped(whole);
    }

    private void Check(NDArray array, int argument, Dictionary<string, int> sizes)
    {
        string[] names = arguments[argument];
        if (Argument.Given(array, $"argument {argument}", nameof(Jnp.Vectorize)).Ndim < names.Length)
        {
            throw new ShapeException(
                $"A function vectorized by {text} needs at least {names.Length} axes in argument {argument}; got {array.Type}."
            );
        }

        for (int k = 0; k < names.Length; k++)
        {
            int size = array.Shape[^(names.Length - k)];
            if (sizes.TryGetValue(names[k], out int known) && known != size)
            {
                throw new ShapeException(
                    $"A function vectorized by {text} got sizes {known} and {size} for {names[k]}; argument {argument} is {array.Type}."
                );
            }

            sizes[names[k]] = size;
        }
    }

    private string[][] Parse(string side)
    {
        if (!side.StartsWith('(') || !side.EndsWith(')'))
        {
            throw Malformed("each side is a list of parenthesised names");
        }

        return [.. side[1..^1].Split("),(").Select(names => names.Length == 0 ? [] : names.Split(','))];
    }

    private JaxArgumentException Malformed(string why) =>
        new($"Jnp.Vectorize cannot read the signature \"{text}\": {why}.");
}
