using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;

namespace JaxSharp.Passes;

/// <summary>
/// Builds one loop nest: reads variables either from memory or, where they are defined in the same kernel, by putting their
/// definition in place.
/// </summary>
internal sealed class KernelBuilder(int[] grid, Func<Var, LoweredEquation?> inlined)
{
    private readonly List<Var> inputs = [];
    private readonly List<DType> inputTypes = [];
    private readonly List<Var> outputs = [];
    private readonly List<DType> outputTypes = [];
    private readonly List<Stage> stages = [];
    private readonly Dictionary<Element, ScalarExpr> known = [];
    private readonly Dictionary<Var, ScalarExpr> reduced = [];
    private readonly List<LoweredEquation> defined = [];

    public IReadOnlyList<Var> Inputs => inputs;

    public IReadOnlyList<Var> Outputs => outputs;

    /// <summary>The equations that the loop nest computes, each once.</summary>
    public IEnumerable<LoweredEquation> Defined => defined.Distinct().OrderBy(lowered => lowered.Order);

    public Kernel Finish() => new([.. inputTypes], [.. outputTypes], grid, [.. stages]);

    /// <summary>The grid axes, then inner axes of a stage.</summary>
    public static ScalarExpr[] Axes(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(axis => Scalar.Axis(axis))];

    /// <summary>Combines elements over an inner space; the result is read by later stages at the same grid point.</summary>
    public void Reduce(LoweredEquation lowered)
    {
        var lowering = (Lowering.Reduction)lowered.Lowering;
        defined.Add(lowered);
        var variable = lowered.Equation.Outputs[0];
        var index = Axes(0, grid.Length);
        var inner = Axes(grid.Length, lowering.Inner.Length);
        var body = lowering.Body(index, inner, Readers(lowered.Equation));
        reduced[variable] = Reduce(lowering, body, variable.Type.DType);
    }

    private ScalarExpr Reduce(Lowering.Reduction lowering, ScalarExpr body, DType dtype)
    {
        if (dtype.IsComplex)
        {
            if (lowering.Monoid != Monoid.Add)
            {
                throw new InternalException($"A reduction of {dtype} by {lowering.Monoid} has no loop nest.");
            }

            return Scalar.MakeComplex(
                Reduce(lowering, Scalar.Real(body), dtype.RealType),
                Reduce(lowering, Scalar.Imag(body), dtype.RealType)
            );
        }

        if (lowering.Inner.Length == 0)
        {
            return body;
        }

        if (lowering.Inner.Contains(0))
        {
            return lowering.Monoid.Neutral(dtype);
        }

        // Half-precision sums are kept in single precision until the end, as in JAX.
        var accumulation = dtype.Code is DTypeCode.F16 or DTypeCode.BF16 ? DType.F32 : dtype;
        stages.Add(new Stage.Reduce(lowering.Monoid, lowering.Inner, body, accumulation));
        return Scalar.Convert(Scalar.Reduced(stages.Count - 1, accumulation), dtype);
    }

    /// <summary>Writes a variable, all of whose axes beyond the grid become inner axes of the stage.</summary>
    public void Store(Var variable)
    {
        var extents = variable.Type.Shape.Extents[grid.Length..].ToArray();
        var index = Axes(0, variable.Type.Rank);
        var value = Read(variable, index);
        var flat = Flat(index, variable.Type.Shape);
        int output = outputs.Count;
        outputs.Add(variable);
        outputTypes.Add(variable.Type.DType.RealType);
        if (variable.Type.DType.IsComplex)
        {
            var twice = Scalar.Mul(flat, Scalar.Const(DType.I64, 2));
            stages.Add(new Stage.Store(output, extents, twice, Scalar.Real(value)));
            stages.Add(
                new Stage.Store(output, extents, Scalar.Add(twice, Scalar.Const(DType.I64, 1)), Scalar.Imag(value))
            );
        }
        else
        {
            stages.Add(new Stage.Store(output, extents, flat, value));
        }
    }

    /// <summary>An element of a variable or literal.</summary>
    public ScalarExpr Read(Atom atom, ScalarExpr[] index)
    {
        if (atom is Literal literal)
        {
            return Constant(literal.Value);
        }

        var variable = (Var)atom;
        if (reduced.TryGetValue(variable, out var value))
        {
            return value;
        }

        var key = new Element(variable, new ElementIndex(index));
        if (!known.TryGetValue(key, out value))
        {
            value = inlined(variable) is { } lowered ? Define(variable, lowered, index) : Load(variable, index);
            known[key] = value;
        }

        return value;
    }

    private ScalarExpr Define(Var variable, LoweredEquation lowered, ScalarExpr[] index)
    {
        defined.Add(lowered);
        var equation = lowered.Equation;
        switch (lowered.Lowering)
        {
            case Lowering.Elementwise elementwise:
                var results = elementwise.Body(Array.ConvertAll(equation.Inputs, input => Read(input, index)));
                for (int i = 0; i < results.Length; i++)
                {
                    known[new Element(equation.Outputs[i], new ElementIndex(index))] = results[i];
                }

                return results[Array.IndexOf(equation.Outputs, variable)];
            case Lowering.Indexed indexed:
                return indexed.Body(index, Readers(equation));
            case Lowering.Alias:
                var operand = equation.Inputs[Array.IndexOf(equation.Outputs, variable)];
                return Read(operand, ReshapedIndex.Map(index, variable.Type.Shape, operand.Type.Shape));
            default:
                throw new InternalException($"{equation.Primitive.Name} cannot be part of a loop nest.");
        }
    }

    private ReadElement[] Readers(Equation equation) =>
        Array.ConvertAll(equation.Inputs, ReadElement (input) => index => Read(input, index));

    /// <summary>Makes a variable the next input, whether it is read or not.</summary>
    public void Declare(Var variable)
    {
        inputs.Add(variable);
        inputTypes.Add(variable.Type.DType.RealType);
    }

    private ScalarExpr Load(Var variable, ScalarExpr[] index)
    {
        int slot = inputs.IndexOf(variable);
        if (slot < 0)
        {
            slot = inputs.Count;
            Declare(variable);
        }

        return Scalar.Load(slot, variable.Type.DType, Flat(index, variable.Type.Shape));
    }

    /// <summary>The number of an element in row-major order.</summary>
    public static ScalarExpr Flat(ScalarExpr[] index, Shape shape)
    {
        var strides = shape.Strides();
        var flat = Scalar.Const(DType.I64, 0);
        for (int axis = 0; axis < index.Length; axis++)
        {
            if (shape[axis] != 1)
            {
                flat = Scalar.Add(flat, Scalar.Mul(index[axis], Scalar.Const(DType.I64, strides[axis])));
            }
        }

        return flat;
    }

    private static ScalarExpr Constant(DeviceArray value) =>
        value.DType switch
        {
            { IsComplex: true } => Scalar.Const(value.DType, value.ItemComplex(0)),
            { IsFloating: true } => Scalar.Const(value.DType, value.ItemDouble(0)),
            _ => Scalar.Const(value.DType, value.ItemInt(0)),
        };
}
