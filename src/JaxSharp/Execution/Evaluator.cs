using System;
using System.Collections.Concurrent;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Execution;

/// <summary>
/// Eager evaluation: a primitive on values in memory runs as a program of one equation, compiled once per operation and operand
/// types. This is the implementation of the one upward call of the project (see <see cref="EvalTrace"/>).
/// </summary>
internal sealed class Evaluator : IEvaluator
{
    // Beyond this many programs all are forgotten: a loop over ever new shapes must not fill the memory.
    private const int Capacity = 8192;

    private static readonly ConcurrentDictionary<Key, Program> Programs = new();

    public NDArray[] Evaluate(Primitive primitive, NDArray[] operands)
    {
        primitive = primitive.Evaluated;
        var key = new Key(primitive, operands);
        if (!Programs.TryGetValue(key, out var program))
        {
            program = Compile(primitive, Array.ConvertAll(operands, x => x.Type));
            if (Programs.Count >= Capacity)
            {
                Programs.Clear();
            }

            Programs[key.Detached()] = program;
        }

        return program.Run(operands);
    }

    private static Program Compile(Primitive primitive, ArrayType[] operands)
    {
        var inputs = Array.ConvertAll(operands, type => new Var(type));
        var outputs = Array.ConvertAll(primitive.Infer(operands), type => new Var(type));
        return ProgramCompiler.Compile(new Jaxpr([], inputs, [new Equation(primitive, inputs, outputs)], outputs));
    }

    /// <summary>A primitive and operand types; compared without allocating a list of types.</summary>
    private readonly struct Key : IEquatable<Key>
    {
        private readonly Primitive primitive;
        private readonly NDArray[]? operands;
        private readonly ArrayType[]? types;
        private readonly int hash;

        public Key(Primitive primitive, NDArray[] operands)
        {
            this.primitive = primitive;
            this.operands = operands;
            int code = primitive.GetHashCode();
            foreach (var operand in operands)
            {
                var type = operand.Type;
                code = (code * 397) ^ type.Shape.GetHashCode() ^ ((int)type.DType.Code << 8) ^ (type.Weak ? 1 : 0);
            }

            hash = code;
        }

        private Key(Primitive primitive, ArrayType[] types, int hash)
        {
            this.primitive = primitive;
            this.types = types;
            this.hash = hash;
        }

        private int Count => operands?.Length ?? types!.Length;

        public Key Detached() => new(primitive, Array.ConvertAll(operands!, x => x.Type), hash);

        public bool Equals(Key other)
        {
            if (hash != other.hash || Count != other.Count || !primitive.Equals(other.primitive))
            {
                return false;
            }

            for (int i = 0; i < Count; i++)
            {
                if (!TypeOf(i).Equals(other.TypeOf(i)))
                {
                    return false;
                }
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => hash;

        private ArrayType TypeOf(int i) => operands is null ? types![i] : operands[i].Type;
    }
}
