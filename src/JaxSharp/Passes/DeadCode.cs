using System.Collections.Generic;
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
        Use(jaxpr.Outputs, used);
        var kept = new bool[jaxpr.Equations.Length];
        for (int i = kept.Length - 1; i >= 0; i--)
        {
            var equation = jaxpr.Equations[i];
            kept[i] = equation.Primitive.HasEffects || IsUsed(equation, used);
            if (kept[i])
            {
                Use(equation.Inputs, used);
            }
        }

        var keptConstants = new bool[constants.Length];
        for (int i = 0; i < constants.Length; i++)
        {
            keptConstants[i] = used.Contains(jaxpr.ConstVars[i]);
        }

        var constVars = constants.Length == 0 ? [] : Marked.In(jaxpr.ConstVars, keptConstants);
        var program = new Jaxpr(constVars, jaxpr.Inputs, Marked.In(jaxpr.Equations, kept), jaxpr.Outputs);
        return (program, Marked.In(constants, keptConstants));
    }

    private static void Use(Atom[] atoms, HashSet<Var> used)
    {
        foreach (var atom in atoms)
        {
            if (atom is Var variable)
            {
                used.Add(variable);
            }
        }
    }

    private static bool IsUsed(Equation equation, HashSet<Var> used)
    {
        foreach (var output in equation.Outputs)
        {
            if (used.Contains(output))
            {
                return true;
            }
        }

        return false;
    }
}
