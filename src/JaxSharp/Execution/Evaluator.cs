using System;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Execution;

/// <summary>
/// Eager evaluation: a primitive on values in memory runs as a program of one equation, compiled once per operation and operand
/// types. This is the implementation of the one upward call of the project (see <see cref="EvalTrace"/>).
/// </summary>
internal sealed class Evaluator : IEvaluator
{
    private static readonly EagerPrograms Programs = new();

    public NDArray[] Evaluate(Primitive primitive, NDArray[] operands)
    {
        primitive = primitive.Evaluated;
        int hash = EagerPrograms.Hash(primitive, operands);
        var program = Programs.Find(hash, primitive, operands);
        if (program is null)
        {
            var types = Array.ConvertAll(operands, x => x.Type);
            program = Compile(primitive, types);
            Programs.Add(hash, primitive, types, program);
        }

        return program.Run(operands);
    }

    private static Program Compile(Primitive primitive, ArrayType[] operands)
    {
        var inputs = Array.ConvertAll(operands, type => new Var(type));
        var outputs = Array.ConvertAll(primitive.Infer(operands), type => new Var(type));
        return ProgramCompiler.Compile(new Jaxpr([], inputs, [new Equation(primitive, inputs, outputs)], outputs));
    }
}
