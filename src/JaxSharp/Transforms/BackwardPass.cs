using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Transforms;

/// <summary>Reverse mode's second half: runs a linear program backwards, from cotangents of results to those of inputs.</summary>
internal static class BackwardPass
{
    /// <summary>
    /// Cotangents of the inputs of a program that is linear in them, given those of its results; null stands for zero. Equations
    /// that do not depend on the inputs are computed forwards first.
    /// </summary>
    public static NDArray?[] Run(Jaxpr jaxpr, NDArray[] constants, NDArray?[] cotangents) =>
        Run(jaxpr, constants, jaxpr.Inputs, cotangents);

    /// <summary>
    /// The same for a program whose first inputs are residuals: <paramref name="residuals"/> gives the values of the inputs
    /// before the linear ones.
    /// </summary>
    public static NDArray?[] RunWithResiduals(Jaxpr jaxpr, NDArray[] residuals, NDArray?[] cotangents) =>
        Run(
            new Jaxpr(
                jaxpr.Inputs[..residuals.Length],
                jaxpr.Inputs[residuals.Length..],
                jaxpr.Equations,
                jaxpr.Outputs
            ),
            residuals,
            cotangents
        );

    private static NDArray?[] Run(Jaxpr jaxpr, NDArray[] constants, Var[] linearInputs, NDArray?[] cotangents)
    {
        var known = new Dictionary<Var, NDArray>();
        for (int i = 0; i < constants.Length; i++)
        {
            known[jaxpr.ConstVars[i]] = constants[i];
        }

        var linear = new HashSet<Var>(linearInputs);
        var backwards = new Stack<Equation>();
        foreach (var equation in jaxpr.Equations)
        {
            if (equation.Inputs.Any(input => input is Var v && linear.Contains(v)))
            {
                linear.UnionWith(equation.Outputs);
                backwards.Push(equation);
                continue;
            }

            var outputs = equation.Primitive.BindAll(Array.ConvertAll(equation.Inputs, Known));
            for (int i = 0; i < outputs.Length; i++)
            {
                known[equation.Outputs[i]] = outputs[i];
            }
        }

        var sums = new Dictionary<Var, NDArray>();
        for (int i = 0; i < jaxpr.Outputs.Length; i++)
        {
            Accumulate(jaxpr.Outputs[i], cotangents[i]);
        }

        while (backwards.TryPop(out var equation))
        {
            var outgoing = Array.ConvertAll(equation.Outputs, v => sums.Remove(v, out var ct) ? ct : null);
            if (Array.TrueForAll(outgoing, ct => ct is null))
            {
                continue;
            }

            var operands = Array.ConvertAll(
                equation.Inputs,
                input =>
                    input is Var v && linear.Contains(v)
                        ? LinearOperand.Linear(v.Type)
                        : LinearOperand.Known(Known(input))
            );
            var incoming = equation.Primitive.Transpose(outgoing, operands);
            for (int i = 0; i < incoming.Length; i++)
            {
                if (operands[i].IsLinear)
                {
                    Accumulate(equation.Inputs[i], incoming[i]);
                }
            }
        }

        return Array.ConvertAll(linearInputs, v => sums.GetValueOrDefault(v));

        NDArray Known(Atom atom) => atom is Literal literal ? literal.Value : known[(Var)atom];

        void Accumulate(Atom atom, NDArray? cotangent)
        {
            if (cotangent is not null && atom is Var v && linear.Contains(v))
            {
                sums[v] = sums.TryGetValue(v, out var sum) ? new Add().Bind(sum, cotangent) : cotangent;
            }
        }
    }
}
