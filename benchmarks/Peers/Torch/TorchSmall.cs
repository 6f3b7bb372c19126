using JaxSharp.Benchmarks;
using TorchSharp;
using static TorchSharp.torch;

namespace JaxSharp.Peers.Torch;

/// <summary>Work on few numbers by libtorch's eager operations and its tape.</summary>
internal static class TorchSmall
{
    public static TorchWorkload LogisticStep(Benchmark row, Tensor[] operands)
    {
        var (x, y) = (operands[0], operands[1]);
        var (c, w) = (zeros([]).requires_grad_(), zeros(x.shape[1]).requires_grad_());
        return new TorchWorkload(
            () =>
            {
                var p = Sigmoid(x.matmul(w) + c);
                var cost = -((y * log(p)) + ((1 - y) * log(1 - p))).mean();
                var gradients = autograd.grad([cost], [c, w]);
                using var mode = no_grad();
                c.sub_(0.1f * gradients[0]);
                w.sub_(0.1f * gradients[1]);
                return [c, w];
            },
            differentiates: true
        );
    }

    public static TorchWorkload Derivative(Benchmark row, Tensor[] operands)
    {
        var x = operands[0].Leaf();
        return new TorchWorkload(() => [Derivative(x, again: false)], differentiates: true);
    }

    public static TorchWorkload SecondDerivative(Benchmark row, Tensor[] operands)
    {
        var x = operands[0].Leaf();
        return new TorchWorkload(() => [autograd.grad([Derivative(x, again: true)], [x])[0]], differentiates: true);
    }

    private static Tensor Derivative(Tensor x, bool again) =>
        autograd.grad([Sigmoid(x)], [x], retain_graph: again, create_graph: again)[0];

    private static Tensor Sigmoid(Tensor x) => 1 / (1 + exp(-x));
}
