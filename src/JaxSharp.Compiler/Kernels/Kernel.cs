using System;
using System.Linq;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// A loop nest: at every point of a grid the stages run in order. Grid axes are numbered from 0; the inner axes of a stage are
/// numbered on from there. Inputs and outputs are flat memory of real element types; what an output holds where nothing is
/// stored stays. Grid points run in any order and at the same time, so that no two may store to one place.
/// </summary>
/// <param name="inputs">The element types of the inputs.</param>
/// <param name="outputs">The element types of the outputs.</param>
/// <param name="grid">The extents of the grid axes.</param>
/// <param name="stages">What is done at a grid point.</param>
internal sealed class Kernel(DType[] inputs, DType[] outputs, int[] grid, Stage[] stages)
{
    /// <summary>The element types of the inputs.</summary>
    public DType[] Inputs { get; } = inputs;

    /// <summary>The element types of the outputs.</summary>
    public DType[] Outputs { get; } = outputs;

    /// <summary>The extents of the grid axes.</summary>
    public int[] Grid { get; } = grid;

    /// <summary>What is done at a grid point, in order.</summary>
    public Stage[] Stages { get; } = stages;

    /// <summary>The number of grid points.</summary>
    public long GridSize => Grid.Aggregate(1L, (size, extent) => size * extent);

    /// <summary>The kernel in the notation of <see cref="KernelPrinter"/>.</summary>
    public override string ToString() => KernelPrinter.Print(this);
}

/// <summary>A step at a grid point, with loops of its own.</summary>
/// <param name="inner">The extents of the loops.</param>
internal abstract class Stage(int[] inner)
{
    /// <summary>The extents of the inner axes, outermost first.</summary>
    public int[] Inner { get; } = inner;

    /// <summary>The number of points of the inner loops.</summary>
    public long InnerSize => Inner.Aggregate(1L, (size, extent) => size * extent);

    /// <summary>Combines the values of the body over the inner axes; later stages refer to the result by the stage's number.</summary>
    /// <param name="monoid">The combining operation.</param>
    /// <param name="inner">The extents of the inner axes.</param>
    /// <param name="body">The values to combine.</param>
    /// <param name="accumulation">The type in which they are combined, which is the type of the result; null for the body's type.</param>
    /// <param name="order">The order in which they are combined; null where that is left to the compiler.</param>
    public sealed class Reduce(
        Monoid monoid,
        int[] inner,
        ScalarExpr body,
        DType? accumulation = null,
        ReductionOrder? order = null
    ) : Stage(inner)
    {
        /// <summary>The order in which values are combined, once it is fixed.</summary>
        public ReductionOrder? Order { get; } = order;

        /// <summary>The combining operation.</summary>
        public Monoid Monoid { get; } = monoid;

        /// <summary>The values to combine.</summary>
        public ScalarExpr Body { get; } = body;

        /// <summary>The type in which values are combined, and of the result.</summary>
        public DType Accumulation { get; } = accumulation ?? body.Type;
    }

    /// <summary>Stores a value for every point of the inner axes.</summary>
    /// <param name="output">The number of the output.</param>
    /// <param name="inner">The extents of the inner axes.</param>
    /// <param name="index">The i64 number of the element in the output's memory.</param>
    /// <param name="value">The value, of the output's type.</param>
    public sealed class Store(int output, int[] inner, ScalarExpr index, ScalarExpr value) : Stage(inner)
    {
        /// <summary>The number of the output.</summary>
        public int Output { get; } = output;

        /// <summary>The i64 number of the element in the output's memory.</summary>
        public ScalarExpr Index { get; } = index;

        /// <summary>The value.</summary>
        public ScalarExpr Value { get; } = value;
    }
}

/// <summary>An associative operation with a neutral element.</summary>
internal enum Monoid
{
    /// <summary>Sum; on bool: or.</summary>
    Add,

    /// <summary>Product; on bool: and.</summary>
    Mul,

    /// <summary>Maximum; a NaN wins.</summary>
    Max,

    /// <summary>Minimum; a NaN wins.</summary>
    Min,

    /// <summary>Bitwise and.</summary>
    And,

    /// <summary>Bitwise or.</summary>
    Or,

    /// <summary>Bitwise exclusive or.</summary>
    Xor,
}

/// <summary>Operation and neutral element of a <see cref="Monoid"/>.</summary>
internal static class Monoids
{
    /// <summary>Combines two values.</summary>
    public static ScalarExpr Combine(this Monoid monoid, ScalarExpr x, ScalarExpr y) =>
        monoid switch
        {
            Monoid.Add => Scalar.Add(x, y),
            Monoid.Mul => Scalar.Mul(x, y),
            Monoid.Max => Scalar.Max(x, y),
            Monoid.Min => Scalar.Min(x, y),
            Monoid.And => Scalar.And(x, y),
            Monoid.Or => Scalar.Or(x, y),
            _ => Scalar.Xor(x, y),
        };

    /// <summary>The neutral element: the result of combining nothing.</summary>
    public static ScalarExpr Neutral(this Monoid monoid, DType type) =>
        monoid switch
        {
            Monoid.Add or Monoid.Or or Monoid.Xor => Scalar.Const(type, 0L),
            Monoid.Mul => Scalar.Const(type, 1L),
            Monoid.And => type.IsBool ? Scalar.Const(true) : Scalar.Const(type, -1L),
            Monoid.Max => Lowest(type),
            _ => Highest(type),
        };

    private static ScalarExpr Lowest(DType type) =>
        type.IsFloating ? Scalar.Const(type, double.NegativeInfinity)
        : type.IsSigned ? Scalar.ConstBits(type, 1ul << (type.Size * 8 - 1))
        : Scalar.Const(type, 0L);

    private static ScalarExpr Highest(DType type) =>
        type.IsFloating ? Scalar.Const(type, double.PositiveInfinity)
        : type.IsSigned ? Scalar.ConstBits(type, (1ul << (type.Size * 8 - 1)) - 1)
        : type.IsBool ? Scalar.Const(true)
        : Scalar.Const(type, -1L);
}
