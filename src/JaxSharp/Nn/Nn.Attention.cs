using System;
using JaxSharp.Ir;
using JaxSharp.Numpy;

namespace JaxSharp;

// Attention.
public static partial class Nn
{
    /// <summary>softmax(query · keyᵀ · scale + bias) · value, for each head.</summary>
    /// <param name="query">[batch, T, heads, depth], or without batch.</param>
    /// <param name="key">[batch, S, key heads, depth]; several query heads may share a key head.</param>
    /// <param name="value">[batch, S, key heads, depth].</param>
    /// <param name="bias">Added to the logits; broadcasts to [batch, heads, T, S].</param>
    /// <param name="mask">Bools: where false there is no attention; broadcasts to [batch, heads, T, S].</param>
    /// <param name="scale">1/√depth by default.</param>
    /// <param name="isCausal">Whether a query attends only to keys at its own and earlier places.</param>
    /// <param name="querySeqLengths">The lengths of the query sequences; the result is 0 beyond.</param>
    /// <param name="keyValueSeqLengths">The lengths of the key sequences.</param>
    /// <param name="localWindowSize">How many keys before and after its own place a query attends to.</param>
    /// <param name="implementation">Null or <c>"xla"</c>; there is one implementation.</param>
    /// <returns>An array with the shape of the query.</returns>
    public static NDArray DotProductAttention(
        NDArray query,
        NDArray key,
        NDArray value,
        NDArray? bias = null,
        NDArray? mask = null,
        double? scale = null,
        bool isCausal = false,
        NDArray? querySeqLengths = null,
        NDArray? keyValueSeqLengths = null,
        LocalWindow? localWindowSize = null,
        string? implementation = null
    )
    {
        Argument.Given(query);
        Argument.Given(key);
        Argument.Given(value);
        if (implementation is not (null or "xla"))
        {
            throw new JaxArgumentException(
                $"dot_product_attention has no implementation \"{implementation}\": leave it out."
            );
        }

        if (mask is not null && !mask.DType.IsBool)
        {
            throw new DTypeException($"dot_product_attention needs a mask of bools; got {mask.Type}.");
        }

        if (query.Ndim == 3 && key.Ndim == 3 && value.Ndim == 3)
        {
            var one = DotProductAttention(
                Ops.ExpandDims(query, 0),
                Ops.ExpandDims(key, 0),
                Ops.ExpandDims(value, 0),
                bias,
                mask,
                scale,
                isCausal,
                querySeqLengths,
                keyValueSeqLengths,
                localWindowSize
            );
            return Ops.Squeeze(one, 0);
        }

        CheckAttention(query, key, value);
        CheckLengths("querySeqLengths", querySeqLengths, query);
        CheckLengths("keyValueSeqLengths", keyValueSeqLengths, query);
        int group = query.Shape[2] / key.Shape[2];
        var logitType = query.DType == DType.F64 ? DType.F64 : DType.F32;
        var keys = RepeatHeads(key, group);
        var logits = Lax.DotGeneral(
            query,
            keys,
            new DotDimensionNumbers([3], [3], [0, 2], [0, 2]),
            preferredElementType: logitType
        );
        logits = logits * Ops.Like(logits, scale ?? 1 / Math.Sqrt(query.Shape[3]));
        if (bias is not null)
        {
            logits = (logits + bias).AsType(logits.DType);
        }

        if (
            AttentionMask(logits.Shape, mask, isCausal, querySeqLengths, keyValueSeqLengths, localWindowSize) is
            { } allowed
        )
        {
            double least = -0.7 * (logitType == DType.F64 ? double.MaxValue : float.MaxValue);
            logits = Jnp.Where(allowed, logits, Ops.Like(logits, least));
        }

        var probabilities = Softmax(logits.AsType(DType.F32)).AsType(key.DType);
        var result = Lax.DotGeneral(
            probabilities,
            RepeatHeads(value, group),
            new DotDimensionNumbers([3], [1], [0, 1], [0, 2])
        );
        result = Ops.Transpose(result, 0, 2, 1, 3);
        if (querySeqLengths is not null)
        {
            var inside = Positions(result.Shape[1], 1, 4) < Column(querySeqLengths);
            result = result * inside.AsType(result.DType);
        }

        return result;
    }

    private static void CheckAttention(NDArray query, NDArray key, NDArray value)
    {
        bool fits =
            query.Ndim == 4
            && key.Ndim == 4
            && key.Shape == value.Shape
            && query.Shape[0] == key.Shape[0]
            && query.Shape[3] == key.Shape[3]
            && key.Shape[2] > 0
            && query.Shape[2] % key.Shape[2] == 0
            && ReferenceEquals(query.DType, key.DType)
            && ReferenceEquals(value.DType, key.DType);
        if (!fits)
        {
            throw new ShapeException(
                $"dot_product_attention needs query [batch, T, heads, depth] and key and value [batch, S, key heads, depth], with a number "
                    + $"of heads that is a multiple of that of key heads and one element type; got {query.Type}, {key.Type} and {value.Type}."
            );
        }
    }

    private static void CheckLengths(string name, NDArray? lengths, NDArray query)
    {
        if (lengths is not null && (lengths.DType.Code != DTypeCode.I32 || lengths.Shape != new Shape(query.Shape[0])))
        {
            throw new ShapeException(
                $"dot_product_attention needs one length for each sequence as {name}, i32[{query.Shape[0]}] for a query {query.Type}; got {lengths.Type}."
            );
        }
    }

    private static NDArray RepeatHeads(NDArray x, int group)
    {
        if (group == 1)
        {
            return x;
        }

        var shape = x.Shape;
        var wide = Broadcasting.To(
            Ops.ExpandDims(x, 3),
            new Shape(shape[0], shape[1], shape[2], group, shape[3]),
            "dot_product_attention"
        );
        return Ops.Reshape(wide, new Shape(shape[0], shape[1], shape[2] * group, shape[3]));
    }

    private static NDArray? AttentionMask(
        Shape logits,
        NDArray? mask,
        bool isCausal,
        NDArray? queryLengths,
        NDArray? keyLengths,
        LocalWindow? window
    )
    {
        var queries = Positions(logits[2], 2, 4);
        var keys = Positions(logits[3], 3, 4);
        var result = mask;
        if (isCausal)
        {
            result = Both(result, queries >= keys);
        }

        if (window is { } local)
        {
            result = Both(result, Both(queries <= keys + local.Left, queries >= keys - local.Right));
        }

        if (queryLengths is not null)
        {
            result = Both(result, queries < Column(queryLengths));
        }

        return keyLengths is null ? result : Both(result, keys < Column(keyLengths));
    }

    private static NDArray Both(NDArray? x, NDArray y) => x is null ? y : Jnp.LogicalAnd(x, y);

    private static NDArray Positions(int count, int axis, int rank)
    {
        int[] shape = new int[rank];
        Array.Fill(shape, 1);
        shape[axis] = count;
        return Ops.Iota(DType.I32, new Shape(shape), axis);
    }

    private static NDArray Column(NDArray lengths) => Ops.Reshape(lengths, new Shape(lengths.Shape[0], 1, 1, 1));

    /// <summary>How many keys before and after its own place a query attends to: one number for both, or two.</summary>
    /// <param name="Left">The number of keys before.</param>
    /// <param name="Right">The number of keys after.</param>
    public readonly record struct LocalWindow(int Left, int Right)
    {
        /// <summary>The same number before and after.</summary>
        public static implicit operator LocalWindow(int size) => new(size, size);

        /// <summary>The numbers before and after.</summary>
        public static implicit operator LocalWindow((int Left, int Right) sizes) => new(sizes.Left, sizes.Right);
    }
}
