using System;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>
    /// The solution x of a linear system matvec(x) = b by a solver of your own, which is not differentiated: derivatives solve further
    /// systems with the same matrix (forward mode) or its transpose (reverse mode).
    /// </summary>
    /// <param name="matvec">The product with the matrix: linear, from values like <paramref name="b"/> to values of the same types.</param>
    /// <param name="b">The right side.</param>
    /// <param name="solve">Finds x for a product function and a right side.</param>
    /// <param name="transposeSolve">
    /// The same for the product with the transpose of the matrix, which it is given. Reverse mode needs it, or
    /// <paramref name="symmetric"/>.
    /// </param>
    /// <param name="symmetric">Whether the matrix is symmetric, so that <paramref name="solve"/> serves for its transpose.</param>
    /// <exception cref="ShapeException">A function changes the types.</exception>
    /// <exception cref="DifferentiationException">
    /// The product is not linear; or, in reverse mode, there is no solver for the transpose.
    /// </exception>
    /// <example><code>
    /// NDArray Halved(NDArray scale, NDArray b) =>
    ///     Lax.CustomLinearSolve(x => scale * x, b, (matvec, b) => b / matvec(jnp.OnesLike(b)), symmetric: true);
    /// Halved(2.0, jnp.Array([2f, 4f]));                                             // => [1. 2.]
    /// Grad((NDArray scale) => jnp.Sum(Halved(scale, jnp.Array([2f, 4f]))))(2.0); // => -1.5
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static NDArray CustomLinearSolve(
        Func<NDArray, NDArray> matvec,
        NDArray b,
        Func<Func<NDArray, NDArray>, NDArray, NDArray> solve,
        Func<Func<NDArray, NDArray>, NDArray, NDArray>? transposeSolve = null,
        bool symmetric = false
    ) =>
        ImplicitFunctions.LinearSolve(
            Argument.Given(matvec),
            Argument.Given(b),
            Argument.Given(solve),
            transposeSolve,
            symmetric
        );

    /// <inheritdoc cref="CustomLinearSolve(Func{NDArray, NDArray}, NDArray, Func{Func{NDArray, NDArray}, NDArray, NDArray}, Func{Func{NDArray, NDArray}, NDArray, NDArray}, bool)"/>
    public static T CustomLinearSolve<T>(
        Func<T, T> matvec,
        T b,
        Func<Func<T, T>, T, T> solve,
        Func<Func<T, T>, T, T>? transposeSolve = null,
        bool symmetric = false
    ) => ImplicitFunctions.LinearSolve(Argument.Given(matvec), b, Argument.Given(solve), transposeSolve, symmetric);
}
