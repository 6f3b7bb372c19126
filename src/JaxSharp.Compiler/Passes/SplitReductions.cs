using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Passes;

/// <summary>Kernels that run one after the other over the same memory.</summary>
/// <param name="Kernels">The kernels; temporaries follow the inputs and follow the outputs of each.</param>
/// <param name="Temporaries">The bytes of the temporaries.</param>
internal sealed record KernelSequence(Kernel[] Kernels, long[] Temporaries);

/// <summary>
/// Cuts kernels with few grid points and long reductions into kernels that leave room for threads: partial reductions over blocks, then
/// their combination, then the stores with their inner axes as grid axes. The cut depends on extents only.
/// </summary>
internal sealed class SplitReductions
{
    private const long LargeWork = 1 << 18;
    private const int FewChunks = 8;

    private readonly Kernel kernel;
    private readonly List<Kernel> kernels = [];
    private readonly List<Held> temporaries = [];
    private readonly Dictionary<int, int> resultOf = [];

    private SplitReductions(Kernel kernel) => this.kernel = kernel;

    /// <summary>
    /// The kernels in place of a simplified one, null if that is to stay. Their inputs are those of the kernel and then the temporaries, and their outputs likewise.
    /// </summary>
    public static KernelSequence? Run(Kernel kernel, int vectorAxis)
    {
        long chunks =
            vectorAxis < 0
                ? kernel.GridSize
                : kernel.GridSize / kernel.Grid[vectorAxis] * ((kernel.Grid[vectorAxis] + 255) / 256);
        long longest = 0;
        foreach (var reduce in kernel.Stages.OfType<Stage.Reduce>())
        {
            longest = Math.Max(longest, reduce.InnerSize);
        }

        if (chunks >= FewChunks || kernel.GridSize == 0 || longest < 4096 || longest * kernel.GridSize < LargeWork)
        {
            return null;
        }

        var pass = new SplitReductions(kernel);
        for (int i = 0; i < kernel.Stages.Length; i++)
        {
            if (kernel.Stages[i] is Stage.Reduce reduce)
            {
                pass.Split(reduce, i);
            }
            else
            {
                pass.Spread((Stage.Store)kernel.Stages[i]);
            }
        }

        // Types of temporaries are known only now.
        DType[] added = [.. pass.temporaries.Select(temporary => temporary.Type)];
        return new KernelSequence(
            [
                .. pass.kernels.Select(part => new Kernel(
                    [.. kernel.Inputs, .. added],
                    [.. kernel.Outputs, .. added],
                    part.Grid,
                    part.Stages
                )),
            ],
            [.. pass.temporaries.Select(temporary => temporary.Size * temporary.Type.Size)]
        );
    }

    private void Split(Stage.Reduce reduce, int number)
    {
        int grid = kernel.Grid.Length;
        long points = kernel.GridSize;
        var body = WithResults(reduce.Body);
        int blocks;
        int partials;
        if (reduce.Inner.Length > 1)
        {
            // The outermost inner axis moves to the grid and keeps its number.
            blocks = reduce.Inner[0];
            partials = Temporary(reduce.Accumulation, points * blocks);
            Partial([.. kernel.Grid, blocks], reduce.Inner[1..], body, Scalar.Axis(grid));
        }
        else
        {
            int extent = reduce.Inner.Length == 0 ? 1 : reduce.Inner[0];
            int block = Math.Clamp((int)(16384 / points) / 256 * 256, 256, 16384);
            int full = extent / block;
            int rest = extent % block;
            blocks = full + (rest > 0 ? 1 : 0);
            partials = Temporary(reduce.Accumulation, points * blocks);
            var position = Scalar.Axis(grid) * Index(block) + Scalar.Axis(grid + 1);
            if (full > 0)
            {
                Partial([.. kernel.Grid, full], [block], Substituted(body, grid, position), Scalar.Axis(grid));
            }

            if (rest > 0)
            {
                var last = Index((long)full * block) + Scalar.Axis(grid);
                Partial(kernel.Grid, [rest], Substituted(body, grid, last), Index(full));
            }
        }

        resultOf[number] = Temporary(reduce.Accumulation, points);
        var loaded = Scalar.Load(
            kernel.Inputs.Length + partials,
            reduce.Accumulation,
            Scalar.Axis(grid) * Index(points) + Point()
        );
        Add(
            kernel.Grid,
            [
                new Stage.Reduce(reduce.Monoid, [blocks], loaded, reduce.Accumulation),
                new Stage.Store(
                    kernel.Outputs.Length + resultOf[number],
                    [],
                    Point(),
                    Scalar.Reduced(0, reduce.Accumulation)
                ),
            ]
        );

        void Partial(int[] extents, int[] inner, ScalarExpr value, ScalarExpr block) =>
            Add(
                extents,
                [
                    new Stage.Reduce(reduce.Monoid, inner, value, reduce.Accumulation),
                    new Stage.Store(
                        kernel.Outputs.Length + partials,
                        [],
                        block * Index(points) + Point(),
                        Scalar.Reduced(0, reduce.Accumulation)
                    ),
                ]
            );
    }

    // Inner axes have the numbers of the grid axes that they become.
    private void Spread(Stage.Store store) =>
        Add(
            [.. kernel.Grid, .. store.Inner],
            [new Stage.Store(store.Output, [], WithResults(store.Index), WithResults(store.Value))]
        );

    private void Add(int[] grid, Stage[] stages) => kernels.Add(new Kernel([], [], grid, stages));

    private int Temporary(DType type, long size)
    {
        temporaries.Add(new Held(type, size));
        return temporaries.Count - 1;
    }

    private ScalarExpr WithResults(ScalarExpr expr) =>
        new Rewriter(part =>
            part is ScalarExpr.Reduced reduced
                ? Scalar.Load(kernel.Inputs.Length + resultOf[reduced.Stage], reduced.Type, Point())
                : part
        ).Of(expr);

    private static ScalarExpr Substituted(ScalarExpr expr, int axis, ScalarExpr position) =>
        new Rewriter(part => part is ScalarExpr.Axis found && found.Number == axis ? position : part).Of(expr);

    // The number of the grid point.
    private ScalarExpr Point()
    {
        var point = Index(0);
        for (int axis = 0; axis < kernel.Grid.Length; axis++)
        {
            point = point * Index(kernel.Grid[axis]) + Scalar.Axis(axis);
        }

        return point;
    }

    private static ScalarExpr Index(long value) => Scalar.Const(DType.I64, value);

    private sealed record Held(DType Type, long Size);
}
