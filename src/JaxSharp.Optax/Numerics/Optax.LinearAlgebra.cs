using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The largest eigenvalue of a symmetric matrix by size, and its eigenvector, by repeated products.</summary>
    /// <param name="matrix">A symmetric matrix.</param>
    /// <param name="v0">The vector to begin with; a random one by default.</param>
    /// <param name="numIters">The largest number of products.</param>
    /// <param name="errorTolerance">The relative error of the eigenvalue at which to stop.</param>
    /// <param name="key">The random key for the first vector; that of the seed 0 by default.</param>
    /// <exception cref="ShapeException">The matrix is not square.</exception>
    public static (NDArray Eigenvalue, NDArray Eigenvector) PowerIteration(
        NDArray matrix,
        NDArray? v0 = null,
        int numIters = 100,
        double errorTolerance = 1e-6,
        PrngKey? key = null
    )
    {
        ArgumentNullException.ThrowIfNull(matrix);
        CheckSquare(nameof(PowerIteration), matrix);
        var start =
            v0
            ?? JaxRandom.Uniform(
                key ?? JaxRandom.Key(0),
                new Shape(matrix.Shape[^1]),
                matrix.DType,
                minval: -1.0,
                maxval: 1.0
            );
        start /= L2Norm(start);
        var (_, product, eigenvalue, _) = Lax.WhileLoop(
            s =>
                Jnp.LogicalAnd(
                    Jnp.GreaterEqual(L2Norm(s.Z - s.Eigenvalue * s.V), Jnp.Abs(s.Eigenvalue) * errorTolerance),
                    Jnp.Less(s.Step, numIters)
                ),
            s =>
            {
                var v = s.Z / L2Norm(s.Z);
                var z = Jnp.MatMul(matrix, v);
                return (v, z, Jnp.VDot(v, z), s.Step + 1);
            },
            (
                V: start,
                Z: Jnp.MatMul(matrix, start),
                Eigenvalue: Jnp.Zeros(Shape.Scalar, matrix.DType),
                Step: Numerics.Zero
            )
        );
        return (eigenvalue, product / L2Norm(product));
    }

    /// <summary>The power -1/p of a symmetric positive definite matrix, by a coupled Newton iteration.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="p">A positive integer.</param>
    /// <param name="numIters">The largest number of steps.</param>
    /// <param name="ridgeEpsilon">Added to the diagonal, relative to the largest eigenvalue.</param>
    /// <param name="errorTolerance">The error at which to stop.</param>
    /// <returns>The power, and the error of the last step.</returns>
    /// <exception cref="ShapeException">The matrix is not square.</exception>
    public static (NDArray Power, NDArray Error) MatrixInversePthRoot(
        NDArray matrix,
        int p,
        int numIters = 100,
        double ridgeEpsilon = 1e-6,
        double errorTolerance = 1e-6
    )
    {
        ArgumentNullException.ThrowIfNull(matrix);
        CheckSquare(nameof(MatrixInversePthRoot), matrix);
        int size = (int)matrix.Shape[0];
        matrix = matrix.AsType(DType.F32);
        var identity = Jnp.Eye(size, dtype: DType.F32);
        if (size == 1)
        {
            return (Jnp.Power(matrix + ridgeEpsilon, -1.0 / p), Jnp.Zeros(Shape.Scalar, DType.F32));
        }

        NDArray alpha = Jnp.Array(-1.0f / p);
        var (largest, _) = PowerIteration(matrix, numIters: 100, errorTolerance: 1e-6);
        var damped = matrix + ridgeEpsilon * Jnp.Maximum(largest, 1e-16) * identity;
        var z = (1 + p) / (2 * L2Norm(damped));
        var first = damped * z;
        var error = Jnp.Max(Jnp.Abs(first - identity));
        (_, _, NDArray result, NDArray oldResult, error, NDArray go) = Lax.WhileLoop(
            s => Jnp.LogicalAnd(Jnp.Less(s.Step, numIters), Jnp.LogicalAnd(Jnp.Greater(s.Error, errorTolerance), s.Go)),
            s =>
            {
                var factor = (1 - alpha) * identity + alpha * s.M;
                var m = Jnp.MatMul(MatrixPower(factor, p, identity), s.M);
                var h = Jnp.MatMul(s.H, factor);
                var newError = Jnp.Max(Jnp.Abs(m - identity));
                return (s.Step + 1, m, h, s.H, newError, Jnp.Less(newError, s.Error * 1.2));
            },
            (
                Step: Numerics.Zero,
                M: first,
                H: identity * Jnp.Power(z, 1.0 / p),
                OldH: identity * Jnp.Power(z, 1.0 / p),
                Error: error,
                Go: Jnp.Array(true)
            )
        );

        // Where the last step made it worse, the one before counts.
        return (Jnp.Where(go, result, oldResult).AsType(matrix.DType), Jnp.Max(Jnp.Abs(error)));
    }

    /// <summary>The x without negative elements that brings A·x nearest to b, by a fast projected gradient method.</summary>
    /// <param name="A">A matrix.</param>
    /// <param name="b">A vector.</param>
    /// <param name="iters">The number of steps.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Nnls(NDArray A, NDArray b, int iters)
    {
        ArgumentNullException.ThrowIfNull(A);
        ArgumentNullException.ThrowIfNull(b);
        if (A.Ndim != 2 || b.Ndim != 1 || A.Shape[0] != b.Shape[0])
        {
            throw new ShapeException($"Nnls needs a matrix and a vector of its rows; got {A.Shape} and {b.Shape}.");
        }

        var square = Jnp.MatMul(A.T, A);
        var target = Jnp.MatMul(A.T, b);
        var bound = Jnp.Minimum(L2Norm(square), Jnp.Max(Jnp.Sum(Jnp.Abs(square), axis: 0)));
        var zero = Jnp.ZerosLike(target);
        return Lax.ForiLoop(
            0,
            iters,
            (_, s) =>
            {
                var next = (1 + Jnp.Sqrt(1 + 4 * Jnp.Square(s.Count))) / 2;
                var momentum = (s.Count - 1) / next;
                var x = Jnp.Maximum(s.P - (Jnp.MatMul(square, s.P) - target) / bound, 0.0);
                return (x, x + momentum * (x - s.X), next);
            },
            (X: zero, P: zero, Count: Jnp.Array(1.0f))
        ).X;
    }

    private static NDArray MatrixPower(NDArray matrix, int p, NDArray identity)
    {
        NDArray? result = null;
        for (var power = matrix; p > 0; p >>= 1)
        {
            if ((p & 1) == 1)
            {
                result = result is null ? power : Jnp.MatMul(result, power);
            }

            power = p > 1 ? Jnp.MatMul(power, power) : power;
        }

        return result ?? identity;
    }

    private static NDArray L2Norm(NDArray x) => Jnp.Sqrt(Jnp.Sum(Jnp.Square(x)));

    private static void CheckSquare(string function, NDArray matrix)
    {
        if (matrix.Ndim != 2 || matrix.Shape[0] != matrix.Shape[1])
        {
            throw new ShapeException($"{function} needs a square matrix; got the shape {matrix.Shape}.");
        }
    }
}
