using System;
using System.Collections.Concurrent;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Contractions;

/// <summary>How an operand of an epilogue is read for the element at a row and a column of the output.</summary>
internal enum EpilogueAccess
{
    /// <summary>At the same place: an array of the output's shape.</summary>
    Same,

    /// <summary>By the column: a vector along the output's last axis, such as a bias.</summary>
    Column,

    /// <summary>A single element.</summary>
    Scalar,
}

/// <summary>An operand of an epilogue.</summary>
internal readonly record struct EpilogueOperand(DType DType, EpilogueAccess Access);

/// <summary>
/// Elementwise work on the finished elements of a contraction, done block by block while they are in cache. The output is seen as
/// a dense matrix whose columns are its last axis. In <paramref name="value"/> input 0 is the finished element and input i + 1
/// is operand i, read at <see cref="Place"/>.
/// </summary>
/// <param name="value">What is stored.</param>
/// <param name="operands">What is read besides the finished element.</param>
/// <param name="dtype">The type of the finished element and of what is stored.</param>
/// <param name="rows">The rows of the output.</param>
/// <param name="columns">The columns of the output.</param>
/// <param name="compile">Compiles a kernel: the compiler's root, which this folder is below.</param>
internal sealed unsafe class ContractionEpilogue(
    ScalarExpr value,
    EpilogueOperand[] operands,
    DType dtype,
    long rows,
    int columns,
    Func<Kernel, BlockExecutable> compile
)
{
    private readonly BlockExecutable code = compile(
        new Kernel(
            [dtype, .. operands.Select(operand => operand.DType)],
            [dtype],
            [checked((int)rows), columns],
            [new Stage.Store(0, [], Place(EpilogueAccess.Same, columns), value)]
        )
    );

    /// <summary>The number of operands.</summary>
    public int OperandCount => operands.Length;

    /// <summary>The columns of the output.</summary>
    public int Columns => columns;

    /// <summary>The element type of the output.</summary>
    public DType DType => dtype;

    /// <summary>The index at which an input of the epilogue's kernel is read.</summary>
    public static ScalarExpr Place(EpilogueAccess access, int columns) =>
        access switch
        {
            EpilogueAccess.Same => Scalar.Add(
                Scalar.Mul(Scalar.Axis(0), Scalar.Const(DType.I64, (long)columns)),
                Scalar.Axis(1)
            ),
            EpilogueAccess.Column => Scalar.Axis(1),
            _ => Scalar.Const(DType.I64, 0L),
        };

    /// <summary>Works on the whole output, for contractions that do not go by blocks.</summary>
    public void ApplyToAll(ReadOnlySpan<nint> sources, nint output) =>
        Apply(sources, output, 0, 0, checked((int)rows), columns);

    /// <summary>Works on a block.</summary>
    /// <param name="sources">The memory of the operands.</param>
    /// <param name="output">The memory of the whole output.</param>
    /// <param name="row">The first row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="columnCount">The number of columns.</param>
    public void Apply(ReadOnlySpan<nint> sources, nint output, long row, int column, int rowCount, int columnCount)
    {
        Span<nint> inputs = stackalloc nint[operands.Length + 1];
        inputs[0] = output;
        sources.CopyTo(inputs[1..]);
        code.Run(inputs, new ReadOnlySpan<nint>(in output), (row, row + rowCount), (column, column + columnCount));
    }
}

/// <summary>A contraction whose epilogue runs over the whole output afterwards.</summary>
internal sealed class ContractionThenEpilogue(Executable contraction, ContractionEpilogue epilogue) : Executable
{
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        contraction.Run(inputs[..2], outputs);
        epilogue.ApplyToAll(inputs[2..], outputs[0]);
    }
}
