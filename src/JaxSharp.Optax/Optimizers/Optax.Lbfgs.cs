namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>L-BFGS: steps by an estimate of the inverse of the Hessian.</summary>
    /// <param name="learningRate">A number or a schedule; 1 by default.</param>
    /// <param name="memorySize">The number of differences that are kept.</param>
    /// <param name="scaleInitPrecond">Whether the first estimate is scaled.</param>
    /// <param name="linesearch">What chooses the length of the step; none by default.</param>
    /// <remarks>Optax searches along the line by default, which needs the extra arguments value, grad and value_fn.</remarks>
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
