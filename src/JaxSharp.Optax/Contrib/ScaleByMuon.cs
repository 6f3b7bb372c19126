using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>Orthogonalised momentum for matrices (Muon), and AdamW for all other parameters.</summary>
        /// <param name="learningRate">A number or a schedule.</param>
        /// <param name="nsCoeffs">The coefficients of the iteration: three, or three for each of its steps.</param>
        /// <param name="nsSteps">The number of steps of the iteration, where coefficients do not tell.</param>
        /// <param name="beta">The decay of the average of the updates; 0.95 by default.</param>
        /// <param name="eps">Added to denominators; 1e-8 by default.</param>
        /// <param name="weightDecay">The decay of matrices in one step relative to the learning rate; 0 by default.</param>
        /// <param name="weightDecayMask">Which matrices decay; all by default.</param>
        /// <param name="muDtype">The element type of the averages; that of the parameters by default.</param>
        /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
        /// <param name="adaptive">Whether steps are scaled by the dual norm of the updates.</param>
        /// <param name="preconditioning">
        /// What the iteration begins with: <c>frobenius</c> and <c>spectral</c> divide by a norm, <c>aol</c> and <c>schatten</c> change
        /// its first step.
        /// </param>
        /// <param name="adamB1">The decay of AdamW's average of the updates; 0.9 by default.</param>
        /// <param name="adamB2">The decay of AdamW's average of their squares; 0.999 by default.</param>
        /// <param name="adamEpsRoot">Added under AdamW's root; 0 by default.</param>
        /// <param name="adamWeightDecay">AdamW's decay; 0 by default.</param>
        /// <param name="adamLearningRate">AdamW's learning rate; that of the matrices by default.</param>
        /// <param name="muonWeightDimensionNumbers">
        /// How a leaf is a matrix, or null for those that AdamW has; matrices by default.
        /// </param>
        /// <param name="consistentRms">The mean square of steps of all shapes, by this factor; by width by default.</param>
        public static GradientTransformation Muon(
            ScalarOrSchedule learningRate,
            NDArray? nsCoeffs = null,
            int nsSteps = 5,
            Hyperparameter? beta = null,
            Hyperparameter? eps = null,
            ScalarOrSchedule? weightDecay = null,
            Mask? weightDecayMask = null,
            DType? muDtype = null,
            bool nesterov = true,
            bool adaptive = false,
            string preconditioning = "frobenius",
            Hyperparameter? adamB1 = null,
            Hyperparameter? adamB2 = null,
            Hyperparameter? adamEpsRoot = null,
            ScalarOrSchedule? adamWeightDecay = null,
            ScalarOrSchedule? adamLearningRate = null,
            MuonDimensions? muonWeightDimensionNumbers = null,
            double? consistentRms = null
        )
        {
            var dimensions =
                muonWeightDimensionNumbers ?? ((_, leaf) => leaf.Ndim == 2 ? MuonDimensionNumbers.Matrix : null);
            return Partition(
                new Dictionary<string, GradientTransformation>
                {
                    ["muon"] = Chain(
                        ScaleByMuon(
                            nsCoeffs,
                            nsSteps,
                            beta,
                            eps,
                            muDtype,
                            nesterov,
                            adaptive,
                            preconditioning,
                            dimensions
                        ),
                        new ScaleByMatrixShape(dimensions, consistentRms),
                        AddDecayedWeights(weightDecay ?? 0.0, weightDecayMask),
                        ScaleByLearningRate(learningRate)
                    ),
                    ["adam"] = AdamW(
                        adamLearningRate ?? learningRate,
                        adamB1,
                        adamB2,
                        eps,
                        adamEpsRoot,
                        muDtype,
                        adamWeightDecay ?? 0.0,
                        nesterov: nesterov
                    ),
                },
                Labels.Where((path, leaf) => dimensions(path, leaf) is null ? "adam" : "muon")
            );
        }

        /// <summary>Muon without its learning rate, for matrices only.</summary>
        /// <param name="nsCoeffs">The coefficients of the iteration: three, or three for each of its steps.</param>
        /// <param name="nsSteps">The number of steps of the iteration, where coefficients do not tell.</param>
        /// <param name="beta">The decay of the average of the updates; 0.95 by default.</param>
        /// <param name="eps">Added to denominators; 1e-8 by default.</param>
        /// <param name="muDtype">The element type of the average; that of the parameters by default.</param>
        /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
        /// <param name="adaptive">Whether steps are scaled by the dual norm of the updates.</param>
        /// <param name="preconditioning">What the iteration begins with; see <see cref="Muon"/>.</param>
        /// <param name="weightDimensionNumbers">How each leaf is a matrix; not needed where the parameters are one matrix.</param>
        /// <exception cref="ShapeException">The coefficients are not three in a row, or fewer rows than steps.</exception>
        /// <exception cref="JaxArgumentException">There is no such preconditioning.</exception>
        public static GradientTransformation ScaleByMuon(
            NDArray? nsCoeffs = null,
            int nsSteps = 5,
            Hyperparameter? beta = null,
            Hyperparameter? eps = null,
            DType? muDtype = null,
            bool nesterov = true,
            bool adaptive = false,
            string preconditioning = "frobenius",
            MuonDimensions? weightDimensionNumbers = null
        )
        {
            if (preconditioning is not ("frobenius" or "spectral" or "aol" or "schatten"))
            {
                throw new JaxArgumentException(
                    $"The preconditioning of Muon is 'frobenius', 'spectral', 'aol' or 'schatten'; got '{preconditioning}'."
                );
            }

            if (nsCoeffs is not null && (nsCoeffs.Ndim is not (1 or 2) || nsCoeffs.Shape[^1] != 3))
            {
                throw new ShapeException(
                    $"ScaleByMuon needs coefficients of shape (3) or (n, 3); got {nsCoeffs.Shape}."
                );
            }

            if (nsCoeffs is { Ndim: 2 } && nsCoeffs.Shape[0] > nsSteps)
            {
                throw new ShapeException(
                    $"ScaleByMuon does {nsSteps} steps, but got coefficients for {nsCoeffs.Shape[0]}."
                );
            }

            return new ScaleByMuon(
                nsCoeffs,
                nsSteps,
                beta ?? 0.95,
                eps ?? 1e-8,
                muDtype,
                nesterov,
                adaptive,
                preconditioning,
                weightDimensionNumbers ?? Only
            );
        }

        // Numbers for a tree are a tree like it; none are numbers for a single leaf.
        private static MuonDimensionNumbers? Only(TreePath path, NDArray leaf) =>
            path.Length == 0
                ? null
                : throw new TreeException(
                    $"ScaleByMuon got a tree with a leaf at {path}, and no weightDimensionNumbers for it: pass a function that gives them "
                        + "for each leaf, such as (_, _) => MuonDimensionNumbers.Matrix, or use Muon, which finds the matrices."
                );
    }
}

/// <summary>The state of <see cref="Optax.Contrib.ScaleByMuon"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Mu">The moving average of the updates, a tree like the parameters.</param>
/// <param name="NsCoeffs">The coefficients of the iteration.</param>
public sealed record MuonState(NDArray Count, object? Mu, NDArray NsCoeffs) : OptState;

/// <summary>How leaves are matrices, by path and leaf; null for leaves that are matrices themselves, or are not Muon's.</summary>
public delegate MuonDimensionNumbers? MuonDimensions(TreePath path, NDArray leaf);

/// <summary>How an array is a matrix. Axes that are in neither list count matrices.</summary>
/// <param name="ReductionAxis">The axes that make up the rows: the inputs of a layer.</param>
/// <param name="OutputAxis">The axes that make up the columns: its outputs.</param>
public sealed record MuonDimensionNumbers(IReadOnlyList<int> ReductionAxis, IReadOnlyList<int> OutputAxis)
{
    /// <summary>One axis for rows, one for columns.</summary>
    public MuonDimensionNumbers(int reductionAxis = 0, int outputAxis = 1)
        : this([reductionAxis], [outputAxis]) { }

    /// <summary>A matrix as it is.</summary>
    public static MuonDimensionNumbers Matrix { get; } = new();

    /// <summary>The number of rows.</summary>
    internal int Inputs(NDArray x) => ReductionAxis.Aggregate(1, (size, axis) => size * (int)x.Shape[axis]);

    /// <summary>The number of columns.</summary>
    internal int Outputs(NDArray x) => OutputAxis.Aggregate(1, (size, axis) => size * (int)x.Shape[axis]);

    /// <summary>A function of a matrix on all matrices of an array.</summary>
    internal NDArray Map(Func<NDArray, NDArray> f, NDArray x)
    {
        int[] rows = [.. ReductionAxis.Select(axis => axis < 0 ? axis + x.Ndim : axis)];
        int[] columns = [.. OutputAxis.Select(axis => axis < 0 ? axis + x.Ndim : axis)];
        int[] others = [.. Enumerable.Range(0, x.Ndim).Except(rows).Except(columns)];
        int[] order = [.. others, .. rows, .. columns];
        if (order.Length != x.Ndim)
        {
            throw new ShapeException(
                $"The axes of a matrix for Muon must differ; got {this} for an array of shape {x.Shape}."
            );
        }

        var ordered = Jnp.Transpose(x, order);
        var matrices = Jnp.Reshape(ordered, new Shape(-1, Inputs(x), Outputs(x)));
        int[] back = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            back[order[i]] = i;
        }

        return Jnp.Transpose(Jnp.Reshape(Jax.Vmap(f)(matrices), ordered.Shape), back);
    }
}

internal sealed class ScaleByMuon(
    NDArray? nsCoeffs,
    int nsSteps,
    Hyperparameter beta,
    Hyperparameter eps,
    DType? muDtype,
    bool nesterov,
    bool adaptive,
    string preconditioning,
    MuonDimensions dimensions
) : GradientTransformation<MuonState>
{
    protected override MuonState InitState<T>(T @params) =>
        new(
            Numerics.Zero,
            Optax.Tree.ZerosLike(@params, muDtype),
            nsCoeffs ?? Jnp.Array(new[] { 3.4445f, -4.7750f, 2.0315f })
        );

    protected override (T Updates, MuonState State) UpdateState<T>(
        T updates,
        MuonState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), beta, 1);
        var count = Optax.SafeIncrement(state.Count);
        var muHat = Moments.Corrected(updates, mu, beta, count, nesterov);
        return (
            Tree.MapWithPath((path, m) => Step(path, m, state.NsCoeffs), muHat),
            new MuonState(count, Optax.Tree.Cast(mu, muDtype), state.NsCoeffs)
        );
    }

    private NDArray Step(TreePath path, NDArray m, NDArray coefficients)
    {
        var matrix = dimensions(path, m);
        if (m.Ndim != 2 && matrix is null)
        {
            throw new ShapeException(
                $"ScaleByMuon needs matrices; got a leaf of shape {m.Shape} at {path}. Give weightDimensionNumbers that tell how it "
                    + "is a matrix, or use Optax.Contrib.Muon, which gives the others to AdamW."
            );
        }

        var x =
            m.Ndim == 2 ? Orthogonalized(m, coefficients) : matrix!.Map(part => Orthogonalized(part, coefficients), m);
        return adaptive ? Jnp.Sum(m * x) * x : x;
    }

    // Newton and Schulz: the singular values go towards one.
    private NDArray Orthogonalized(NDArray x, NDArray coefficients)
    {
        bool isTall = x.Shape[0] > x.Shape[1];
        x = isTall ? x.T : x;
        x = preconditioning switch
        {
            "frobenius" => x / (Jnp.Sqrt(Jnp.Sum(Jnp.Square(x))) + eps),
            "spectral" => x / (SpectralNorm(x) + eps),
            _ => x,
        };
        coefficients = coefficients.AsType(x.DType);
        int steps = coefficients.Ndim == 1 ? nsSteps : (int)coefficients.Shape[0];
        for (int i = 0; i < steps; i++)
        {
            var c = coefficients.Ndim == 1 ? coefficients : coefficients[i];
            x = i == 0 ? FirstStep(x, c) : Iterate(x, Jnp.MatMul(x, x.T), c);
        }

        return isTall ? x.T : x;
    }

    private NDArray FirstStep(NDArray x, NDArray coefficients)
    {
        var a = Jnp.MatMul(x, x.T);
        switch (preconditioning)
        {
            case "aol":
                var row = Jnp.ExpandDims(Lax.Rsqrt(Jnp.Clip(Jnp.Sum(Jnp.Abs(a), axis: -1), 1e-8)), -1);
                return Iterate(x * row, a * row * row.T, coefficients);
            case "schatten":
                var scale = Lax.Rsqrt(Jnp.Clip(Jnp.Sqrt(Jnp.Sum(Jnp.Square(a))), 1e-8));
                return Iterate(x * scale, a * Jnp.Square(scale), coefficients);
            default:
                return Iterate(x, a, coefficients);
        }
    }

    private static NDArray SpectralNorm(NDArray x) =>
        Jnp.Sqrt(Optax.PowerIteration(Jnp.MatMul(x, x.T), numIters: 200, errorTolerance: 0).Eigenvalue);

    private static NDArray Iterate(NDArray x, NDArray a, NDArray coefficients)
    {
        var b = coefficients[1] * a + Jnp.MatMul(coefficients[2] * a, a);
        return coefficients[0] * x + Jnp.MatMul(b, x);
    }
}

/// <summary>Scales a matrix's steps by its shape.</summary>
internal sealed class ScaleByMatrixShape(MuonDimensions dimensions, double? consistentRms) : StatelessTransformation
{
    protected override T Transform<T>(T updates, T? @params, ExtraArgs extraArgs)
        where T : default => Tree.MapWithPath((path, x) => Factor(path, x) * x, updates);

    private double Factor(TreePath path, NDArray x)
    {
        var matrix = dimensions(path, x) ?? MuonDimensionNumbers.Matrix;
        double inputs = matrix.Inputs(x),
            outputs = matrix.Outputs(x);
        return consistentRms is { } rms
            ? Math.Sqrt(Math.Max(inputs, outputs)) * rms
            : Math.Sqrt(Math.Max(1, outputs / inputs));
    }
}
