using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>What a <see cref="TileKernel"/> works on; all steps are in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TileArguments
{
    /// <summary>Address of a table of row addresses in the left operand: one per row of the tile, for every segment.</summary>
    public nint Rows;

    /// <summary>How many segments of K there are; at least one. Only for kernels of segments.</summary>
    public nint Segments;

    /// <summary>How many steps of K there are, or a segment has; at least one. For kernels that add up lanes, how many whole vectors of them.</summary>
    public nint Run;

    /// <summary>After how many steps of K, or segments, sums are added to the output.</summary>
    public nint Section;

    /// <summary>The distance of steps in a row of the left operand; only for kernels of any steps.</summary>
    public nint RowStep;

    /// <summary>
    /// Address of a table of 32-bit distances from the start of a row, or of addresses from which rows have distances, one for every step
    /// of K; only for kernels with a table.
    /// </summary>
    public nint RowOffsets;

    /// <summary>Address of the right operand: a row of the tile's width for every step.</summary>
    public nint Columns;

    /// <summary>Address of a table of offsets from <see cref="Columns"/>, one for every segment. Only for kernels of segments.</summary>
    public nint ColumnOffsets;

    /// <summary>The distance of steps in the right operand; only for kernels that do not know it.</summary>
    public nint ColumnStep;

    /// <summary>How many tiles lie side by side; at least one.</summary>
    public nint Panels;

    /// <summary>The distance from the right operand of a tile to that of the next.</summary>
    public nint PanelStep;

    /// <summary>Address of a table of output addresses, one per row of the tile.</summary>
    public nint Targets;

    /// <summary>The distance of output rows; only for kernels of even rows, whose tables have the first row alone.</summary>
    public nint TargetStep;

    /// <summary>How many strips of as many rows follow each other, each as far from the one before; at least one. Not for kernels of segments whose rows are not even.</summary>
    public nint Strips;

    /// <summary>The distance from the rows of a strip to those of the next. A table of row addresses is moved on by it but for those of segments.</summary>
    public nint StripRows;

    /// <summary>The distance from the output of a strip to that of the next. The table of output addresses is moved on by it.</summary>
    public nint StripTargets;

    /// <summary>Whether to add to what is there (1) or to overwrite it (0).</summary>
    public nint Accumulate;

    /// <summary>Address of the lane mask of the last vector of a row, or of steps of K; only for masked kernels.</summary>
    public nint Mask;

    /// <summary>Address of room for the sums of a tile in vectors; only for kernels that add up lanes.</summary>
    public nint Sums;

    /// <summary>Single tiles, with all of K in one section.</summary>
    /// <param name="rows">The table of row addresses.</param>
    /// <param name="targets">The table of output addresses.</param>
    public static unsafe TileArguments Single(nint* rows, nint* targets) =>
        new()
        {
            Rows = (nint)rows,
            Section = int.MaxValue,
            Panels = 1,
            Strips = 1,
            Targets = (nint)targets,
        };
}

/// <summary>Runs a row of tiles.</summary>
internal unsafe delegate void TileCode(TileArguments* arguments);

/// <summary>Where a tile finds the next step of K in a row of the left operand.</summary>
internal enum TileSteps
{
    /// <summary>Side by side.</summary>
    Adjacent,

    /// <summary>Behind the steps of the other rows of the tile.</summary>
    Strip,

    /// <summary>At a distance that is given.</summary>
    Any,

    /// <summary>Where a table says.</summary>
    Table,

    /// <summary>Where a table of addresses says, from which rows have distances.</summary>
    Places,

    /// <summary>
    /// Side by side, as many of them at a time as a vector has lanes, which are added up at the end; then each vector of the right operand
    /// has as many steps of one column.
    /// </summary>
    Lanes,
}

/// <summary>The kinds of tile kernels.</summary>
/// <param name="Rows">The number of rows of the tile.</param>
/// <param name="Vectors">The number of vectors in a row of the tile.</param>
/// <param name="Steps">Where the steps of K lie in the left operand.</param>
/// <param name="ColumnVectors">How many vectors steps of K lie apart in the right operand; 0 if the distance is given.</param>
/// <param name="HasSegments">Whether K comes in segments, each with rows of its own.</param>
/// <param name="IsMasked">Whether only some lanes of the last vector are written and read, or of the last vector of steps are read.</param>
/// <param name="Turns">How many sums of each element the steps of K take turns with.</param>
/// <param name="RowBytes">
/// How far rows of the left operand are from one another if it is the same for all, as it is for those of the output then; otherwise 0. One
/// address does for all rows, which take more registers than there are if each has its own.
/// </param>
/// <param name="Taps">
/// How many steps of K follow each other as rows do, so that an element which is read once serves as many rows; only with even rows. Then
/// the arguments count them as one.
/// </param>
internal readonly record struct TileForm(
    int Rows,
    int Vectors,
    TileSteps Steps = TileSteps.Adjacent,
    int ColumnVectors = 0,
    bool HasSegments = false,
    bool IsMasked = false,
    int Turns = 1,
    int RowBytes = 0,
    int Taps = 1
);

/// <summary>
/// The innermost loops of a contraction: a tile of the output of so many rows and vectors is held in registers while K passes
/// by, one broadcast element of each row times one row of vectors at a time; then the next tile of the same rows. The sums of a
/// long K are added to the output section by section. The code is emitted for each form when it is first needed.
/// </summary>
internal static class TileKernel
{
    /// <summary>The largest number of rows of any tile.</summary>
    public const int MaxRows = 12;

    /// <summary>The largest number of vectors in a row of any tile.</summary>
    public const int MaxVectors = 8;

    private static readonly ConcurrentDictionary<(DTypeCode, int, TileForm), TileCode> Cache = new();

    /// <summary>The widest vectors of this machine, in bytes.</summary>
    public static readonly int NativeBytes =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? 64
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 32
        : 16;

    /// <summary>Whether parts of vectors can be read and written.</summary>
    public static bool HasMasks => NativeBytes == 64 && Avx512F.VL.IsSupported;

    /// <summary>The number of vector registers.</summary>
    public static int Registers(int vectorBytes) =>
        vectorBytes == 64 || RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 32 : 16;

    /// <summary>How many accumulators fit into the registers beside the operands.</summary>
    public static int Accumulators(int vectorBytes) =>
        Registers(vectorBytes) == 32 ? 24
        : vectorBytes == 32 ? 12
        : 8;

    /// <summary>The kernel of a form.</summary>
    public static TileCode Get(DType type, int vectorBytes, TileForm form)
    {
        var key = (type.Code, vectorBytes, form);
        return Cache.TryGetValue(key, out var code)
            ? code
            : Cache.GetOrAdd(key, new StepTile(type, vectorBytes, form).Emit());
    }
}
