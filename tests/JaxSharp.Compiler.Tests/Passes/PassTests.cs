using System.Linq;
using CsCheck;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Passes;
using JaxSharp.Compiler.Tests.Emit;
using Xunit;

namespace JaxSharp.Compiler.Tests.Passes;

public sealed class PassTests
{
    [Fact]
    public void QuotientsAndRemaindersOfFlattenedIndicesVanish()
    {
        Check(
            IndexSimplify.Run,
            """
            kernel (f32) -> (f32) grid [6, 8]
            %0 = add(mul(a0, 8), a1)
            store 0 []: %0 = in0.f32[add(mul(rem(%0, 8), 6), div(%0, 8))]
            """,
            """
            kernel (f32) -> (f32) grid [6, 8]
            store 0 []: add(mul(a0, 8), a1) = in0.f32[add(mul(a1, 6), a0)]

            """
        );
    }

    [Fact]
    public void ComparisonsThatExtentsDecideVanish()
    {
        Check(
            IndexSimplify.Run,
            """
            kernel (f32) -> (f32) grid [6]
            store 0 []: a0 = select(and(ge(a0, 0), lt(a0, 6)), in0.f32[a0], 1:f32)
            """,
            """
            kernel (f32) -> (f32) grid [6]
            store 0 []: a0 = in0.f32[a0]

            """
        );
    }

    [Fact]
    public void ContiguousAxesBecomeOne()
    {
        Check(
            CollapseAxes.Run,
            """
            kernel (f32, f32) -> (f32) grid [2, 3, 1, 4]
            %0 = add(add(mul(a0, 12), mul(a1, 4)), a3)
            store 0 []: %0 = add(in0.f32[add(%0, a2)], in1.f32[a3])
            """,
            """
            kernel (f32, f32) -> (f32) grid [6, 4]
            %0 = add(mul(a0, 4), a1)
            store 0 []: %0 = add(in0.f32[%0], in1.f32[a1])

            """
        );
    }

    [Fact]
    public void InnerAxesBecomeOne()
    {
        Check(
            CollapseAxes.Run,
            """
            kernel (f32) -> (f32) grid [2]
            r0 = reduce add f32 [3, 4]: in0.f32[add(add(mul(a0, 12), mul(a1, 4)), a2)]
            store 0 []: a0 = r0.f32
            """,
            """
            kernel (f32) -> (f32) grid [2]
            r0 = reduce add f32 [12]: in0.f32[add(mul(a0, 12), a1)]
            store 0 []: a0 = r0.f32

            """
        );
    }

    [Fact]
    public void LoadsBehindConditionsOnIndicesAreGuarded()
    {
        Check(
            GuardLoads.Run,
            """
            kernel (f32) -> (f32) grid [6]
            store 0 []: a0 = select(ge(a0, 2), in0.f32[sub(a0, 2)], 1:f32)
            """,
            """
            kernel (f32) -> (f32) grid [6]
            %0 = ge(a0, 2)
            store 0 []: a0 = select(%0, in0.f32[guard(%0, add(a0, -2))], 1:f32)

            """
        );
    }

    [Fact]
    public void ComparisonsOfIndicesAreNarrowed()
    {
        Check(
            kernel => NarrowIndices.Run(Schedule.Run(kernel)).Kernel,
            """
            kernel (f32) -> (f32) grid [6, 20]
            %0 = add(mul(a0, 20), a1)
            store 0 []: %0 = select(ge(a0, a1), in0.f32[%0], 1:f32)
            """,
            """
            kernel (f32) -> (f32) grid [6, 20]
            %0 = add(mul(a0, 20), a1)
            store 0 []: %0 = select(ge(convert.i32(a0), convert.i32(a1)), in0.f32[%0], 1:f32)

            """
        );
    }

    [Fact]
    public void RandomKernelsKeepTheirMeaning()
    {
        RandomKernel.Gen.Sample(kernel => Comparison.PlannedEqualsPlain(kernel, 4096), iter: 200, threads: 1);
    }

    private static void Check(System.Func<Kernel, Kernel> pass, string before, string after)
    {
        var result = pass(KernelParser.Parse(before));
        KernelVerifier.Verify(result);
        Assert.Equal(after, result.ToString());
    }
}
