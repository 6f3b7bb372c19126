using System;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Compiled work over raw memory: addresses of dense or strided operands in, results written to the output addresses. What
/// the addresses mean (types, shapes, strides) was fixed when the executable was made. It keeps no state between runs and may
/// run on several threads at a time.
/// </summary>
internal abstract class Executable
{
    /// <summary>
    /// Runs once. The caller keeps the memory behind the addresses alive. An output may be an input's memory only where the
    /// executable says so.
    /// </summary>
    public abstract void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs);
}

/// <summary>
/// An executable that changes parts of its first operand; its first result is what comes out. It copies the operand unless both
/// have the same memory, which they may have.
/// </summary>
internal interface IUpdatesInPlace;

/// <summary>Compiled work on the elements of a matrix that can be done block by block.</summary>
internal abstract class BlockExecutable : Executable
{
    /// <summary>Works on the rows and columns from a start up to an end.</summary>
    public abstract void Run(
        ReadOnlySpan<nint> inputs,
        ReadOnlySpan<nint> outputs,
        (long Start, long End) rows,
        (long Start, long End) columns
    );
}
