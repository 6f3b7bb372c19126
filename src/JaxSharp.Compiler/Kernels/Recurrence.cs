using System.Linq;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// A loop over single elements whose steps follow each other. Axis 0 is the number of the step. A carried value starts as element 0
/// of its input; wherever that is read later it is what the step before made of it. After the last step all of them are stored.
/// </summary>
/// <param name="Inputs">The element types of the inputs.</param>
/// <param name="Outputs">The element types of the outputs: those of carried values come first.</param>
/// <param name="Steps">The steps.</param>
/// <param name="Carried">The input of each carried value.</param>
/// <param name="Next">What a step makes of each carried value.</param>
/// <param name="Stores">Further values that each step stores.</param>
/// <param name="Condition">Whether there is another step, from the carried values; null for all steps.</param>
internal sealed record Recurrence(
    DType[] Inputs,
    DType[] Outputs,
    LoopSteps Steps,
    int[] Carried,
    ScalarExpr[] Next,
    Stage.Store[] Stores,
    ScalarExpr? Condition = null
)
{
    /// <summary>
    /// What stands for a carried value in the kernel of the steps. Narrow elements are carried as the i32 values that they become
    /// when they are read.
    /// </summary>
    public static ScalarExpr Leaf(DType memory, int number) =>
        Scalar.Reduced(number, memory.Size < 4 ? DType.I32 : memory);

    /// <summary>What a carried value starts as.</summary>
    public static ScalarExpr Initial(DType memory, int input)
    {
        var element = Scalar.Load(input, memory, Scalar.Const(DType.I64, 0L));
        return memory.Size < 4 ? Scalar.Convert(element, DType.I32) : element;
    }

    /// <summary>
    /// The recurrence as a kernel, in whose stages carried values are loads: one store for each carried value, then the further
    /// ones, then the condition.
    /// </summary>
    public Kernel AsKernel()
    {
        var start = Scalar.Const(DType.I64, 0L);
        var outputs = Condition is null ? Outputs : [.. Outputs, DType.Bool];
        return new Kernel(
            Inputs,
            outputs,
            [Steps.Most ?? int.MaxValue],
            [
                .. Next.Select((value, i) => new Stage.Store(i, [], start, value)),
                .. Stores,
                .. Condition is null ? [] : new[] { new Stage.Store(Outputs.Length, [], start, Condition) },
            ]
        );
    }
}

/// <summary>The steps of a loop.</summary>
/// <param name="Most">How many there are, at most if there is a condition; null if that alone ends the loop.</param>
/// <param name="Reverse">Whether the last one comes first.</param>
internal sealed record LoopSteps(int? Most, bool Reverse);
