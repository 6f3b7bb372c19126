using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace JaxSharp.Peers.Torch;

/// <summary>libtorch, if its native library loads here, and arrays for it.</summary>
internal static class TorchLibrary
{
    /// <summary>Why there is no libtorch; null where there is.</summary>
    public static string? Missing { get; } = Load();

    public static string Version => Missing is null ? $"libtorch {__version__}" : "none";

    /// <summary>How many threads it computes with.</summary>
    public static int Threads
    {
        set => set_num_threads(value);
    }

    /// <summary>A tensor with the elements of an array; integers become 64 bits wide, as libtorch wants indices.</summary>
    public static Tensor ToTensor(NDArray array)
    {
        long[] shape = [.. array.Shape.Select(extent => (long)extent)];
        return array.DType == DType.I32
            ? tensor(array.ToArray<int>(), shape, dtype: ScalarType.Int64)
            : tensor(array.ToArray<float>(), shape);
    }

    /// <summary>The arrays of a network's operands, from some position on.</summary>
    public static Tensor[] From(this IReadOnlyList<Tensor> operands, int start) => [.. operands.Skip(start)];

    /// <summary>A copy with its elements in order, which gradients are wanted of.</summary>
    public static Tensor Leaf(this Tensor tensor) => tensor.detach().clone().requires_grad_();

    // TorchSharp looks in many places before it gives up, and hides the reason; the libraries lie beside the program.
    private static string? Load()
    {
        try
        {
            foreach (string library in (string[])["torch_cpu", "LibTorchSharp"])
            {
                NativeLibrary.Load(library, typeof(torch).Assembly, DllImportSearchPath.AssemblyDirectory);
            }
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return Reason(error.Message);
        }

        Threads = Environment.ProcessorCount;
        return null;
    }

    // The message says for every place where the library may be that it is not there, and what is wrong with the one that is.
    private static string Reason(string message) =>
        message
            .Split('\n', StringSplitOptions.TrimEntries)
            .FirstOrDefault(line => line.Contains("not found (required by", StringComparison.Ordinal))
        ?? message.ReplaceLineEndings(" ").Trim();
}
