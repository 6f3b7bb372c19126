using System.Collections.Generic;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// An i64 index as a sum of terms with constant factors, and a constant. Terms are axes and whatever is not a sum or a product
/// with a constant. Arithmetic is that of 64 bits, which wraps.
/// </summary>
internal sealed class Affine
{
    private readonly List<AffineTerm> terms = [];

    private Affine() { }

    /// <summary>The terms in the order of their appearance, none of them twice, no factor 0.</summary>
    public IReadOnlyList<AffineTerm> Terms => terms;

    /// <summary>The constant.</summary>
    public long Constant { get; private set; }

    /// <summary>Takes an index apart.</summary>
    public static Affine Of(ScalarExpr index)
    {
        var affine = new Affine();
        affine.Add(index, 1);
        affine.terms.RemoveAll(term => term.Factor == 0);
        return affine;
    }

    /// <summary>The factor of an axis.</summary>
    public long FactorOf(int axis)
    {
        foreach (var (term, factor) in terms)
        {
            if (term is Axis found && found.Number == axis)
            {
                return factor;
            }
        }

        return 0;
    }

    /// <summary>The expression of some terms and a constant.</summary>
    public static ScalarExpr Sum(IEnumerable<AffineTerm> terms, long constant)
    {
        ScalarExpr? sum = null;
        foreach (var (term, factor) in terms)
        {
            var product = Scalar.Mul(term, Scalar.Const(DType.I64, factor));
            sum = sum is null ? product : Scalar.Add(sum, product);
        }

        var last = Scalar.Const(DType.I64, constant);
        return sum is null ? last : Scalar.Add(sum, last);
    }

    private void Add(ScalarExpr index, long factor)
    {
        switch (index)
        {
            case Const constant:
                Constant += factor * (long)constant.Bits;
                return;
            case Op { Code: ScalarOp.Add } sum:
                Add(sum.Operands[0], factor);
                Add(sum.Operands[1], factor);
                return;
            case Op { Code: ScalarOp.Sub } difference:
                Add(difference.Operands[0], factor);
                Add(difference.Operands[1], -factor);
                return;
            case Op { Code: ScalarOp.Mul } product when product.Operands[1] is Const constant:
                Add(product.Operands[0], factor * (long)constant.Bits);
                return;
        }

        for (int i = 0; i < terms.Count; i++)
        {
            if (terms[i].Term.Equals(index))
            {
                terms[i] = new AffineTerm(index, terms[i].Factor + factor);
                return;
            }
        }

        terms.Add(new AffineTerm(index, factor));
    }
}

/// <summary>A term of an index and the constant that it is multiplied with.</summary>
/// <param name="Term">The term.</param>
/// <param name="Factor">The constant.</param>
internal sealed record AffineTerm(ScalarExpr Term, long Factor);
