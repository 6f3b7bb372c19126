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

    public static T LinearSolve<T>(
        Func<T, T> matvec,
        T b,
        Func<Func<T, T>, T, T> solve,
        Func<Func<T, T>, T, T>? transposeSolve,
        bool symmetric
    )
    {
        const string Caller = "Lax.CustomLinearSolve";
        var right = TreeFunction<T, T>.Flatten(b, out var structure);
        ArrayType[] types = Array.ConvertAll(right, x => x.Type.Strong());
        right = [.. right.Select((x, i) => Gradients.Conform(x, types[i]))];
        var (product, captured) = Staging.StageClosed(
            new TreeFunction<T, T>(matvec).OnLeaves(structure),
            types,
            Caller
        );
        RequireTypes(product, types, Caller, "matvec");
        var (solver, others) = StageSolver(solve, product, "solve");
        if (!symmetric && transposeSolve is null)
        {
            return Bind([], [Widened(product, others, []), solver]);
        }

        var transposed = symmetric ? product : Transposed(product, captured.Length, types);
        var (back, more) = StageSolver(symmetric ? solve : transposeSolve!, transposed, "transposeSolve");
        return Bind(
            more,
            [
                Widened(product, more, others),
                Widened(solver, more, []),
                Widened(transposed, more, others),
                new Jaxpr(
                    [],
                    [.. back.Inputs[..more.Length], .. Unused(others), .. back.Inputs[more.Length..]],
                    back.Equations,
                    back.Outputs
                ),
            ]
        );

        T Bind(NDArray[] first, Jaxpr[] jaxprs) =>
            TreeFunction<T, T>.Unflatten(
                structure,
                new LinearSolve(jaxprs).BindAll([.. first, .. others, .. captured, .. right])
            );

        // A solver that gets the product as a function takes what it captured itself, what the product captured, and the right side.
        (Jaxpr, NDArray[]) StageSolver(Func<Func<T, T>, T, T> solver, Jaxpr product, string name)
        {
            int count = captured.Length;
            var (jaxpr, own) = Staging.StageClosed(
                xs => Flat(solver, structure, x => Staging.Evaluate(product, [.. xs[..count], .. x]), xs[count..]),
                [.. captured.Select(x => x.Type), .. types],
                Caller
            );
            RequireTypes(jaxpr, types, Caller, name);
            return (jaxpr, own);
        }
    }

    /// <summary>The product with the transpose: from captured arrays and a vector.</summary>
    private static Jaxpr Transposed(Jaxpr product, int count, ArrayType[] types)
    {
        bool[] linear = [.. product.Inputs.Select((_, i) => i >= count)];
        try
        {
            return Transposition.TransposeJaxpr(product, linear, types, instantiate: true).Jaxpr;
        }
        catch (InternalException error)
        {
            throw new DifferentiationException(
                $"Lax.CustomLinearSolve: matvec is not linear in its argument ({error.Message})"
            );
        }
    }

    /// <summary>The program with further inputs in front, which it does not read.</summary>
    private static Jaxpr Widened(Jaxpr jaxpr, NDArray[] first, NDArray[] second) =>
        new([], [.. Unused(first), .. Unused(second), .. jaxpr.Inputs], jaxpr.Equations, jaxpr.Outputs);

    private static Var[] Unused(NDArray[] values) => Array.ConvertAll(values, x => new Var(x.Type));

    private static void RequireTypes(Jaxpr jaxpr, ArrayType[] types, string caller, string function)
    {
        if (jaxpr.Outputs.Length != types.Length || jaxpr.OutputTypes.Where((t, i) => !t.SameAs(types[i])).Any())
        {
            throw new ShapeException(
                $"{caller} needs a {function} that returns values of the types of b, {Types.List(types)}; it gave "
                    + $"{Types.List(jaxpr.OutputTypes)}."
            );
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
