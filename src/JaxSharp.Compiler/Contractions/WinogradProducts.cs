using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>The matrix products in the midst of a convolution by Winograd's algorithm: squares and lines times lines and columns.</summary>
internal sealed unsafe class WinogradProducts
{
    // The steps of K in a section: what a panel of the kernel needs of them stays in the first-level cache, and errors of sums stay small.
    private const int MostSteps = 64;

    // A multiple of the rows of all tiles.
    private const int AnyRows = 240;

    private readonly int lines;
    private readonly int panelBytes;
    private readonly TileCode tile;
    private readonly TileCode edgeTile;

    /// <summary>The products for a shape.</summary>
    public WinogradProducts(WinogradShape shape, int vectorBytes)
    {
        lines = shape.Lines;
        int lanes = vectorBytes / sizeof(float);
        int vectors = ((shape.Columns - 1) / lanes) + 1;
        (int tileVectors, int strips) = TileShape.For(AnyRows, vectors, vectorBytes);
        Rows = AnyRows / strips;
        Panels = ((vectors - 1) / tileVectors) + 1;
        panelBytes = tileVectors * vectorBytes;
        KernelPlanes = new WinogradPlanes(shape.Products, shape.Lines, shape.Columns);
        int edge = vectors - ((Panels - 1) * tileVectors);
        tile = Get(tileVectors);
        edgeTile = Get(edge);

        TileCode Get(int width) =>
            TileKernel.Get(
                DType.F32,
                vectorBytes,
                new TileForm(Rows, width, ColumnVectors: KernelPlanes.ColumnVectors(vectorBytes))
            );
    }

    /// <summary>The squares of a tile.</summary>
    public int Rows { get; }

    /// <summary>The tiles that go along all columns.</summary>
    public int Panels { get; }

    /// <summary>How the planes of the kernel lie.</summary>
    public WinogradPlanes KernelPlanes { get; }

    /// <summary>So many squares as whole tiles.</summary>
    public int WholeTiles(int squares) => (squares + Rows - 1) / Rows * Rows;

    /// <summary>Multiplies some squares in whole tiles, and some panels.</summary>
    /// <param name="image">The first square, and from one to the next.</param>
    /// <param name="kernel">The kernel's plane.</param>
    /// <param name="result">The first square of the result, and from one to the next.</param>
    /// <param name="squares">The number of squares.</param>
    /// <param name="somePanels">The panels.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(
        (nint First, nint Step) image,
        nint kernel,
        (nint First, nint Step) result,
        int squares,
        (int Start, int End) somePanels
    )
    {
        nint* left = stackalloc nint[TileKernel.MaxRows];
        nint* targets = stackalloc nint[TileKernel.MaxRows];
        var arguments = TileArguments.Single(left, targets);
        arguments.ColumnStep = KernelPlanes.Lead;
        int sections = ((lines - 1) / MostSteps) + 1;
        int steps = ((lines - 1) / sections) + 1;
        for (int panel = somePanels.Start; panel < somePanels.End; panel++)
        {
            var code = panel == Panels - 1 ? edgeTile : tile;
            for (int start = 0; start < lines; start += steps)
            {
                arguments.Run = Math.Min(steps, lines - start);
                arguments.Accumulate = start == 0 ? 0 : 1;
                arguments.Columns = kernel + (start * KernelPlanes.Lead) + (panel * panelBytes);
                for (int square = 0; square < squares; square += Rows)
                {
                    nint first = image.First + (square * image.Step) + (start * sizeof(float));
                    RowTable.Equidistant(first, image.Step, Rows, left);
                    nint target = result.First + (square * result.Step) + (panel * panelBytes);
                    RowTable.Equidistant(target, result.Step, Rows, targets);
                    code(&arguments);
                }
            }
        }
    }
}
