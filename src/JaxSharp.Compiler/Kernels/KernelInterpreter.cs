using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// Runs kernels one element at a time: the meaning of a kernel, which emitted code must reproduce to the bit. It shares the
/// expansion and the order of reductions with the emitters.
/// </summary>
internal sealed unsafe class KernelInterpreter
{
    private static readonly nint Empty = (nint)NativeMemory.AllocZeroed(64);

    private readonly Kernel kernel;
    private readonly StageCode[] stages;
    private readonly int slots;

    /// <summary>Prepares a kernel.</summary>
    public KernelInterpreter(Kernel kernel)
        : this(Prepare(kernel), expanded: true) { }

    /// <summary>Prepares a kernel that is expanded already.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="expanded">True.</param>
    public KernelInterpreter(Kernel kernel, bool expanded)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(expanded, false);
        KernelVerifier.Verify(kernel);
        this.kernel = kernel;
        stages = new StageCode[kernel.Stages.Length];
        int next = 0;
        for (int i = 0; i < stages.Length; i++)
        {
            stages[i] = new StageCode(this.kernel, this.kernel.Stages[i], i, ref next);
        }

        slots = next;
    }

    /// <summary>A kernel in basic operations and with guarded loads, as interpreter and emitters take it.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="isSerial">Whether it is run an element at a time, each of which waits for the one before.</param>
    public static Kernel Prepare(Kernel kernel, bool isSerial = false)
    {
        KernelVerifier.Verify(kernel);
        return Expand.Run(GuardLoads.Run(kernel), isSerial);
    }

    /// <summary>The number of operations of a stage at an inner point, roughly.</summary>
    public static int Size(Stage stage)
    {
        var seen = new HashSet<ScalarExpr>();
        return stage is Stage.Store store
            ? Count(store.Index, seen) + Count(store.Value, seen)
            : Count(((Stage.Reduce)stage).Body, seen);

        static int Count(ScalarExpr expr, HashSet<ScalarExpr> seen)
        {
            if (!seen.Add(expr))
            {
                return 0;
            }

            int count = 1;
            foreach (var operand in expr.Operands)
            {
                count += Count(operand, seen);
            }

            return count;
        }
    }

    /// <summary>Runs a kernel once.</summary>
    public static void Run(Kernel kernel, ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
        new KernelInterpreter(kernel).Run(inputs, outputs);

    /// <summary>Runs the kernel; may be called on several threads at a time.</summary>
    public void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
        Run(inputs, outputs, new long[kernel.Grid.Length], Array.ConvertAll(kernel.Grid, extent => (long)extent));

    /// <summary>Runs the part of the grid from a start up to an end along each axis.</summary>
    public void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs, long[] starts, long[] ends)
    {
        for (int axis = 0; axis < starts.Length; axis++)
        {
            if (starts[axis] >= ends[axis])
            {
                return;
            }
        }

        var values = new ulong[slots];
        foreach (var stage in stages)
        {
            stage.Constants.CopyTo(values, stage.FirstConstant);
        }

        var safe = inputs.ToArray();
        for (int i = 0; i < safe.Length; i++)
        {
            safe[i] = safe[i] == 0 ? Empty : safe[i];
        }

        var reduced = new ulong[stages.Length];
        long[] grid = [.. starts];
        do
        {
            for (int i = 0; i < stages.Length; i++)
            {
                RunStage(stages[i], grid, reduced, values, safe, outputs);
            }
        } while (Advance(grid, starts, ends));
    }

    private static bool Advance(long[] index, ReadOnlySpan<long> starts, ReadOnlySpan<long> ends)
    {
        for (int axis = ends.Length - 1; axis >= 0; axis--)
        {
            if (++index[axis] < ends[axis])
            {
                return true;
            }

            index[axis] = starts[axis];
        }

        return false;
    }

    private static void RunStage(
        StageCode code,
        long[] grid,
        ulong[] reduced,
        ulong[] values,
        nint[] inputs,
        ReadOnlySpan<nint> outputs
    )
    {
        for (int axis = 0; axis < grid.Length; axis++)
        {
            values[code.FirstAxis + axis] = (ulong)grid[axis];
        }

        for (int i = 0; i < reduced.Length; i++)
        {
            values[code.FirstReduced + i] = reduced[i];
        }

        Execute(code.PerGridPoint, values, inputs);
        int innerStart = code.FirstAxis + grid.Length;
        var inner = new long[code.InnerEnds.Length];
        var order = code.Stage is Stage.Reduce reduce
            ? new ReductionOrder.Accumulator(reduce.Order ?? ReductionOrder.Sequential, reduce)
            : null;
        if (code.Stage.InnerSize > 0)
        {
            do
            {
                for (int axis = 0; axis < inner.Length; axis++)
                {
                    values[innerStart + axis] = (ulong)inner[axis];
                }

                Execute(code.PerInnerPoint, values, inputs);
                if (order is null)
                {
                    StoreElement(outputs[code.Output], code.OutputSize, (long)values[code.Index], values[code.Value]);
                }
                else
                {
                    order.Add(inner, values[code.Value]);
                }
            } while (Advance(inner, code.InnerStarts, code.InnerEnds));
        }

        if (order is not null)
        {
            reduced[code.Number] = order.Finish();
        }
    }

    private static void Execute(Instruction[] code, ulong[] values, nint[] inputs)
    {
        foreach (var step in code)
        {
            values[step.Target] = step.Kind switch
            {
                InstructionKind.Load => LoadElement(inputs[step.A], step.B, (long)values[step.C]),
                InstructionKind.Convert => ScalarValue.Convert(step.From, step.To, values[step.A]),
                InstructionKind.Copy => values[step.A],
                _ => ScalarValue.Apply(step.Op, step.Type, values[step.A], values[step.B], values[step.C]),
            };
        }
    }

    private static ulong LoadElement(nint address, int size, long index) =>
        size switch
        {
            1 => ((byte*)address)[index],
            2 => ((ushort*)address)[index],
            4 => ((uint*)address)[index],
            _ => ((ulong*)address)[index],
        };

    private static void StoreElement(nint address, int size, long index, ulong value)
    {
        switch (size)
        {
            case 1:
                ((byte*)address)[index] = (byte)value;
                break;
            case 2:
                ((ushort*)address)[index] = (ushort)value;
                break;
            case 4:
                ((uint*)address)[index] = (uint)value;
                break;
            default:
                ((ulong*)address)[index] = value;
                break;
        }
    }

    private enum InstructionKind
    {
        Apply,
        Convert,
        Copy,
        Load,
    }

    private sealed record Instruction(
        InstructionKind Kind,
        int Target,
        int A,
        int B,
        int C,
        ScalarOp Op,
        DTypeCode Type,
        DType From,
        DType To
    );

    /// <summary>Straight-line code of a stage over numbered slots: what depends on the grid point only, and the rest.</summary>
    private sealed class StageCode
    {
        private readonly Dictionary<ScalarExpr, int> slotOf = [];
        private readonly Dictionary<ScalarExpr, bool> varies = [];
        private readonly List<ulong> constants = [];
        private readonly List<Instruction> perGridPoint = [];
        private readonly List<Instruction> perInnerPoint = [];
        private int next;

        public StageCode(Kernel kernel, Stage stage, int number, ref int next)
        {
            Kernel = kernel;
            Stage = stage;
            Number = number;
            InnerStarts = new long[stage.Inner.Length];
            InnerEnds = Array.ConvertAll(stage.Inner, extent => (long)extent);
            FirstAxis = next;
            FirstReduced = FirstAxis + kernel.Grid.Length + stage.Inner.Length;
            FirstConstant = FirstReduced + kernel.Stages.Length;
            ScalarExpr[] roots = stage is Stage.Store store ? [store.Index, store.Value] : [((Stage.Reduce)stage).Body];
            CollectConstants(roots, []);
            this.next = FirstConstant + constants.Count;
            Value = SlotOf(roots[^1]);
            if (stage is Stage.Store target)
            {
                Index = SlotOf(roots[0]);
                Output = target.Output;
                OutputSize = kernel.Outputs[target.Output].Size;
            }

            Constants = [.. constants];
            PerGridPoint = [.. perGridPoint];
            PerInnerPoint = [.. perInnerPoint];
            next = this.next;
        }

        public Kernel Kernel { get; }

        public Stage Stage { get; }

        public int Number { get; }

        public long[] InnerStarts { get; }

        public long[] InnerEnds { get; }

        public int FirstAxis { get; }

        public int FirstReduced { get; }

        public int FirstConstant { get; }

        public ulong[] Constants { get; }

        public Instruction[] PerGridPoint { get; }

        public Instruction[] PerInnerPoint { get; }

        public int Value { get; }

        public int Index { get; }

        public int Output { get; }

        public int OutputSize { get; }

        private void CollectConstants(ReadOnlySpan<ScalarExpr> exprs, HashSet<ScalarExpr> seen)
        {
            foreach (var expr in exprs)
            {
                if (!seen.Add(expr))
                {
                    continue;
                }

                if (expr is ScalarExpr.Const constant)
                {
                    slotOf[expr] = FirstConstant + constants.Count;
                    constants.Add(constant.Bits);
                }

                CollectConstants(expr.Operands, seen);
            }
        }

        private bool Varies(ScalarExpr expr)
        {
            if (varies.TryGetValue(expr, out bool known))
            {
                return known;
            }

            bool result = expr is ScalarExpr.Axis axis && axis.Number >= Kernel.Grid.Length;
            foreach (var operand in expr.Operands)
            {
                result |= Varies(operand);
            }

            return varies[expr] = result;
        }

        private int SlotOf(ScalarExpr expr)
        {
            if (slotOf.TryGetValue(expr, out int known))
            {
                return known;
            }

            int slot = expr switch
            {
                ScalarExpr.Axis axis => FirstAxis + axis.Number,
                ScalarExpr.Reduced reduced => FirstReduced + reduced.Stage,
                _ => Emit(expr),
            };
            slotOf[expr] = slot;
            return slot;
        }

        private int Emit(ScalarExpr expr)
        {
            Span<int> operands = [0, 0, 0];
            for (int i = 0; i < expr.Operands.Length; i++)
            {
                operands[i] = SlotOf(expr.Operands[i]);
            }

            int target = next++;
            var from = expr.Operands[^1].Type;
            var step = expr switch
            {
                ScalarExpr.Load load => new Instruction(
                    InstructionKind.Load,
                    target,
                    load.Input,
                    load.Type.Size,
                    operands[0],
                    default,
                    default,
                    from,
                    from
                ),
                ScalarExpr.Op op => new Instruction(
                    op.Code switch
                    {
                        ScalarOp.Convert => InstructionKind.Convert,
                        ScalarOp.Bitcast => InstructionKind.Copy,
                        _ => InstructionKind.Apply,
                    },
                    target,
                    operands[0],
                    operands[1],
                    operands[2],
                    op.Code,
                    from.Code,
                    from,
                    op.Type
                ),
                _ => throw new ArgumentException($"{expr.GetType().Name} in an expanded kernel."),
            };
            (Varies(expr) ? perInnerPoint : perGridPoint).Add(step);
            return target;
        }
    }
}
