using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Passes;
using JaxSharp.Primitives;

namespace JaxSharp.Execution;

/// <summary>
/// Which axes of its operands an equation has to be cut along so that a part of its results, cut along an axis, comes of the parts
/// alone. It follows from the lowering: a body that reads an operand at no other place along an axis than the result's own.
/// </summary>
internal static class AxisCuts
{
    /// <summary>An operand that is needed as a whole.</summary>
    public const int Whole = -1;

    /// <summary>For each operand the axis along which it is cut, or <see cref="Whole"/>; null if results cannot be cut along the axis.</summary>
    public static int[]? Of(Equation equation, Lowering lowering, int axis)
    {
        var result = equation.Outputs[0].Type;
        return axis >= result.Rank || equation.Primitive.HasEffects
            ? null
            : lowering switch
            {
                Lowering.Elementwise => Array.ConvertAll(equation.Inputs, x => x.Type.Rank == 0 ? Whole : axis),
                Lowering.Indexed indexed => new Reads(equation, axis).Of((at, read) => indexed.Body(at, read)),
                Lowering.Reduction reduction => new Reads(equation, axis).Of(
                    (at, read) => reduction.Body(at, KernelBuilder.Axes(at.Length, reduction.Inner.Length), read)
                ),
                Lowering.Alias when equation.Inputs is [var x] => SameAxis(x.Type.Shape, result.Shape, axis),
                Lowering.Contraction { Spec: var spec } => IsDense(equation, spec)
                && Axis(spec, result.Shape, axis) is var place and >= 0
                    ? OperandAxes(spec, place)
                    : null,
                _ when equation.Primitive is Concatenate concatenate && concatenate.Dimension != axis =>
                    Array.ConvertAll(equation.Inputs, _ => axis),
                _ => null,
            };
    }

    /// <summary>The lowering of the equation for operands and results that are cut to other extents.</summary>
    public static Lowering Cut(Equation cut, Lowering lowering, Shape result, int axis)
    {
        switch (lowering)
        {
            case Lowering.Routine:
                return cut.Primitive.Lower(
                    Array.ConvertAll(cut.Inputs, x => x.Type),
                    Array.ConvertAll(cut.Outputs, x => x.Type)
                );
            case Lowering.Contraction { Spec: var spec }:
                ContractionAxis[] axes = [.. spec.Axes];
                int place = Axis(spec, result, axis);
                int extent = cut.Outputs[0].Type.Shape[axis];
                axes[place] = axes[place] with { Extent = extent };
                return new Lowering.Contraction(
                    spec with
                    {
                        Axes = axes,
                        Lhs = Cut(spec.Lhs, place, extent, cut.Inputs[0].Type.Shape),
                        Rhs = Cut(spec.Rhs, place, extent, cut.Inputs[1].Type.Shape),
                        Output = spec.Output with
                        {
                            Strides = Restride(spec.Output.Strides, result, cut.Outputs[0].Type.Shape),
                        },
                    }
                );
            default:
                return lowering;
        }
    }

    // A reshaped axis stays what it is if as many elements come before it, and after it.
    private static int[]? SameAxis(Shape operand, Shape result, int axis)
    {
        long before = result[..axis].Size;
        for (int i = 0; i < operand.Rank; i++)
        {
            if (operand[i] == result[axis] && operand[..i].Size == before)
            {
                return [i];
            }
        }

        return null;
    }

    private static bool IsDense(Equation equation, ContractionSpec spec)
    {
        long[] strides = equation.Outputs[0].Type.Shape.Strides();
        return IsWhole(spec.Lhs, equation.Inputs[0])
            && IsWhole(spec.Rhs, equation.Inputs[1])
            && spec.Axes.Zip(spec.Output.Strides)
                .All(a => a.First.Role == AxisRole.K || Array.IndexOf(strides, a.Second) >= 0);

        static bool IsWhole(OperandView view, Atom operand) =>
            view.BaseOffset == 0 && view.Dims.Select(d => d.Stride).SequenceEqual(operand.Type.Shape.Strides());
    }

    // The loop axis of a contraction that is an axis of its result.
    private static int Axis(ContractionSpec spec, Shape result, int axis)
    {
        long stride = result.Strides()[axis];
        return Array.FindIndex(
            [.. spec.Axes.Zip(spec.Output.Strides)],
            a => a.First.Role != AxisRole.K && a.First.Extent == result[axis] && a.Second == stride
        );
    }

    private static int[]? OperandAxes(ContractionSpec spec, int place)
    {
        var role = spec.Axes[place].Role;
        int lhs = role == AxisRole.N ? Whole : Dimension(spec.Lhs);
        int rhs = role == AxisRole.M ? Whole : Dimension(spec.Rhs);
        return (role != AxisRole.N && lhs < 0) || (role != AxisRole.M && rhs < 0) ? null : [lhs, rhs];

        int Dimension(OperandView view)
        {
            int found = Array.FindIndex(view.Dims, d => d.Coefs[place] != 0);
            return
                Array.FindLastIndex(view.Dims, d => d.Coefs[place] != 0) == found
                && found >= 0
                && view.Dims[found] is { Offset: 0, Divisor: 1 } dim
                && dim.Extent == spec.Axes[place].Extent
                && dim.Coefs[place] == 1
                && dim.Coefs.Count(c => c != 0) == 1
                ? found
                : Whole;
        }
    }

    private static OperandView Cut(OperandView view, int place, int extent, Shape operand)
    {
        long[] strides = operand.Strides();
        return view with
        {
            Dims =
            [
                .. view.Dims.Select(
                    (d, i) => d with { Extent = d.Coefs[place] != 0 ? extent : d.Extent, Stride = strides[i] }
                ),
            ],
        };
    }

    private static long[] Restride(long[] strides, Shape result, Shape cut)
    {
        long[] from = result.Strides();
        long[] to = cut.Strides();
        return Array.ConvertAll(strides, s => s == 0 ? 0 : to[Array.LastIndexOf(from, s)]);
    }

    /// <summary>Watches where a body reads its operands.</summary>
    private sealed class Reads(Equation equation, int axis)
    {
        private readonly ScalarExpr own = Scalar.Axis(axis);
        private readonly int?[] axes = new int?[equation.Inputs.Length];
        private bool isPossible = true;
        private int count;

        public int[]? Of(Func<ScalarExpr[], ReadElement[], ScalarExpr> body)
        {
            var value = body(
                KernelBuilder.Axes(0, equation.Outputs[0].Type.Rank),
                [.. equation.Inputs.Select((x, i) => (ReadElement)(index => Read(x.Type, i, index)))]
            );
            return isPossible && !Mentions(value) ? Array.ConvertAll(axes, a => a ?? Whole) : null;
        }

        // What was read at two places differs, as far as the body can see.
        private ScalarExpr Read(ArrayType type, int operand, ScalarExpr[] index)
        {
            int found = Whole;
            for (int i = 0; i < index.Length; i++)
            {
                if (found == Whole && index[i].Equals(own) && type.Shape[i] == equation.Outputs[0].Type.Shape[axis])
                {
                    found = i;
                }
                else
                {
                    isPossible &= !Mentions(index[i]);
                }
            }

            isPossible &= axes[operand] is null || axes[operand] == found;
            axes[operand] = found;
            return Scalar.Load(operand, type.DType, Scalar.Const(DType.I64, count++));
        }

        private bool Mentions(ScalarExpr expression)
        {
            var seen = new HashSet<ScalarExpr>();
            return Visit(expression);

            bool Visit(ScalarExpr expr)
            {
                if (!seen.Add(expr))
                {
                    return false;
                }

                bool found = expr.Equals(own);
                foreach (var operand in expr.Operands)
                {
                    found |= Visit(operand);
                }

                return found;
            }
        }
    }
}
