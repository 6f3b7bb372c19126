using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;

namespace JaxSharp;

/// <summary>Resampling of images, as in JAX.</summary>
public static class Image
{
    /// <summary>Resamples an array to another shape.</summary>
    /// <param name="image">An array; axes whose extent stays are left alone. Integers become floats, but for nearest.</param>
    /// <param name="shape">The shape of the result, with as many axes as the image.</param>
    /// <param name="method">
    /// <c>nearest</c>, <c>linear</c> (also bilinear, trilinear, triangle), <c>cubic</c> (bicubic, tricubic), <c>lanczos3</c> or
    /// <c>lanczos5</c>.
    /// </param>
    /// <param name="antialias">Whether to average where the image shrinks.</param>
    /// <param name="precision">Without effect here: sums are as precise as the element type allows.</param>
    public static NDArray Resize(
        NDArray image,
        Shape shape,
        string method,
        bool antialias = true,
        string? precision = null
    )
    {
        CheckRank("resize", image, shape);
        if (method == "nearest")
        {
            return Nearest(image, shape);
        }

        var kernel = KernelOf("resize", method);
        image = ToFloat(image);
        int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] != image.Shape[axis])];
        var single = DType.F32;
        foreach (int axis in axes)
        {
            double scale = shape[axis] == 0 ? 1 : (double)shape[axis] / image.Shape[axis];
            var weights = Weights(
                image.Shape[axis],
                shape[axis],
                Ops.Full(Shape.Scalar, scale, image.DType == DType.F64 ? DType.F64 : single),
                Ops.Full(Shape.Scalar, 0, image.DType == DType.F64 ? DType.F64 : single),
                kernel,
                antialias
            );
            image = Apply(image, weights, axis);
        }

        return image;
    }

    /// <summary>Scales and moves an array along some axes: the place x goes to x · scale + translation, places outside are 0.</summary>
    /// <param name="image">An array; integers become floats.</param>
    /// <param name="shape">The shape of the result, with as many axes as the image.</param>
    /// <param name="spatialDims">The axes to resample.</param>
    /// <param name="scale">The scale of each of them: a vector.</param>
    /// <param name="translation">The translation of each of them: a vector.</param>
    /// <param name="method">As for <see cref="Resize"/>, without nearest.</param>
    /// <param name="antialias">Whether to average where the image shrinks.</param>
    /// <param name="precision">Without effect here: sums are as precise as the element type allows.</param>
    public static NDArray ScaleAndTranslate(
        NDArray image,
        Shape shape,
        int[] spatialDims,
        NDArray scale,
        NDArray translation,
        string method,
        bool antialias = true,
        string? precision = null
    )
    {
        CheckRank("scale_and_translate", image, shape);
        var kernel = KernelOf("scale_and_translate", method);
        if (scale.Shape != spatialDims.Length || translation.Shape != spatialDims.Length)
        {
            throw new ShapeException(
                $"scale_and_translate needs a scale and a translation for each of {spatialDims.Length} axes; got {scale.Type} and "
                    + $"{translation.Type}."
            );
        }

        image = ToFloat(image);
        scale = ToFloat(scale);
        translation = ToFloat(translation);
        for (int i = 0; i < spatialDims.Length; i++)
        {
            int axis = Axes.Normalize(spatialDims[i], image.Ndim, "scale_and_translate");
            var weights = Weights(
                image.Shape[axis],
                shape[axis],
                Ops.At(scale, 0, i),
                Ops.At(translation, 0, i),
                kernel,
                antialias
            );
            image = Apply(image, weights, axis);
        }

        return image;
    }

    /// <summary>The share of each input place (row) in each output place (column).</summary>
    private static NDArray Weights(
        int inputs,
        int outputs,
        NDArray scale,
        NDArray translation,
        Func<NDArray, NDArray> kernel,
        bool antialias
    )
    {
        var inverse = 1.0 / scale;
        NDArray width = antialias ? Jnp.Maximum(inverse, 1.0) : 1.0;
        var places = (Ops.Iota(scale.DType, outputs) + 0.5) * inverse - translation * inverse - 0.5;
        places = Ops.ExpandDims(places, 0);
        var x = Jnp.Abs(places - Ops.ExpandDims(Ops.Iota(places.DType, inputs), 1)) / width;
        var weights = kernel(x);
        var total = Jnp.Sum(weights, axis: 0, keepDims: true);
        const double SingleEpsilon = 1.1920929e-07;
        weights = Jnp.Where(
            Jnp.Abs(total) > 1000 * SingleEpsilon,
            weights / Jnp.Where(Jnp.NotEqual(total, 0), total, 1),
            0
        );
        return Jnp.Where(Jnp.LogicalAnd(places >= -0.5, places <= inputs - 0.5), weights, 0);
    }

    private static NDArray Apply(NDArray image, NDArray weights, int axis) =>
        Jnp.MoveAxis(
            Lax.DotGeneral(image, weights.AsType(image.DType), new DotDimensionNumbers([axis], [0])),
            -1,
            axis
        );

    private static NDArray Nearest(NDArray image, Shape shape)
    {
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int inputs = image.Shape[axis];
            int outputs = shape[axis];
            if (inputs != outputs)
            {
                int[] places =
                [
                    .. Enumerable.Range(0, outputs).Select(i => (int)MathF.Floor((i + 0.5f) * inputs / outputs)),
                ];
                image = Jnp.Take(image, Jnp.Array(places), axis: axis);
            }
        }

        return image;
    }

    private static Func<NDArray, NDArray> KernelOf(string caller, string method) =>
        method switch
        {
            "linear" or "bilinear" or "trilinear" or "triangle" => Triangle,
            "cubic" or "bicubic" or "tricubic" => Cubic,
            "lanczos3" => x => Lanczos(x, 3),
            "lanczos5" => x => Lanczos(x, 5),
            _ => throw new JaxArgumentException(
                $"{caller} knows the methods linear, cubic, lanczos3 and lanczos5"
                    + $"{(caller == "resize" ? " and nearest" : "")}; got \"{method}\"."
            ),
        };

    private static NDArray Triangle(NDArray x) => Jnp.Maximum(0, 1 - Jnp.Abs(x));

    // Keys' interpolating kernel.
    private static NDArray Cubic(NDArray x)
    {
        var near = ((1.5 * x - 2.5) * x) * x + 1;
        var far = ((-0.5 * x + 2.5) * x - 4) * x + 2;
        return Jnp.Where(x >= 2, 0, Jnp.Where(x >= 1, far, near));
    }

    private static NDArray Lanczos(NDArray x, int radius)
    {
        var y = radius * Jnp.Sin(Math.PI * x) * Jnp.Sin(Math.PI * x / radius);
        var divisor = Jnp.Where(Jnp.NotEqual(x, 0), Math.PI * Math.PI * Jnp.Square(x), 1);
        return Jnp.Where(x > radius, 0, Jnp.Where(x > 1e-3, y / divisor, 1));
    }

    private static NDArray ToFloat(NDArray x) =>
        x.DType.IsInexact ? x : Promotion.Convert(x, Promotion.Types(x.DType, DType.F32));

    private static void CheckRank(string caller, NDArray image, Shape shape)
    {
        Argument.Given(image, caller: caller);
        Argument.Given(shape, caller: caller);
        if (shape.Rank != image.Ndim)
        {
            throw new ShapeException(
                $"{caller} needs a shape with as many axes as the image; got shape {shape} and {image.Type}."
            );
        }
    }
}
