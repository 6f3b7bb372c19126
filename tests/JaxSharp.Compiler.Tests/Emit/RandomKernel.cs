using System;
using System.Linq;
using CsCheck;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Tests.Emit;

/// <summary>Random kernels over one f32, one i32 and one f64 input of 4096 elements.</summary>
internal static class RandomKernel
{
    // The interpreter takes about a microsecond for a point.
    private const int MostPoints = 40_000;

    private static readonly DType[] Inputs = [DType.F32, DType.I32, DType.F64];

    public static readonly Gen<Kernel> Gen = CsCheck.Gen.Int.Select(Make);

    public static Kernel Make(int seed)
    {
        var random = new System.Random(seed);
        int points = MostPoints;
        int Extent(int most)
        {
            int extent = random.Next(1, Math.Min(most, points) + 1);
            points /= extent;
            return extent;
        }

        bool reduces = random.Next(2) == 0;
        int[] inner = reduces ? [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Extent(29))] : [];
        int[] grid = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Extent(39))];
        var output = random.Next(3) == 0 ? DType.F64 : DType.F32;
        var index = Flat(grid, 0);
        if (!reduces)
        {
            var value = Value(random, output, grid.Length, 4);
            return new Kernel(Inputs, [output], grid, [new Stage.Store(0, [], index, value)]);
        }

        var body = Value(random, output, grid.Length + inner.Length, 3);
        var monoid = random.Next(2) == 0 ? Monoid.Add : Monoid.Max;
        var reduced = Scalar.Reduced(0, output);
        if (random.Next(2) == 0)
        {
            return new Kernel(
                Inputs,
                [output],
                grid,
                [
                    new Stage.Reduce(monoid, inner, body),
                    new Stage.Store(0, [], index, Scalar.Mul(reduced, Scalar.Const(output, 0.5))),
                ]
            );
        }

        var place = Flat([.. grid, .. inner], 0);
        var stored = Scalar.Sub(Value(random, output, grid.Length + inner.Length, 2), reduced);
        return new Kernel(
            Inputs,
            [output],
            grid,
            [new Stage.Reduce(monoid, inner, body), new Stage.Store(0, inner, place, stored)]
        );
    }

    private static ScalarExpr Flat(int[] extents, int first)
    {
        ScalarExpr index = Scalar.Const(DType.I64, 0L);
        for (int axis = 0; axis < extents.Length; axis++)
        {
            index = Scalar.Add(
                Scalar.Mul(index, Scalar.Const(DType.I64, (long)extents[axis])),
                Scalar.Axis(first + axis)
            );
        }

        return index;
    }

    private static ScalarExpr Value(System.Random random, DType type, int axes, int depth)
    {
        if (depth == 0 || random.Next(8) == 0)
        {
            return Leaf(random, type, axes);
        }

        ScalarExpr Next() => Value(random, type, axes, depth - 1);
        return random.Next(10) switch
        {
            0 or 1 => Scalar.Add(Next(), Next()),
            2 or 3 => Scalar.Mul(Next(), Next()),
            4 => Scalar.Sub(Next(), Next()),
            5 => Scalar.Select(Scalar.Lt(Next(), Next()), Next(), Next()),
            6 => Scalar.Tanh(Next()),
            7 => Scalar.Max(Next(), Next()),
            8 => Scalar.Select(
                Scalar.Lt(Index(random, axes), Scalar.Const(DType.I64, random.NextInt64(40))),
                Next(),
                Scalar.Const(type, 1.5)
            ),
            _ => Scalar.Convert(Scalar.Add(Leaf(random, DType.I32, axes), Leaf(random, DType.I32, axes)), type),
        };
    }

    private static ScalarExpr Leaf(System.Random random, DType type, int axes)
    {
        if (random.Next(5) == 0)
        {
            return Scalar.Const(type, random.Next(-3, 4));
        }

        int input = random.Next(3);
        var load = Scalar.Load(input, Inputs[input], Index(random, axes));
        return Scalar.Convert(load, type);
    }

    // An index below 4096: affine, or with a quotient or a loaded number.
    private static ScalarExpr Index(System.Random random, int axes)
    {
        ScalarExpr index = Scalar.Const(DType.I64, random.NextInt64(20));
        for (int axis = 0; axis < axes; axis++)
        {
            long[] factors = [0, 1, 1, 2, 20];
            index = Scalar.Add(index, Scalar.Mul(Scalar.Axis(axis), Scalar.Const(DType.I64, factors[random.Next(5)])));
        }

        return random.Next(6) switch
        {
            0 => Scalar.Div(index, Scalar.Const(DType.I64, 3L)),
            1 => Scalar.Rem(index, Scalar.Const(DType.I64, 50L)),
            2 => Scalar.And(
                Scalar.Convert(Scalar.Load(1, DType.I32, index), DType.I64),
                Scalar.Const(DType.I64, 4095L)
            ),
            _ => index,
        };
    }
}
