using System.Linq;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// Rewrites a kernel into basic operations on register types. Sums of narrow types run in the register type and are rounded
/// or wrapped once, where the result is used; bools are combined as the integers 0 and 1.
/// </summary>
internal static class Expand
{
    /// <summary>The expanded kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="isSerial">Whether it is run an element at a time, each of which waits for the one before.</param>
    public static Kernel Run(Kernel kernel, bool isSerial = false)
    {
        var expansion = new Expansion(isSerial);
        return new Kernel(
            [.. kernel.Inputs.Select(Expansion.MemoryOf)],
            [.. kernel.Outputs.Select(Expansion.MemoryOf)],
            kernel.Grid,
            [.. kernel.Stages.Select(stage => Stage(expansion, kernel, stage))]
        );
    }

    private static Stage Stage(Expansion expansion, Kernel kernel, Stage stage)
    {
        if (stage is Stage.Store store)
        {
            var type = kernel.Outputs[store.Output];
            return new Stage.Store(
                store.Output,
                store.Inner,
                expansion.Of(store.Index),
                Expansion.ToMemory(expansion.Of(store.Value), type)
            );
        }

        var reduce = (Stage.Reduce)stage;
        var register = Expansion.RegisterOf(reduce.Accumulation);
        var monoid = OnType(reduce.Monoid, register);
        var body = expansion.Of(Scalar.Convert(reduce.Body, reduce.Accumulation));
        if (register.IsBool)
        {
            body = Scalar.Select(body, Scalar.Const(DType.I32, 1), Scalar.Const(DType.I32, 0));
        }

        return new Stage.Reduce(monoid, reduce.Inner, body, body.Type, reduce.Order);
    }

    private static Monoid OnType(Monoid monoid, DType type) =>
        type.IsBool
            ? monoid switch
            {
                Monoid.Add or Monoid.Max => Monoid.Or,
                Monoid.Mul or Monoid.Min => Monoid.And,
                _ => monoid,
            }
            : monoid;
}
