using System;
using System.Numerics;
using System.Runtime.InteropServices;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Runtime;
using Xunit;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Compiler.Tests.Contractions;

/// <summary>What contractions are compared with: the interpreter, on random elements.</summary>
internal static class ContractionOracle
{
    /// <summary>Compares the results of the compiler, for each width of vectors, with those of the interpreter.</summary>
    public static void Compare(ContractionSpec spec, params ReadOnlySpan<int> vectorBytes)
    {
        var executables = new Executable[vectorBytes.Length];
        for (int i = 0; i < executables.Length; i++)
        {
            executables[i] = ContractionCompiler.Compile(spec, vectorBytes[i]);
        }

        Compare(spec, executables);
    }

    /// <summary>Compares the results of executables for a contraction with those of the interpreter.</summary>
    public static void Compare(ContractionSpec spec, params Executable[] executables)
    {
        var lhs = Random(spec.Lhs, 1);
        var rhs = Random(spec.Rhs, 2);
        var expected = Buffer.Allocate(ContractionCases.OutputSize(spec) * spec.Output.DType.Size);
        ContractionInterpreter.Run(spec, lhs.Address, rhs.Address, expected.Address);
        foreach (var executable in executables)
        {
            var compiled = RunCompiled(executable, spec, lhs, rhs);
            AssertClose(spec, expected.Bytes, compiled.Bytes);
            GC.KeepAlive(compiled);
        }

        GC.KeepAlive(lhs);
        GC.KeepAlive(rhs);
        GC.KeepAlive(expected);
    }

    /// <summary>Compares the bits of the results of an executable with one thread and with several.</summary>
    public static void CompareThreads(ContractionSpec spec, Executable executable)
    {
        var (lhs, rhs) = (Random(spec.Lhs, 1), Random(spec.Rhs, 2));
        int threads = WorkerPool.Threads;
        try
        {
            WorkerPool.Threads = 1;
            var one = RunCompiled(executable, spec, lhs, rhs);
            foreach (int count in (int[])[2, 3, 5, 8])
            {
                WorkerPool.Threads = count;
                var several = RunCompiled(executable, spec, lhs, rhs);
                Assert.True(one.Bytes.SequenceEqual(several.Bytes));
                GC.KeepAlive(several);
            }

            GC.KeepAlive(one);
        }
        finally
        {
            WorkerPool.Threads = threads;
            GC.KeepAlive(lhs);
            GC.KeepAlive(rhs);
        }
    }

    /// <summary>The output of an executable, in memory that was not zero before.</summary>
    public static Buffer RunCompiled(Executable executable, ContractionSpec spec, Buffer lhs, Buffer rhs)
    {
        var output = Buffer.Allocate(ContractionCases.OutputSize(spec) * spec.Output.DType.Size);
        output.Bytes.Fill(0x55);
        executable.Run([lhs.Address, rhs.Address], [output.Address]);
        return output;
    }

    /// <summary>Random elements for an operand.</summary>
    public static Buffer Random(OperandView view, int seed)
    {
        var random = new System.Random(seed);
        long count = ContractionCases.Reach(view);
        var buffer = Buffer.Allocate(count * view.DType.Size);
        var bytes = buffer.Bytes;
        random.NextBytes(bytes);
        for (int i = 0; i < (view.DType.IsInteger ? 0 : count); i++)
        {
            double value = (random.NextDouble() * 2) - 1;
            switch (view.DType.Code)
            {
                case DTypeCode.Bool:
                    bytes[i] = (byte)(random.Next(4) == 0 ? 1 : 0);
                    break;
                case DTypeCode.F16:
                    MemoryMarshal.Cast<byte, Half>(bytes)[i] = (Half)value;
                    break;
                case DTypeCode.BF16:
                    MemoryMarshal.Cast<byte, BFloat16>(bytes)[i] = (BFloat16)(float)value;
                    break;
                case DTypeCode.F32:
                    MemoryMarshal.Cast<byte, float>(bytes)[i] = (float)value;
                    break;
                case DTypeCode.F64:
                    MemoryMarshal.Cast<byte, double>(bytes)[i] = value;
                    break;
                case DTypeCode.C64:
                    MemoryMarshal.Cast<byte, Complex64>(bytes)[i] = new((float)value, random.NextSingle() - 0.5f);
                    break;
                default:
                    MemoryMarshal.Cast<byte, Complex>(bytes)[i] = new(value, random.NextDouble() - 0.5);
                    break;
            }
        }

        return buffer;
    }

    /// <summary>Fails where results differ by more than rounding.</summary>
    public static void AssertClose(ContractionSpec spec, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        double terms = 2 * Math.Sqrt(spec.Extent(AxisRole.K) + 1);
        switch (spec.Output.DType.Code)
        {
            case DTypeCode.F16:
                Close<Half>(expected, actual, x => (double)x, 2e-3 * terms);
                break;
            case DTypeCode.BF16:
                Close<BFloat16>(expected, actual, x => (float)x, 2e-2 * terms);
                break;
            case DTypeCode.F32 or DTypeCode.C64:
                Close<float>(expected, actual, x => x, 2e-6 * terms);
                break;
            case DTypeCode.F64 or DTypeCode.C128:
                Close<double>(expected, actual, x => x, 1e-14 * terms);
                break;
            default:
                Assert.True(expected.SequenceEqual(actual), $"integers differ in {spec}");
                break;
        }
    }

    private static void Close<T>(
        ReadOnlySpan<byte> expected,
        ReadOnlySpan<byte> actual,
        Func<T, double> value,
        double tolerance
    )
        where T : unmanaged
    {
        var left = MemoryMarshal.Cast<byte, T>(expected);
        var right = MemoryMarshal.Cast<byte, T>(actual);
        for (int i = 0; i < left.Length; i++)
        {
            double difference = Math.Abs(value(left[i]) - value(right[i]));
            if (!(difference <= tolerance))
            {
                Assert.Fail($"element {i}: expected {left[i]}, got {right[i]}");
            }
        }
    }
}
