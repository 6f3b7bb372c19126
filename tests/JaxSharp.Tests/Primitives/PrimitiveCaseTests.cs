using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using JaxSharp.Execution;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.TestKit;
using JaxSharp.Tracing;
using JaxSharp.Transforms;
using Xunit;

namespace JaxSharp.Tests.Primitives;

/// <summary>What holds for every primitive, on the rows of the case table.</summary>
public sealed class PrimitiveCaseTests
{
    private static readonly Dictionary<string, PrimitiveCase> Cases = PrimitiveCases.All.ToDictionary(row => row.Name);

    public static TheoryData<string> Rows => [.. Cases.Keys];

    [Fact]
    public void EveryPrimitiveHasARow()
    {
        HashSet<Type> covered = [.. Cases.Values.Select(row => row.Primitive.GetType())];
        string[] missing =
        [
            .. typeof(Primitive)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(Primitive)) && !type.IsAbstract)
                .Where(type => type.Namespace != "JaxSharp.ControlFlow") // Control flow has tests of its own.
                .Where(type => !covered.Contains(type))
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal),
        ];
        Assert.True(missing.Length == 0, "No row in PrimitiveCases for " + string.Join(", ", missing));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void ResultsHaveTheInferredTypes(string name) =>
        ForAll(
            name,
            (row, seed) =>
            {
                NDArray[] operands = Draw(row, seed);
                ArrayType[] expected = row.Primitive.Infer(Types(operands));
                Assert.Equal(expected, Types(row.Primitive.BindAll(operands)));
            }
        );

    [Theory]
    [MemberData(nameof(Rows))]
    public void TextOfProgramsReadsBack(string name)
    {
        using JaxConfig.Scope scope = JaxConfig.X64();
        PrimitiveCase row = Cases[name];
        (Jaxpr jaxpr, _) = Staging.StageClosed(row.Primitive.BindAll, Types(Draw(row, 1)));
        JaxprVerifier.Verify(jaxpr);
        Jaxpr read = JaxprParser.Parse(jaxpr.ToString());
        Assert.Equal(jaxpr.ToString(), read.ToString());
        Assert.Equal(jaxpr, read);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void JitEqualsEager(string name) => ForAll(name, CheckJitEqualsEager);

    private static void CheckJitEqualsEager(PrimitiveCase row, int seed)
    {
        NDArray[] operands = Draw(row, seed);
        NDArray[] eager = row.Primitive.BindAll(operands);

        // Two negations on either side leave the values as they are and give fusion something to do.
        (Jaxpr jaxpr, NDArray[] constants) = Staging.StageClosed(
            xs => Array.ConvertAll(row.Primitive.BindAll(Array.ConvertAll(xs, NegateTwice)), NegateTwice),
            Types(operands)
        );
        NDArray[] fused = ProgramCompiler.Compile(jaxpr).Run([.. constants, .. operands]);
        AssertClose(eager, fused, 1e-13, "jit");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void JvpIsTheLimitOfDifferences(string name) => ForAll(name, CheckJvpIsTheLimitOfDifferences);

    private static void CheckJvpIsTheLimitOfDifferences(PrimitiveCase row, int seed)
    {
        if (row.Derivative != Derivative.Smooth)
        {
            return;
        }

        NDArray[] operands = Draw(row, seed);
        NDArray?[] directions = Directions(row, seed + 1);
        (NDArray[] outputs, NDArray?[] tangents) = ForwardMode.Jvp(row.Primitive.BindAll, operands, directions);
        const double step = 1e-6;
        NDArray[] after = row.Primitive.BindAll(Shift(operands, directions, step));
        NDArray[] before = row.Primitive.BindAll(Shift(operands, directions, -step));
        for (int i = 0; i < outputs.Length; i++)
        {
            double[] high = HostArray.ReadReal(after[i]);
            double[] low = HostArray.ReadReal(before[i]);
            double[] got = tangents[i] is { } tangent ? HostArray.ReadReal(tangent) : new double[high.Length];
            for (int k = 0; k < got.Length; k++)
            {
                double expected = (high[k] - low[k]) / (2 * step);
                Assert.True(
                    Math.Abs(got[k] - expected) <= 1e-6 * (1 + Math.Abs(expected)),
                    $"jvp of result {i}, element {k}: {got[k]}, differences give {expected}"
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void TransposeIsTheAdjointOfJvp(string name) => ForAll(name, CheckTransposeIsTheAdjointOfJvp);

    private static void CheckTransposeIsTheAdjointOfJvp(PrimitiveCase row, int seed)
    {
        if (row.Derivative == Derivative.None)
        {
            return;
        }

        NDArray[] operands = Draw(row, seed);
        int[] active = [.. Enumerable.Range(0, operands.Length).Where(i => row.Operands[i].IsReal)];
        NDArray[] Function(NDArray[] xs)
        {
            NDArray[] all = [.. operands];
            for (int i = 0; i < active.Length; i++)
            {
                all[active[i]] = xs[i];
            }

            return row.Primitive.BindAll(all);
        }

        NDArray[] primals = [.. active.Select(i => operands[i])];
        NDArray[] u = [.. active.Select(i => row.Operands[i].Draw(60 + i))];
        (NDArray[] outputs, LinearFunction linear) = Linearization.Linearize(Function, primals);
        NDArray?[] forward = linear.Apply(u);
        NDArray?[] v =
        [
            .. outputs.Select(
                (y, i) => y.DType.IsFloating ? new Sample($"{y.DType}[{string.Join(',', y.Shape)}]").Draw(70 + i) : null
            ),
        ];
        NDArray?[] backward = linear.Transpose(v);
        double left = forward.Zip(v).Sum(pair => Dot(pair.First, pair.Second));
        double right = backward.Zip(u).Sum(pair => Dot(pair.First, pair.Second));
        double tolerance = outputs.Any(y => y.DType != DType.F64) ? 1e-5 : 1e-10;
        Assert.True(Math.Abs(left - right) <= tolerance * (1 + Math.Abs(left)), $"<v,Ju> = {left}, <J'v,u> = {right}");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void VmapIsStackedSlices(string name) => ForAll(name, CheckVmapIsStackedSlices);

    private static void CheckVmapIsStackedSlices(PrimitiveCase row, int seed)
    {
        if (!row.IsBatched || row.Operands.Length == 0)
        {
            return;
        }

        NDArray[][] samples = [Draw(row, seed), Draw(row, seed + 1)];
        int count = row.Operands.Length;
        foreach (bool[] stacked in Masks(count))
        {
            foreach (bool last in new[] { false, true })
            {
                CheckVmap(row, samples, stacked, last);
            }
        }
    }

    // A failure names the seed; random operands differ from run to run.
    private static void ForAll(string name, Action<PrimitiveCase, int> property) =>
        Gen.Int[0, 1_000_000]
            .Sample(
                seed =>
                {
                    using JaxConfig.Scope scope = JaxConfig.X64();
                    property(Cases[name], seed);
                },
                iter: 2,
                threads: 1
            );

    private static void CheckVmap(PrimitiveCase row, NDArray[][] samples, bool[] stacked, bool last)
    {
        int count = stacked.Length;
        int?[] dims =
        [
            .. Enumerable.Range(0, count).Select(i => stacked[i] ? (last ? samples[0][i].Ndim : 0) : (int?)null),
        ];
        NDArray[] arguments =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => dims[i] is int dim ? HostArray.Stack([samples[0][i], samples[1][i]], dim) : samples[0][i]),
        ];
        (NDArray[] outputs, int?[] outputDims) = Vectorization.Batch(
            row.Primitive.BindAll,
            new BatchAxis(2, null),
            arguments,
            dims
        );
        for (int slice = 0; slice < 2; slice++)
        {
            NDArray[] expected = row.Primitive.BindAll([
                .. Enumerable.Range(0, count).Select(i => samples[stacked[i] ? slice : 0][i]),
            ]);
            NDArray[] got =
            [
                .. outputs.Select((y, i) => outputDims[i] is int dim ? HostArray.Slice(y, dim, slice) : y),
            ];
            AssertClose(expected, got, 1e-12, $"vmap [{string.Join(',', dims.Select(d => d?.ToString() ?? "-"))}]");
        }
    }

    // All operands stacked, and each one alone.
    private static IEnumerable<bool[]> Masks(int count)
    {
        yield return [.. Enumerable.Repeat(true, count)];
        for (int i = 0; count > 1 && i < count; i++)
        {
            yield return [.. Enumerable.Range(0, count).Select(k => k == i)];
        }
    }

    private static NDArray NegateTwice(NDArray x) => x.DType.IsInexact ? new Neg().Bind(new Neg().Bind(x)) : x;

    private static NDArray[] Draw(PrimitiveCase row, int seed) =>
        [.. row.Operands.Select((operand, i) => operand.Draw(seed * 100 + i))];

    private static NDArray?[] Directions(PrimitiveCase row, int seed) =>
        [
            .. row.Operands.Select(
                (operand, i) => operand.IsReal ? new Sample(operand.Type, -1, 1).Draw(seed * 100 + i) : null
            ),
        ];

    private static NDArray[] Shift(NDArray[] operands, NDArray?[] directions, double step) =>
        [
            .. operands.Zip(
                directions,
                (x, u) =>
                    u is null
                        ? x
                        : HostArray.Make(
                            x.DType,
                            x.Shape,
                            [.. HostArray.Read(x).Zip(HostArray.Read(u), (a, b) => a + step * b)]
                        )
            ),
        ];

    private static double Dot(NDArray? a, NDArray? b) =>
        a is null || b is null ? 0 : HostArray.ReadReal(a).Zip(HostArray.ReadReal(b), (x, y) => x * y).Sum();

    private static ArrayType[] Types(NDArray[] arrays) => Array.ConvertAll(arrays, array => array.Type);

    private static void AssertClose(NDArray[] expected, NDArray[] got, double tolerance, string label)
    {
        Assert.Equal(expected.Length, got.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].DType, got[i].DType);
            Assert.Equal(expected[i].Shape, got[i].Shape);
            var (a, b) = (HostArray.Read(expected[i]), HostArray.Read(got[i]));
            for (int k = 0; k < a.Length; k++)
            {
                bool same = a[k].Equals(b[k]) || (a[k] - b[k]).Magnitude <= tolerance * (1 + a[k].Magnitude);
                Assert.True(same, $"{label}: result {i}, element {k}: {b[k]}, expected {a[k]}");
            }
        }
    }
}
