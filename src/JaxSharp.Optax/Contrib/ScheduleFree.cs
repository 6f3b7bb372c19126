using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>
        /// An optimiser that needs no schedule of its learning rate: it averages its iterates. Gradients are taken at the parameters,
        /// losses at those of <see cref="ScheduleFreeEvalParams"/>.
        /// </summary>
        /// <param name="baseOptimizer">The optimiser, without momentum.</param>
        /// <param name="learningRate">Its learning rate, which weights the iterates.</param>
        /// <param name="b1">How near to the average gradients are taken; 0.9 by default.</param>
        /// <param name="weightLrPower">The power of the learning rate in the weights; 2 by default.</param>
        /// <param name="stateDtype">The element type of the state; that of the parameters by default.</param>
        public static GradientTransformation ScheduleFree(
            GradientTransformation baseOptimizer,
            ScalarOrSchedule learningRate,
            Hyperparameter? b1 = null,
            Hyperparameter? weightLrPower = null,
            DType? stateDtype = null
        ) => new ScheduleFree(baseOptimizer, learningRate, b1 ?? 0.9, weightLrPower ?? 2.0, stateDtype);

        /// <summary>SGD without a schedule.</summary>
        /// <param name="learningRate">The learning rate; 1 by default.</param>
        /// <param name="warmupSteps">The number of steps in which it grows from zero.</param>
        /// <param name="b1">How near to the average gradients are taken; 0.9 by default.</param>
        /// <param name="weightDecay">The decay in one step relative to the learning rate; none by default.</param>
        /// <param name="weightLrPower">The power of the learning rate in the weights; 2 by default.</param>
        /// <param name="stateDtype">The element type of the state; that of the parameters by default.</param>
        public static GradientTransformation ScheduleFreeSgd(
            double learningRate = 1.0,
            int? warmupSteps = null,
            Hyperparameter? b1 = null,
            ScalarOrSchedule? weightDecay = null,
            Hyperparameter? weightLrPower = null,
            DType? stateDtype = null
        )
        {
            var rate = WarmedUp(learningRate, warmupSteps);
            var optimizer = weightDecay is { } decay ? Chain(AddDecayedWeights(decay), Sgd(rate)) : Sgd(rate);
            return ScheduleFree(optimizer, rate, b1, weightLrPower, stateDtype);
        }

        /// <summary>AdamW without a schedule.</summary>
        /// <param name="learningRate">The learning rate; 0.0025 by default.</param>
        /// <param name="warmupSteps">The number of steps in which it grows from zero.</param>
        /// <param name="b1">How near to the average gradients are taken; 0.9 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
        /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
        /// <param name="weightDecay">The decay in one step relative to the learning rate; 0 by default.</param>
        /// <param name="weightLrPower">The power of the learning rate in the weights; 2 by default.</param>
        /// <param name="stateDtype">The element type of the state; that of the parameters by default.</param>
        public static GradientTransformation ScheduleFreeAdamw(
            double learningRate = 0.0025,
            int? warmupSteps = null,
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            Hyperparameter? eps = null,
            ScalarOrSchedule? weightDecay = null,
            Hyperparameter? weightLrPower = null,
            DType? stateDtype = null
        )
        {
            var rate = WarmedUp(learningRate, warmupSteps);
            var optimizer = Chain(
                ScaleByRms(decay: b2 ?? 0.999, eps: eps ?? 1e-8, epsInSqrt: false, biasCorrection: true),
                AddDecayedWeights(weightDecay ?? 0.0),
                ScaleByLearningRate(rate)
            );
            return ScheduleFree(optimizer, rate, b1, weightLrPower, stateDtype);
        }

        /// <summary>The parameters to evaluate: the average of the iterates.</summary>
        /// <param name="state">The state of <see cref="ScheduleFree"/>.</param>
        /// <param name="params">The parameters that are trained.</param>
        /// <exception cref="TreeException">The state belongs to another transformation.</exception>
        public static T ScheduleFreeEvalParams<T>(OptState state, T @params)
        {
            if (state is not ScheduleFreeState { Z: T z } own)
            {
                throw new TreeException(
                    $"ScheduleFreeEvalParams needs a ScheduleFreeState for parameters of type {typeof(T).Name}; got {state}."
                );
            }

            return JaxSharp.Tree.Map((y, s) => (y - (1 - own.B1) * s) / own.B1, @params, z);
        }

        private static ScalarOrSchedule WarmedUp(double learningRate, int? warmupSteps) =>
            warmupSteps is { } steps
                ? WarmupConstantSchedule(initValue: 0, peakValue: learningRate, warmupSteps: steps)
                : learningRate;
    }
}

/// <summary>The state of <see cref="Optax.Contrib.ScheduleFree"/>.</summary>
/// <param name="B1">How near to the average gradients are taken.</param>
/// <param name="WeightSum">The sum of the weights.</param>
/// <param name="StepCount">The number of the next step, counted from one.</param>
/// <param name="MaxLr">The largest learning rate.</param>
/// <param name="BaseOptimizerState">The state of the optimiser.</param>
/// <param name="Z">The iterate of the optimiser, a tree like the parameters.</param>
public sealed record ScheduleFreeState(
    NDArray B1,
    NDArray WeightSum,
    NDArray StepCount,
    NDArray MaxLr,
    OptState BaseOptimizerState,
    object? Z
) : OptState;

internal sealed class ScheduleFree(
    GradientTransformation optimizer,
    ScalarOrSchedule learningRate,
    Hyperparameter b1,
    Hyperparameter power,
    DType? stateDtype
) : GradientTransformation<ScheduleFreeState>
{
    protected override ScheduleFreeState InitState<T>(T @params)
    {
        var dtype = Optax.Tree.Dtype(@params, "lowest");
        return new(
            ((NDArray)b1).AsType(dtype),
            Jnp.Zeros(Shape.Scalar, dtype),
            Jnp.Ones(Shape.Scalar, DType.I32),
            Jnp.Zeros(Shape.Scalar, dtype),
            optimizer.Init(@params),
            Optax.Tree.Cast(@params, stateDtype)
        );
    }

    protected override (T Updates, ScheduleFreeState State) UpdateState<T>(
        T updates,
        ScheduleFreeState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var y = Required(@params, updates);
        var z = Of<T>(state.Z);
        var maxLr = Jnp.Maximum(state.MaxLr, learningRate.At(state.StepCount)).AsType(state.MaxLr.DType);
        var weight = Jnp.Power(maxLr, power);
        var total = state.WeightSum + weight;
        var share = Jnp.NanToNum(weight / total, nan: 0.0);
        var (steps, next) = optimizer.Update(updates, state.BaseOptimizerState, y, extraArgs);
        var nextZ = Tree.Map((a, u) => (a + u).AsType(a.DType), z, steps);
        var average = Tree.Map((a, b) => (a - (1 - b1) * b) / b1, y, z);
        var x = Tree.Map((a, b) => (1 - share) * a + share * b, average, nextZ);
        var moved = Tree.Map((a, b) => b1 * a + (1 - b1) * b, x, nextZ);
        return (
            Optax.Tree.Sub(moved, y),
            state with
            {
                WeightSum = total,
                StepCount = Optax.SafeIncrement(state.StepCount),
                MaxLr = maxLr,
                BaseOptimizerState = next,
                Z = nextZ,
            }
        );
    }
}
