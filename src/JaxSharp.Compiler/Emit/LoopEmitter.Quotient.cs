using System.Reflection.Emit;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Emit;

internal sealed partial class LoopEmitter
{
    // Twice the bits of 2⁻⁵⁹, and how far those of 2¹²⁰ are from there.
    private const uint LeastQuotient = (127u - 59) << 24;
    private const uint QuotientRange = (59u + 120) << 24;

    /// <summary>
    /// x / y by the correctly rounded reciprocal r of y: q = x · r is off by one unit in the last place at most, so that x − q · y is
    /// exact, and q + (x − q · y) · r is the quotient, correctly rounded (P. Markstein, 1990). That holds where nothing overflows or
    /// loses bits below the normal range, which y and q tell; a vector with anything else, such as zeros, is divided.
    /// </summary>
    private void PushQuotient(Op op, int copy)
    {
        var vector = ClrVector(DType.F32);
        var (x, near, result) = (il.DeclareLocal(vector), il.DeclareLocal(vector), il.DeclareLocal(vector));
        var done = il.DefineLabel();
        PushVector(op.Operands[0], copy);
        il.Emit(OpCodes.Stloc, x);
        il.Emit(OpCodes.Ldloc, x);
        PushVector(op.Operands[2], copy);
        CallVector("Multiply", DType.F32, 2);
        il.Emit(OpCodes.Stloc, near);
        il.Emit(OpCodes.Ldloc, near);
        CallVector("Negate", DType.F32, 1);
        PushVector(op.Operands[1], copy);
        il.Emit(OpCodes.Ldloc, x);
        CallVector("FusedMultiplyAdd", DType.F32, 3);
        PushVector(op.Operands[2], copy);
        il.Emit(OpCodes.Ldloc, near);
        CallVector("FusedMultiplyAdd", DType.F32, 3);
        il.Emit(OpCodes.Stloc, result);
        il.Emit(OpCodes.Ldloc, near);
        PushAnyUnusual();
        il.Emit(OpCodes.Brfalse, done);
        il.Emit(OpCodes.Ldloc, x);
        PushVector(op.Operands[1], copy);
        CallVector("Divide", DType.F32, 2);
        il.Emit(OpCodes.Stloc, result);
        il.MarkLabel(done);
        il.Emit(OpCodes.Ldloc, result);
    }

    // Whether any lane of the vector on the stack is beyond the range of usual quotients.
    private void PushAnyUnusual()
    {
        var vector = ClrVector(DType.U32);
        var holder = VectorMethods.Operations(lanes * 32);
        Reinterpret(DType.F32, DType.U32);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Call, VectorMethods.Find(holder, "ShiftLeft", typeof(uint), vector, typeof(int)));
        PushConstant((Const)Scalar.Const(DType.U32, (long)LeastQuotient));
        CallVector("Subtract", DType.U32, 2);
        PushConstant((Const)Scalar.Const(DType.U32, (long)QuotientRange));
        il.Emit(OpCodes.Call, VectorMethods.Find(holder, "GreaterThanAny", typeof(uint), vector, vector));
    }
}
