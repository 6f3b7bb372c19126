using System;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>The element types that an operation takes.</summary>
[Flags]
internal enum Domain
{
    Bool = 1,
    Signed = 2,
    Unsigned = 4,
    Integer = Signed | Unsigned,
    Floating = 8,
    Complex = 16,
    Inexact = Floating | Complex,
    Real = Integer | Floating,
    Number = Integer | Inexact,
    BoolOrInteger = Bool | Integer,
    Ordered = Bool | Real,
    Any = Bool | Number,
}

/// <summary>
/// An operation on elements at the same place of operands with equal shapes; one result. Batching and the shape rule are
/// inherited.
/// </summary>
internal abstract record ElementwisePrimitive(string PrimitiveName, Domain Domain) : Primitive
{
    public sealed override string Name => PrimitiveName;

    /// <summary>The element type of the result; by default that of the operands, which agree.</summary>
    protected virtual DType ResultType(ArrayType[] operands) => operands[0].DType;

    /// <summary>Whether all operands must have one element type.</summary>
    protected virtual bool OperandsAgree => true;

    /// <summary>The element of the result.</summary>
    protected abstract ScalarExpr LowerElement(ScalarExpr[] operands);

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        bool weak = true;
        foreach (var operand in operands)
        {
            weak &= operand.Weak;
            if (operand.Shape != operands[0].Shape)
            {
                throw new ShapeException(
                    $"{Name} needs operands of equal shape; got {Types.List(operands)}. "
                        + "Functions of Jnp broadcast; those of Lax do not: use Lax.BroadcastInDim."
                );
            }

            if (OperandsAgree && operand.DType != operands[0].DType)
            {
                throw new DTypeException(
                    $"{Name} needs operands of one element type; got {Types.List(operands)}. "
                        + "Functions of Jnp promote; those of Lax do not: use AsType."
                );
            }

            Types.Check(Name, Domain, operand);
        }

        return [new ArrayType(ResultType(operands), operands[0].Shape, weak)];
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        // Where all stacked operands agree on the axis nothing needs to move.
        int? shared = dims.First(d => d is not null);
        if (!dims.All(d => d is null || d == shared))
        {
            shared = 0;
        }

        var aligned = operands.Select((x, i) => Batching.Align(x, dims[i], shared!.Value, axis.Size)).ToArray();
        return ([this.Bind(aligned)], [shared]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        new Lowering.Elementwise(elements => [LowerElement(elements)]);
}

/// <summary>An elementwise operation with one operand.</summary>
internal abstract record UnaryPrimitive(string PrimitiveName, Domain Domain)
    : ElementwisePrimitive(PrimitiveName, Domain)
{
    /// <summary>The tangent of the result <paramref name="y"/>; <paramref name="dx"/> is not zero.</summary>
    public abstract Tangent Jvp(NDArray x, Tangent dx, NDArray y);

    public abstract ScalarExpr Lower(ScalarExpr x);

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [Jvp(primals[0], tangents[0], y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    protected sealed override ScalarExpr LowerElement(ScalarExpr[] operands) => Lower(operands[0]);
}

/// <summary>An elementwise operation that is linear: its tangent is the operation applied to the tangent.</summary>
internal abstract record LinearUnaryPrimitive(string PrimitiveName, Domain Domain)
    : UnaryPrimitive(PrimitiveName, Domain)
{
    /// <summary>The cotangent of the operand.</summary>
    public abstract NDArray Transpose(NDArray ct, ArrayType operand);

    public sealed override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx.Apply(t => this.Bind(t), y);

    public sealed override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [Transpose(cotangents[0]!, operands[0].Type)];
}

/// <summary>An elementwise operation whose result does not change with small changes of its operands, or is no number.</summary>
internal abstract record ZeroTangentUnaryPrimitive(string PrimitiveName, Domain Domain)
    : UnaryPrimitive(PrimitiveName, Domain)
{
    public sealed override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => Tangent.Zero(y);
}

/// <summary>An elementwise operation with two operands of equal type.</summary>
internal abstract record BinaryPrimitive(string PrimitiveName, Domain Domain)
    : ElementwisePrimitive(PrimitiveName, Domain)
{
    /// <summary>The tangent of the result <paramref name="z"/>; one of the tangents may be zero, not both.</summary>
    public abstract Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z);

    public abstract ScalarExpr Lower(ScalarExpr x, ScalarExpr y);

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var z = this.Bind(primals);
        return ([z], [Jvp(primals[0], primals[1], tangents[0], tangents[1], z)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    protected sealed override ScalarExpr LowerElement(ScalarExpr[] operands) => Lower(operands[0], operands[1]);
}

/// <summary>A binary elementwise operation without a derivative: comparison, bitwise and integer operations.</summary>
internal abstract record ZeroTangentBinaryPrimitive(string PrimitiveName, Domain Domain)
    : BinaryPrimitive(PrimitiveName, Domain)
{
    public sealed override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) => Tangent.Zero(z);
}

/// <summary>
/// An operation that is linear in its first operand while the others (indices, for example) are fixed; one result.
/// </summary>
internal abstract record LinearPrimitive : Primitive
{
    /// <summary>The cotangent of the first operand.</summary>
    public abstract NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands);

    public sealed override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [tangents[0].Apply(t => this.Bind([t, .. primals[1..]]), y)]);
    }

    public sealed override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var result = new NDArray?[operands.Length];
        if (operands[0].IsLinear)
        {
            result[0] = Transpose(cotangents[0]!, operands[0].Type, operands);
        }

        return result;
    }
}

/// <summary>Checks and messages about types that primitives share.</summary>
internal static class Types
{
    public static string List(params ArrayType[] types) => string.Join(", ", types.Select(t => t.ToString()));

    public static bool In(DType dtype, Domain domain) =>
        dtype switch
        {
            { IsBool: true } => domain.HasFlag(Domain.Bool),
            { IsSigned: true } => domain.HasFlag(Domain.Signed),
            { IsUnsigned: true } => domain.HasFlag(Domain.Unsigned),
            { IsFloating: true } => domain.HasFlag(Domain.Floating),
            { Code: DTypeCode.Float0 } => false,
            _ => domain.HasFlag(Domain.Complex),
        };

    public static void Check(string name, Domain domain, ArrayType operand)
    {
        if (!In(operand.DType, domain))
        {
            throw new DTypeException(
                $"{name} does not take elements of type {operand.DType}; got {operand}. It takes {Describe(domain)}: use AsType."
            );
        }
    }

    /// <summary>Checks that a complex type with parts of the operand's type exists, or that the operand is complex.</summary>
    public static void CheckComplexParts(string name, ArrayType operand)
    {
        if (operand.DType.RealType.Code is not (DTypeCode.F32 or DTypeCode.F64))
        {
            throw new DTypeException($"{name} makes complex numbers of f32 or f64 parts; got {operand}: use AsType.");
        }
    }

    public static DifferentiationException NotDifferentiable(Primitive primitive, string why) =>
        new($"{primitive.Name} has no derivative: {why}.");

    public static InternalException NotLinear(Primitive primitive) =>
        new($"{primitive.Name} is not linear and cannot be transposed.");

    private static string Describe(Domain domain)
    {
        string[] names =
        [
            .. new[]
            {
                (Domain.Bool, "bool"),
                (Domain.Signed, "signed integers"),
                (Domain.Unsigned, "unsigned integers"),
                (Domain.Floating, "floating-point numbers"),
                (Domain.Complex, "complex numbers"),
            }
                .Where(pair => domain.HasFlag(pair.Item1))
                .Select(pair => pair.Item2),
        ];
        return string.Join(", ", names);
    }
}
