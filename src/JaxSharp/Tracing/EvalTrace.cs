using JaxSharp.Ir;

namespace JaxSharp.Tracing;

/// <summary>Computes a primitive on values in memory. Implemented in <c>Execution</c>, wired by <c>Startup</c>.</summary>
internal interface IEvaluator
{
    NDArray[] Evaluate(Primitive primitive, NDArray[] operands);
}

/// <summary>The trace in force outside of all transformations: evaluation, by the one upward call of the project.</summary>
internal sealed class EvalTrace : Trace
{
    public static readonly EvalTrace Instance = new();

    private EvalTrace() { }

    public static IEvaluator Evaluator { get; set; } = null!;

    public override NDArray[] Process(Primitive primitive, NDArray[] operands)
    {
        foreach (var operand in operands)
        {
            if (operand is Tracer tracer)
            {
                throw LeakedTracer(primitive, tracer);
            }
        }

        return Evaluator.Evaluate(primitive, operands);
    }

    public static LeakedTracerException LeakedTracer(Primitive primitive, Tracer tracer) =>
        new(
            tracer.Trace.IsClosed
                ? $"{primitive.Name} got a traced value of type {tracer.Type} from a function whose transformation has ended. "
                    + "Do not store values of a function under Grad, Vmap, Jit, Scan, … in variables outside of it; return them instead."
                : $"{primitive.Name} got a traced value of type {tracer.Type} on another thread than the function that is being "
                    + "transformed. Compute with values of a function under Grad, Vmap, Jit, Scan, … on the thread that runs it: no "
                    + "Task, Parallel or Thread in it."
        );
}
