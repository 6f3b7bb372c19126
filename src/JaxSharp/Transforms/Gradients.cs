using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Transforms;

/// <summary>Reverse mode of flat functions with a scalar result.</summary>
internal static class Gradients
{
    /// <summary>
    /// The results of a function, of which the first is the scalar to differentiate, and the gradient by the arguments marked active.
    /// </summary>
    public static (NDArray[] Outputs, NDArray[] Gradients) ValueAndGrad(
        Func<NDArray[], NDArray[]> function,
        NDArray[] arguments,
        bool[] active,
        GradientOptions options
    )
    {
        var linear = new bool[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            if (active[i])
            {
                CheckInput(arguments[i], i, options);
                linear[i] = arguments[i].DType.IsInexact;
            }
        }

        var (outputs, derivative) = Linearization.Linearize(
            xs => function(Merge(linear, xs, arguments)),
            Marked.In(arguments, linear)
        );
        CheckOutput(outputs, options);
        var cotangents = new NDArray?[outputs.Length];
        cotangents[0] = Operators.Full(outputs[0].Type, 1);
        var pulled = derivative.Transpose(cotangents);
        var gradients = new NDArray[active.AsSpan().Count(true)];
        for (int i = 0, next = 0, used = 0; i < arguments.Length; i++)
        {
            if (active[i])
            {
                gradients[next++] = linear[i]
                    ? Conform(pulled[used++], arguments[i].Type)
                    : Operators.Zeros(arguments[i].Type.Tangent());
            }
        }

        return (outputs, gradients);
    }

    /// <summary>A cotangent with exactly the given type; zeros for null.</summary>
    public static NDArray Conform(NDArray? cotangent, ArrayType type)
    {
        if (cotangent is null)
        {
            return Operators.Zeros(type);
        }

        return cotangent.Type == type ? cotangent : new ConvertElementType(type.DType, type.Weak).Bind(cotangent);
    }

    /// <summary>The full list of arguments from those marked and the list that gives the others.</summary>
    public static NDArray[] Merge(bool[] marked, IReadOnlyList<NDArray> values, IReadOnlyList<NDArray> others)
    {
        var result = new NDArray[marked.Length];
        for (int i = 0, next = 0; i < result.Length; i++)
        {
            result[i] = marked[i] ? values[next++] : others[i];
        }

        return result;
    }

    private static void CheckInput(NDArray argument, int number, GradientOptions options)
    {
        // Names are made up only where they are told.
        var type = argument is null
            ? Argument.Given(argument, $"argument {number}", $"{options.Caller} of {options.Function}").Type
            : argument.Type;
        if (options.Holomorphic && !type.DType.IsComplex)
        {
            throw new DifferentiationException(
                $"{options.Caller} of {options.Function} with holomorphic: true needs complex arguments; got {type}."
            );
        }

        if (!type.DType.IsInexact && !options.AllowInt)
        {
            throw new DifferentiationException(
                $"{options.Caller} of {options.Function} differentiates by floating-point or complex arguments; got {type}. Convert it "
                    + "with AsType(DType.F32), choose other argNums, or pass allowInt: true to get a gradient of type float0 for it."
            );
        }
    }

    private static void CheckOutput(NDArray[] outputs, GradientOptions options)
    {
        var type = outputs[0].Type;
        if (type.Rank != 0)
        {
            throw new DifferentiationException(
                $"{options.Caller} needs a function with a scalar result; {options.Function} returned {type}. Reduce it, for example with "
                    + "jnp.Sum, or use JacRev, JacFwd or Vjp."
            );
        }

        bool fits = options.Holomorphic ? type.DType.IsComplex : type.DType.IsFloating;
        if (!fits)
        {
            throw new DifferentiationException(
                options.Holomorphic
                    ? $"{options.Caller} with holomorphic: true needs a complex result; {options.Function} returned {type}."
                    : $"{options.Caller} needs a function with a real result; {options.Function} returned {type}. "
                        + (
                            type.DType.IsComplex
                                ? "Pass holomorphic: true if the function is holomorphic, or take jnp.Real or jnp.Abs of the result."
                                : "Convert the result with AsType(DType.F32), if that makes sense."
                        )
            );
        }
    }
}

/// <summary>What the caller of a gradient asked for, and names for messages.</summary>
/// <param name="Caller">The public function.</param>
/// <param name="Function">The differentiated function.</param>
/// <param name="Holomorphic">Whether the function is complex and holomorphic.</param>
/// <param name="AllowInt">Whether integer arguments get an empty gradient.</param>
internal sealed record GradientOptions(string Caller, string Function, bool Holomorphic = false, bool AllowInt = false)
{
    /// <summary>What the function returned, which must be an array.</summary>
    public NDArray Returned(NDArray? value) =>
        value
        ?? throw new JaxArgumentException(
            $"{Caller} of {Function} needs a function that returns an array; it returned null. Return an array or a number."
        );
}
