using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;

namespace JaxSharp.Passes;

/// <summary>Removes equations whose results nobody uses, and captured constants that are then unused.</summary>
internal static class DeadCode
{
    /// <summary>The program without the equations that its results do not need, for one that captures nothing.</summary>
    public static Jaxpr Eliminate(Jaxpr jaxpr) => Eliminate(jaxpr, []).Jaxpr;

    /// <summary>The program and the captured constants that are still needed.</summary>
    public static (Jaxpr Jaxpr, NDArray[] Constants) Eliminate(Jaxpr jaxpr, NDArray[] constants)
    {
        var used = new HashSet<Var>();
        foreach (var output in jaxpr.Outputs)
        {
            Use(output);
        }

        var kept = new List<Equation>();
        for (int i = jaxpr.Equations.Length - 1; i >= 0; i--)
        {
            var equation = jaxpr.Equations[i];
            if (equation.Primitive.HasEffects || Array.Exists(equation.Outputs, used.Contains))
            {
                kept.Add(equation);
                Array.ForEach(equation.Inputs, Use);
            }
        }

        kept.Reverse();
        var keep = Enumerable.Range(0, constants.Length).Where(i => used.Contains(jaxpr.ConstVars[i])).ToArray();
        return (
            new Jaxpr([.. keep.Select(i => jaxpr.ConstVars[i])], jaxpr.Inputs, [.. kept], jaxpr.Outputs),
            [.. keep.Select(i => constants[i])]
        );

        void Use(Atom atom)
        {
            if (atom is Var variable)
            {
                used.Add(variable);
            }
        }
    }
}
