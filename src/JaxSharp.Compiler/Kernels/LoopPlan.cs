using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>An expanded kernel with its reduction orders fixed, and the axis along which vectors lie.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="VectorAxis">A grid axis, or −1 where vectors lie along the last inner axis of each stage.</param>
/// <param name="Turned">The kernel that reads turned tiles of some inputs, where there are any.</param>
/// <param name="Kept">The kernel that keeps values of a row, where there are any.</param>
/// <param name="Streams">Whether whole vectors are stored past the caches.</param>
internal sealed record LoopPlan(
    Kernel Kernel,
    int VectorAxis,
    TurnedLoads? Turned = null,
    KeptRows? Kept = null,
    bool Streams = false
)
{
    /// <summary>The kernel for which code is emitted.</summary>
    public Kernel Emitted => Turned?.Kernel ?? Kept?.Kernel ?? Kernel;
}

/// <summary>
/// A kernel in whose place another one runs with scratch memory of its own, which follows the inputs. Stages leave values of a row
/// there, the value at i of the inner axis at element i, and later stages load them.
/// </summary>
/// <param name="Kernel">The kernel with loads of what is kept.</param>
/// <param name="Rows">What is kept.</param>
internal sealed record KeptRows(Kernel Kernel, KeptRow[] Rows);

/// <summary>Values along the inner axis of a stage.</summary>
/// <param name="Stage">The number of the stage that computes them.</param>
/// <param name="Value">The value, of a register type.</param>
/// <param name="Extent">The extent of the axis.</param>
internal sealed record KeptRow(int Stage, ScalarExpr Value, int Extent);

/// <summary>
/// A kernel in whose place another one runs tile by tile. Inputs that lie across the vector axis are turned into tiles of scratch
/// memory first, which follow the inputs: the element for the last outer axis at r and the vector axis at v lies at
/// r · <see cref="TileStep"/> + v of them, counted from where the grid starts.
/// </summary>
/// <param name="Kernel">The kernel with loads of tiles.</param>
/// <param name="Tiles">Where the elements of the tiles come from.</param>
internal sealed record TurnedLoads(Kernel Kernel, TurnedTile[] Tiles)
{
    /// <summary>The rows of a tile: a cache line of what is read across.</summary>
    public const int TileRows = 16;

    /// <summary>The columns of a tile.</summary>
    public const int TileColumns = 256;

    /// <summary>The distance of rows in a tile, no multiple of a power of two that caches dislike.</summary>
    public const int TileStep = TileColumns + 16;
}

/// <summary>An input that is read across the vector axis.</summary>
/// <param name="Input">The number of the input.</param>
/// <param name="Size">The bytes of an element.</param>
/// <param name="Factors">The steps along all grid axes, in elements; 1 along the last outer axis.</param>
/// <param name="Offset">The element at the start of the grid.</param>
internal sealed record TurnedTile(int Input, int Size, long[] Factors, long Offset);
