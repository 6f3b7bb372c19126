using System;
using System.Collections.Generic;

namespace JaxSharp.Ir;

/// <summary>An operand of an equation: a variable or a literal.</summary>
internal abstract class Atom
{
    public abstract ArrayType Type { get; }
}

/// <summary>A variable of a <see cref="Jaxpr"/>; identity is by reference.</summary>
internal sealed class Var(ArrayType type) : Atom
{
    public override ArrayType Type { get; } = type;
}

/// <summary>A constant written in place: a scalar, but for arrays that the derivative rules of users capture.</summary>
internal sealed class Literal(DeviceArray value) : Atom
{
    public DeviceArray Value { get; } = value;

    public override ArrayType Type => Value.Type;
}

/// <summary>One application of a primitive.</summary>
internal sealed record Equation(Primitive Primitive, Atom[] Inputs, Var[] Outputs);

/// <summary>
/// A program: equations in order of evaluation, each variable assigned once. <see cref="ConstVars"/> stand for arrays that the
/// traced function captured; programs inside of primitives have none. Programs are compared by structure, up to the names of
/// variables, so that a program staged twice compiles once.
/// </summary>
internal sealed class Jaxpr(Var[] constVars, Var[] inputs, Equation[] equations, Atom[] outputs) : IEquatable<Jaxpr>
{
    // 0 until it is known; one word, which threads may write at the same time.
    private int hash;
    private Jaxpr? evaluated;

    public Var[] ConstVars { get; } = constVars;

    public Var[] Inputs { get; } = inputs;

    public Equation[] Equations { get; } = equations;

    public Atom[] Outputs { get; } = outputs;

    public ArrayType[] InputTypes => Array.ConvertAll(Inputs, v => v.Type);

    public ArrayType[] OutputTypes => Array.ConvertAll(Outputs, a => a.Type);

    /// <summary>The same program with the captured arrays as its first inputs.</summary>
    public Jaxpr ConstantsToInputs() =>
        ConstVars.Length == 0 ? this : new([], [.. ConstVars, .. Inputs], Equations, Outputs);

    /// <summary>The program of what its primitives run as; see <see cref="Primitive.Evaluated"/>.</summary>
    public Jaxpr Evaluated => evaluated ??= WithEvaluated();

    public bool Equals(Jaxpr? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (
            other is null
            || GetHashCode() != other.GetHashCode()
            || Equations.Length != other.Equations.Length
            || Outputs.Length != other.Outputs.Length
        )
        {
            return false;
        }

        var map = new Dictionary<Var, Var>();
        if (!Define(ConstVars, other.ConstVars) || !Define(Inputs, other.Inputs))
        {
            return false;
        }

        for (int i = 0; i < Equations.Length; i++)
        {
            var (left, right) = (Equations[i], other.Equations[i]);
            if (
                !left.Primitive.Equals(right.Primitive)
                || !Same(left.Inputs, right.Inputs)
                || !Define(left.Outputs, right.Outputs)
            )
            {
                return false;
            }
        }

        return Same(Outputs, other.Outputs);

        bool Define(Var[] left, Var[] right)
        {
            if (left.Length != right.Length)
            {
                return false;
            }

            for (int i = 0; i < left.Length; i++)
            {
                if (left[i].Type != right[i].Type)
                {
                    return false;
                }

                map[left[i]] = right[i];
            }

            return true;
        }

        bool Same(Atom[] left, Atom[] right)
        {
            if (left.Length != right.Length)
            {
                return false;
            }

            for (int i = 0; i < left.Length; i++)
            {
                bool same = (left[i], right[i]) switch
                {
                    (Var a, Var b) => map.TryGetValue(a, out var mapped) && ReferenceEquals(mapped, b),
                    (Literal a, Literal b) => a.Type == b.Type && a.Value.Bytes().SequenceEqual(b.Value.Bytes()),
                    _ => false,
                };
                if (!same)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public override bool Equals(object? obj) => Equals(obj as Jaxpr);

    public override int GetHashCode()
    {
        if (hash != 0)
        {
            return hash;
        }

        var code = default(HashCode);
        code.Add(ConstVars.Length);
        code.Add(Inputs.Length);
        foreach (var input in Inputs)
        {
            code.Add(input.Type);
        }

        foreach (var equation in Equations)
        {
            code.Add(equation.Primitive);
            code.Add(equation.Inputs.Length);
        }

        code.Add(Outputs.Length);
        int value = code.ToHashCode();
        hash = value == 0 ? 1 : value;
        return hash;
    }

    public override string ToString() => JaxprPrinter.Print(this);

    private Jaxpr WithEvaluated()
    {
        bool changes = false;
        var equations = Array.ConvertAll(
            Equations,
            equation =>
            {
                var primitive = equation.Primitive.Evaluated;
                bool same = ReferenceEquals(primitive, equation.Primitive);
                changes |= !same;
                return same ? equation : equation with { Primitive = primitive };
            }
        );
        return changes ? new Jaxpr(ConstVars, Inputs, equations, Outputs) : this;
    }
}
