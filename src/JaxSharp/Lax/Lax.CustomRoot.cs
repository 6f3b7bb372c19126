using System;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>
    /// The root of a function, differentiable in the arrays that the function captures by the implicit function theorem: the solver
    /// itself is not differentiated.
    /// </summary>
    /// <param name="f">The function whose root is wanted; it returns values of the types of its argument.</param>
    /// <param name="initialGuess">Where the solver starts.</param>
    /// <param name="solve">Finds the root of a function from a starting point.</param>
    /// <param name="tangentSolve">Solves a linear function for a right side: <c>(g, y) => y / g(1.0)</c> for a scalar.</param>
    /// <exception cref="ShapeException">The function changes the types.</exception>
    [OverloadResolutionPriority(2)]
    public static NDArray CustomRoot(
        Func<NDArray, NDArray> f,
        NDArray initialGuess,
        Func<Func<NDArray, NDArray>, NDArray, NDArray> solve,
        Func<Func<NDArray, NDArray>, NDArray, NDArray> tangentSolve
    ) => ImplicitFunctions.CustomRoot(Argument.Given(f), initialGuess, Argument.Given(solve), tangentSolve);

    /// <inheritdoc cref="CustomRoot(Func{NDArray, NDArray}, NDArray, Func{Func{NDArray, NDArray}, NDArray, NDArray}, Func{Func{NDArray, NDArray}, NDArray, NDArray})"/>
    public static T CustomRoot<T>(
        Func<T, T> f,
        T initialGuess,
        Func<Func<T, T>, T, T> solve,
        Func<Func<T, T>, T, T> tangentSolve
    ) => ImplicitFunctions.CustomRoot(Argument.Given(f), initialGuess, Argument.Given(solve), tangentSolve);
}
