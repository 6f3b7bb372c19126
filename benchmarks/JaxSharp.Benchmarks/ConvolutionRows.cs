using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Benchmarks;

/// <summary>Convolutions as they occur in networks for images, sound and volumes.</summary>
internal static class ConvolutionRows
{
    public static IEnumerable<Benchmark> Rows =>
        [.. Square(8, 56, 64, 64).Rows(9e-3), .. Others.SelectMany(convolution => convolution.Rows())];

    private static IEnumerable<Convolution> Others =>
        [
            new("conv depthwise 8x56x56x128 3x3", [8, 56, 56, 128], [3, 3, 1, 128]) { Groups = 128 },
            new("conv dilated 8x56x56x64 3x3", [8, 56, 56, 64], [3, 3, 64, 64]) { Dilation = 2 },
            new("conv strided 8x56x56x64 3x3", [8, 56, 56, 64], [3, 3, 64, 128]) { Stride = 2 },
            new("conv transposed 8x28x28x64 3x3", [8, 28, 28, 64], [3, 3, 64, 64]) { Stride = 2, Transposed = true },
            new("conv 8x1024x64 5", [8, 1024, 64], [5, 64, 64]),
            new("conv 2x16x28x28x32 3x3x3", [2, 16, 28, 28, 32], [3, 3, 3, 32, 32]),
        ];

    /// <summary>A convolution of 3×3 of square images.</summary>
    public static Convolution Square(int batch, int extent, int inputs, int outputs) =>
        new(
            $"conv {batch}x{extent}x{extent}x{inputs} 3x3" + (outputs == inputs ? "" : $"x{outputs}"),
            [batch, extent, extent, inputs],
            [3, 3, inputs, outputs]
        );
}
