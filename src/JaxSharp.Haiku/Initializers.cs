using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>First values of parameters. Each function gives an <see cref="Initializer"/>; random ones draw one key each.</summary>
    /// <example><code>
    /// var parameters = hk.Transform(() => hk.GetParameter("w", (2, 2), init: hk.Initializers.Identity())).Init(null);
    /// parameters["~"]["w"].ToString(); // => [[1. 0.] [0. 1.]]
    /// </code></example>
    public static partial class Initializers
    {
        /// <summary>One value everywhere, or values that broadcast to the shape.</summary>
        /// <param name="constant">The value.</param>
        public static Initializer Constant(NDArray constant) =>
            (shape, dtype) => Jnp.BroadcastTo(Jnp.AsArray(constant).AsType(dtype), shape);

        /// <summary>Normal numbers.</summary>
        /// <param name="stddev">The deviation.</param>
        /// <param name="mean">The mean.</param>
        public static Initializer RandomNormal(double stddev = 1, double mean = 0) =>
            (shape, dtype) =>
                Scalar(mean, dtype) + (Scalar(stddev, dtype) * JaxRandom.Normal(NextRngKey(), shape, dtype));

        /// <summary>
        /// Normal numbers, cut at bounds given in deviations from the mean. The deviation is that before the cut: at the default bounds
        /// that of the numbers is 0.88 times as large.
        /// </summary>
        /// <param name="stddev">The deviation; of complex numbers, that of each part.</param>
        /// <param name="mean">The mean.</param>
        /// <param name="lower">The lower bound in deviations.</param>
        /// <param name="upper">The upper bound in deviations.</param>
        public static Initializer TruncatedNormal(
            double stddev = 1,
            Complex mean = default,
            double lower = -2,
            double upper = 2
        ) =>
            (shape, dtype) =>
            {
                var key = NextRngKey();
                if (!dtype.IsComplex)
                {
                    return (Scalar(stddev, dtype) * JaxRandom.TruncatedNormal(key, lower, upper, shape, dtype))
                        + Scalar(mean.Real, dtype);
                }

                var real = dtype == DType.C128 ? DType.F64 : DType.F32;
                var parts = JaxRandom.TruncatedNormal(key, lower, upper, new Shape([2, .. shape]), real);
                return (Scalar(stddev, real) * Lax.Complex(parts[0], parts[1])) + Jnp.AsArray(mean, dtype);
            };

        /// <summary>Uniform numbers.</summary>
        /// <param name="minval">The lower bound, included.</param>
        /// <param name="maxval">The upper bound, excluded.</param>
        public static Initializer RandomUniform(double minval = 0, double maxval = 1) =>
            (shape, dtype) => JaxRandom.Uniform(NextRngKey(), shape, dtype, minval, maxval);

        /// <summary>
        /// Uniform numbers between ±scale·√(3 / inputs), where all axes but the last are inputs; a scalar has one input.
        /// </summary>
        /// <param name="scale">The scale.</param>
        public static Initializer UniformScaling(double scale = 1) =>
            (shape, dtype) =>
            {
                double bound = Math.Sqrt(3 / Product(shape.SkipLast(1))) * scale;
                return RandomUniform(-bound, bound)(shape, dtype);
            };

        /// <summary>
        /// Numbers with variance scale / n, where n is the number of inputs of a unit, of its outputs, or their mean. By default what is
        /// known as LeCun's; Glorot's is <c>VarianceScaling(1, "fan_avg", …)</c>, He's <c>VarianceScaling(2, "fan_in", …)</c>.
        /// </summary>
        /// <param name="scale">The scale, above 0.</param>
        /// <param name="mode"><c>fan_in</c>, <c>fan_out</c> or <c>fan_avg</c>.</param>
        /// <param name="distribution"><c>truncated_normal</c> (the variance is that after the cut), <c>normal</c> or <c>uniform</c>.</param>
        /// <param name="fanInAxes">For arrays of three axes or more: those of the inputs. By default all but the last.</param>
        /// <exception cref="JaxArgumentException">The scale is not positive, or there is no such mode or distribution.</exception>
        /// <exception cref="AxisException">At the use: there is no such axis.</exception>
        public static Initializer VarianceScaling(
            double scale = 1,
            string mode = "fan_in",
            string distribution = "truncated_normal",
            Dims? fanInAxes = null
        )
        {
            ArgumentNullException.ThrowIfNull(distribution);
            if (!(scale > 0))
            {
                throw new JaxArgumentException($"Initializers.VarianceScaling needs a scale above 0; got {scale}.");
            }

            if (mode is not ("fan_in" or "fan_out" or "fan_avg"))
            {
                throw new JaxArgumentException(
                    $"Initializers.VarianceScaling knows the modes fan_in, fan_out and fan_avg; got \"{mode}\"."
                );
            }

            string kind = distribution.ToLowerInvariant();
            if (kind is not ("truncated_normal" or "normal" or "uniform"))
            {
                throw new JaxArgumentException(
                    "Initializers.VarianceScaling knows the distributions truncated_normal, normal and uniform; got "
                        + $"\"{distribution}\"."
                );
            }

            return (shape, dtype) =>
            {
                var (fanIn, fanOut) = Fans(shape, fanInAxes);
                double units = mode switch
                {
                    "fan_in" => fanIn,
                    "fan_out" => fanOut,
                    _ => (fanIn + fanOut) / 2,
                };
                double variance = scale / Math.Max(1, units);
                return kind switch
                {
                    "uniform" => RandomUniform(-Math.Sqrt(3 * variance), Math.Sqrt(3 * variance))(shape, dtype),
                    "normal" => RandomNormal(Math.Sqrt(variance))(shape, dtype),
                    _ => TruncatedNormal(Math.Sqrt(variance) / DeviationAfterCut(dtype))(shape, dtype),
                };
            };
        }

        /// <summary>
        /// Orthonormal rows or columns, whichever are fewer, uniformly distributed. Of an array with more than two axes all but one are
        /// taken together.
        /// </summary>
        /// <param name="scale">Multiplies the matrix.</param>
        /// <param name="axis">The axis of the outputs.</param>
        /// <exception cref="AxisException">At the use: there is no such axis.</exception>
        /// <exception cref="ShapeException">At the use: there are fewer than two axes.</exception>
        public static Initializer Orthogonal(double scale = 1, int axis = -1) =>
            (shape, dtype) =>
            {
                if (shape.Rank < 2)
                {
                    throw new ShapeException(
                        $"Initializers.Orthogonal needs a shape of at least two axes; got {shape}."
                    );
                }

                int place = Place(axis, shape, "Initializers.Orthogonal");
                int outputs = shape[place];
                int inputs = (int)(shape.Size / Math.Max(outputs, 1));
                bool isWide = outputs < inputs;
                var (rows, columns) = isWide ? (inputs, outputs) : (outputs, inputs);
                var q = Orthonormal(JaxRandom.Normal(NextRngKey(), (rows, columns), dtype));
                int[] others = [.. shape.Where((_, i) => i != place)];
                q = Jnp.Reshape(isWide ? Jnp.Transpose(q) : q, new Shape([outputs, .. others]));
                return Scalar(scale, dtype) * Jnp.MoveAxis(q, 0, axis);
            };

        /// <summary>The identity matrix, for each index of the axes before the last two.</summary>
        /// <param name="gain">Multiplies the matrix.</param>
        public static Initializer Identity(double gain = 1) =>
            (shape, dtype) =>
                shape.Rank >= 2
                    ? gain * Jnp.BroadcastTo(Jnp.Eye(shape[^2], shape[^1], dtype: dtype), shape)
                    : throw new ShapeException(
                        $"Initializers.Identity needs a shape of at least two axes; got {shape}."
                    );

        // The deviation of a normal number that is cut at two deviations, to the precision of the dtype.
        private static double DeviationAfterCut(DType dtype)
        {
            const double exact = .87962566103423978;
            return dtype.IsComplex ? exact : (double)Jnp.AsArray(exact, dtype);
        }

        // Inputs and outputs of a unit. Axes that are given as negative numbers are left in the product of the outputs, as in Haiku.
        private static (double In, double Out) Fans(Shape shape, Dims? fanInAxes)
        {
            switch (shape.Rank)
            {
                case 0:
                    return (1, 1);
                case 1:
                    return (shape[0], shape[0]);
                case 2:
                    return (shape[0], shape[1]);
                default:
                    if (fanInAxes is { } axes)
                    {
                        return (
                            axes.Aggregate(
                                1.0,
                                (product, i) => product * shape[Place(i, shape, "Initializers.VarianceScaling")]
                            ),
                            Product(shape.Where((_, i) => !axes.Contains(i)))
                        );
                    }

                    double field = Product(shape[..^2]);
                    return (shape[^2] * field, shape[^1] * field);
            }
        }

        // The Q of a QR decomposition whose R has a positive diagonal: Gram and Schmidt's. The projection is done twice, which makes
        // the columns orthogonal to rounding.
        private static NDArray Orthonormal(NDArray matrix)
        {
            int columns = matrix.Shape[1];
            var places = Jnp.Arange(columns);
            return Lax.ForiLoop(
                0,
                columns,
                (j, q) =>
                {
                    var column = Jnp.Take(matrix, j, axis: 1);
                    for (int pass = 0; pass < 2; pass++)
                    {
                        column -= Jnp.MatMul(q, Jnp.MatMul(column, Jnp.Conj(q)));
                    }

                    column /= Jnp.Sqrt(Jnp.Sum(Jnp.Square(Jnp.Abs(column))));
                    return Jnp.Where(Jnp.Equal(places, j), Jnp.ExpandDims(column, 1), q);
                },
                Jnp.ZerosLike(matrix)
            );
        }

        private static int Place(int axis, Shape shape, string caller) =>
            axis >= -shape.Rank && axis < shape.Rank
                ? (axis < 0 ? axis + shape.Rank : axis)
                : throw new AxisException(
                    $"{caller}: there is no axis {axis} in a shape of {shape.Rank} axes, {shape}."
                );

        private static double Product(IEnumerable<int> extents) =>
            extents.Aggregate(1.0, (product, extent) => product * extent);

        private static NDArray Scalar(double value, DType dtype) => Jnp.AsArray(value, dtype);
    }
}
