using System;
using System.Collections.Generic;

namespace JaxSharp.Compiler.Scalars;

/// <summary>
/// The operations of scalar expressions. Emitters and the interpreter know the basic ones, from <see cref="Add"/> to
/// <see cref="Bitcast"/>, on the register types; <see cref="Expansion"/> turns everything else into those.
/// </summary>
internal enum ScalarOp : byte
{
    // Arithmetic.
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Fma,
    Sqrt,
    Floor,
    Ceil,
    RoundHalfEven,
    Trunc,

    // x · 2ⁿ for an integral n, rounded once, for x near 1.
    Scale,

    // x / y for a third operand that is the reciprocal of y, or not a number where y is far from 1.
    Quotient,

    // Comparison and choice.
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Select,

    // The value of a called operation (second operand) where a condition holds that is rare, else the third operand.
    Rarely,

    // The second operand where a condition holds, else the third, of which only one is computed where lanes do not differ.
    Branch,

    // The index of a load that counts only where a condition holds; elsewhere the load may give anything.
    Guard,

    // Bits.
    And,
    Or,
    Xor,
    Not,
    ShiftLeft,
    ShiftRightLogical,
    ShiftRightArithmetic,

    // Conversion.
    Convert,
    Bitcast,

    // From here on: rich operations.
    Neg,
    Abs,
    Sign,
    Max,
    Min,
    RoundHalfAway,
    PopulationCount,
    CountLeadingZeros,
    MulHi,
    IsFinite,
    Nextafter,
    ReducePrecision,
    Pow,
    IntegerPow,
    Rsqrt,
    Cbrt,
    Exp,
    Exp2,
    Expm1,
    Log,
    Log1p,
    Logistic,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Atan2,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Erf,
    Erfc,
    ErfInv,
    Lgamma,
    Digamma,
    BesselI0e,
    BesselI1e,
    Threefry0,
    Threefry1,
}

/// <summary>Names, arities and result types of <see cref="ScalarOp"/>.</summary>
internal static class ScalarOps
{
    private static readonly string?[] Names = new string?[byte.MaxValue + 1];
    private static readonly Lazy<Dictionary<string, ScalarOp>> ByName = new(MakeIndex);

    /// <summary>The name in printed kernels: <c>shift_left</c>.</summary>
    public static string Name(this ScalarOp op) => Names[(int)op] ??= MakeName(op);

    /// <summary>The operation of a printed name.</summary>
    public static bool TryParse(string name, out ScalarOp op) => ByName.Value.TryGetValue(name, out op);

    /// <summary>Whether emitters and the interpreter know the operation.</summary>
    public static bool IsBasic(this ScalarOp op) => op <= ScalarOp.Bitcast;

    /// <summary>Whether an expanded operation is called for each element: it has no expansion.</summary>
    public static bool IsCalled(this ScalarOp op, DType type) =>
        !op.IsBasic() || (op == ScalarOp.Rem && type.IsFloating);

    /// <summary>Whether the result is a bool whatever the operands.</summary>
    public static bool IsPredicate(this ScalarOp op) => op is (>= ScalarOp.Eq and <= ScalarOp.Ge) or ScalarOp.IsFinite;

    /// <summary>The number of operands.</summary>
    public static int Arity(this ScalarOp op) =>
        op switch
        {
            ScalarOp.Threefry0 or ScalarOp.Threefry1 => 4,
            ScalarOp.Fma
            or ScalarOp.Quotient
            or ScalarOp.Select
            or ScalarOp.Rarely
            or ScalarOp.Branch
            or ScalarOp.ReducePrecision => 3,
            ScalarOp.Add
            or ScalarOp.Sub
            or ScalarOp.Mul
            or ScalarOp.Div
            or ScalarOp.Rem
            or ScalarOp.Scale
            or ScalarOp.Guard
            or ScalarOp.Max
            or ScalarOp.Min
            or (>= ScalarOp.Eq and <= ScalarOp.Ge)
            or ScalarOp.And
            or ScalarOp.Or
            or ScalarOp.Xor
            or ScalarOp.ShiftLeft
            or ScalarOp.ShiftRightLogical
            or ScalarOp.ShiftRightArithmetic
            or ScalarOp.MulHi
            or ScalarOp.Nextafter
            or ScalarOp.Pow
            or ScalarOp.IntegerPow
            or ScalarOp.Atan2 => 2,
            _ => 1,
        };

    private static string MakeName(ScalarOp op)
    {
        var name = new System.Text.StringBuilder();
        string text = op.ToString();
        for (int i = 0; i < text.Length; i++)
        {
            if (i > 0 && char.IsUpper(text[i]) && !char.IsDigit(text[i - 1]))
            {
                name.Append('_');
            }

            name.Append(char.ToLowerInvariant(text[i]));
        }

        return name.ToString();
    }

    private static Dictionary<string, ScalarOp> MakeIndex()
    {
        var index = new Dictionary<string, ScalarOp>();
        foreach (var op in Enum.GetValues<ScalarOp>())
        {
            index.Add(op.Name(), op);
        }

        return index;
    }
}
