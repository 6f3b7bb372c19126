using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// The Threefry-2x32 hash, elementwise: operands are the two words of the key and the two words of the counter, results the two
/// words of the hash; all u32.
/// </summary>
internal sealed record Threefry2x32 : Primitive
{
    public override string Name => "threefry2x32";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        foreach (var operand in operands)
        {
            if (operand.DType != DType.U32 || operand.Shape != operands[0].Shape)
            {
                throw new DTypeException(
                    $"threefry2x32 needs four arrays of type u32 and equal shape; got {Types.List(operands)}."
                );
            }
        }

        return [operands[0].Strong(), operands[0].Strong()];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var outputs = this.BindAll(primals);
        return (outputs, [.. outputs.Select(Tangent.Zero)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        (this.BindAll([.. operands.Select((x, i) => Batching.Align(x, dims[i], 0, axis.Size))]), [0, 0]);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        new Lowering.Elementwise(e =>
        {
            var (a, b) = Scalar.Threefry2x32(e[0], e[1], e[2], e[3]);
            return [a, b];
        });
}

/// <summary>
/// An operation on random keys: the first operand has shape [batch…, 2], the result the batch axes and then axes of its own. The
/// result is computed from a counter at each place, so it fuses with what consumes it.
/// </summary>
internal abstract record KeyPrimitive : Primitive
{
    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [Tangent.Zero(y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([this.Bind([.. operands.Select((x, i) => Batching.Align(x, dims[i], 0, axis.Size))])], [0]);

    /// <summary>The batch axes of the keys.</summary>
    protected Shape BatchOf(ArrayType key)
    {
        if (key.DType != DType.U32 || key.Rank == 0 || key.Shape[^1] != 2)
        {
            throw new DTypeException(
                $"{Name} needs random keys: u32 arrays whose last axis has extent 2; got {key}. Make keys with JaxRandom.Key(seed)."
            );
        }

        return key.Shape[..^1];
    }

    protected static ScalarExpr U32(ScalarExpr x) => Scalar.Convert(x, DType.U32);

    protected static ScalarExpr I64(long x) => Scalar.Const(DType.I64, x);

    /// <summary>The words of the key at the batch part of an index.</summary>
    protected static (ScalarExpr, ScalarExpr) KeyAt(ReadElement key, ScalarExpr[] batch) =>
        (key([.. batch, I64(0)]), key([.. batch, I64(1)]));

    /// <summary>The row-major position of an index.</summary>
    protected static ScalarExpr Flat(ScalarExpr[] index, Shape shape)
    {
        var strides = shape.Strides();
        var flat = I64(0);
        for (int axis = 0; axis < index.Length; axis++)
        {
            if (shape[axis] != 1)
            {
                flat = Scalar.Add(flat, Scalar.Mul(index[axis], I64(strides[axis])));
            }
        }

        return flat;
    }

    /// <summary>The hash of a 64-bit counter, by its high and low words.</summary>
    protected static (ScalarExpr, ScalarExpr) HashPosition((ScalarExpr, ScalarExpr) key, ScalarExpr position, long size)
    {
        var high =
            size > uint.MaxValue ? U32(Scalar.ShiftRightLogical(position, I64(32))) : Scalar.Const(DType.U32, 0L);
        return Scalar.Threefry2x32(key.Item1, key.Item2, high, U32(position));
    }

    /// <summary>
    /// Word <paramref name="position"/> of the older layout, in which <paramref name="words"/> counters are cut into two halves that
    /// are hashed together, with a zero in the last place if their number is odd.
    /// </summary>
    protected static ScalarExpr LegacyWord((ScalarExpr, ScalarExpr) key, ScalarExpr position, long words)
    {
        long half = (words + 1) / 2;
        var inFirst = Scalar.Lt(position, I64(half));
        var first = Scalar.Select(inFirst, position, Scalar.Sub(position, I64(half)));
        var second = Scalar.Add(first, I64(half));
        second = Scalar.Select(Scalar.Lt(second, I64(words)), second, I64(0));
        var (a, b) = Scalar.Threefry2x32(key.Item1, key.Item2, U32(first), U32(second));
        return Scalar.Select(inFirst, a, b);
    }
}

/// <summary>Uniform random bits of shape [batch…, shape…] from keys of shape [batch…, 2].</summary>
internal sealed record RandomBits(int BitWidth, [Printed("shape")] Shape ResultShape, bool Legacy = false)
    : KeyPrimitive
{
    public override string Name => "random_bits";

    private DType ResultType =>
        BitWidth switch
        {
            8 => DType.U8,
            16 => DType.U16,
            32 => DType.U32,
            _ => DType.U64,
        };

    public override ArrayType[] Infer(ArrayType[] operands) =>
        [new ArrayType(ResultType, new Shape([.. BatchOf(operands[0]), .. ResultShape]))];

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        int batch = operands[0].Rank - 1;
        return new Lowering.Indexed(
            (index, read) =>
            {
                var key = KeyAt(read[0], index[..batch]);
                var position = Flat(index[batch..], ResultShape);
                return Legacy ? LegacyBits(key, position) : Bits(key, position);
            }
        );
    }

    private ScalarExpr Bits((ScalarExpr, ScalarExpr) key, ScalarExpr position)
    {
        var (a, b) = HashPosition(key, position, ResultShape.Size);
        return BitWidth == 64 ? Join(a, b) : Scalar.Convert(Scalar.Xor(a, b), ResultType);
    }

    private ScalarExpr LegacyBits((ScalarExpr, ScalarExpr) key, ScalarExpr position)
    {
        long size = ResultShape.Size;
        if (BitWidth == 64)
        {
            return Join(
                LegacyWord(key, position, 2 * size),
                LegacyWord(key, Scalar.Add(position, I64(size)), 2 * size)
            );
        }

        int perWord = 32 / BitWidth;
        if (perWord == 1)
        {
            return LegacyWord(key, position, size);
        }

        var word = LegacyWord(key, Scalar.Div(position, I64(perWord)), (size + perWord - 1) / perWord);
        var shift = U32(Scalar.Mul(Scalar.Rem(position, I64(perWord)), I64(BitWidth)));
        return Scalar.Convert(Scalar.ShiftRightLogical(word, shift), ResultType);
    }

    private static ScalarExpr Join(ScalarExpr high, ScalarExpr low) =>
        Scalar.Or(
            Scalar.ShiftLeft(Scalar.Convert(high, DType.U64), Scalar.Const(DType.U64, 32L)),
            Scalar.Convert(low, DType.U64)
        );
}

/// <summary>New keys of shape [batch…, shape…, 2] from keys of shape [batch…, 2].</summary>
internal sealed record RandomSplit([Printed("shape")] Shape KeyShape, bool Legacy = false) : KeyPrimitive
{
    public override string Name => "random_split";

    public override ArrayType[] Infer(ArrayType[] operands) =>
        [new ArrayType(DType.U32, new Shape([.. BatchOf(operands[0]), .. KeyShape, 2]))];

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        int batch = operands[0].Rank - 1;
        return new Lowering.Indexed(
            (index, read) =>
            {
                var key = KeyAt(read[0], index[..batch]);
                var position = Flat(index[batch..^1], KeyShape);
                if (Legacy)
                {
                    var word = Scalar.Add(Scalar.Mul(position, I64(2)), index[^1]);
                    return LegacyWord(key, word, 2 * KeyShape.Size);
                }

                var (a, b) = HashPosition(key, position, KeyShape.Size);
                return Scalar.Select(Scalar.Eq(index[^1], I64(0)), a, b);
            }
        );
    }
}

/// <summary>Keys of shape [batch…, 2] made of keys of that shape and u32 data of shape [batch…].</summary>
internal sealed record RandomFoldIn : KeyPrimitive
{
    public override string Name => "random_fold_in";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        if (BatchOf(operands[0]) != operands[1].Shape || operands[1].DType != DType.U32)
        {
            throw new ShapeException($"random_fold_in needs one u32 number for each key; got {Types.List(operands)}.");
        }

        return [operands[0].Strong()];
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        new Lowering.Indexed(
            (index, read) =>
            {
                var (k0, k1) = KeyAt(read[0], index[..^1]);
                var (a, b) = Scalar.Threefry2x32(k0, k1, Scalar.Const(DType.U32, 0L), read[1](index[..^1]));
                return Scalar.Select(Scalar.Eq(index[^1], I64(0)), a, b);
            }
        );
}
