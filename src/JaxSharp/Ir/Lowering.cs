using System;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Ir;

/// <summary>Reads an operand at an index, one i64 expression per axis; fusion may put the operand's own definition in its place.</summary>
internal delegate ScalarExpr ReadElement(params ScalarExpr[] index);

/// <summary>How a primitive is computed. The kind of the description is the primitive's trait for fusion.</summary>
internal abstract record Lowering
{
    /// <summary>Each element of the results from the elements of the operands at the same place; all shapes are equal.</summary>
    public sealed record Elementwise(Func<ScalarExpr[], ScalarExpr[]> Body) : Lowering;

    /// <summary>
    /// Each element of the one result from elements of the operands at computed places: views, padding, gathers, iota. A load in a
    /// branch of a select whose condition depends on indices happens only where the branch is taken; elsewhere the body moves
    /// computed places into range.
    /// </summary>
    /// <param name="Body">The element of the result at an index.</param>
    /// <param name="IsView">Whether the body does no more than read one operand at an affine place.</param>
    public sealed record Indexed(Func<ScalarExpr[], ReadElement[], ScalarExpr> Body, bool IsView = false) : Lowering;

    /// <summary>Each element of the one result by combining elements over an inner index space with a monoid.</summary>
    /// <param name="Monoid">The combining operation.</param>
    /// <param name="Inner">The extents of the inner index space.</param>
    /// <param name="Body">The element to combine, from the index of the result and the inner index.</param>
    public sealed record Reduction(
        Monoid Monoid,
        int[] Inner,
        Func<ScalarExpr[], ScalarExpr[], ReadElement[], ScalarExpr> Body
    ) : Lowering;

    /// <summary>A sum of products over shared axes: matrix products and convolutions.</summary>
    public sealed record Contraction(ContractionSpec Spec) : Lowering;

    /// <summary>A routine over whole dense operands: sorting, scatter, loops over programs.</summary>
    /// <param name="Create">Makes the routine.</param>
    public sealed record Routine(Func<Executable> Create) : Lowering;

    /// <summary>A program to put in place of the application.</summary>
    public sealed record Inline(Jaxpr Body) : Lowering;

    /// <summary>The operands themselves, one per result, unchanged in memory.</summary>
    public sealed record Alias : Lowering;
}
