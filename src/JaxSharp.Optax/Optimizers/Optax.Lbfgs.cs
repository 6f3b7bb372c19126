namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>L-BFGS: steps by an estimate of the inverse of the Hessian.</summary>
    /// <param name="learningRate">A number or a schedule; 1 by default.</param>
    /// <param name="memorySize">The number of differences that are kept.</param>
    /// <param name="scaleInitPrecond">Whether the first estimate is scaled.</param>
    /// <param name="linesearch">
    /// What chooses the length of the step, such as <see cref="ScaleByBacktrackingLinesearch"/>; none by default.
    /// </param>
    /// <remarks>Optax searches with its zoom line search by default.</remarks>
    public static GradientTransformation Lbfgs(
        ScalarOrSchedule? learningRate = null,
        int memorySize = 10,
        bool scaleInitPrecond = true,
        GradientTransformation? linesearch = null
    ) =>
        Chain(
            ScaleByLbfgs(memorySize, scaleInitPrecond),
            learningRate is { } rate ? ScaleByLearningRate(rate) : Scale(-1.0),
            linesearch ?? Identity()
        );
}
