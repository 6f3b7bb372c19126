using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;

namespace JaxSharp.ControlFlow;

/// <summary>Rearranges the inputs and outputs of programs.</summary>
internal static class JaxprParts
{
    /// <summary>The program with its inputs and outputs in another order; outputs may be left out.</summary>
    public static Jaxpr Reorder(Jaxpr jaxpr, IEnumerable<int> inputs, IEnumerable<int> outputs) =>
        new([], [.. inputs.Select(i => jaxpr.Inputs[i])], jaxpr.Equations, [.. outputs.Select(i => jaxpr.Outputs[i])]);

    /// <summary>The variables that depend on nothing but the first inputs.</summary>
    public static HashSet<Var> DependingOnlyOn(Jaxpr jaxpr, int firstInputs) =>
        DependingOnlyOn(jaxpr, jaxpr.Inputs.Take(firstInputs));

    /// <summary>The variables that depend on nothing but some inputs, which are among them.</summary>
    public static HashSet<Var> DependingOnlyOn(Jaxpr jaxpr, IEnumerable<Var> inputs)
    {
        var known = new HashSet<Var>(inputs);
        foreach (var equation in jaxpr.Equations)
        {
            if (!equation.Primitive.HasEffects && equation.Inputs.All(input => input is not Var v || known.Contains(v)))
            {
                known.UnionWith(equation.Outputs);
            }
        }

        return known;
    }
}
