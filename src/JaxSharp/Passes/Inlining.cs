using System;
using System.Collections.Generic;
using JaxSharp.Ir;

namespace JaxSharp.Passes;

/// <summary>Puts the programs of calls in their place, so that passes and fusion see one flat program.</summary>
internal sealed class Inlining
{
    private readonly List<Equation> equations = [];
    private readonly Dictionary<Var, Atom> substitutions = [];
    private readonly Dictionary<Var, Lowering> lowerings = [];

    private Inlining() { }

    /// <summary>The flat program, and the lowering of each of its equations by its first result.</summary>
    public static (Jaxpr Jaxpr, Dictionary<Var, Lowering> Lowerings) Flatten(Jaxpr jaxpr)
    {
        var inlining = new Inlining();
        inlining.Visit(jaxpr);
        var flat = new Jaxpr(
            jaxpr.ConstVars,
            jaxpr.Inputs,
            [.. inlining.equations],
            Array.ConvertAll(jaxpr.Outputs, inlining.Resolve)
        );
        return (flat, inlining.lowerings);
    }

    private void Visit(Jaxpr jaxpr)
    {
        foreach (var equation in jaxpr.Equations)
        {
            var inputs = Array.ConvertAll(equation.Inputs, Resolve);
            var lowering = equation.Primitive.Lower(
                Array.ConvertAll(inputs, atom => atom.Type),
                Array.ConvertAll(equation.Outputs, variable => variable.Type)
            );
            if (lowering is not Lowering.Inline inline)
            {
                equations.Add(equation with { Inputs = inputs });
                lowerings[equation.Outputs[0]] = lowering;
                continue;
            }

            var body = Copy(inline.Body);
            for (int i = 0; i < inputs.Length; i++)
            {
                substitutions[body.Inputs[i]] = inputs[i];
            }

            Visit(body);
            for (int i = 0; i < equation.Outputs.Length; i++)
            {
                substitutions[equation.Outputs[i]] = Resolve(body.Outputs[i]);
            }
        }
    }

    private Atom Resolve(Atom atom) =>
        atom is Var variable && substitutions.TryGetValue(variable, out var value) ? value : atom;

    // A program may be put in place twice; its variables must differ then.
    private static Jaxpr Copy(Jaxpr jaxpr)
    {
        var map = new Dictionary<Var, Var>();
        return new Jaxpr(
            [],
            Array.ConvertAll(jaxpr.Inputs, Fresh),
            Array.ConvertAll(
                jaxpr.Equations,
                e => new Equation(e.Primitive, Array.ConvertAll(e.Inputs, Map), Array.ConvertAll(e.Outputs, Fresh))
            ),
            Array.ConvertAll(jaxpr.Outputs, Map)
        );

        Var Fresh(Var variable)
        {
            var copy = new Var(variable.Type);
            map[variable] = copy;
            return copy;
        }

        Atom Map(Atom atom) => atom is Var variable ? map[variable] : atom;
    }
}
