using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Benchmarks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace JaxSharp.Peers.Torch;

/// <summary>Networks for images by libtorch. Operands are the images, the labels if it trains, then weights and biases by layer.</summary>
internal static class TorchImages
{
    public static TorchWorkload MlpForward(Tensor[] operands)
    {
        var parameters = DenseParameters(operands.From(1));
        return new TorchWorkload(() => [Dense(parameters, operands[0])]);
    }

    public static TorchWorkload MlpStep(Tensor[] operands) =>
        Training(Dense, DenseParameters(operands.From(2)), operands[0], operands[1]);

    public static TorchWorkload CnnForward(ImageRows.Network network, Tensor[] operands) =>
        TorchWorkload.Fastest(
            Layouts(
                network,
                operands[0],
                operands.From(1),
                (apply, parameters, images) => new TorchWorkload(() => [apply(parameters, images)])
            )
        );

    /// <summary>The layout is chosen by another network, because steps change the parameters.</summary>
    public static TorchWorkload CnnStep(ImageRows.Network network, Tensor[] operands)
    {
        IEnumerable<(string Name, TorchWorkload Workload)> Ways() =>
            Layouts(
                network,
                operands[0],
                operands.From(2),
                (apply, parameters, images) => Training(apply, parameters, images, operands[1])
            );

        string fastest = TorchWorkload.Fastest(Ways()).Note!;
        return Ways().First(way => way.Name == fastest).Workload.Noting(fastest);
    }

    private static IEnumerable<(string Name, TorchWorkload Workload)> Layouts(
        ImageRows.Network network,
        Tensor images,
        Tensor[] parameters,
        Func<Func<Tensor[], Tensor, Tensor>, Tensor[], Tensor, TorchWorkload> make
    ) =>
        new[] { ("channels first", false), ("channels last", true) }.Select(layout =>
            (
                layout.Item1,
                make(
                    (p, x) => Cnn(network, p, x, layout.Item2),
                    CnnParameters(network, parameters, layout.Item2),
                    TorchConvolutions.Activations(images, layout.Item2)
                )
            )
        );

    private static Tensor Cnn(ImageRows.Network network, Tensor[] parameters, Tensor x, bool channelsLast)
    {
        int convolutions = network.Channels.Length;
        for (int i = 0; i < convolutions; i++)
        {
            x = F.relu(F.conv2d(x, parameters[2 * i], parameters[(2 * i) + 1], padding: [1, 1]));
            x = F.max_pool2d(x, 2, ceil_mode: true);
        }

        x = channelsLast ? TorchConvolutions.OurActivations(x) : x;
        return Dense(parameters[(2 * convolutions)..], x.reshape(x.shape[0], -1));
    }

    // The first dense layer takes features in the order in which the layout has them in memory.
    private static Tensor[] CnnParameters(ImageRows.Network network, Tensor[] ours, bool channelsLast)
    {
        int convolutions = network.Channels.Length;
        var kernels = ours[..(2 * convolutions)]
            .Select((p, i) => i % 2 == 0 ? TorchConvolutions.Kernel(p, channelsLast) : p);
        var dense = ours[(2 * convolutions)..];
        if (!channelsLast)
        {
            long channels = network.Channels[^1];
            dense[0] = dense[0].reshape(-1, channels, dense[0].shape[1]).transpose(0, 1).reshape(dense[0].shape);
        }

        return [.. kernels, .. DenseParameters(dense)];
    }

    // libtorch's linear layers have outputs first.
    private static Tensor[] DenseParameters(Tensor[] ours) =>
        [.. ours.Select((p, i) => i % 2 == 0 ? p.t().contiguous() : p)];

    private static Tensor Dense(Tensor[] parameters, Tensor x)
    {
        for (int i = 0; i < parameters.Length; i += 2)
        {
            x = F.linear(i == 0 ? x : F.relu(x), parameters[i], parameters[i + 1]);
        }

        return x;
    }

    private static TorchWorkload Training(
        Func<Tensor[], Tensor, Tensor> network,
        Tensor[] start,
        Tensor images,
        Tensor labels
    )
    {
        Parameter[] parameters = [.. start.Select(p => nn.Parameter(p.detach().clone()))];
        var optimizer = optim.Adam(parameters, lr: 1e-3);
        return new TorchWorkload(
            () =>
            {
                optimizer.zero_grad();
                var loss = F.cross_entropy(network(parameters, images), labels);
                loss.backward();
                optimizer.step();
                return [loss];
            },
            differentiates: true
        );
    }
}
