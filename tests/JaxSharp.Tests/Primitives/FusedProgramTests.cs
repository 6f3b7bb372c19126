using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using JaxSharp.Execution;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.TestKit;
using JaxSharp.Tracing;
using JaxSharp.Transforms;
using Xunit;

namespace JaxSharp.Tests.Primitives;

/// <summary>Random programs give the same compiled as a whole as one operation at a time.</summary>
public sealed class FusedProgramTests
{
    private static readonly DType[] Types =
    [
        DType.F32,
        DType.F64,
        DType.I32,
        DType.I64,
        DType.U8,
        DType.I16,
        DType.C64,
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 42)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void FusedEqualsEager(int seed)
    {
        using JaxConfig.Scope scope = JaxConfig.X64();
        DType dtype = Types[seed % Types.Length];
        double low = dtype.IsUnsigned ? 0 : -2;
        NDArray[] inputs =
        [
            new Sample($"{dtype}[5,7]", low, 2).Draw(seed),
            new Sample($"{dtype}[5,7]", low, 2).Draw(seed + 1000),
            new Sample($"{dtype}[7,5]", low, 2).Draw(seed + 2000),
            new Sample($"{dtype}[]", low, 2).Draw(seed + 3000),
        ];
        NDArray[] eager = Run(inputs, seed);
        (Jaxpr jaxpr, NDArray[] constants) = Staging.StageClosed(
            xs => Run(xs, seed),
            Array.ConvertAll(inputs, x => x.Type)
        );
        NDArray[] fused = ProgramCompiler.Compile(jaxpr).Run([.. constants, .. inputs]);
        double tolerance =
            dtype.RealType == DType.F32 ? 1e-4
            : dtype == DType.F64 ? 1e-11
            : 0;
        for (int i = 0; i < eager.Length; i++)
        {
            Assert.Equal(eager[i].Type, fused[i].Type);
            (Complex[] a, Complex[] b) = (HostArray.Read(eager[i]), HostArray.Read(fused[i]));
            for (int k = 0; k < a.Length; k++)
            {
                bool same = a[k].Equals(b[k]) || (a[k] - b[k]).Magnitude <= tolerance * (1 + a[k].Magnitude);
                Assert.True(same, $"result {i}, element {k}: fused {b[k]}, eager {a[k]}\n{jaxpr}");
            }
        }
    }

    // All values have the shape (5, 7); operations keep them bounded.
    private static NDArray[] Run(NDArray[] xs, int seed)
    {
        var random = new System.Random(seed);
        var values = new List<NDArray>
        {
            xs[0],
            xs[1],
            new PermuteAxes([1, 0]).Bind(xs[2]),
            Operators.BroadcastScalar(xs[3], xs[0].Shape),
        };
        for (int step = 0; step < 14; step++)
        {
            values.Add(Next(random, Pick(random, values), Pick(random, values)));
        }

        return [values[^1], values[^2], new ReduceSum([0]).Bind(values[^3]), new ReduceSum([0, 1]).Bind(values[^4])];
    }

    private static NDArray Pick(System.Random random, List<NDArray> values) => values[random.Next(values.Count)];

    private static NDArray Next(System.Random random, NDArray x, NDArray y)
    {
        DType dtype = x.DType;
        NDArray half = Operators.FullLike(x, dtype.IsInexact ? 0.5 : 1);
        switch (random.Next(12))
        {
            case 0:
                return new Mul().Bind(new Add().Bind(x, y), half);
            case 1:
                return new Sub().Bind(x, y);
            case 2:
                return new Max().Bind(x, y);
            case 3:
                return new SelectN().Bind(new Eq().Bind(x, y), x, half);
            case 4:
                return dtype.IsInexact ? new Tanh().Bind(new Mul().Bind(x, y)) : new And().Bind(x, y);
            case 5:
                return dtype.IsInexact ? new Sin().Bind(x) : new Xor().Bind(x, y);
            case 6:
                return new Rev(1).Bind(x);
            case 7:
                var padded = new Pad([new PadDimension(1, -1, 0), default]);
                return padded.Bind(x, DeviceArray.Scalar(1L, dtype, weak: false));
            case 8:
                return Shares(x, new ReduceMax([1]).Bind(x));
            case 9:
                return new Concatenate(1).Bind(Slice.InDim(x, 0, 3, 1), Slice.InDim(y, 3, 7, 1));
            case 10:
                return new Min().Bind(x, new Reshape((5, 7)).Bind(new Reshape(35).Bind(y)));
            default:
                return new ConvertElementType(dtype, false).Bind(
                    new ConvertElementType(dtype.IsComplex ? DType.C128 : DType.F64, false).Bind(x)
                );
        }
    }

    private static NDArray Shares(NDArray x, NDArray perRow) =>
        new Sub().Bind(new BroadcastInDim(x.Shape, [0]).Bind(perRow), x);
}
