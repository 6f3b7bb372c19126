using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Benchmarks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace JaxSharp.Peers.Torch;

/// <summary>How libtorch does what rows do, by their kind.</summary>
internal static class TorchPeers
{
    private const int Many = 10_000_000;

    private static readonly Dictionary<string, Func<Benchmark, Tensor[], TorchWorkload>> Makers = new()
    {
        ["matmul"] = Plain(x => x[0].matmul(x[1])),
        ["matmul 512, first transposed"] = Plain(x => x[0].t().matmul(x[1])),
        ["matmul 512, second transposed"] = Plain(x => x[0].matmul(x[1].t())),
        [Convolution.ForwardKind] = (row, x) => TorchConvolutions.Forward((Convolution)row.Parameters!, x),
        [Convolution.GradientsKind] = (row, x) => TorchConvolutions.Gradients((Convolution)row.Parameters!, x),
        ["chain 1e7"] = Plain(x => tanh((2 * x[0]) + 1) * exp(-x[0] * x[0]) + sigmoid(x[0])),
        ["x+1 1e7"] = Plain(x => x[0] + 1),
        ["sum 1e7"] = Plain(x => x[0].sum()),
        ["softmax 4096x1024"] = Plain(x => softmax(x[0], -1)),
        ["layer norm 4096x1024"] = Plain(x => F.layer_norm(x[0], [1024])),
        ["transpose 4096x1024"] = Plain(x => x[0].t().contiguous()),
        ["sort rows 4096x1024"] = (_, x) =>
            Plain(x => sort(x[0]).values)(null!, x).Noting("libtorch's sort returns places too"),
        ["cumsum rows 4096x1024"] = Plain(x => cumsum(x[0], 1)),
        ["random normal 1e7"] = (_, _) => new TorchWorkload(() => [randn(Many)]) { Reproducible = false },
        ["logistic step 375x20"] = TorchSmall.LogisticStep,
        ["eager multiply, 8 elements"] = Plain(x => x[0] * x[1]),
        [SmallRows.FirstDerivative] = TorchSmall.Derivative,
        ["eager Grad(Grad(sigmoid))"] = TorchSmall.SecondDerivative,
        ["CNN Adam step"] = (row, x) => TorchImages.CnnStep((ImageRows.Network)row.Parameters!, x),
        ["CNN forward"] = (row, x) => TorchImages.CnnForward((ImageRows.Network)row.Parameters!, x),
        ["MLP Adam step"] = (_, x) => TorchImages.MlpStep(x),
        ["MLP forward"] = (_, x) => TorchImages.MlpForward(x),
        ["transformer forward"] = (_, x) => TorchSequences.TransformerForward(x),
        ["transformer gradient"] = (_, x) => TorchSequences.TransformerGradient(x),
        ["LSTM forward"] = (_, x) => TorchSequences.LstmForward(x),
        ["LSTM gradient"] = (_, x) => TorchSequences.LstmGradient(x),
    };

    // libtorch has no loops in a program, and compiles nothing.
    private static readonly HashSet<string> Ours =
    [
        "logistic 500 steps, ForiLoop",
        "jitted call, 8 elements",
        "scan of scalars",
        "CNN 32-64-d128 compile",
        "transformer compile",
    ];

    /// <summary>The same computation with the same operands; null for what libtorch does not have, or where it is missing.</summary>
    public static TorchWorkload? Of(Benchmark row, Workload ours)
    {
        if (TorchLibrary.Missing is not null || Ours.Contains(row.Kind))
        {
            return null;
        }

        return Makers.TryGetValue(row.Kind, out var make)
            ? make(row, [.. ours.Operands.Select(TorchLibrary.ToTensor)])
            : throw new InvalidOperationException(
                $"Rows of kind \"{row.Kind}\" need a peer, or to be listed as having none."
            );
    }

    private static Func<Benchmark, Tensor[], TorchWorkload> Plain(Func<Tensor[], Tensor> compute) =>
        (_, operands) => new TorchWorkload(() => [compute(operands)]);
}
