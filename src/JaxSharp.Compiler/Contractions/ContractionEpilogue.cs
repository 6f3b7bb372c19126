using System;
using System.Collections.Generic;
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
/// a dense matrix whose columns are its last axis. In <paramref name="values"/> input 0 is the finished element and input i + 1
/// is operand i, read at <see cref="Place"/>.
/// </summary>
/// <param name="values">
/// What is stored in each output, all of which have the contraction's shape. The first output is where the contraction leaves the
/// finished elements; null there keeps them.
/// </param>
/// <param name="operands">What is read besides the finished element.</param>
/// <param name="dtype">The type of the finished element, and so of the first output.</param>
/// <param name="rows">The rows of the output.</param>
/// <param name="columns">The columns of the output.</param>
/// <param name="compile">Compiles a kernel: the compiler's root, which this folder is below.</param>
internal sealed class ContractionEpilogue(
    ScalarExpr?[] values,
    EpilogueOperand[] operands,
    DType dtype,
    long rows,
    int columns,
    Func<Kernel, BlockExecutable> compile
)
{
    /// <summary>The compiled kernel.</summary>
    public BlockExecutable Code { get; } =
        compile(
            new Kernel(
                [dtype, .. operands.Select(operand => operand.DType)],
                [dtype, .. values.Skip(1).Select(value => value!.Type)],
                [checked((int)rows), columns],
                [.. Stores(values, columns)]
            )
        );

    /// <summary>The rows of the output.</summary>
    public int Rows { get; } = checked((int)rows);

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

    // What takes the place of the finished elements comes last.
    private static IEnumerable<Stage> Stores(ScalarExpr?[] values, int columns)
    {
        for (int i = values.Length - 1; i >= 0; i--)
        {
            if (values[i] is { } value)
            {
                yield return new Stage.Store(i, [], Place(EpilogueAccess.Same, columns), value);
            }
        }
    }
}

/// <summary>An epilogue with the memory that one run of a contraction works on; nothing is done where there is none.</summary>
internal readonly unsafe struct EpilogueRun
{
    private readonly ContractionEpilogue? epilogue;
    private readonly nint* memory;
    private readonly int inputs;
    private readonly int outputs;

    /// <summary>Takes the operands of an epilogue, which follow the two of the contraction.</summary>
    /// <param name="epilogue">The epilogue, if any.</param>
    /// <param name="inputs">What the contraction is run with.</param>
    /// <param name="outputs">What it is to write, the finished elements first.</param>
    /// <param name="memory">A place on the stack for as many addresses as there are inputs and outputs.</param>
    public EpilogueRun(
        ContractionEpilogue? epilogue,
        ReadOnlySpan<nint> inputs,
        ReadOnlySpan<nint> outputs,
        nint* memory
    )
    {
        this.epilogue = epilogue;
        this.memory = memory;
        this.inputs = inputs.Length - 1;
        this.outputs = outputs.Length;
        memory[0] = outputs[0];
        inputs[2..].CopyTo(new Span<nint>(memory + 1, inputs.Length - 2));
        outputs.CopyTo(new Span<nint>(memory + this.inputs, outputs.Length));
    }

    /// <summary>Works on a block.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="columnCount">The number of columns.</param>
    public void Apply(long row, int column, int rowCount, int columnCount) =>
        epilogue?.Code.Run(
            new ReadOnlySpan<nint>(memory, inputs),
            new ReadOnlySpan<nint>(memory + inputs, outputs),
            (row, row + rowCount),
            (column, column + columnCount)
        );
}

/// <summary>A contraction whose epilogue runs over the whole output afterwards.</summary>
internal sealed unsafe class ContractionThenEpilogue(Executable contraction, ContractionEpilogue epilogue) : Executable
{
    // Elements in a chunk.
    private const int ChunkSize = 1 << 14;

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        contraction.Run(inputs[..2], outputs[..1]);
        var memory = stackalloc nint[inputs.Length + outputs.Length];
        int rows = Math.Max(1, ChunkSize / epilogue.Columns);
        var chunks = new Chunks(
            new EpilogueRun(epilogue, inputs, outputs, memory),
            (epilogue.Rows, rows),
            epilogue.Columns
        );
        WorkerPool.Run(((epilogue.Rows - 1) / rows) + 1, ref chunks);
    }

    private readonly struct Chunks(EpilogueRun run, (int All, int Some) rows, int columns) : IParallelWork
    {
        public void Invoke(int chunk)
        {
            int start = chunk * rows.Some;
            run.Apply(start, 0, Math.Min(rows.Some, rows.All - start), columns);
        }
    }
}
