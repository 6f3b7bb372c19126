using System.Collections.Generic;

namespace JaxSharp.Ir;

/// <summary>
/// Checks that a program is well formed: variables are defined once, before their use, with the types that the primitives infer.
/// </summary>
internal static class JaxprVerifier
{
    /// <summary>Checks a program and the programs inside of its primitives.</summary>
    /// <exception cref="InternalException">The program is not well formed; the message names the equation.</exception>
    public static void Verify(Jaxpr jaxpr)
    {
        var defined = new HashSet<Var>();
        foreach (var variable in jaxpr.ConstVars)
        {
            Define(variable, "a captured constant");
        }

        foreach (var variable in jaxpr.Inputs)
        {
            Define(variable, "an input");
        }

        foreach (var equation in jaxpr.Equations)
        {
            Verify(equation);
        }

        foreach (var output in jaxpr.Outputs)
        {
            Use(output, "the results");
        }

        void Verify(Equation equation)
        {
            string place = $"the equation of {equation.Primitive}";
            var types = new ArrayType[equation.Inputs.Length];
            for (int i = 0; i < types.Length; i++)
            {
                Use(equation.Inputs[i], place);
                types[i] = equation.Inputs[i].Type;
            }

            var results = equation.Primitive.Infer(types);
            if (results.Length != equation.Outputs.Length)
            {
                throw new InternalException(
                    $"{place} has {equation.Outputs.Length} results instead of {results.Length}."
                );
            }

            for (int i = 0; i < results.Length; i++)
            {
                if (!results[i].SameAs(equation.Outputs[i].Type))
                {
                    throw new InternalException(
                        $"{place} gives {results[i]} to a variable of type {equation.Outputs[i].Type}."
                    );
                }

                Define(equation.Outputs[i], place);
            }

            foreach (var inner in PrimitiveParameters.ProgramsOf(equation.Primitive))
            {
                JaxprVerifier.Verify(inner);
            }
        }

        void Define(Var variable, string place)
        {
            if (!defined.Add(variable))
            {
                throw new InternalException($"a variable of type {variable.Type} is defined again as {place}.");
            }
        }

        void Use(Atom atom, string place)
        {
            if (atom is Var variable && !defined.Contains(variable))
            {
                throw new InternalException(
                    $"{place} uses a variable of type {variable.Type} that is not defined before."
                );
            }
        }
    }
}
