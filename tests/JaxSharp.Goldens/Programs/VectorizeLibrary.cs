using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Goldens.Programs;

/// <summary>Functions that take functions of any number of arguments.</summary>
internal static partial class TransformLibrary
{
    private static object? Vectorize(IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> keywords)
    {
        object? function = given[0];
        string? signature = Get(keywords, "signature") as string;
        HashSet<int> excluded = Get(keywords, "excluded") is { } positions
            ? [.. Interpreter.Items(positions).Select(item => int.Parse($"{item}"))]
            : [];
        return (Function)(
            (arguments, callKeywords) =>
            {
                int[] mapped = [.. Enumerable.Range(0, arguments.Count).Where(i => !excluded.Contains(i))];
                return new VectorizeSignature(signature, mapped.Length).Apply(
                    xs => PyTree.ToArray(Interpreter.Invoke(function, Replace(arguments, mapped, xs), callKeywords)),
                    [.. mapped.Select(i => PyTree.ToArray(arguments[i]))]
                );
            }
        );
    }

    private static object? CustomRoot(IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> keywords) =>
        Lax.CustomRoot<object?>(
            x => AsArrays(Interpreter.Invoke(given[0], [x], NoKeywords)),
            AsArrays(given[1]),
            (f, x) => AsArrays(Interpreter.Invoke(given[2], [Wrap(f), x], NoKeywords)),
            (g, y) => AsArrays(Interpreter.Invoke(given[3], [Wrap(g), y], NoKeywords))
        );

    private static object? CustomLinearSolve(
        IReadOnlyList<object?> given,
        IReadOnlyDictionary<string, object?> keywords
    )
    {
        object? transposed = given.Count > 3 ? given[3] : Get(keywords, "transpose_solve");
        return Lax.CustomLinearSolve<object?>(
            x => AsArrays(Interpreter.Invoke(given[0], [x], NoKeywords)),
            AsArrays(given[1]),
            Solver(given[2]),
            transposed is null ? null : Solver(transposed),
            Operations.IsTrue(Get(keywords, "symmetric"))
        );

        static Func<Func<object?, object?>, object?, object?> Solver(object? function) =>
            (a, b) => AsArrays(Interpreter.Invoke(function, [Wrap(a), b], NoKeywords));
    }

    private static Function Wrap(Func<object?, object?> function) => (arguments, _) => function(AsArrays(arguments[0]));
}
