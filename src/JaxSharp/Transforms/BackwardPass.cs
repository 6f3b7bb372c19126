using System;
using System.Collections.Generic;
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
        var known = new Dictionary<Var, NDArray>(constants.Length);
        for (int i = 0; i < constants.Length; i++)
        {
            known[jaxpr.ConstVars[i]] = constants[i];
        }

        // What depends on the linear inputs, with the sums of its cotangents.
        var sums = new Dictionary<Var, NDArray?>(linearInputs.Length + jaxpr.Equations.Length);
        foreach (var input in linearInputs)
        {
            sums[input] = null;
        }

        foreach (var equation in jaxpr.Equations)
        {
            if (IsLinear(equation, sums))
            {
                foreach (var output in equation.Outputs)
                {
                    sums[output] = null;
                }
            }
            else
            {
                Compute(equation, known);
            }
        }

        for (int i = 0; i < jaxpr.Outputs.Length; i++)
        {
            Accumulate(sums, jaxpr.Outputs[i], cotangents[i]);
        }

        for (int i = jaxpr.Equations.Length - 1; i >= 0; i--)
        {
            if (TakeCotangents(jaxpr.Equations[i], sums) is { } outgoing)
            {
                Transpose(jaxpr.Equations[i], outgoing, known, sums);
            }
        }

        return Array.ConvertAll(linearInputs, v => sums[v]);
    }

    private static bool IsLinear(Equation equation, Dictionary<Var, NDArray?> sums)
    {
        foreach (var input in equation.Inputs)
        {
            if (input is Var variable && sums.ContainsKey(variable))
            {
                return true;
            }
        }

        return false;
    }

    private static void Compute(Equation equation, Dictionary<Var, NDArray> known)
    {
        var inputs = new NDArray[equation.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Known(equation.Inputs[i], known);
        }

        var outputs = equation.Primitive.BindAll(inputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            known[equation.Outputs[i]] = outputs[i];
        }
    }

    // The cotangents of the results, which nobody else needs; null if all are zero, as where they do not depend on the linear inputs.
    private static NDArray?[]? TakeCotangents(Equation equation, Dictionary<Var, NDArray?> sums)
    {
        var cotangents = new NDArray?[equation.Outputs.Length];
        bool any = false;
        for (int i = 0; i < cotangents.Length; i++)
        {
            any |= sums.Remove(equation.Outputs[i], out cotangents[i]) && cotangents[i] is not null;
        }

        return any ? cotangents : null;
    }

    private static void Transpose(
        Equation equation,
        NDArray?[] cotangents,
        Dictionary<Var, NDArray> known,
        Dictionary<Var, NDArray?> sums
    )
    {
        var operands = new LinearOperand[equation.Inputs.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            operands[i] =
                equation.Inputs[i] is Var variable && sums.ContainsKey(variable)
                    ? LinearOperand.Linear(variable.Type)
                    : LinearOperand.Known(Known(equation.Inputs[i], known));
        }

        var incoming = equation.Primitive.Transpose(cotangents, operands);
        for (int i = 0; i < incoming.Length; i++)
        {
            if (operands[i].IsLinear)
            {
                Accumulate(sums, equation.Inputs[i], incoming[i]);
            }
        }
    }

    private static NDArray Known(Atom atom, Dictionary<Var, NDArray> known) =>
        atom is Literal literal ? literal.Value : known[(Var)atom];

    private static void Accumulate(Dictionary<Var, NDArray?> sums, Atom atom, NDArray? cotangent)
    {
        if (cotangent is not null && atom is Var variable && sums.TryGetValue(variable, out var sum))
        {
            sums[variable] = sum is null ? cotangent : new Add().Bind(sum, cotangent);
        }
    }
}
