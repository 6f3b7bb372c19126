using System;
using System.Linq;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <content>Convolutions.</content>
public static partial class Lax
{
    /// <summary>Convolution with strides and padding; batch, features, then spatial axes.</summary>
    /// <param name="lhs">The input: batch, features, spatial axes.</param>
    /// <param name="rhs">The kernel: output features, input features, spatial axes.</param>
    /// <param name="windowStrides">The steps of the kernel along spatial axes.</param>
    /// <param name="padding">VALID, SAME, SAME_LOWER, or low and high padding for each spatial axis.</param>
    /// <param name="precision">How exactly sums are computed, here and in gradients; see <see cref="ConvGeneralDilated"/>.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    public static NDArray Conv(
        NDArray lhs,
        NDArray rhs,
        Dims windowStrides,
        Padding padding,
        Precision? precision = null,
        DType? preferredElementType = null
    ) =>
        ConvGeneralDilated(
            lhs,
            rhs,
            windowStrides,
            padding,
            precision: precision,
            preferredElementType: preferredElementType
        );

    /// <summary>Convolution with strides, padding and dilations; batch, features, then spatial axes.</summary>
    /// <inheritdoc cref="ConvGeneralDilated"/>
    public static NDArray ConvWithGeneralPadding(
        NDArray lhs,
        NDArray rhs,
        Dims windowStrides,
        Padding padding,
        Dims? lhsDilation,
        Dims? rhsDilation,
        Precision? precision = null,
        DType? preferredElementType = null
    ) =>
        ConvGeneralDilated(
            lhs,
            rhs,
            windowStrides,
            padding,
            lhsDilation,
            rhsDilation,
            precision: precision,
            preferredElementType: preferredElementType
        );

    /// <summary>Convolution of an input with a kernel in any layout.</summary>
    /// <param name="lhs">The input.</param>
    /// <param name="rhs">The kernel, which is not turned around (a cross-correlation).</param>
    /// <param name="windowStrides">The steps of the kernel along spatial axes.</param>
    /// <param name="padding">VALID, SAME, SAME_LOWER, or low and high padding for each spatial axis (negative: cut off).</param>
    /// <param name="lhsDilation">The distance that neighbours of the input are drawn apart to; by default 1.</param>
    /// <param name="rhsDilation">The distance that neighbours of the kernel are drawn apart to; by default 1.</param>
    /// <param name="dimensionNumbers">
    /// The layouts of input, kernel and output, such as <c>("NHWC", "HWIO", "NHWC")</c>; by default NC, OI and NC, each followed by the
    /// spatial axes.
    /// </param>
    /// <param name="featureGroupCount">Input features are split into so many groups, convolved by themselves.</param>
    /// <param name="batchGroupCount">The batch is split into so many groups, each with its own output features.</param>
    /// <param name="precision">How exactly sums are computed, here and in gradients: by default in the fastest way; see the remarks.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <remarks>
    /// In f32, windows of 3×3 that move by single steps over at least 16 channels are computed by Winograd's algorithm wherever that is
    /// faster (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016): by F(2×2, 3×3), with 16 products for 36, and
    /// gradients also by F(4×4, 3×3), with 36 for 144. Rounding errors of F(2×2, 3×3) are 0.8 to 1.4 times those of the sums that define
    /// the result; zeros, infinite elements and NaN have the effect that they have there. Those of F(4×4, 3×3) are 2.5 to 4 times as
    /// large, 5e-7 to 8e-7 of the root mean square of results; an infinite element or NaN may reach gradients up to three places further,
    /// and what would be zero because all around is zero may be as large as a rounding error. With <see cref="Precision.High"/>
    /// F(4×4, 3×3) is not used, and with <see cref="Precision.Highest"/> neither of them.
    /// </remarks>
    /// <exception cref="JaxArgumentException">The padding or layout is not known, or a stride or dilation is below 1.</exception>
    /// <example><code>
    /// NDArray images = jnp.Ones((2, 8, 8, 3)), filters = jnp.Ones((3, 3, 3, 4));
    /// Lax.ConvGeneralDilated(images, filters, (1, 1), "SAME", dimensionNumbers: ("NHWC", "HWIO", "NHWC")).Shape; // => (2,8,8,4)
    /// </code></example>
    public static NDArray ConvGeneralDilated(
        NDArray lhs,
        NDArray rhs,
        Dims windowStrides,
        Padding padding,
        Dims? lhsDilation = null,
        Dims? rhsDilation = null,
        ConvLayout? dimensionNumbers = null,
        int featureGroupCount = 1,
        int batchGroupCount = 1,
        Precision? precision = null,
        DType? preferredElementType = null
    )
    {
        var (x, w) = (Argument.Given(lhs), Argument.Given(rhs));
        var numbers = ConvNumbers("conv_general_dilated", x.Shape, w.Shape, dimensionNumbers);
        int spatial = x.Ndim - 2;
        var (holes, gaps) = (lhsDilation ?? Dims.Repeat(1, spatial), rhsDilation ?? Dims.Repeat(1, spatial));
        if (windowStrides.Count != spatial || holes.Count != spatial || gaps.Count != spatial)
        {
            throw new ShapeException(
                $"lax.conv_general_dilated of {Types.List(x.Type, w.Type)} has {spatial} spatial axes; got windowStrides={windowStrides}, "
                    + $"lhsDilation={holes}, rhsDilation={gaps}."
            );
        }

        if (Argument.Given(padding).IsNamed && holes.Any(d => d != 1))
        {
            throw new JaxArgumentException(
                $"lax.conv_general_dilated with lhsDilation={holes} needs padding as numbers; got \"{padding}\". "
                    + "Lax.ConvTranspose takes names."
            );
        }

        int[] extents = [.. numbers.LhsSpec.Skip(2).Select(axis => x.Shape[axis])];
        int[] windows =
        [
            .. numbers.RhsSpec.Skip(2).Select((axis, i) => WindowDimension.Dilate(w.Shape[axis], gaps[i])),
        ];
        var pairs = padding.Resolve("lax.conv_general_dilated", extents, windows, windowStrides.ToArray());
        var window = WindowDimension.Zip(windowStrides, pairs, holes, gaps);
        return Product(
            x,
            w,
            preferredElementType,
            (a, b, preferred) =>
                new ConvGeneralDilated(window, numbers, featureGroupCount, batchGroupCount, preferred, precision).Bind(
                    a,
                    b
                )
        );
    }

    /// <summary>The axes that layouts name, for arrays of given shapes.</summary>
    /// <param name="lhsShape">The shape of the input.</param>
    /// <param name="rhsShape">The shape of the kernel.</param>
    /// <param name="dimensionNumbers">The layouts; by default NC, OI and NC, each followed by the spatial axes.</param>
    /// <exception cref="ShapeException">The ranks differ.</exception>
    /// <exception cref="JaxArgumentException">The layouts do not fit the rank or each other.</exception>
    public static ConvDimensionNumbers ConvDimensionNumbers(
        Shape lhsShape,
        Shape rhsShape,
        ConvLayout? dimensionNumbers = null
    ) => ConvNumbers("conv_dimension_numbers", lhsShape, rhsShape, dimensionNumbers);

    /// <summary>
    /// The convolution with fractional steps that undoes the shape of a convolution: the gradient of one, up to turning the kernel
    /// around.
    /// </summary>
    /// <param name="lhs">The input.</param>
    /// <param name="rhs">The kernel.</param>
    /// <param name="strides">The factors that the spatial axes grow by.</param>
    /// <param name="padding">SAME, VALID, or low and high padding for each spatial axis.</param>
    /// <param name="rhsDilation">The distance that neighbours of the kernel are drawn apart to; by default 1.</param>
    /// <param name="dimensionNumbers">The layouts; by default batch, spatial axes, features, and the kernel HWIO.</param>
    /// <param name="transposeKernel">Whether the kernel is turned around and its features exchanged.</param>
    /// <param name="precision">How exactly sums are computed, here and in gradients; see <see cref="ConvGeneralDilated"/>.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    /// <param name="useConsistentPadding">Whether numbers mean the padding of the convolution that is undone.</param>
    public static NDArray ConvTranspose(
        NDArray lhs,
        NDArray rhs,
        Dims strides,
        Padding padding,
        Dims? rhsDilation = null,
        ConvLayout? dimensionNumbers = null,
        bool transposeKernel = false,
        Precision? precision = null,
        DType? preferredElementType = null,
        bool useConsistentPadding = false
    )
    {
        var (x, w) = (Argument.Given(lhs), Argument.Given(rhs));
        int spatial = x.Ndim - 2;
        var numbers = ConvNumbers("conv_transpose", x.Shape, w.Shape, dimensionNumbers ?? ChannelsLast(x.Ndim));
        var gaps = rhsDilation ?? Dims.Repeat(1, spatial);
        if (strides.Count != spatial || gaps.Count != spatial)
        {
            throw new ShapeException(
                $"lax.conv_transpose of {Types.List(x.Type, w.Type)} has {spatial} spatial axes; got strides={strides}, rhsDilation={gaps}."
            );
        }

        int[] windows =
        [
            .. numbers.RhsSpec.Skip(2).Select((axis, i) => WindowDimension.Dilate(w.Shape[axis], gaps[i])),
        ];
        var pairs = Argument.Given(padding).ToString() switch
        {
            "SAME" => [.. windows.Select((k, i) => SamePadding(k, strides[i]))],
            "VALID" => [.. windows.Select((k, i) => (k - 1, strides[i] - 1 + Math.Max(k - strides[i], 0)))],
            _ => padding.Resolve("lax.conv_transpose", new int[spatial], windows, strides.ToArray()),
        };
        if (padding.IsNamed && padding.ToString() is not ("SAME" or "VALID"))
        {
            throw new JaxArgumentException(
                $"lax.conv_transpose takes padding SAME, VALID or numbers; got \"{padding}\"."
            );
        }

        if (useConsistentPadding && !padding.IsNamed)
        {
            pairs = [.. pairs.Select((p, i) => (windows[i] - 1 - p.Low, windows[i] - 1 - p.High))];
        }

        if (transposeKernel)
        {
            var (o, c) = (numbers.RhsSpec[0], numbers.RhsSpec[1]);
            int[] order = [.. Enumerable.Range(0, w.Ndim)];
            (order[o], order[c]) = (c, o);
            w = new PermuteAxes(order).Bind(new Rev(new Dims(numbers.RhsSpec.Span[2..])).Bind(w));
        }

        var ones = Dims.Repeat(1, spatial);
        return ConvGeneralDilated(
            x,
            w,
            ones,
            pairs,
            strides,
            gaps,
            numbers,
            precision: precision,
            preferredElementType: preferredElementType
        );
    }

    /// <summary>The patches of the input that a kernel of a given shape meets, as features of the result.</summary>
    /// <param name="lhs">The input.</param>
    /// <param name="filterShape">The spatial extents of the patches.</param>
    /// <param name="windowStrides">The steps between patches.</param>
    /// <param name="padding">VALID, SAME, SAME_LOWER, or low and high padding for each spatial axis.</param>
    /// <param name="lhsDilation">The distance that neighbours of the input are drawn apart to; by default 1.</param>
    /// <param name="rhsDilation">The distance of neighbours in a patch; by default 1.</param>
    /// <param name="dimensionNumbers">The layouts of input, kernel and output.</param>
    /// <param name="precision">How exactly sums are computed, here and in gradients; see <see cref="ConvGeneralDilated"/>.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    /// <returns>Patches with features ordered by input feature, then place in the patch.</returns>
    public static NDArray ConvGeneralDilatedPatches(
        NDArray lhs,
        Dims filterShape,
        Dims windowStrides,
        Padding padding,
        Dims? lhsDilation = null,
        Dims? rhsDilation = null,
        ConvLayout? dimensionNumbers = null,
        Precision? precision = null,
        DType? preferredElementType = null
    )
    {
        var x = Argument.Given(lhs);
        var filter = LaxAxes.ToShape("conv_general_dilated_patches", filterShape);
        var kernelShape = new Shape([1, 1, .. filter]);
        var numbers = ConvNumbers("conv_general_dilated_patches", x.Shape, kernelShape, dimensionNumbers);
        int places = checked((int)filter.Size);
        int features = x.Shape[numbers.LhsSpec[1]];

        // One output feature for each input feature and place: the kernel is one there and zero elsewhere.
        var row = BroadcastedIota(DType.I32, (places, places), 0);
        var identity = ConvertElementType(Eq(row, BroadcastedIota(DType.I32, (places, places), 1)), x.DType);
        int[] repeated = [features, places, 1, .. filter];
        var kernel = new BroadcastInDim(repeated, [.. Enumerable.Range(1, repeated.Length - 1)]).Bind(
            Reshape(identity, new Shape([places, 1, .. filter]))
        );
        kernel = Reshape(kernel, new Shape([features * places, 1, .. filter]));
        int[] order = new int[x.Ndim];
        for (int i = 0; i < order.Length; i++)
        {
            order[numbers.RhsSpec[i]] = i;
        }

        return ConvGeneralDilated(
            x,
            new PermuteAxes(order).Bind(kernel),
            windowStrides,
            padding,
            lhsDilation,
            rhsDilation,
            numbers,
            featureGroupCount: features,
            precision: precision,
            preferredElementType: preferredElementType
        );
    }

    /// <summary>A convolution whose kernel is another one at each place of the output.</summary>
    /// <param name="lhs">The input.</param>
    /// <param name="rhs">Kernels, with the spatial axes of the output; input features stand for features and places of a patch.</param>
    /// <param name="windowStrides">The steps between patches.</param>
    /// <param name="padding">VALID, SAME, SAME_LOWER, or low and high padding for each spatial axis.</param>
    /// <param name="filterShape">The spatial extents of the kernels.</param>
    /// <param name="lhsDilation">The distance that neighbours of the input are drawn apart to; by default 1.</param>
    /// <param name="rhsDilation">The distance of neighbours in a patch; by default 1.</param>
    /// <param name="dimensionNumbers">The layouts of input, kernel and output.</param>
    /// <param name="precision">How exactly sums are computed, here and in gradients; see <see cref="ConvGeneralDilated"/>.</param>
    public static NDArray ConvGeneralDilatedLocal(
        NDArray lhs,
        NDArray rhs,
        Dims windowStrides,
        Padding padding,
        Dims filterShape,
        Dims? lhsDilation = null,
        Dims? rhsDilation = null,
        ConvLayout? dimensionNumbers = null,
        Precision? precision = null
    )
    {
        var patches = ConvGeneralDilatedPatches(
            lhs,
            filterShape,
            windowStrides,
            padding,
            lhsDilation,
            rhsDilation,
            dimensionNumbers,
            precision
        );
        var kernelShape = new Shape([1, 1, .. filterShape]);
        var numbers = ConvNumbers("conv_general_dilated_local", lhs.Shape, kernelShape, dimensionNumbers);
        int[] places = numbers.OutSpec.ToArray()[2..];
        int[] kernels = numbers.RhsSpec.ToArray()[2..];
        Array.Sort(places, kernels);
        var product = DotGeneral(
            patches,
            rhs,
            new DotDimensionNumbers(numbers.OutSpec[1], numbers.RhsSpec[1], places, kernels),
            precision
        );

        // The product has the spatial axes in the order of the output, then batch and features.
        int[] order = new int[product.Ndim];
        order[numbers.OutSpec[0]] = product.Ndim - 2;
        order[numbers.OutSpec[1]] = product.Ndim - 1;
        for (int i = 0; i < places.Length; i++)
        {
            order[places[i]] = i;
        }

        return new PermuteAxes(order).Bind(product);
    }

    private static (int Low, int High) SamePadding(int window, int stride)
    {
        int total = window + stride - 2;
        int low = stride > window - 1 ? window - 1 : (total + 1) / 2;
        return (low, total - low);
    }

    private static ConvLayout ChannelsLast(int rank) =>
        rank switch
        {
            2 => ("NC", "IO", "NC"),
            3 => ("NHC", "HIO", "NHC"),
            4 => ("NHWC", "HWIO", "NHWC"),
            5 => ("NHWDC", "HWDIO", "NHWDC"),
            _ => throw new ShapeException($"lax.conv_transpose needs dimension numbers for arrays of {rank} axes."),
        };

    private static ConvDimensionNumbers ConvNumbers(string name, Shape x, Shape w, ConvLayout? layout)
    {
        if (Argument.Given(x).Rank != Argument.Given(w).Rank || x.Rank < 2)
        {
            throw new ShapeException(
                $"lax.{name} needs input and kernel of equal rank, with at least two axes; got shapes {x} and {w}."
            );
        }

        return layout?.Resolve(x.Rank) ?? JaxSharp.ConvDimensionNumbers.Default(x.Rank);
    }
}
