using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;

namespace JaxSharp;

/// <summary>Makes the first values of a parameter.</summary>
/// <param name="key">A single random key.</param>
/// <param name="shape">The shape of the parameter.</param>
/// <param name="dtype">The element type; the initializer's own by default.</param>
public delegate NDArray Initializer(PrngKey key, Shape shape, DType? dtype = null);

/// <summary>First values of the parameters of neural networks, as in JAX.</summary>
/// <example><code>Initializers.GlorotUniform()(key, (784, 128)).Shape; // => (784,128)</code></example>
public static class Initializers
{
    // What makes the standard deviation of a normal number truncated to ±2 deviations 1; of a complex one to radius 2.
    private const double TruncatedDeviation = .87962566103423978;
    private const double ComplexTruncatedDeviation = .95311164380491208;

    /// <summary>All zeros.</summary>
    public static NDArray Zeros(PrngKey key, Shape shape, DType? dtype = null) => Jnp.Zeros(shape, dtype);

    /// <summary>All ones.</summary>
    public static NDArray Ones(PrngKey key, Shape shape, DType? dtype = null) => Jnp.Ones(shape, dtype);

    /// <summary>One value everywhere.</summary>
    public static Initializer Constant(NDArray value, DType? dtype = null) =>
        (key, shape, type) => Jnp.Full(shape, value, JaxConfig.Canonical(type ?? dtype ?? DType.F64));

    /// <summary>Uniform numbers in [0, scale).</summary>
    public static Initializer Uniform(NDArray? scale = null, DType? dtype = null) =>
        (key, shape, type) =>
        {
            var x = JaxRandom.Uniform(key, shape, type ?? dtype);
            return x * Scalar(scale ?? 1e-2, x.DType);
        };

    /// <summary>Normal numbers with mean 0.</summary>
    public static Initializer Normal(NDArray? stddev = null, DType? dtype = null) =>
        (key, shape, type) =>
        {
            var x = JaxRandom.Normal(key, shape, type ?? dtype);
            return x * Scalar(stddev ?? 1e-2, x.DType);
        };

    /// <summary>Normal numbers with mean 0, conditioned to lie between bounds; the deviation is that before the cut.</summary>
    public static Initializer TruncatedNormal(
        NDArray? stddev = null,
        DType? dtype = null,
        NDArray? lower = null,
        NDArray? upper = null
    ) =>
        (key, shape, type) =>
        {
            var x = JaxRandom.TruncatedNormal(key, lower ?? -2.0, upper ?? 2.0, shape, type ?? dtype);
            return x * Scalar(stddev ?? 1e-2, x.DType);
        };

    /// <summary>Numbers whose variance is a scale divided by the number of inputs or outputs of a unit.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="mode"><c>fan_in</c>, <c>fan_out</c>, <c>fan_avg</c> or <c>fan_geo_avg</c>.</param>
    /// <param name="distribution"><c>truncated_normal</c>, <c>normal</c> or <c>uniform</c>.</param>
    /// <param name="inAxis">The axes of inputs, the second last by default.</param>
    /// <param name="outAxis">The axes of outputs, the last by default.</param>
    /// <param name="batchAxis">Axes that count as neither; none by default.</param>
    /// <param name="dtype">The element type.</param>
    public static Initializer VarianceScaling(
        double scale,
        string mode,
        string distribution,
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) =>
        (key, shape, type) =>
        {
            var element = JaxConfig.Canonical(type ?? dtype ?? DType.F64);
            var (fanIn, fanOut) = Fans(shape, inAxis, outAxis ?? -1, batchAxis ?? ValueTuple.Create());
            double fan = mode switch
            {
                "fan_in" => fanIn,
                "fan_out" => fanOut,
                "fan_avg" => (fanIn + fanOut) / 2,
                "fan_geo_avg" => Math.Sqrt(fanIn * fanOut),
                _ => throw new JaxArgumentException(
                    $"variance_scaling knows the modes fan_in, fan_out, fan_avg and fan_geo_avg; got \"{mode}\"."
                ),
            };
            if (fan == 0)
            {
                throw new ShapeException(
                    $"variance_scaling cannot scale by the number of inputs or outputs of the empty shape {shape}."
                );
            }

            var variance = Scalar(scale / fan, element);
            return distribution switch
            {
                "normal" => JaxRandom.Normal(key, shape, element) * Jnp.Sqrt(variance),
                "uniform" when element.IsComplex => ComplexUniform(key, shape, element) * Jnp.Sqrt(variance),
                "uniform" => JaxRandom.Uniform(key, shape, element, minval: -1.0) * Jnp.Sqrt(3 * variance),
                "truncated_normal" when element.IsComplex => ComplexTruncatedNormal(key, shape, element)
                    * (Jnp.Sqrt(variance) / Scalar(ComplexTruncatedDeviation, element)),
                "truncated_normal" => JaxRandom.TruncatedNormal(key, -2.0, 2.0, shape, element)
                    * (Jnp.Sqrt(variance) / Scalar(TruncatedDeviation, element)),
                _ => throw new JaxArgumentException(
                    $"variance_scaling knows the distributions truncated_normal, normal and uniform; got \"{distribution}\"."
                ),
            };
        };

    /// <summary>Glorot and Bengio's: variance by the mean of inputs and outputs, uniform.</summary>
    public static Initializer GlorotUniform(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => VarianceScaling(1.0, "fan_avg", "uniform", inAxis, outAxis, batchAxis, dtype);

    /// <summary>Glorot and Bengio's: variance by the mean of inputs and outputs, truncated normal.</summary>
    public static Initializer GlorotNormal(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => VarianceScaling(1.0, "fan_avg", "truncated_normal", inAxis, outAxis, batchAxis, dtype);

    /// <inheritdoc cref="GlorotUniform"/>
    public static Initializer XavierUniform(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => GlorotUniform(inAxis, outAxis, batchAxis, dtype);

    /// <inheritdoc cref="GlorotNormal"/>
    public static Initializer XavierNormal(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => GlorotNormal(inAxis, outAxis, batchAxis, dtype);

    /// <summary>LeCun's: variance 1 / inputs, uniform.</summary>
    public static Initializer LecunUniform(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => VarianceScaling(1.0, "fan_in", "uniform", inAxis, outAxis, batchAxis, dtype);

    /// <summary>LeCun's: variance 1 / inputs, truncated normal.</summary>
    public static Initializer LecunNormal(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => VarianceScaling(1.0, "fan_in", "truncated_normal", inAxis, outAxis, batchAxis, dtype);

    /// <summary>He's: variance 2 / inputs, uniform.</summary>
    public static Initializer HeUniform(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => VarianceScaling(2.0, "fan_in", "uniform", inAxis, outAxis, batchAxis, dtype);

    /// <summary>He's: variance 2 / inputs, truncated normal.</summary>
    public static Initializer HeNormal(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => VarianceScaling(2.0, "fan_in", "truncated_normal", inAxis, outAxis, batchAxis, dtype);

    /// <inheritdoc cref="HeUniform"/>
    public static Initializer KaimingUniform(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => HeUniform(inAxis, outAxis, batchAxis, dtype);

    /// <inheritdoc cref="HeNormal"/>
    public static Initializer KaimingNormal(
        Axes? inAxis = null,
        Axes? outAxis = null,
        Axes? batchAxis = null,
        DType? dtype = null
    ) => HeNormal(inAxis, outAxis, batchAxis, dtype);

    /// <summary>Uniformly distributed orthogonal matrices.</summary>
    /// <param name="scale">A factor.</param>
    /// <param name="columnAxis">The axis of the columns; the others together are the rows.</param>
    /// <param name="dtype">The element type.</param>
    public static Initializer Orthogonal(NDArray? scale = null, int columnAxis = -1, DType? dtype = null) =>
        (key, shape, type) =>
        {
            if (Argument.Given(shape, caller: nameof(Orthogonal)).Rank < 2)
            {
                throw new ShapeException(
                    $"The orthogonal initializer needs a shape with at least two axes; got {shape}."
                );
            }

            int axis = Axes.Normalize(columnAxis, shape.Rank, "orthogonal");
            int columns = shape[axis];
            int rows = columns == 0 ? 0 : (int)(shape.Size / columns);
            var q = JaxRandom.Orthogonal(key, rows, null, type ?? dtype, columns);
            q = Ops.Reshape(q, new Shape([.. shape.Without(axis), columns]));
            return Scalar(scale ?? 1.0, q.DType) * Jnp.MoveAxis(q, -1, axis);
        };

    /// <summary>For kernels of convolutions: an orthogonal matrix at the centre, zeros elsewhere.</summary>
    /// <param name="scale">A factor.</param>
    /// <param name="columnAxis">The axis of the columns of the matrix.</param>
    /// <param name="dtype">The element type.</param>
    public static Initializer DeltaOrthogonal(NDArray? scale = null, int columnAxis = -1, DType? dtype = null) =>
        (key, shape, type) =>
        {
            if (Argument.Given(shape, caller: nameof(DeltaOrthogonal)).Rank is < 3 or > 5)
            {
                throw new ShapeException(
                    $"The delta orthogonal initializer needs a shape with 3, 4 or 5 axes; got {shape}."
                );
            }

            if (shape[^1] < shape[^2])
            {
                throw new ShapeException(
                    $"The delta orthogonal initializer needs at least as many outputs as inputs; got {shape}."
                );
            }

            var matrix = Orthogonal(scale, columnAxis, dtype)(key, shape[^2..], type);
            int spatial = shape.Rank - 2;
            int[] low = new int[shape.Rank];
            int[] high = new int[shape.Rank];
            for (int i = 0; i < spatial; i++)
            {
                low[i] = (shape[i] - 1) / 2;
                high[i] = shape[i] - 1 - low[i];
            }

            matrix = Ops.Reshape(matrix, new Shape([.. Enumerable.Repeat(1, spatial), .. matrix.Shape]));
            return Ops.Pad(matrix, Ops.Full(Shape.Scalar, 0, matrix.DType), low, high);
        };

    private static (double In, double Out) Fans(Shape shape, Axes? inAxis, Axes outAxis, Axes batchAxis)
    {
        if (Argument.Given(shape, caller: "An initializer").Rank <= 1 && inAxis is null)
        {
            throw new ShapeException(
                $"The number of inputs of a parameter of shape {shape} is not known: it needs at least two axes, or inAxis."
            );
        }

        double inputs = Product(inAxis ?? -2);
        double outputs = Product(outAxis);
        double field = shape.Size / inputs / outputs / Product(batchAxis);
        return double.IsFinite(field) ? (inputs * field, outputs * field) : (0, 0);

        double Product(Axes axes) =>
            axes.Resolve(shape.Rank, "variance_scaling").Aggregate(1.0, (product, axis) => product * shape[axis]);
    }

    private static NDArray ComplexUniform(PrngKey key, Shape shape, DType dtype)
    {
        var (k1, k2) = JaxRandom.Split(key);
        return Polar(Jnp.Sqrt(2 * JaxRandom.Uniform(k1, shape, dtype.RealType)), k2, dtype);
    }

    private static NDArray ComplexTruncatedNormal(PrngKey key, Shape shape, DType dtype)
    {
        var (k1, k2) = JaxRandom.Split(key);
        var t = (1 - Jnp.Exp(Scalar(-4, dtype.RealType))) * JaxRandom.Uniform(k1, shape, dtype.RealType);
        return Polar(Jnp.Sqrt(-Jnp.Log(1 - t)), k2, dtype);
    }

    private static NDArray Polar(NDArray r, PrngKey key, DType dtype)
    {
        var angle = 2 * Math.PI * JaxRandom.Uniform(key, r.Shape, dtype.RealType);
        return Ops.Complex(r * Jnp.Cos(angle), r * Jnp.Sin(angle));
    }

    private static NDArray Scalar(NDArray value, DType dtype) => Promotion.Convert(value, dtype);
}
