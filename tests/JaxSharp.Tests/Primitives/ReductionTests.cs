using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.TestKit;
using JaxSharp.Tracing;
using Xunit;

namespace JaxSharp.Tests.Primitives;

/// <summary>Reductions of every element type over few, many and no elements, against a plain loop.</summary>
public sealed class ReductionTests
{
    private static readonly (string Shape, int[] Axes)[] Extents =
    [
        ("", []),
        ("0,3", [0]),
        ("3,0", [1]),
        ("5,7", [0]),
        ("5,7", [1]),
        ("3,4,5", [0, 2]),
        ("2,70", [1]),
        ("70,2", [0]),
        ("1000", [0]),
    ];

    public static TheoryData<string, string> Rows =>
        [
            .. from name in new[] { "sum", "prod", "max", "min", "and", "or", "xor" }
            from dtype in DType.All
            where name is "max" or "min" || !dtype.IsBool || name is "and" or "or" or "xor"
            where dtype.IsBool || dtype.IsInteger || name is "sum" or "prod" or "max" or "min"
            select (name, dtype.Name),
        ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void CombinesAllElements(string name, string type)
    {
        using JaxConfig.Scope scope = JaxConfig.X64();
        DType dtype = DType.Parse(type)!;
        foreach ((string shape, int[] axes) in Extents)
        {
            // Products stay in range when all factors are near 1.
            double low = dtype.IsComplex ? 0.69 : 0.98;
            bool isSmall = name == "prod" && !dtype.IsInteger;
            NDArray x = new Sample(
                $"{dtype}[{shape}]",
                isSmall ? low
                    : dtype.IsUnsigned ? 0
                    : -3,
                isSmall ? low + 0.04 : 3
            ).Draw(7);
            Primitive primitive = Make(name, axes);
            NDArray got = primitive.Bind(x);
            Assert.Equal(primitive.Infer([x.Type])[0], got.Type);
            Check(name, x, axes, got);
        }
    }

    private static Primitive Make(string name, int[] axes) =>
        name switch
        {
            "sum" => new ReduceSum(axes),
            "prod" => new ReduceProd(axes),
            "max" => new ReduceMax(axes),
            "min" => new ReduceMin(axes),
            "and" => new ReduceAnd(axes),
            "or" => new ReduceOr(axes),
            _ => new ReduceXor(axes),
        };

    private static void Check(string name, NDArray x, int[] axes, NDArray got)
    {
        Complex[] values = HostArray.Read(x);
        Complex[] results = HostArray.Read(got);
        var groups = new List<Complex>[results.Length];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = [];
        }

        for (int i = 0; i < values.Length; i++)
        {
            groups[ResultIndex(i, x.Shape, axes)].Add(values[i]);
        }

        for (int i = 0; i < results.Length; i++)
        {
            Complex expected = Expected(name, groups[i], x.DType);
            double magnitude = name == "sum" ? groups[i].Sum(value => value.Magnitude) : expected.Magnitude;
            double rounding = x.DType.IsInexact ? 8 * MachineEpsilon.Of(x.DType) * (1 + magnitude) : 0;
            bool same =
                expected.Equals(results[i])
                || (expected - results[i]).Magnitude <= rounding * Math.Max(1, groups[i].Count / 50);
            Assert.True(
                same,
                $"{name} of {x.Type} along ({string.Join(',', axes)}), element {i}: {results[i]}, expected {expected}"
            );
        }
    }

    private static int ResultIndex(int flat, Shape shape, int[] axes)
    {
        int index = 0;
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            int place = flat % shape[axis];
            flat /= shape[axis];
            if (!axes.Contains(axis))
            {
                index += place * stride;
                stride *= shape[axis];
            }
        }

        return index;
    }

    private static Complex Expected(string name, List<Complex> values, DType dtype)
    {
        if (dtype.IsBool || dtype.IsInteger)
        {
            return Integer(name, [.. values.Select(value => (long)value.Real)], dtype);
        }

        return name switch
        {
            "sum" => values.Aggregate(Complex.Zero, (a, b) => a + b),
            "prod" => values.Aggregate(Complex.One, (a, b) => a * b),
            "max" => values.Count == 0
                ? Extreme(dtype, -1)
                : values.OrderBy(v => v.Real).ThenBy(v => v.Imaginary).Last(),
            _ => values.Count == 0 ? Extreme(dtype, 1) : values.OrderBy(v => v.Real).ThenBy(v => v.Imaginary).First(),
        };
    }

    private static Complex Extreme(DType dtype, int sign) => new(sign * double.PositiveInfinity, 0);

    private static Complex Integer(string name, long[] values, DType dtype)
    {
        long result = name switch
        {
            "sum" => values.Aggregate(0L, (a, b) => unchecked(a + b)),
            "prod" => values.Aggregate(1L, (a, b) => unchecked(a * b)),
            "max" when values.Length == 0 => dtype.IsSigned ? -1L << (dtype.Bits - 1) : 0,
            "min" when values.Length == 0 => dtype.IsSigned ? (1L << (dtype.Bits - 1)) - 1 : -1,
            "max" => values.Max(),
            "min" => values.Min(),
            "and" => values.Aggregate(-1L, (a, b) => a & b),
            "or" => values.Aggregate(0L, (a, b) => a | b),
            _ => values.Aggregate(0L, (a, b) => a ^ b),
        };
        int unused = 64 - dtype.Bits;
        return dtype.IsSigned ? result << unused >> unused : (ulong)result << unused >> unused;
    }
}
