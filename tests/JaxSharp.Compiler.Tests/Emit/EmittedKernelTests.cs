using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using JaxSharp.Compiler.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using Xunit;

namespace JaxSharp.Compiler.Tests.Emit;

/// <summary>Emitted code gives the interpreter's bits, for vectors of every width.</summary>
public sealed class EmittedKernelTests
{
    private static readonly DType[] Types =
    [
        DType.Bool,
        DType.I8,
        DType.U8,
        DType.I16,
        DType.U16,
        DType.I32,
        DType.U32,
        DType.I64,
        DType.U64,
        DType.F16,
        DType.BF16,
        DType.F32,
        DType.F64,
    ];

    [Theory]
    [InlineData(
        "softmax over rows",
        """
            kernel (f32) -> (f32) grid [5]
            r0 = reduce max f32 [77]: in0.f32[add(mul(a0, 77), a1)]
            r1 = reduce add f32 [77]: exp(sub(in0.f32[add(mul(a0, 77), a1)], r0.f32))
            %0 = add(mul(a0, 77), a1)
            store 0 [77]: %0 = div(exp(sub(in0.f32[%0], r0.f32)), r1.f32)
            """
    )]
    [InlineData(
        "softmax over columns",
        """
            kernel (f32) -> (f32) grid [77]
            r0 = reduce max f32 [5]: in0.f32[add(mul(a1, 77), a0)]
            r1 = reduce add f32 [5]: exp(sub(in0.f32[add(mul(a1, 77), a0)], r0.f32))
            %0 = add(mul(a1, 77), a0)
            store 0 [5]: %0 = div(exp(sub(in0.f32[%0], r0.f32)), r1.f32)
            """
    )]
    [InlineData(
        "full sum",
        """
            kernel (f32) -> (f32) grid []
            r0 = reduce add f32 [385]: in0.f32[a0]
            store 0 []: 0 = r0.f32
            """
    )]
    [InlineData(
        "sum over two axes",
        """
            kernel (f64) -> (f64) grid [3]
            r0 = reduce add f64 [5, 19]: in0.f64[add(add(mul(a0, 20), mul(a1, 60)), a2)]
            store 0 []: a0 = r0.f64
            """
    )]
    [InlineData(
        "max-pool",
        """
            kernel (f32) -> (f32) grid [9, 9]
            %0 = sub(add(mul(a0, 2), a2), 1)
            %1 = sub(add(mul(a1, 2), a3), 1)
            %2 = and(and(ge(%0, 0), lt(%0, 18)), and(ge(%1, 0), lt(%1, 18)))
            r0 = reduce max f32 [3, 3]: select(%2, in0.f32[add(mul(%0, 18), %1)], -Infinity:f32)
            store 0 []: add(mul(a0, 9), a1) = r0.f32
            """
    )]
    [InlineData(
        "padding",
        """
            kernel (bf16) -> (bf16) grid [40]
            %0 = sub(a0, 7)
            store 0 []: a0 = select(and(ge(%0, 0), lt(%0, 20)), in0.bf16[%0], 3:bf16)
            """
    )]
    [InlineData(
        "transposition",
        """
            kernel (u8) -> (u8) grid [13, 17]
            store 0 []: add(mul(a0, 17), a1) = in0.u8[add(mul(a1, 13), a0)]
            """
    )]
    [InlineData(
        "rows by index",
        """
            kernel (i32, f32) -> (f32) grid [7, 20]
            %0 = max(min(convert.i64(in0.i32[a0]), 9), 0)
            store 0 []: add(mul(a0, 20), a1) = in1.f32[add(mul(%0, 20), a1)]
            """
    )]
    [InlineData(
        "elements by index",
        """
            kernel (i32, f32) -> (f32) grid [70]
            %0 = max(min(convert.i64(in0.i32[a0]), 99), 0)
            store 0 []: a0 = in1.f32[%0]
            """
    )]
    [InlineData(
        "scatter",
        """
            kernel (f32) -> (f32) grid [70]
            store 0 []: rem(mul(a0, 3), 70) = in0.f32[a0]
            """
    )]
    [InlineData(
        "two outputs",
        """
            kernel (f32) -> (f32, i32) grid [70]
            store 0 []: a0 = sin(in0.f32[a0])
            store 1 []: a0 = convert.i32(mul(in0.f32[a0], 10:f32))
            """
    )]
    [InlineData(
        "iota and far sines",
        """
            kernel (f32) -> (f32) grid [70]
            store 0 []: a0 = sin(mul(convert.f32(a0), 12345.678:f32))
            """
    )]
    [InlineData(
        "any",
        """
            kernel (bool) -> (bool) grid [4]
            r0 = reduce add bool [33]: in0.bool[add(mul(a0, 33), a1)]
            store 0 []: a0 = r0.bool
            """
    )]
    [InlineData(
        "mean in bf16",
        """
            kernel (bf16) -> (bf16) grid [4]
            r0 = reduce add bf16 [33]: in0.bf16[add(mul(a0, 33), a1)]
            store 0 []: a0 = div(r0.bf16, 33:bf16)
            """
    )]
    [InlineData(
        "no inner axes",
        """
            kernel (f32) -> (f32) grid [4]
            r0 = reduce add f32 []: in0.f32[a0]
            store 0 []: a0 = r0.f32
            """
    )]
    [InlineData(
        "scalar",
        """
            kernel (f32) -> (f32) grid []
            store 0 []: 0 = tanh(in0.f32[0])
            """
    )]
    public void KernelsOfManyShapes(string name, string text)
    {
        Assert.NotEmpty(name);
        Comparison.EmittedEqualsInterpreted(KernelParser.Parse(text), 512, streams: true);
    }

    [Theory]
    [InlineData(
        "full sum",
        """
            kernel (f32) -> (f32) grid []
            r0 = reduce add f32 [300007]: in0.f32[a0]
            store 0 []: 0 = r0.f32
            """
    )]
    [InlineData(
        "scaling of a long vector",
        """
            kernel (f32) -> (f32) grid []
            r0 = reduce max f32 [300007]: in0.f32[a0]
            r1 = reduce add f32 [300007]: sub(in0.f32[a0], r0.f32)
            store 0 [300007]: a0 = div(sub(in0.f32[a0], r0.f32), r1.f32)
            """
    )]
    [InlineData(
        "sum of long columns",
        """
            kernel (f32) -> (f32) grid [30]
            r0 = reduce add f32 [10001]: in0.f32[add(mul(a1, 30), a0)]
            store 0 []: a0 = r0.f32
            """
    )]
    [InlineData(
        "sum over padded rows",
        """
            kernel (f32) -> (f32) grid []
            r0 = reduce add f32 [300, 1000]: in0.f32[add(mul(a0, 1001), a1)]
            store 0 []: 0 = r0.f32
            """
    )]
    public void LongReductions(string name, string text)
    {
        Assert.NotEmpty(name);
        Comparison.EmittedEqualsInterpreted(KernelParser.Parse(text), 310_000, [Machine.VectorBits]);
    }

    [Theory]
    [InlineData(
        "tiles with rests",
        """
            kernel (f32, f32) -> (f32) grid [300, 521]
            %0 = add(mul(a0, 521), a1)
            store 0 []: %0 = add(mul(in0.f32[add(mul(a1, 300), a0)], 2:f32), in1.f32[%0])
            """
    )]
    [InlineData(
        "channels move to the front",
        """
            kernel (f32) -> (f32) grid [5, 19, 411]
            store 0 []: add(add(mul(a0, 7809), mul(a1, 411)), a2) = in0.f32[add(add(mul(a0, 7809), mul(a2, 19)), a1)]
            """
    )]
    [InlineData(
        "two inputs across, one of them twice, backwards and with an offset",
        """
            kernel (bf16, f64) -> (f64) grid [40, 300]
            %0 = in0.bf16[add(mul(a1, 40), a0)]
            %1 = in1.f64[add(add(mul(a1, -50), a0), 14953)]
            %2 = in1.f64[add(mul(a1, 40), a0)]
            store 0 []: add(mul(a0, 300), a1) = add(mul(%1, convert.f64(%0)), %2)
            """
    )]
    public void TransposedLoads(string name, string text)
    {
        Assert.NotEmpty(name);
        var kernel = KernelParser.Parse(text);
        Assert.NotNull(KernelCompiler.Plan(kernel).Plans[0].Turned);
        Comparison.EmittedEqualsInterpreted(kernel, 160_000, [Machine.VectorBits, 128], streams: true);
    }

    [Theory]
    [InlineData(
        "exponentials of rows, summed and divided, in two stages that store",
        1,
        """
            kernel (f32) -> (f32, f32) grid [5]
            r0 = reduce add f32 [203]: exp(in0.f32[add(mul(a0, 203), a1)])
            store 0 [203]: add(mul(a0, 203), a1) = div(exp(in0.f32[add(mul(a0, 203), a1)]), r0.f32)
            store 1 [203]: add(mul(a0, 203), a1) = sub(exp(in0.f32[add(mul(a0, 203), a1)]), r0.f32)
            """
    )]
    [InlineData(
        "two values of a row, one part of the other; the first stage has other extents",
        2,
        """
            kernel (f32, f64) -> (f32, f64) grid [4]
            r0 = reduce max f32 [31]: exp(in0.f32[add(mul(a0, 77), a1)])
            %0 = exp(in0.f32[add(mul(a0, 77), a1)])
            r1 = reduce add f32 [77]: tanh(sub(%0, r0.f32))
            %0 = exp(in0.f32[add(mul(a0, 77), a1)])
            store 0 [77]: add(mul(a0, 77), a1) = add(mul(tanh(sub(%0, r0.f32)), r1.f32), %0)
            store 1 [77]: add(mul(a0, 77), a1) = mul(in1.f64[add(mul(a0, 77), a1)], convert.f64(r1.f32))
            """
    )]
    [InlineData(
        "a called function that is rarely called",
        1,
        """
            kernel (f64) -> (f64) grid [3]
            r0 = reduce add f64 [64]: sin(in0.f64[add(mul(a0, 64), a1)])
            store 0 [64]: add(mul(a0, 64), a1) = sub(sin(in0.f64[add(mul(a0, 64), a1)]), r0.f64)
            """
    )]
    public void ValuesThatStagesShare(string name, int rows, string text)
    {
        Assert.NotEmpty(name);
        var kernel = KernelParser.Parse(text);
        Assert.Equal(rows, KernelCompiler.Plan(kernel).Plans[0].Kept?.Rows.Length);
        Comparison.EmittedEqualsInterpreted(kernel, 1100, streams: true);
    }

    [Fact]
    public void ManyRowsAreFetchedAheadOfTheirUse()
    {
        var kernel = KernelParser.Parse(
            """
            kernel (f32, bf16) -> (f32) grid [1100]
            r0 = reduce add f32 [260]: mul(in0.f32[add(mul(a0, 260), a1)], convert.f32(in1.bf16[add(mul(a0, 260), a1)]))
            store 0 [260]: add(mul(a0, 260), a1) = sub(in0.f32[add(mul(a0, 260), a1)], r0.f32)
            """
        );
        Comparison.EmittedEqualsInterpreted(kernel, 1100 * 260, [Machine.VectorBits]);
    }

    [Theory]
    [InlineData(
        "rows that begin anywhere in a line, integers among them",
        """
            kernel (f32) -> (f32, f32, f32, i64) grid [9]
            r0 = reduce max f32 [203]: in0.f32[add(mul(a0, 203), a1)]
            %0 = add(mul(a0, 203), a1)
            store 0 [203]: %0 = sub(in0.f32[%0], r0.f32)
            store 1 [203]: add(mul(a0, 203), a1) = neg(in0.f32[add(mul(a0, 203), a1)])
            store 2 [203]: add(mul(a0, 219), a1) = abs(in0.f32[add(mul(a0, 203), a1)])
            store 3 [203]: add(mul(a0, 203), a1) = convert.i64(a1)
            """
    )]
    [InlineData(
        "columns in rows of an odd length, behind a gap",
        """
            kernel (f32) -> (f32, f32) grid [7, 331]
            store 0 []: add(add(mul(a0, 337), a1), 5) = mul(in0.f32[add(mul(a0, 331), a1)], 3:f32)
            store 1 []: add(mul(a0, 341), a1) = in0.f32[add(mul(a0, 331), a1)]
            """
    )]
    [InlineData(
        "rows shorter than what is missing to a whole line",
        """
            kernel (f32) -> (f32) grid [50]
            r0 = reduce add f32 [40]: in0.f32[add(mul(a0, 40), a1)]
            store 0 [5]: add(add(mul(a0, 7), a1), 1) = add(r0.f32, convert.f32(a1))
            """
    )]
    [InlineData(
        "doubles and their truth values",
        """
            kernel (f64) -> (f64, bool) grid [7, 67]
            store 0 []: add(mul(a0, 71), a1) = sqrt(in0.f64[add(mul(a0, 67), a1)])
            store 1 []: add(mul(a0, 71), a1) = gt(in0.f64[add(mul(a0, 67), a1)], 0:f64)
            """
    )]
    public void StoresPastTheCaches(string name, string text)
    {
        Assert.NotEmpty(name);
        var kernel = KernelParser.Parse(text);
        Assert.True(KernelCompiler.Plan(kernel, 0).Plans[^1].Streams);
        Comparison.EmittedEqualsInterpreted(kernel, 2400, streams: true);
    }

    [Fact]
    public unsafe void OnlyLargeResultsAreStreamedAndNeverOverWhatIsRead()
    {
        static string Text(int extent) =>
            $"""
                kernel (f32) -> (f32) grid [{extent}]
                store 0 []: a0 = add(in0.f32[a0], 1:f32)
                """;
        Assert.False(KernelCompiler.Plan(KernelParser.Parse(Text((4 << 20) - 1))).Plans[0].Streams);
        Assert.True(KernelCompiler.Plan(KernelParser.Parse(Text(4 << 20))).Plans[0].Streams);

        // In place, and at a place that is no multiple of a line.
        var executable = KernelCompiler.Compile(KernelParser.Parse(Text(1000)), 512, tiered: false, streamedBytes: 0);
        var memory = JaxSharp.Compiler.Runtime.Buffer.Allocate(8192);
        foreach (int offset in new[] { 0, 4, 20 })
        {
            memory.Bytes.Clear();
            nint[] addresses = [memory.Address + offset];
            executable.Run(addresses, addresses);
            var floats = new ReadOnlySpan<float>((void*)addresses[0], 1001);
            Assert.Equal(1, floats[..1000].ToArray().Min());
            Assert.Equal(1, floats[..1000].ToArray().Max());
            Assert.Equal(0, floats[1000]);
        }
    }

    [Fact]
    public void EveryOperationOnEveryType()
    {
        foreach (
            var op in Enum.GetValues<ScalarOp>()
                .Where(op =>
                    op
                        is not (
                            ScalarOp.Rarely
                            or ScalarOp.Branch
                            or ScalarOp.Guard
                            or ScalarOp.Scale
                            or ScalarOp.Quotient
                        )
                )
        )
        {
            foreach (var type in Types)
            {
                if (Value(op, type) is not { } value)
                {
                    continue;
                }

                var inputs = Enumerable.Repeat(type, 3).ToArray();
                var kernel = new Kernel(inputs, [value.Type], [45], [new Stage.Store(0, [], Scalar.Axis(0), value)]);
                Comparison.EmittedEqualsInterpreted(kernel, 64);
            }
        }
    }

    [Fact]
    public void EveryConversion()
    {
        foreach (var from in Types)
        {
            foreach (var to in Types)
            {
                var value = Scalar.Convert(Scalar.Load(0, from, Scalar.Axis(0)), to);
                var kernel = new Kernel([from], [to], [45], [new Stage.Store(0, [], Scalar.Axis(0), value)]);
                Comparison.EmittedEqualsInterpreted(kernel, 64);
            }
        }
    }

    [Fact]
    public void EveryReduction()
    {
        foreach (var monoid in Enum.GetValues<Monoid>())
        {
            foreach (var type in Types.Where(type => !type.IsFloating || monoid < Monoid.And))
            {
                foreach (bool rows in new[] { true, false })
                {
                    var (grid, inner) = (Scalar.Axis(0), Scalar.Axis(1));
                    var index = rows
                        ? Scalar.Add(Scalar.Mul(grid, Scalar.Const(DType.I64, 300L)), inner)
                        : Scalar.Add(Scalar.Mul(inner, Scalar.Const(DType.I64, 21L)), grid);
                    var body = Scalar.Load(0, type, index);
                    var kernel = new Kernel(
                        [type],
                        [type],
                        [rows ? 3 : 21],
                        [new Stage.Reduce(monoid, [300], body), new Stage.Store(0, [], grid, Scalar.Reduced(0, type))]
                    );
                    Comparison.EmittedEqualsInterpreted(kernel, 300 * 21);
                }
            }
        }
    }

    [Fact]
    public void RandomKernels()
    {
        RandomKernel.Gen.Sample(
            kernel => Comparison.EmittedEqualsInterpreted(kernel, 4096, streams: true),
            iter: 80,
            threads: 1
        );
    }

    private static ScalarExpr? Value(ScalarOp op, DType type)
    {
        ScalarExpr[] x = [.. Enumerable.Range(0, op.Arity()).Select(i => Scalar.Load(i, type, Scalar.Axis(0)))];
        try
        {
            return op switch
            {
                ScalarOp.Select => Scalar.Select(Scalar.Convert(x[0], DType.Bool), x[1], x[2]),
                ScalarOp.IntegerPow => type.IsBool ? null : Scalar.IntegerPow(x[0], 5),
                ScalarOp.ReducePrecision => Scalar.ReducePrecision(x[0], 5, 7),
                ScalarOp.Bitcast => Scalar.Bitcast(
                    x[0],
                    type.Size == 4 ? DType.I32
                        : type.Size == 8 ? DType.F64
                        : type
                ),
                ScalarOp.Threefry0 or ScalarOp.Threefry1 => ReferenceEquals(type, DType.U32)
                    ? Scalar.Threefry2x32(x[0], x[1], x[2], x[0]).A
                    : null,
                _ => type.IsBool && op is ScalarOp.Neg or ScalarOp.Sign ? null : Checked(op, type, x),
            };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static ScalarExpr? Checked(ScalarOp op, DType type, ScalarExpr[] x)
    {
        bool floating = op is ScalarOp.Nextafter or (>= ScalarOp.Pow and <= ScalarOp.BesselI1e) or ScalarOp.Sqrt;
        return floating && !type.IsFloating ? null
            : type.IsBool && op is ScalarOp.Sub or ScalarOp.Div or ScalarOp.Rem or ScalarOp.Fma && type.IsBool ? null
            : Scalar.Apply(op, type, x);
    }
}
