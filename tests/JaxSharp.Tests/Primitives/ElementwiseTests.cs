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

/// <summary>Elementwise primitives take every element type of their domain, and arrays of any shape.</summary>
public sealed class ElementwiseTests
{
    private static readonly Dictionary<string, PrimitiveCase> Cases = PrimitiveCases
        .All.Where(row => row.Primitive is ElementwisePrimitive)
        .ToDictionary(row => row.Name);

    public static TheoryData<string> Rows => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void TakesEveryTypeOfItsDomain(string name)
    {
        using JaxConfig.Scope scope = JaxConfig.X64();
        PrimitiveCase row = Cases[name];
        var wide = row.Operands[0].DType.IsFloating ? Evaluate(row, DType.F64, "7") : null;
        Assert.True(wide is null || wide.Value.Result.Shape == new Shape(7));
        foreach (DType dtype in DType.All)
        {
            foreach (string shape in new[] { "", "0,3", "7" })
            {
                if (Evaluate(row, dtype, shape) is not { } narrow)
                {
                    continue;
                }

                NDArray result = narrow.Result;
                Assert.Equal(row.Primitive.Infer(Array.ConvertAll(narrow.Operands, x => x.Type))[0], result.Type);
                if (IsRounded(row, dtype, result))
                {
                    CheckAgainstDoubles(row, narrow.Operands, result);
                }
            }
        }
    }

    // A smooth function of numbers with fewer bits: the value for the same operands in double precision, rounded.
    private static bool IsRounded(PrimitiveCase row, DType dtype, NDArray result) =>
        dtype.IsFloating
        && dtype != DType.F64
        && result.DType == dtype
        && row.Derivative == Derivative.Smooth
        && row.Operands.All(operand => operand.DType == DType.F64);

    private static void CheckAgainstDoubles(PrimitiveCase row, NDArray[] operands, NDArray result)
    {
        double epsilon = MachineEpsilon.Of(result.DType);
        double[] got = HostArray.ReadReal(result);
        double[] expected = HostArray.ReadReal(row.Primitive.Bind(Array.ConvertAll(operands, ToDouble)));
        for (int i = 0; i < got.Length; i++)
        {
            Assert.True(
                Math.Abs(got[i] - expected[i]) <= 8 * epsilon * (1 + Math.Abs(expected[i])),
                $"{row.Primitive} of {result.Type}, element {i}: {got[i]}, in double precision {expected[i]}"
            );
        }
    }

    private static NDArray ToDouble(NDArray x) => HostArray.Make(DType.F64, x.Shape, HostArray.Read(x));

    // Null where the operation does not take the type.
    private static (NDArray[] Operands, NDArray Result)? Evaluate(PrimitiveCase row, DType dtype, string shape)
    {
        DType first = row.Operands[0].DType;
        NDArray[] operands =
        [
            .. row.Operands.Select(
                (operand, i) =>
                    new Sample(
                        $"{(operand.DType == first ? dtype : operand.DType)}[{shape}]",
                        dtype.IsUnsigned ? Math.Max(0, operand.Low) : operand.Low,
                        operand.High
                    ).Draw(i)
            ),
        ];
        try
        {
            return (operands, row.Primitive.Bind(operands));
        }
        catch (JaxException)
        {
            return null;
        }
    }
}
