using System;
using System.Numerics;

namespace JaxSharp.Compiler.Scalars;

/// <summary>
/// The value of one element as a function of loop indices, input elements and reduced values: an immutable graph, in which a
/// shared node is evaluated once. Equality is structural, by a 128-bit hash of the structure made with the node, so that it costs the same for
/// any size and sharing. Nodes are made by <see cref="Scalar"/>.
/// </summary>
internal abstract class ScalarExpr : IEquatable<ScalarExpr>
{
    private readonly ulong high;
    private readonly ulong low;

    private protected ScalarExpr(DType type, in StructureHash hash)
    {
        Type = type;
        (high, low) = (hash.High, hash.Low);
    }

    /// <summary>The element type of the value.</summary>
    public DType Type { get; }

    /// <summary>The expressions this one is made of.</summary>
    public virtual ReadOnlySpan<ScalarExpr> Operands => [];

    public static ScalarExpr operator +(ScalarExpr x, ScalarExpr y) => Scalar.Add(x, y);

    public static ScalarExpr operator -(ScalarExpr x, ScalarExpr y) => Scalar.Sub(x, y);

    public static ScalarExpr operator *(ScalarExpr x, ScalarExpr y) => Scalar.Mul(x, y);

    public static ScalarExpr operator /(ScalarExpr x, ScalarExpr y) => Scalar.Div(x, y);

    public static ScalarExpr operator -(ScalarExpr x) => Scalar.Neg(x);

    public static ScalarExpr operator +(ScalarExpr x, double y) => Scalar.Add(x, Scalar.Const(x.Type, y));

    public static ScalarExpr operator +(double x, ScalarExpr y) => Scalar.Add(Scalar.Const(y.Type, x), y);

    public static ScalarExpr operator -(ScalarExpr x, double y) => Scalar.Sub(x, Scalar.Const(x.Type, y));

    public static ScalarExpr operator -(double x, ScalarExpr y) => Scalar.Sub(Scalar.Const(y.Type, x), y);

    public static ScalarExpr operator *(ScalarExpr x, double y) => Scalar.Mul(x, Scalar.Const(x.Type, y));

    public static ScalarExpr operator *(double x, ScalarExpr y) => Scalar.Mul(Scalar.Const(y.Type, x), y);

    public static ScalarExpr operator /(ScalarExpr x, double y) => Scalar.Div(x, Scalar.Const(x.Type, y));

    public static ScalarExpr operator /(double x, ScalarExpr y) => Scalar.Div(Scalar.Const(y.Type, x), y);

    public static ScalarExpr operator <(ScalarExpr x, ScalarExpr y) => Scalar.Lt(x, y);

    public static ScalarExpr operator >(ScalarExpr x, ScalarExpr y) => Scalar.Gt(x, y);

    public static ScalarExpr operator <=(ScalarExpr x, ScalarExpr y) => Scalar.Le(x, y);

    public static ScalarExpr operator >=(ScalarExpr x, ScalarExpr y) => Scalar.Ge(x, y);

    public static ScalarExpr operator <(ScalarExpr x, double y) => Scalar.Lt(x, Scalar.Const(x.Type, y));

    public static ScalarExpr operator >(ScalarExpr x, double y) => Scalar.Gt(x, Scalar.Const(x.Type, y));

    public static ScalarExpr operator <=(ScalarExpr x, double y) => Scalar.Le(x, Scalar.Const(x.Type, y));

    public static ScalarExpr operator >=(ScalarExpr x, double y) => Scalar.Ge(x, Scalar.Const(x.Type, y));

    public static ScalarExpr operator &(ScalarExpr x, ScalarExpr y) => Scalar.And(x, y);

    public static ScalarExpr operator |(ScalarExpr x, ScalarExpr y) => Scalar.Or(x, y);

    public static ScalarExpr operator ^(ScalarExpr x, ScalarExpr y) => Scalar.Xor(x, y);

    public static ScalarExpr operator ~(ScalarExpr x) => Scalar.Not(x);

    /// <inheritdoc/>
    public bool Equals(ScalarExpr? other) =>
        ReferenceEquals(this, other)
        || (other is not null && low == other.low && high == other.high && ReferenceEquals(Type, other.Type));

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as ScalarExpr);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => (int)low;

    /// <summary>The expression as text, after the definitions of its shared parts.</summary>
    public override string ToString()
    {
        var printer = new ScalarPrinter(this);
        return printer.Definitions + printer.Text(this);
    }

    /// <summary>Collects a structure into 128 bits.</summary>
    private protected struct StructureHash(int kind)
    {
        public ulong High = 0x9e3779b97f4a7c15ul + (ulong)kind;
        public ulong Low = 0xd1b54a32d192ed03ul ^ (ulong)kind;

        public StructureHash With(ulong value)
        {
            High = Mix(High ^ value, 0xff51afd7ed558ccdul);
            Low = Mix(Low + value, 0xc4ceb9fe1a85ec53ul);
            return this;
        }

        public StructureHash With(ScalarExpr operand)
        {
            High = Mix(High ^ operand.high, 0xff51afd7ed558ccdul);
            Low = Mix(Low + operand.low, 0xc4ceb9fe1a85ec53ul);
            return this;
        }

        private static ulong Mix(ulong value, ulong factor)
        {
            value ^= value >> 32;
            value *= factor;
            value = BitOperations.RotateLeft(value, 29) + (value >> 17);
            value *= factor;
            return value ^ (value >> 29);
        }
    }

    /// <summary>A constant, given by the bits of its element type.</summary>
    internal sealed class Const(DType type, ulong bits)
        : ScalarExpr(type, new StructureHash(1).With((ulong)type.Code).With(bits))
    {
        /// <summary>The bits, zero-extended.</summary>
        public ulong Bits { get; } = bits;
    }

    /// <summary>The i64 index of a loop.</summary>
    internal sealed class Axis(int number) : ScalarExpr(DType.I64, new StructureHash(2).With((ulong)number))
    {
        /// <summary>The number of the axis: grid axes first, then the inner axes of a stage.</summary>
        public int Number { get; } = number;
    }

    /// <summary>An element of an input.</summary>
    internal sealed class Load(int input, DType type, ScalarExpr index)
        : ScalarExpr(type, new StructureHash(3).With((ulong)input).With((ulong)type.Code).With(index))
    {
        private readonly ScalarExpr[] operands = [index];

        /// <summary>The number of the input.</summary>
        public int Input { get; } = input;

        /// <summary>The i64 number of the element in the input's memory.</summary>
        public ScalarExpr Index => operands[0];

        public override ReadOnlySpan<ScalarExpr> Operands => operands;
    }

    /// <summary>An operation on values.</summary>
    internal sealed class Op(ScalarOp code, DType type, params ScalarExpr[] operands)
        : ScalarExpr(type, HashOf(code, type, operands))
    {
        /// <summary>Which operation.</summary>
        public ScalarOp Code { get; } = code;

        public override ReadOnlySpan<ScalarExpr> Operands => operands;

        private static StructureHash HashOf(ScalarOp code, DType type, ScalarExpr[] operands)
        {
            var hash = new StructureHash(4).With((ulong)code).With((ulong)type.Code);
            foreach (var operand in operands)
            {
                hash = hash.With(operand);
            }

            return hash;
        }
    }

    /// <summary>The result of an earlier reduction stage at the same grid point.</summary>
    internal sealed class Reduced(int stage, DType type)
        : ScalarExpr(type, new StructureHash(5).With((ulong)stage).With((ulong)type.Code))
    {
        /// <summary>The number of the stage.</summary>
        public int Stage { get; } = stage;
    }

    /// <summary>A complex value of two real parts. Kernels take and give real parts only.</summary>
    internal sealed class Pair(ScalarExpr real, ScalarExpr imaginary)
        : ScalarExpr(real.Type.ComplexType, new StructureHash(6).With(real).With(imaginary))
    {
        private readonly ScalarExpr[] operands = [real, imaginary];

        /// <summary>The real part.</summary>
        public ScalarExpr Real => operands[0];

        /// <summary>The imaginary part.</summary>
        public ScalarExpr Imaginary => operands[1];

        public override ReadOnlySpan<ScalarExpr> Operands => operands;
    }
}
