using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

// Serial code, in which each value waits for the one before: a branch that is foreseen costs nothing, and nobody waits for what it
// leaves out.
internal sealed partial class Expansion
{
    // The value of an operation, by a shorter way where the operand needs no reduction; that gives the same bits.
    private static ScalarExpr WithShortcut(ScalarOp op, ScalarExpr x, ScalarExpr value)
    {
        if (x is Const)
        {
            return value;
        }

        switch (op)
        {
            case ScalarOp.Sin:
                return Branch(IsReduced(x), ReducedSin(x, x), value);
            case ScalarOp.Cos:
                return Branch(IsReduced(x), ReducedCos(x), value);
            case ScalarOp.Tan:
                var wide = Scalar.Convert(x, DType.F64);
                var quotient = ReducedSin(wide, wide) / ReducedCos(wide);
                return Branch(IsReduced(x), Scalar.Convert(quotient, x.Type), value);
            case ScalarOp.Tanh when IsSingle(x):
                return Branch(AbsF(x) < TanhNear, Scalar.CopySign(NearTanh(AbsF(x)), x), value);
            default:
                return value;
        }
    }

    // Whether an angle is in the middle of the first quadrant; 0 is none, since −0 as a reduced angle would lose its sign.
    private static ScalarExpr IsReduced(ScalarExpr x) => (AbsF(x) < 0.785) & Scalar.Ne(x, F(x, 0));

    private static Op Branch(ScalarExpr condition, ScalarExpr x, ScalarExpr y) =>
        new(ScalarOp.Branch, x.Type, condition, x, y);
}
