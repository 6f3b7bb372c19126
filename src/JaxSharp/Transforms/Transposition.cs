using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;

namespace JaxSharp.Transforms;

/// <summary>The program that runs another backwards.</summary>
internal static class Transposition
{
    /// <summary>
    /// For a program that is linear in the inputs marked by <paramref name="linear"/>: the program from the other inputs and the
    /// cotangents of the results that <paramref name="given"/> has a type for to the cotangents of the linear inputs. Those that are
    /// zero are left out unless <paramref name="instantiate"/> is set.
    /// </summary>
    public static (Jaxpr Jaxpr, bool[] NonzeroInputs) TransposeJaxpr(
        Jaxpr jaxpr,
        bool[] linear,
        ArrayType?[] given,
        bool instantiate = false
    )
    {
        var key = (jaxpr, (EquatableArray<bool>)linear, (EquatableArray<ArrayType?>)given, instantiate);
        return JaxprCache<(Jaxpr, EquatableArray<bool>, EquatableArray<ArrayType?>, bool), (Jaxpr, bool[])>.Get(
            key,
            () =>
            {
                Var[] known = [.. jaxpr.Inputs.Where((_, i) => !linear[i])];
                Var[] unknown = [.. jaxpr.Inputs.Where((_, i) => linear[i])];
                var reordered = new Jaxpr([], [.. known, .. unknown], jaxpr.Equations, jaxpr.Outputs);
                bool[] nonzero = [];
                ArrayType[] inputs = [.. known.Select(v => v.Type), .. given.OfType<ArrayType>()];
                var result = Staging.StageProgram(
                    arguments =>
                    {
                        var cotangents = new NDArray?[given.Length];
                        for (int i = 0, next = known.Length; i < given.Length; i++)
                        {
                            cotangents[i] = given[i] is not null ? arguments[next++] : null;
                        }

                        var pulled = BackwardPass.RunWithResiduals(reordered, arguments[..known.Length], cotangents);
                        nonzero = [.. pulled.Select(ct => instantiate || ct is not null)];
                        return
                        [
                            .. pulled
                                .Select((ct, i) => nonzero[i] ? ct ?? Operators.Zeros(unknown[i].Type) : null)
                                .OfType<NDArray>(),
                        ];
                    },
                    inputs
                );
                return (result, nonzero);
            }
        );
    }

    /// <summary>Puts the cotangents of linear operands into a list over all operands; null for zero.</summary>
    public static NDArray?[] Scatter(bool[] linear, bool[] nonzero, IReadOnlyList<NDArray> cotangents)
    {
        var result = new NDArray?[linear.Length];
        for (int i = 0, unknown = 0, next = 0; i < linear.Length; i++)
        {
            if (linear[i] && nonzero[unknown++])
            {
                result[i] = cotangents[next++];
            }
        }

        return result;
    }
}
