using System;

namespace JaxSharp.Compiler.Scalars;

/// <summary>Rich operations by the platform's functions, where there is no expansion.</summary>
internal static class RichValue
{
    /// <summary>Applies an operation to f32 or f64 operands.</summary>
    public static double Apply(ScalarOp op, double x, double y) =>
        op switch
        {
            ScalarOp.Exp => Math.Exp(x),
            ScalarOp.Exp2 => Math.Pow(2, x),
            ScalarOp.Expm1 => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1,
            ScalarOp.Log => Math.Log(x),
            ScalarOp.Log1p => Math.Abs(x) < 1e-5 ? x - x * x / 2 : Math.Log(1 + x),
            ScalarOp.Logistic => 1 / (1 + Math.Exp(-x)),
            ScalarOp.Sin => Math.Sin(x),
            ScalarOp.Cos => Math.Cos(x),
            ScalarOp.Tan => Math.Tan(x),
            ScalarOp.Asin => Math.Asin(x),
            ScalarOp.Acos => Math.Acos(x),
            ScalarOp.Atan => Math.Atan(x),
            ScalarOp.Atan2 => Math.Atan2(x, y),
            ScalarOp.Sinh => Math.Sinh(x),
            ScalarOp.Cosh => Math.Cosh(x),
            ScalarOp.Tanh => Math.Tanh(x),
            ScalarOp.Asinh => Math.Asinh(x),
            ScalarOp.Acosh => Math.Acosh(x),
            ScalarOp.Atanh => Math.Atanh(x),
            ScalarOp.Cbrt => Math.Cbrt(x),
            ScalarOp.Pow => Math.Pow(x, y),
            _ => throw new NotSupportedException($"{op.Name()} is not there yet."),
        };
}
