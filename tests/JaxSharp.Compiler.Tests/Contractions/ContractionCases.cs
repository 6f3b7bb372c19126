using System;
using System.Linq;
using CsCheck;
using JaxSharp.Compiler.Contractions;

namespace JaxSharp.Compiler.Tests.Contractions;

/// <summary>Random contractions: products of arrays with axes in any order and position, and convolutions with gradients.</summary>
internal static class ContractionCases
{
    public static readonly DType[] Types = [.. DType.All];

    public static Gen<ContractionSpec> Any { get; } =
        Gen.OneOf(Products(Gen.Int[0, 9]), Products(Sizes), Convolutions());

    public static Gen<ContractionSpec> Large { get; } =
        Products(Gen.Frequency((1, Gen.Int[1, 3]), (2, Gen.Int[20, 150])));

    /// <summary>Gradients of small kernels by many positions.</summary>
    public static Gen<ContractionSpec> KernelGradients { get; } =
        from type in Element(DType.F32, DType.F32, DType.F64, DType.BF16)
        from positions in Gen.Int[30, 50].Array[2]
        from inputs in Gen.OneOf(Gen.Int[1, 12], Gen.Int[16, 20])
        from outputs in Gen.Int[1, 12]
        from stride in Gen.Int[1, 2]
        from dilation in Gen.Int[1, 2]
        from padding in Gen.Int[0, 2]
        select KernelGradient(type, positions, [inputs, outputs], stride, dilation, padding);

    /// <summary>Convolutions of images with few channels, or gradients by such images, whose lines are longer than a tile.</summary>
    public static Gen<ContractionSpec> LinesOfImages { get; } =
        from type in Element(DType.F32, DType.F32, DType.F32, DType.F64, DType.BF16)
        from lines in Gen.Int[1, 30].Array[2]
        from window in Gen.Int[1, 5].Array[2]
        from channels in Gen.Select(Gen.OneOf(Gen.Int[1, 4], Gen.Int[5, 40]), Gen.OneOf(Gen.Int[1, 9], Gen.Int[10, 70]))
        from stride in Gen.Int[1, 2]
        from padding in Gen.Int[0, 2]
        from turned in Gen.Bool
        where lines[0] * lines[1] * window[0] * window[1] * channels.Item1 * channels.Item2 < 1_500_000
        select ImageLines(type, lines, window, channels, stride, padding, turned);

    /// <summary>Convolutions to few channels, as gradients by images are, and products of matrices with few columns.</summary>
    public static Gen<ContractionSpec> FewColumns { get; } =
        Gen.OneOf(
            from lines in Gen.Int[10, 16].Array[2]
            from window in Gen.Int[1, 7].Array[2]
            from channels in Gen.Select(Gen.Int[16, 80], Gen.Int[1, 8])
            from stride in Gen.Int[1, 2]
            from padding in Gen.Int[0, 3]
            from turned in Gen.Bool
            where window[0] * window[1] * channels.Item1 * channels.Item2 < 10_000
            select ImageLines(DType.F32, lines, window, channels, stride, padding, turned),
            from rows in Gen.Int[256, 800]
            from columns in Gen.Int[1, 9]
            from inner in Gen.Int[20, 700]
            from transposed in Gen.Bool
            select ContractionSpec.Matmul(DType.F32, rows, columns, inner, transposeRhs: transposed)
        );

    private static Gen<int> Sizes => Gen.Frequency((3, Gen.Int[1, 4]), (2, Gen.Int[5, 20]), (1, Gen.Int[21, 70]));

    /// <summary>The axes of one operand in a random order and padded to random strides.</summary>
    public static Gen<ContractionSpec> Products(Gen<int> sizes) =>
        from roles in Gen.Enum<AxisRole>().Array[1, 5]
        from extents in sizes.Array[roles.Length]
        from type in Element(Types)
        from order in Gen.Int[0, 1_000_000]
        select Product([.. roles.Select((r, i) => new ContractionAxis(r, extents[i]))], type, new System.Random(order));

    public static Gen<ContractionSpec> Convolutions() =>
        from type in Element(DType.F32, DType.F32, DType.F64, DType.I32, DType.BF16, DType.C64)
        from seed in Gen.Int[0, 1_000_000]
        select Convolution(type, new System.Random(seed));

    /// <summary>Convolutions of every channel by itself.</summary>
    public static Gen<ContractionSpec> Depthwise() =>
        from type in Element(DType.F32, DType.F32, DType.F64)
        from channels in Gen.Int[8, 150]
        from seed in Gen.Int[0, 1_000_000]
        select Convolution(type, new System.Random(seed), (channels, 1, 1));

    /// <summary>Convolutions of every channel by itself with kernels and lines of several tiles.</summary>
    public static Gen<ContractionSpec> WideDepthwise() =>
        from type in Element(DType.F32, DType.F64)
        from channels in Gen.Int[8, 90]
        from seed in Gen.Int[0, 1_000_000]
        select Convolution(type, new System.Random(seed), (channels, 1, 1), (40, 12));

    /// <summary>Convolutions in groups of few channels.</summary>
    public static Gen<ContractionSpec> FewChannelsInGroup() =>
        from type in Element(DType.F32, DType.F32, DType.F64)
        from groups in Gen.Int[2, 40]
        from channels in Gen.Int[1, 6].Array[2]
        from seed in Gen.Int[0, 1_000_000]
        select Convolution(type, new System.Random(seed), (groups, channels[0], channels[1]));

    private static Gen<DType> Element(params DType[] types) => Gen.Int[0, types.Length - 1].Select(i => types[i]);

    private static ContractionSpec Product(ContractionAxis[] axes, DType type, System.Random random)
    {
        while (axes.Aggregate(1L, (p, a) => p * Math.Max(a.Extent, 1)) > 500_000)
        {
            axes = [.. axes.Select(a => a with { Extent = (a.Extent + 1) / 2 })];
        }

        return new ContractionSpec(
            axes,
            Strided(type, axes, Axes(AxisRole.Batch, AxisRole.M, AxisRole.K), random),
            Strided(type, axes, Axes(AxisRole.Batch, AxisRole.N, AxisRole.K), random),
            OutputView.Dense(type, axes, Axes(AxisRole.Batch, AxisRole.M, AxisRole.N)),
            type
        );

        int[] Axes(params AxisRole[] roles)
        {
            int[] chosen = [.. Enumerable.Range(0, axes.Length).Where(a => roles.Contains(axes[a].Role))];
            random.Shuffle(chosen);
            return chosen;
        }
    }

    private static OperandView Strided(DType type, ContractionAxis[] axes, int[] axisOfDim, System.Random random)
    {
        var view = OperandView.Dense(type, axes, axisOfDim);
        return random.Next(3) != 0
            ? view
            : view with
            {
                Dims = [.. view.Dims.Select(d => d with { Stride = d.Stride * 2 })],
                BaseOffset = random.Next(5),
            };
    }

    /// <summary>
    /// A convolution of two spatial dimensions with strides, padding and both dilations, in channel-first or channel-last
    /// order; one of its three operands becomes the result, which makes it forward, input gradient or kernel gradient.
    /// </summary>
    public static ContractionSpec Convolution(
        DType type,
        System.Random random,
        (int Groups, int Inputs, int Outputs)? channels = null,
        (int Image, int Kernel)? most = null
    )
    {
        int batch = random.Next(1, 4);
        bool depthwise = random.Next(5) == 0;
        int groups =
            channels is not null ? channels.Value.Groups
            : depthwise ? random.Next(5, 100)
            : random.Next(3) == 0 ? random.Next(2, 20)
            : 1;
        int inChannels = channels?.Inputs ?? (depthwise ? 1 : random.Next(1, 20));
        int outChannels = channels?.Outputs ?? (depthwise ? 1 : random.Next(1, 40));
        var (longest, widest) = most ?? (9, 3);
        int[] image = [random.Next(1, 10), random.Next(1, longest + 1)];
        int[] kernel = [random.Next(1, 4), random.Next(1, widest + 1)];
        int[] stride = [random.Next(1, 3), random.Next(1, 3)];
        int[] pad = [random.Next(0, 3), random.Next(0, widest)];
        int[] imageDilation = [random.Next(3) == 0 ? 2 : 1, random.Next(3) == 0 ? 3 : 1];
        int[] kernelDilation = [random.Next(1, 3), random.Next(1, 3)];
        int[] result = new int[2];
        for (int d = 0; d < 2; d++)
        {
            int reach = ((image[d] - 1) * imageDilation[d]) + 1 + (2 * pad[d]) - ((kernel[d] - 1) * kernelDilation[d]);
            result[d] = Math.Max(0, (reach + stride[d] - 1) / stride[d]);
        }

        return random.Next(3) switch
        {
            0 => Forward(),
            1 => KernelGradient(),
            _ => InputGradient(),
        };

        // Axes: g n y x c o h w, of which each direction sums over some.
        ContractionAxis[] Axes(AxisRole n, AxisRole yx, AxisRole c, AxisRole o, AxisRole hw, int[] positions) =>
            [
                new(AxisRole.Batch, groups),
                new(n, batch),
                new(yx, positions[0]),
                new(yx, positions[1]),
                new(c, inChannels),
                new(o, outChannels),
                new(hw, kernel[0]),
                new(hw, kernel[1]),
            ];

        ContractionSpec Forward()
        {
            var axes = Axes(AxisRole.M, AxisRole.M, AxisRole.K, AxisRole.N, AxisRole.K, result);
            return new ContractionSpec(axes, Image(), Weights(), Out(axes, 1, 2, 3, 0, 5), type);
        }

        ContractionSpec KernelGradient()
        {
            var axes = Axes(AxisRole.K, AxisRole.K, AxisRole.M, AxisRole.N, AxisRole.M, result);
            var cotangent = OperandView.Dense(type, axes, Order(1, 2, 3, 0, 5));
            return new ContractionSpec(axes, Image(), cotangent, OutputView.Dense(type, axes, Taps()), type);
        }

        ContractionSpec InputGradient()
        {
            var axes = Axes(AxisRole.M, AxisRole.M, AxisRole.N, AxisRole.K, AxisRole.K, image);
            var dims = new OperandDim[5];
            long size = 1;
            int[] order = Order(0, 1, 2, 3, 4);
            foreach (int d in order.Reverse())
            {
                int extent = d switch
                {
                    0 => batch,
                    1 => result[0],
                    2 => result[1],
                    3 => groups,
                    _ => outChannels,
                };
                dims[d] = d switch
                {
                    1 or 2 => Spatial(
                        (d + 1, imageDilation[d - 1]),
                        (d + 5, -kernelDilation[d - 1]),
                        pad[d - 1],
                        stride[d - 1],
                        extent,
                        size
                    ),
                    _ => Plain(
                        d == 0 ? 1
                            : d == 3 ? 0
                            : 5,
                        extent,
                        size
                    ),
                };
                size *= extent;
            }

            return new ContractionSpec(axes, new OperandView(type, dims), Weights(), Out(axes, 1, 2, 3, 0, 4), type);
        }

        int[] Order(params int[] channelsLast) =>
            pad[0] == 1
                ? [channelsLast[0], channelsLast[3], channelsLast[4], channelsLast[1], channelsLast[2]]
                : channelsLast;

        int[] Taps() => pad[0] == 1 && stride[0] == 1 ? [0, 5, 4, 6, 7] : [6, 7, 4, 0, 5];

        OutputView Out(ContractionAxis[] axes, params int[] order) => OutputView.Dense(type, axes, Order(order));

        OperandView Image()
        {
            var dims = new OperandDim[5];
            long size = 1;
            foreach (int d in Order(0, 1, 2, 3, 4).Reverse())
            {
                int extent = d switch
                {
                    0 => batch,
                    1 => image[0],
                    2 => image[1],
                    3 => groups,
                    _ => inChannels,
                };
                dims[d] = d switch
                {
                    1 or 2 => Spatial(
                        (d + 1, stride[d - 1]),
                        (d + 5, kernelDilation[d - 1]),
                        -pad[d - 1],
                        imageDilation[d - 1],
                        extent,
                        size
                    ),
                    _ => Plain(
                        d == 0 ? 1
                            : d == 3 ? 0
                            : 4,
                        extent,
                        size
                    ),
                };
                size *= extent;
            }

            return new OperandView(type, dims);
        }

        OperandView Weights()
        {
            var axes = Axes(AxisRole.M, AxisRole.M, AxisRole.K, AxisRole.N, AxisRole.K, result);
            return OperandView.Dense(type, axes, Taps());
        }

        static OperandDim Plain(int axis, int extent, long stride) => Spatial((axis, 1), (0, 0), 0, 1, extent, stride);

        static OperandDim Spatial(
            (int Axis, int Coef) a,
            (int Axis, int Coef) b,
            int offset,
            int divisor,
            int extent,
            long s
        )
        {
            var coefs = new int[8];
            coefs[a.Axis] += a.Coef;
            coefs[b.Axis] += b.Coef;
            return new OperandDim(coefs, offset, divisor, extent, s);
        }
    }

    // Axes: n y x, output channels, h w, input channels. Turned windows are gone through backwards, with a kernel whose outputs come first.
    private static ContractionSpec ImageLines(
        DType type,
        int[] lines,
        int[] window,
        (int In, int Out) channels,
        int stride,
        int padding,
        bool turned
    )
    {
        ContractionAxis[] axes =
        [
            new(AxisRole.M, 3),
            new(AxisRole.M, lines[0]),
            new(AxisRole.M, lines[1]),
            new(AxisRole.N, channels.Out),
            new(AxisRole.K, window[0]),
            new(AxisRole.K, window[1]),
            new(AxisRole.K, channels.In),
        ];
        int[] extents = [.. lines.Zip(window, (l, w) => Math.Max(1, ((l - 1) * stride) + w - (2 * padding)))];
        int sign = turned ? -1 : 1;
        int[] offsets = [.. window.Select(w => (turned ? w - 1 : 0) - padding)];
        var image = new OperandView(
            type,
            [
                new([1, 0, 0, 0, 0, 0, 0], 0, 1, 3, extents[0] * extents[1] * channels.In),
                new([0, stride, 0, 0, sign, 0, 0], offsets[0], 1, extents[0], extents[1] * channels.In),
                new([0, 0, stride, 0, 0, sign, 0], offsets[1], 1, extents[1], channels.In),
                new([0, 0, 0, 0, 0, 0, 1], 0, 1, channels.In, 1),
            ]
        );
        return new ContractionSpec(
            axes,
            image,
            turned ? OperandView.Dense(type, axes, 4, 5, 3, 6) : OperandView.Dense(type, axes, 4, 5, 6, 3),
            OutputView.Dense(type, axes, 0, 1, 2, 3),
            type
        );
    }

    private static ContractionSpec KernelGradient(
        DType type,
        int[] positions,
        int[] channels,
        int stride,
        int dilation,
        int padding
    )
    {
        // Axes: n y x, h w, input and output channels.
        ContractionAxis[] axes =
        [
            new(AxisRole.K, 3),
            new(AxisRole.K, positions[0]),
            new(AxisRole.K, positions[1]),
            new(AxisRole.M, 3),
            new(AxisRole.M, 2),
            new(AxisRole.M, channels[0]),
            new(AxisRole.N, channels[1]),
        ];
        int[] extents =
        [
            .. positions.Select((p, i) => ((p - 1) * stride) + ((2 - i) * dilation) + 1 - (2 * padding) + i),
        ];
        var image = new OperandView(
            type,
            [
                new([1, 0, 0, 0, 0, 0, 0], 0, 1, 3, extents[0] * extents[1] * channels[0]),
                new([0, stride, 0, dilation, 0, 0, 0], -padding, 1, extents[0], extents[1] * channels[0]),
                new([0, 0, stride, 0, dilation, 0, 0], -padding, 1, extents[1], channels[0]),
                new([0, 0, 0, 0, 0, 1, 0], 0, 1, channels[0], 1),
            ]
        );
        return new ContractionSpec(
            axes,
            image,
            OperandView.Dense(type, axes, 0, 1, 2, 6),
            OutputView.Dense(type, axes, 3, 4, 5, 6),
            type
        );
    }

    /// <summary>The number of elements from the operand's memory start that may be read.</summary>
    public static long Reach(OperandView view) =>
        view.Dims.Any(d => d.Extent == 0) ? 1 : 1 + view.BaseOffset + view.Dims.Sum(d => (d.Extent - 1) * d.Stride);

    /// <summary>The number of elements of the output.</summary>
    public static long OutputSize(ContractionSpec spec) =>
        spec.Axes.Where(a => a.Role != AxisRole.K).Aggregate(1L, (p, a) => p * a.Extent);
}
