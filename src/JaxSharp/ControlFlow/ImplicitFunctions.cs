using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>Functions that are given by an equation: differentiated by the implicit function theorem, not through their solver.</summary>
internal static class ImplicitFunctions
{
    public static T CustomRoot<T>(
        Func<T, T> f,
        T initialGuess,
        Func<Func<T, T>, T, T> solve,
        Func<Func<T, T>, T, T> tangentSolve
    )
    {
        var guess = TreeFunction<T, T>.Flatten(initialGuess, out var structure);
        ArrayType[] types = Array.ConvertAll(guess, x => x.Type);
        var (equation, captured) = Staging.StageClosed(
            new TreeFunction<T, T>(f).OnLeaves(structure),
            types,
            "Lax.CustomRoot"
        );
        if (equation.Outputs.Length != types.Length || equation.OutputTypes.Where((t, i) => !t.SameAs(types[i])).Any())
        {
            throw new ShapeException(
                $"Lax.CustomRoot needs a function from values like the guess to values of the same types; from {Types.List(types)} it gave "
                    + $"{Types.List(equation.OutputTypes)}."
            );
        }

        int count = captured.Length;
        var (solver, others) = Staging.StageClosed(
            xs => Flat(solve, structure, x => Evaluate(xs[..count], x), xs[count..]),
            [.. captured.Select(x => x.Type), .. types],
            "Lax.CustomRoot"
        );
        CustomJvpCall? call = null;
        call = new CustomJvpCall("custom_root", solver, Rule);
        var root = call.BindAll([.. others, .. captured, .. guess]);
        return TreeFunction<T, T>.Unflatten(structure, root);

        NDArray[] Evaluate(NDArray[] constants, NDArray[] x) => Staging.Evaluate(equation, [.. constants, .. x]);

        // From f(x, a) = 0: ∂f/∂x · dx = −∂f/∂a · da.
        (NDArray[], NDArray[]) Rule(NDArray[] primals, NDArray[] tangents)
        {
            var solution = call!.BindAll(primals);
            var constants = primals[others.Length..(others.Length + count)];
            var directions = tangents[others.Length..(others.Length + count)];
            var (_, moved) = ForwardMode.Jvp(
                a => Evaluate(a, solution),
                constants,
                [.. directions.Select(t => t.DType.IsInexact ? t : null)]
            );
            NDArray[] right = [.. moved.Select((t, i) => t is null ? Operators.Zeros(types[i]) : new Neg().Bind(t))];
            var result = Flat(
                tangentSolve,
                structure,
                y =>
                    [
                        .. ForwardMode
                            .Jvp(x => Evaluate(constants, x), solution, y)
                            .Tangents.Select((t, i) => t ?? Operators.Zeros(types[i])),
                    ],
                right
            );
            return (solution, result);
        }
    }

    private static NDArray[] Flat<T>(
        Func<Func<T, T>, T, T> solve,
        TreeDef structure,
        Func<NDArray[], NDArray[]> function,
        NDArray[] start
    )
    {
        var result = solve(
            x => TreeFunction<T, T>.Unflatten(structure, function(TreeFunction<T, T>.Flatten(x, out _))),
            TreeFunction<T, T>.Unflatten(structure, start)
        );
        return TreeFunction<T, T>.Flatten(result, out _);
    }
}
