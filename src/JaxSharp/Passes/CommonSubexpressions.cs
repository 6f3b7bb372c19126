using System;
using System.Collections.Generic;
using JaxSharp.Ir;

namespace JaxSharp.Passes;

/// <summary>Computes equal applications of a primitive once.</summary>
internal static class CommonSubexpressions
{
    public static Jaxpr Eliminate(Jaxpr jaxpr)
    {
        if (jaxpr.Equations.Length < 2)
        {
            return jaxpr;
        }

        var substitutions = new Dictionary<Var, Var>();
        var known = new Dictionary<Application, Var[]>();
        var kept = new List<Equation>();
        foreach (var equation in jaxpr.Equations)
        {
            var inputs = Array.ConvertAll(equation.Inputs, Resolve);
            var key = new Application(equation.Primitive, Array.ConvertAll(inputs, Identity));
            if (!equation.Primitive.HasEffects && known.TryGetValue(key, out var earlier))
            {
                for (int i = 0; i < earlier.Length; i++)
                {
                    substitutions[equation.Outputs[i]] = earlier[i];
                }

                continue;
            }

            known[key] = equation.Outputs;
            kept.Add(equation with { Inputs = inputs });
        }

        return new Jaxpr(jaxpr.ConstVars, jaxpr.Inputs, [.. kept], Array.ConvertAll(jaxpr.Outputs, Resolve));

        Atom Resolve(Atom atom) =>
            atom is Var variable && substitutions.TryGetValue(variable, out var earlier) ? earlier : atom;
    }

    // What two operands have in common if they are the same value; larger ones are not compared by their elements.
    private static object Identity(Atom atom) =>
        atom switch
        {
            Literal { Value.Ndim: > 0 } literal => literal.Value,
            Literal literal => (literal.Type, Convert.ToHexString(literal.Value.Bytes())),
            _ => atom,
        };

    private sealed class Application(Primitive primitive, object[] operands) : IEquatable<Application>
    {
        private readonly EquatableArray<object> operands = operands;

        public bool Equals(Application? other) =>
            other is not null && operands.Equals(other.operands) && primitive.Equals(other.Primitive);

        public override bool Equals(object? obj) => Equals(obj as Application);

        public override int GetHashCode() => HashCode.Combine(primitive, operands.GetHashCode());

        private Primitive Primitive => primitive;
    }
}
