using System;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

// Bits, uniform numbers and what is one comparison or remainder away from them.
public static partial class JaxRandom
{
    /// <summary>Uniform random bits.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">An unsigned integer type; by default u32, or u64 with 64-bit types enabled.</param>
    public static NDArray Bits(PrngKey key, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("bits", key);
        dtype = JaxConfig.Canonical(dtype ?? DType.U64);
        return dtype.IsUnsigned
            ? BitsOf(words, shape ?? Shape.Scalar, dtype.Bits)
            : throw new DTypeException(
                $"bits needs an unsigned integer type as dtype; got {dtype}. Use RandInt for others."
            );
    }

    /// <summary>Uniform numbers in [minval, maxval).</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    /// <param name="minval">The smallest value, 0 by default; broadcasts to the shape.</param>
    /// <param name="maxval">The bound above, 1 by default; broadcasts to the shape.</param>
    /// <example><code>
    /// JaxRandom.Uniform(JaxRandom.Key(0));                                   // => 0.947667
    /// JaxRandom.Uniform(JaxRandom.Key(0), (3, 4), minval: -1.0).Shape; // => (3,4)
    /// </code></example>
    public static NDArray Uniform(
        PrngKey key,
        Shape? shape = null,
        DType? dtype = null,
        NDArray? minval = null,
        NDArray? maxval = null
    )
    {
        var words = CheckKey("uniform", key);
        return UniformOf(words, shape ?? Shape.Scalar, FloatType("uniform", dtype), minval, maxval);
    }

    /// <summary>Uniform integers in [minval, maxval); minval where that is empty.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="minval">The smallest value; broadcasts to the shape.</param>
    /// <param name="maxval">The bound above; broadcasts to the shape.</param>
    /// <param name="dtype">An integer type; by default i32, or i64 with 64-bit types enabled.</param>
    public static NDArray RandInt(PrngKey key, Shape shape, NDArray minval, NDArray maxval, DType? dtype = null)
    {
        var words = CheckKey("randint", key);
        dtype = IntegerType("randint", dtype);
        ParameterShape("randint", shape, minval.Shape, maxval.Shape);
        if (!minval.DType.IsInteger)
        {
            minval = Promotion.Convert(minval, DType.I64);
        }

        if (!maxval.DType.IsInteger)
        {
            maxval = Promotion.Convert(maxval, DType.I64);
        }

        return Fused("randint", (shape, dtype), x => RandIntOf(x[0], shape, x[1], x[2], dtype), words, minval, maxval);
    }

    /// <summary>True with probability p.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="p">The probability, 0.5 by default.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="p"/> by default.</param>
    /// <param name="mode"><c>"low"</c>, or <c>"high"</c> to resolve small probabilities with twice the bits.</param>
    public static NDArray Bernoulli(PrngKey key, NDArray? p = null, Shape? shape = null, string mode = "low")
    {
        var words = CheckKey("bernoulli", key);
        p ??= DeviceArray.Scalar(0.5, DType.F32, weak: false);
        if (mode is not ("low" or "high"))
        {
            throw new JaxArgumentException($"bernoulli knows the modes \"high\" and \"low\"; got \"{mode}\".");
        }

        if (!p.DType.IsFloating)
        {
            throw new DTypeException($"bernoulli needs a floating-point probability p; got {p.Type}.");
        }

        shape = ParameterShape("bernoulli", shape, p.Shape);
        p = Broadcasting.To(Promotion.Convert(p, p.DType), shape, "bernoulli");
        if (mode == "low")
        {
            return Ops.Lt(UniformOf(words, shape, p.DType), p);
        }

        var both = UniformOf(words, shape.Insert(0, 2), p.DType);
        var fine = Ops.At(both, 0, 1);
        fine = Ops.Mul(fine, Ops.Like(fine, Math.ScaleB(1, -MantissaBits(p.DType))));
        return Ops.Gt(Ops.Sub(p, Ops.At(both, 0, 0)), fine);
    }

    /// <summary>1 or −1 with equal probability.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">The element type; by default i32, or i64 with 64-bit types enabled.</param>
    public static NDArray Rademacher(PrngKey key, Shape? shape = null, DType? dtype = null)
    {
        CheckKey("rademacher", key);
        var sign = Promotion.Convert(Bernoulli(key, 0.5, shape ?? Shape.Scalar), dtype ?? DType.I64);
        return Ops.Sub(Ops.Mul(sign, Ops.Like(sign, 2)), Ops.Like(sign, 1));
    }

    private static NDArray RandIntOf(NDArray words, Shape shape, NDArray minval, NDArray maxval, DType dtype)
    {
        var beyond = Ops.Gt(maxval, IntegerLike(maxval, Int128.Min(MaxOf(dtype), MaxOf(maxval.DType))));
        var low = Broadcasting.To(ClipTo(dtype, minval), shape, "randint");
        var high = Broadcasting.To(ClipTo(dtype, maxval), shape, "randint");
        beyond = Broadcasting.To(beyond, shape, "randint");

        // Small types are sampled in 32 bits. Twice the bits that are needed keep the bias of the remainder small.
        int width = Math.Max(32, dtype.Bits);
        var unsigned = width == 64 ? DType.U64 : DType.U32;
        var (k1, k2) = SplitInTwo(words);
        var higher = BitsOf(k1, shape, width);
        var lower = BitsOf(k2, shape, width);
        var isEmpty = Ops.Le(high, low);
        var span = Ops.Sub(Promotion.Convert(high, unsigned), Promotion.Convert(low, unsigned));
        var one = Ops.Like(span, 1);
        span = Ops.Select(isEmpty, one, Ops.Select(beyond, Ops.Add(span, one), span));
        var multiplier = Ops.Rem(Ops.Like(span, Math.ScaleB(1, width / 2)), span);
        multiplier = Ops.Rem(Ops.Mul(multiplier, multiplier), span);
        var offset = Ops.Add(Ops.Mul(Ops.Rem(higher, span), multiplier), Ops.Rem(lower, span));
        offset = Ops.Rem(offset, span);
        return Ops.Add(low, Promotion.Convert(offset, dtype));
    }

    private static NDArray BitsOf(NDArray words, Shape shape, int width) =>
        new RandomBits(width, shape, JaxConfig.LegacyRandomBits).Bind(words);

    /// <summary>Uniform numbers: random bits for the mantissa of a number in [1, 2), less 1, scaled.</summary>
    private static NDArray UniformOf(
        NDArray words,
        Shape shape,
        DType dtype,
        NDArray? minval = null,
        NDArray? maxval = null
    )
    {
        if (minval is null && maxval is null)
        {
            return Fused("uniform", (shape, dtype), x => UnitOf(x[0], shape, dtype), words);
        }

        var low = Promotion.Convert(minval ?? 0.0, dtype);
        var high = Promotion.Convert(maxval ?? 1.0, dtype);
        return Fused("uniform", (shape, dtype), x => Scaled(UnitOf(x[0], shape, dtype), x[1], x[2]), words, low, high);
    }

    private static NDArray UnitOf(NDArray words, Shape shape, DType dtype)
    {
        int mantissa = MantissaBits(dtype);
        int drawn = mantissa < 8 ? 8 : dtype.Bits;
        var unsigned = dtype.Bits switch
        {
            16 => DType.U16,
            32 => DType.U32,
            _ => DType.U64,
        };
        var bits = Promotion.Convert(BitsOf(words, shape, drawn), unsigned);
        bits = Ops.ShiftRightLogical(bits, Ops.Like(bits, drawn - mantissa));
        bits = Ops.Or(bits, Ops.Broadcast(Ops.Bitcast(DeviceArray.Scalar(1.0, dtype, weak: false), unsigned), shape));
        var unit = Ops.Bitcast(bits, dtype);
        return Ops.Sub(unit, Ops.Like(unit, 1));
    }

    private static NDArray Scaled(NDArray unit, NDArray low, NDArray high)
    {
        var width = Broadcasting.To(Jnp.Subtract(high, low), unit.Shape, "uniform");
        low = Broadcasting.To(low, unit.Shape, "uniform");

        // XLA contracts this to one rounding in the wide types.
        var scaled =
            unit.DType.Bits == 16 ? Ops.Add(Ops.Mul(unit, width), low) : new FusedMultiplyAdd().Bind(unit, width, low);
        return Ops.Max(low, scaled);
    }

    private static NDArray ClipTo(DType dtype, NDArray x)
    {
        var low = IntegerLike(x, Int128.Max(MinOf(dtype), MinOf(x.DType)));
        var high = IntegerLike(x, Int128.Min(MaxOf(dtype), MaxOf(x.DType)));
        return Promotion.Convert(Ops.Min(Ops.Max(x, low), high), dtype);
    }

    private static NDArray IntegerLike(NDArray x, Int128 value) =>
        Ops.Broadcast(DeviceArray.Scalar(unchecked((long)value), x.DType, x.WeakType), x.Shape);

    private static Int128 MinOf(DType dtype) => dtype.IsUnsigned ? 0 : -(Int128.One << (dtype.Bits - 1));

    private static Int128 MaxOf(DType dtype) => (Int128.One << (dtype.IsUnsigned ? dtype.Bits : dtype.Bits - 1)) - 1;

    private static int MantissaBits(DType dtype) =>
        dtype.Code switch
        {
            DTypeCode.F16 => 10,
            DTypeCode.BF16 => 7,
            DTypeCode.F32 => 23,
            _ => 52,
        };

    private static DType FloatType(string caller, DType? dtype)
    {
        dtype = JaxConfig.Canonical(dtype ?? DType.F64);
        return dtype.IsFloating
            ? dtype
            : throw new DTypeException($"{caller} needs a floating-point type as dtype; got {dtype}.");
    }

    private static DType IntegerType(string caller, DType? dtype)
    {
        dtype = JaxConfig.Canonical(dtype ?? DType.I64);
        return dtype.IsInteger
            ? dtype
            : throw new DTypeException($"{caller} needs an integer type as dtype; got {dtype}.");
    }

    /// <summary>The shape of the result: that of the parameters together, or the one given, to which they must broadcast.</summary>
    private static Shape ParameterShape(string caller, Shape? shape, params ReadOnlySpan<Shape> parameters)
    {
        if (shape is null)
        {
            return Broadcasting.Common(caller, parameters);
        }

        var together = Broadcasting.Common(caller, [shape, .. parameters]);
        return together == shape
            ? shape
            : throw new ShapeException(
                $"{caller} cannot give shape {shape}: its parameters broadcast to {together}. They must broadcast to the shape."
            );
    }
}
