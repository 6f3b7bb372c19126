using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;

namespace JaxSharp.Passes;

/// <summary>
/// Finds where the definition of a result reads the variables it is made of, looking through definitions that are put in place.
/// Axes are numbered as in the kernel that computes the result.
/// </summary>
internal sealed class AccessAnalysis(Func<Var, LoweredEquation?> inlined)
{
    private readonly HashSet<Element> visited = [];

    /// <summary>The variables read from outside, each with the indices at which it is read.</summary>
    public Dictionary<Var, HashSet<ElementIndex>> Reads { get; } = [];

    /// <summary>Visits the definition of an equation's results.</summary>
    public void Visit(LoweredEquation lowered)
    {
        if (lowered.Lowering is Lowering.Reduction reduction)
        {
            int rank = lowered.Equation.Outputs[0].Type.Rank;
            reduction.Body(
                KernelBuilder.Axes(0, rank),
                KernelBuilder.Axes(rank, reduction.Inner.Length),
                Readers(lowered.Equation)
            );
            return;
        }

        foreach (var output in lowered.Equation.Outputs)
        {
            Define(output, lowered, KernelBuilder.Axes(0, output.Type.Rank));
        }
    }

    private void Define(Var variable, LoweredEquation lowered, ScalarExpr[] index)
    {
        switch (lowered.Lowering)
        {
            case Lowering.Elementwise:
                foreach (var input in lowered.Equation.Inputs)
                {
                    Read(input, index);
                }

                break;
            case Lowering.Indexed indexed:
                indexed.Body(index, Readers(lowered.Equation));
                break;
            case Lowering.Alias:
                var operand = lowered.Equation.Inputs[Array.IndexOf(lowered.Equation.Outputs, variable)];
                Read(operand, ReshapedIndex.Map(index, variable.Type.Shape, operand.Type.Shape));
                break;
        }
    }

    private ScalarExpr Read(Atom atom, ScalarExpr[] index)
    {
        // The value itself does not matter here, except that it is not a constant.
        var value = Scalar.Load(0, atom.Type.DType, Scalar.Const(DType.I64, 0));
        if (atom is not Var variable)
        {
            return value;
        }

        var element = new Element(variable, new ElementIndex(index));
        if (!visited.Add(element))
        {
            return value;
        }

        if (inlined(variable) is { } lowered)
        {
            Define(variable, lowered, index);
            return value;
        }

        if (!Reads.TryGetValue(variable, out var indices))
        {
            Reads[variable] = indices = [];
        }

        indices.Add(element.Index);
        return value;
    }

    private ReadElement[] Readers(Equation equation) =>
        Array.ConvertAll(equation.Inputs, ReadElement (input) => index => Read(input, index));
}
