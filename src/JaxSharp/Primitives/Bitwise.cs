using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Primitives;

/// <summary>Bitwise and of integers, logical and of bool.</summary>
internal sealed record And() : ZeroTangentBinaryPrimitive("and", Domain.BoolOrInteger)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.And(x, y);
}

/// <summary>Bitwise or of integers, logical or of bool.</summary>
internal sealed record Or() : ZeroTangentBinaryPrimitive("or", Domain.BoolOrInteger)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Or(x, y);
}

/// <summary>Bitwise exclusive or of integers, inequality of bool.</summary>
internal sealed record Xor() : ZeroTangentBinaryPrimitive("xor", Domain.BoolOrInteger)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Xor(x, y);
}

/// <summary>Bitwise complement of integers, negation of bool.</summary>
internal sealed record Not() : ZeroTangentUnaryPrimitive("not", Domain.BoolOrInteger)
{
    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Not(x);
}

/// <summary>x · 2ʸ by shifting; 0 where y is negative or not less than the width.</summary>
internal sealed record ShiftLeft() : ZeroTangentBinaryPrimitive("shift_left", Domain.Integer)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.ShiftLeft(x, y);
}

/// <summary>Shifts right and fills with the sign, for y out of range too.</summary>
internal sealed record ShiftRightArithmetic() : ZeroTangentBinaryPrimitive("shift_right_arithmetic", Domain.Integer)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.ShiftRightArithmetic(x, y);
}

/// <summary>Shifts right and fills with zeros; 0 where y is negative or not less than the width.</summary>
internal sealed record ShiftRightLogical() : ZeroTangentBinaryPrimitive("shift_right_logical", Domain.Integer)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.ShiftRightLogical(x, y);
}

/// <summary>The number of bits that are 1.</summary>
internal sealed record PopulationCount() : ZeroTangentUnaryPrimitive("population_count", Domain.Integer)
{
    public override ScalarExpr Lower(ScalarExpr x) => Scalar.PopulationCount(x);
}

/// <summary>The number of zero bits above the highest bit that is 1.</summary>
internal sealed record Clz() : ZeroTangentUnaryPrimitive("clz", Domain.Integer)
{
    public override ScalarExpr Lower(ScalarExpr x) => Scalar.CountLeadingZeros(x);
}
