using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Convolution of an input with a kernel, as StableHLO has it: strides, padding and both dilations for each spatial axis; feature
/// groups split input features, batch groups split the batch.
/// </summary>
internal sealed record ConvGeneralDilated(
    EquatableArray<WindowDimension> Window,
    ConvDimensionNumbers DimensionNumbers,
    int FeatureGroupCount = 1,
    int BatchGroupCount = 1,
    DType? PreferredElementType = null,
    Precision? Precision = null,
    bool IsGradient = false
) : Primitive
{
    public override string Name => "conv_general_dilated";

    private Dims Lhs => DimensionNumbers.LhsSpec;

    private Dims Rhs => DimensionNumbers.RhsSpec;

    private Dims Out => DimensionNumbers.OutSpec;

    // Where all that a window holds is zero, so must the result be: it often decides about a relu or a maximum. Squares of four places
    // leave rounding errors there, which gradients can bear.
    private int LargestSquare =>
        Precision switch
        {
            JaxSharp.Precision.Highest => 1,
            JaxSharp.Precision.High => 2,
            _ => IsGradient ? 4 : 2,
        };

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var (x, w) = (operands[0], operands[1]);
        ConvChecks.Check(this, x, w);
        int[] extents = new int[x.Rank];
        extents[Out[0]] = x.Shape[Lhs[0]] / BatchGroupCount;
        extents[Out[1]] = w.Shape[Rhs[0]];
        for (int i = 0; i < Window.Length; i++)
        {
            extents[Out[i + 2]] = Window[i].Places(x.Shape[Lhs[i + 2]], w.Shape[Rhs[i + 2]]);
        }

        return [new ArrayType(PreferredElementType ?? x.DType, new Shape(extents), x.Weak && w.Weak)];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var (x, w) = (primals[0], primals[1]);
        var y = this.Bind(x, w);
        return ([y], [tangents[0].Apply(t => this.Bind(t, w), y) + tangents[1].Apply(t => this.Bind(x, t), y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        operands[0].IsLinear
            ? [InputCotangent(cotangents[0]!, operands[0].Type, operands[1].Value), null]
            : [null, KernelCotangent(cotangents[0]!, operands[0].Value, operands[1].Type)];

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ConvBatching.Batch(this, axis.Size, operands, dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var (x, w, y) = (operands[0], operands[1], results[0]);
        int groups = FeatureGroupCount * BatchGroupCount;
        int batch = x.Shape[Lhs[0]] / BatchGroupCount;
        int features = w.Shape[Rhs[1]];
        int outputs = w.Shape[Rhs[0]] / groups;
        int spatial = Window.Length;

        // Loop axes: group, batch, output places, output features, input features, kernel places.
        var axes = new List<ContractionAxis> { new(AxisRole.Batch, groups), new(AxisRole.M, batch) };
        axes.AddRange(Enumerable.Range(0, spatial).Select(i => new ContractionAxis(AxisRole.M, y.Shape[Out[i + 2]])));
        int outputAxis = axes.Count;
        axes.Add(new(AxisRole.N, outputs));
        int featureAxis = axes.Count;
        axes.Add(new(AxisRole.K, features));
        axes.AddRange(Enumerable.Range(0, spatial).Select(i => new ContractionAxis(AxisRole.K, w.Shape[Rhs[i + 2]])));

        long[] strideX = x.Shape.Strides();
        long[] strideW = w.Shape.Strides();
        long[] strideY = y.Shape.Strides();
        var input = new List<OperandDim>
        {
            Dim(strideX, Lhs[0], x.Shape, (1, 1), (0, BatchGroupCount > 1 ? batch : 0)),
            Dim(strideX, Lhs[1], x.Shape, (featureAxis, 1), (0, FeatureGroupCount > 1 ? features : 0)),
        };
        // In the order of its axes, so that views of it, such as the reversal in gradients, are looked through.
        var kernel = new OperandDim[w.Rank];
        kernel[Rhs[0]] = Dim(strideW, Rhs[0], w.Shape, (outputAxis, 1), (0, groups > 1 ? outputs : 0));
        kernel[Rhs[1]] = Dim(strideW, Rhs[1], w.Shape, (featureAxis, 1));
        for (int i = 0; i < spatial; i++)
        {
            var window = Window[i];
            var place = Dim(
                strideX,
                Lhs[i + 2],
                x.Shape,
                (2 + i, window.Stride),
                (featureAxis + 1 + i, window.WindowDilation)
            );
            input.Add(place with { Offset = -window.Low, Divisor = window.BaseDilation });
            kernel[Rhs[i + 2]] = Dim(strideW, Rhs[i + 2], w.Shape, (featureAxis + 1 + i, 1));
        }

        long[] output = new long[axes.Count];
        output[0] = outputs * strideY[Out[1]];
        output[1] = strideY[Out[0]];
        output[outputAxis] = strideY[Out[1]];
        for (int i = 0; i < spatial; i++)
        {
            output[2 + i] = strideY[Out[i + 2]];
        }

        return new Lowering.Contraction(
            new ContractionSpec(
                [.. axes],
                new OperandView(x.DType, [.. input]),
                new OperandView(w.DType, kernel),
                new OutputView(y.DType, output),
                DotGeneral.Accumulation(x.DType, y.DType)
            )
            {
                LargestSquare = LargestSquare,
            }
        );

        OperandDim Dim(long[] strides, int axis, Shape shape, params ReadOnlySpan<(int Axis, int Coef)> terms)
        {
            int[] coefs = new int[axes.Count];
            foreach (var (loop, coef) in terms)
            {
                coefs[loop] += coef;
            }

            return new OperandDim(coefs, 0, 1, shape[axis], strides[axis]);
        }
    }

    // The cotangent of the input: the cotangent, dilated by the strides, convolved with the kernel turned around.
    private NDArray InputCotangent(NDArray ct, ArrayType x, NDArray w)
    {
        int groups = FeatureGroupCount;
        if (groups > 1 || BatchGroupCount > 1)
        {
            groups = Math.Max(groups, BatchGroupCount);
            w = AxisMerging.Split(w, Rhs[0], groups);
            w = AxisMerging.Into(w, Rhs[0], Rhs[1]);
        }

        var window = new WindowDimension[Window.Length];
        for (int i = 0; i < window.Length; i++)
        {
            var (low, high) = Window[i]
                .PaddingOfOperandCotangent(x.Shape[Lhs[i + 2]], w.Shape[Rhs[i + 2]], ct.Shape[Out[i + 2]]);
            window[i] = new(Window[i].BaseDilation, low, high, Window[i].Stride, Window[i].WindowDilation);
        }

        var reversed = new Rev(new Dims(Rhs.Span[2..])).Bind(w);
        var numbers = new ConvDimensionNumbers(Out, SwapFirst(Rhs), Lhs);
        var product = new ConvGeneralDilated(window, numbers, groups, 1, null, Precision, true).Bind(
            ct,
            DotGeneral.Cast(reversed, ct.DType)
        );
        var result = DotGeneral.Cast(product, x.DType);
        if (BatchGroupCount > 1)
        {
            result = AxisMerging.Split(result, Lhs[1], BatchGroupCount);
            result = AxisMerging.Into(result, Lhs[1], Lhs[0]);
        }

        return result;
    }

    // The cotangent of the kernel: the input convolved with the cotangent as a kernel, batch and features exchanged.
    private NDArray KernelCotangent(NDArray ct, NDArray x, ArrayType w)
    {
        if (ct.Size == 0)
        {
            return Operators.Zeros(w);
        }

        var window = new WindowDimension[Window.Length];
        for (int i = 0; i < window.Length; i++)
        {
            int high = Window[i]
                .HighPaddingOfWindowCotangent(x.Shape[Lhs[i + 2]], w.Shape[Rhs[i + 2]], ct.Shape[Out[i + 2]]);
            window[i] = new(Window[i].WindowDilation, Window[i].Low, high, Window[i].BaseDilation, Window[i].Stride);
        }

        var (featureGroups, batchGroups) =
            BatchGroupCount > 1 ? (BatchGroupCount, 1)
            : FeatureGroupCount > 1 ? (1, FeatureGroupCount)
            : (1, 1);
        var numbers = new ConvDimensionNumbers(SwapFirst(Lhs), SwapFirst(Out), SwapFirst(Rhs));
        var convolution = new ConvGeneralDilated(window, numbers, featureGroups, batchGroups, null, Precision, true);
        return DotGeneral.Cast(convolution.Bind(DotGeneral.Cast(x, ct.DType), ct), w.DType);
    }

    private static Dims SwapFirst(Dims spec) => new([spec[1], spec[0], .. spec.Span[2..]]);
}

/// <summary>Splits an axis in two, and merges axes that are not neighbours.</summary>
internal static class AxisMerging
{
    /// <summary>Axis <paramref name="axis"/> becomes two, the first of extent <paramref name="outer"/>.</summary>
    public static NDArray Split(NDArray x, int axis, int outer) =>
        new Reshape(
            new Shape([.. x.Shape.Extents[..axis], outer, x.Shape[axis] / outer, .. x.Shape.Extents[(axis + 1)..]])
        ).Bind(x);

    /// <summary>
    /// Moves an axis before another and merges the two; <paramref name="into"/> counts axes without the moved one.
    /// </summary>
    public static NDArray Into(NDArray x, int axis, int into)
    {
        int extent = x.Shape[axis];
        var moved = Batching.MoveAxis(x, axis, into);
        var shape = x.Shape.Without(axis);
        return new Reshape(shape.With(into, shape[into] * extent)).Bind(moved);
    }
}
