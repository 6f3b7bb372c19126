using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Primitives;

/// <summary>Index arithmetic of lowerings.</summary>
internal static class Places
{
    public static ScalarExpr Int(long value) => Scalar.Const(DType.I64, value);

    /// <summary>An index moved into 0 … extent − 1.</summary>
    public static ScalarExpr Clamp(ScalarExpr index, long extent) =>
        extent <= 1 ? Int(0) : Scalar.Min(Scalar.Max(index, Int(0)), Int(extent - 1));

    /// <summary>Whether an index lies in 0 … extent − 1.</summary>
    public static ScalarExpr Inside(ScalarExpr index, long extent) =>
        Scalar.And(Scalar.Ge(index, Int(0)), Scalar.Lt(index, Int(extent)));

    /// <summary>The conjunction of two conditions, of which null is always true.</summary>
    public static ScalarExpr? And(ScalarExpr? a, ScalarExpr? b) =>
        a is null ? b
        : b is null ? a
        : Scalar.And(a, b);

    /// <summary>An index that is an element of an integer array.</summary>
    public static ScalarExpr Dynamic(ScalarExpr element) => Scalar.Convert(element, DType.I64);
}
