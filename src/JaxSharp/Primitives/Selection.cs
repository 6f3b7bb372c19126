using System;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Each element from the operand that the first operand numbers; bool chooses between two (false: the first), integers among any
/// number, clamped into range.
/// </summary>
internal sealed record SelectN() : ElementwisePrimitive("select_n", Domain.Any)
{
    protected override bool OperandsAgree => false;

    /// <summary>x where the condition holds, else y.</summary>
    public static NDArray Where(NDArray condition, NDArray x, NDArray y) => new SelectN().Bind(condition, y, x);

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var which = operands[0];
        var cases = operands[1..];
        if (cases.Length == 0)
        {
            throw new JaxArgumentException("select_n needs at least one array to choose from; got none.");
        }

        if (!which.DType.IsBool && !which.DType.IsInteger)
        {
            throw new DTypeException(
                $"select_n chooses by bool or integers; got which: {which}. Compare first, or use AsType."
            );
        }

        if (which.DType.IsBool && cases.Length > 2)
        {
            throw new JaxArgumentException(
                $"select_n with a bool choice has at most two cases; got {cases.Length}. Use an integer array for which."
            );
        }

        if (cases.Any(c => c.DType != cases[0].DType))
        {
            throw new DTypeException(
                $"select_n needs cases of one element type; got {Types.List(cases)}. Jnp.Where promotes; here use AsType."
            );
        }

        return [base.Infer(operands)[0] with { DType = cases[0].DType, Weak = cases.All(c => c.Weak) }];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        var active = tangents[1..];
        return (
            [y],
            active.All(t => t.IsZero)
                ? [Tangent.Zero(y)]
                : TangentOperators.ApplyAll(active, cases => [this.Bind([primals[0], .. cases])])
        );
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var ct = cotangents[0]!;
        var which = operands[0].Value;
        var zeros = Operators.Zeros(ct.Type);
        var result = new NDArray?[operands.Length];
        for (int i = 1; i < operands.Length; i++)
        {
            if (operands[i].IsLinear)
            {
                NDArray[] cases = [which, .. Enumerable.Repeat(zeros, operands.Length - 1)];
                cases[i] = ct;
                result[i] = this.Bind(cases);
            }
        }

        return result;
    }

    protected override ScalarExpr LowerElement(ScalarExpr[] operands)
    {
        var which = operands[0];
        if (which.Type.IsBool)
        {
            return operands.Length == 2 ? operands[1] : Scalar.Select(which, operands[2], operands[1]);
        }

        var result = operands[^1];
        for (int i = operands.Length - 2; i >= 1; i--)
        {
            result = Scalar.Select(Scalar.Lt(which, Scalar.Const(which.Type, (long)i)), operands[i], result);
        }

        return result;
    }
}

/// <summary>The second operand kept between the first and the third: min(max(x, low), high).</summary>
internal sealed record Clamp() : ElementwisePrimitive("clamp", Domain.Ordered)
{
    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        var (low, x, high) = (primals[0], primals[1], primals[2]);
        var result = Tangent.Zero(y);
        if (!tangents[0].IsZero)
        {
            result += tangents[0] * Indicator(new And().Bind(new Gt().Bind(low, x), new Lt().Bind(low, high)), y);
        }

        if (!tangents[1].IsZero)
        {
            result += tangents[1] * Indicator(new And().Bind(new Gt().Bind(x, low), new Lt().Bind(x, high)), y);
        }

        if (!tangents[2].IsZero)
        {
            result += tangents[2] * Indicator(new Lt().Bind(high, x), y);
        }

        return ([y], [result]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    protected override ScalarExpr LowerElement(ScalarExpr[] operands) =>
        Scalar.Min(Scalar.Max(operands[1], operands[0]), operands[2]);

    private static NDArray Indicator(NDArray condition, NDArray like) =>
        SelectN.Where(condition, Operators.FullLike(like, 1), Operators.FullLike(like, 0));
}

/// <summary>The operand unchanged, with derivative zero.</summary>
internal sealed record StopGradient() : ZeroTangentUnaryPrimitive("stop_gradient", Domain.Any)
{
    public override ScalarExpr Lower(ScalarExpr x) => x;
}

/// <summary>The operands unchanged; no rewriting crosses it.</summary>
internal sealed record OptimizationBarrier : Primitive
{
    public override string Name => "optimization_barrier";

    public override ArrayType[] Infer(ArrayType[] operands) => operands;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        (this.BindAll(primals), TangentOperators.ApplyAll(tangents, t => this.BindAll(t)));

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) => cotangents;

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        (this.BindAll(operands), dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) => new Lowering.Alias();
}
