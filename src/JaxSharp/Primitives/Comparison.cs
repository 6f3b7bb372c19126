using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Primitives;

/// <summary>A comparison of elements; the result is bool.</summary>
internal abstract record ComparisonPrimitive(string PrimitiveName, Domain Domain)
    : ZeroTangentBinaryPrimitive(PrimitiveName, Domain)
{
    protected sealed override DType ResultType(ArrayType[] operands) => DType.Bool;
}

/// <summary>x = y.</summary>
internal sealed record Eq() : ComparisonPrimitive("eq", Domain.Any)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Eq(x, y);
}

/// <summary>x ≠ y.</summary>
internal sealed record Ne() : ComparisonPrimitive("ne", Domain.Any)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Ne(x, y);
}

/// <summary>x &lt; y.</summary>
internal sealed record Lt() : ComparisonPrimitive("lt", Domain.Ordered)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Lt(x, y);
}

/// <summary>x ≤ y.</summary>
internal sealed record Le() : ComparisonPrimitive("le", Domain.Ordered)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Le(x, y);
}

/// <summary>x &gt; y.</summary>
internal sealed record Gt() : ComparisonPrimitive("gt", Domain.Ordered)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Gt(x, y);
}

/// <summary>x ≥ y.</summary>
internal sealed record Ge() : ComparisonPrimitive("ge", Domain.Ordered)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Ge(x, y);
}
