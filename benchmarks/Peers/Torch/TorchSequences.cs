using System;
using System.Linq;
using JaxSharp.Benchmarks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace JaxSharp.Peers.Torch;

/// <summary>Networks over sequences by libtorch. Operands are the sequences, then the parameters.</summary>
internal static class TorchSequences
{
    // Parameters of a block, in the order of ours.
    private const int Members = 8;

    public static TorchWorkload LstmForward(Tensor[] operands)
    {
        var (lstm, _) = Lstm(operands);
        lstm.eval();
        return new TorchWorkload(() => [lstm.call(operands[0]).Item1]);
    }

    public static TorchWorkload LstmGradient(Tensor[] operands)
    {
        var (lstm, parameters) = Lstm(operands);
        return new TorchWorkload(
            () => [.. autograd.grad([lstm.call(operands[0]).Item1.square().mean()], parameters)],
            differentiates: true
        )
        {
            Arrange = gradients => [gradients[0].t(), gradients[1].t(), gradients[2]],
        };
    }

    public static TorchWorkload TransformerForward(Tensor[] operands)
    {
        var parameters = TransformerParameters(operands);
        return new TorchWorkload(() => [Transformer(parameters, operands[0])]);
    }

    public static TorchWorkload TransformerGradient(Tensor[] operands)
    {
        Tensor[] parameters = [.. TransformerParameters(operands).Select(TorchLibrary.Leaf)];
        return new TorchWorkload(
            () => [.. autograd.grad([Transformer(parameters, operands[0]).square().mean()], parameters)],
            differentiates: true
        )
        {
            Arrange = gradients => [.. gradients.Select(g => g.dim() == 2 ? g.t() : g)],
        };
    }

    // One of its two biases is enough: the other stays zero and gets the same gradient.
    private static (TorchSharp.Modules.LSTM Module, Tensor[] Parameters) Lstm(Tensor[] operands)
    {
        var module = nn.LSTM(operands[1].shape[0], operands[2].shape[0]);
        Tensor Parameter(string name) => module.named_parameters().Single(p => p.name == name).parameter;
        using var mode = no_grad();
        Tensor[] parameters = [Parameter("weight_ih_l0"), Parameter("weight_hh_l0"), Parameter("bias_ih_l0")];
        parameters[0].copy_(operands[1].t());
        parameters[1].copy_(operands[2].t());
        parameters[2].copy_(operands[3]);
        Parameter("bias_hh_l0").zero_();
        return (module, parameters);
    }

    // libtorch's linear layers have outputs first.
    private static Tensor[] TransformerParameters(Tensor[] operands) =>
        [.. operands.From(1).Select(p => p.dim() == 2 ? p.t().contiguous() : p)];

    private static Tensor Transformer(Tensor[] parameters, Tensor x)
    {
        for (int i = 0; i < parameters.Length; i += Members)
        {
            if (
                parameters[i..(i + Members)]
                is not [var qkv, var mix, var w1, var w2, var b1, var b2, var scale1, var scale2]
            )
            {
                throw new ArgumentException($"A block has {Members} parameters.", nameof(parameters));
            }

            x = x + Attend(F.layer_norm(x, scale1.shape, scale1), qkv, mix);
            x = x + F.linear(F.gelu(F.linear(F.layer_norm(x, scale2.shape, scale2), w1, b1), Gelu), w2, b2);
        }

        return x;
    }

    private static TorchSharp.Modules.GELU.Approximate Gelu => TorchSharp.Modules.GELU.Approximate.tanh;

    private static Tensor Attend(Tensor x, Tensor qkv, Tensor mix)
    {
        var (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2]);
        long size = width / TransformerSize.Heads;

        // Batch, length, three, heads, size; attention wants heads before length.
        var parts = F.linear(x, qkv)
            .reshape(batch, length, 3, TransformerSize.Heads, size)
            .permute(2, 0, 3, 1, 4)
            .unbind();
        var mixed = F.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return F.linear(mixed.transpose(1, 2).reshape(batch, length, width), mix);
    }
}
