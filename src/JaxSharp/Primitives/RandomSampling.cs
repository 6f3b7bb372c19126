using System;
using System.Linq;
using JaxSharp.Compiler.Routines;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Numbers from a distribution whose sampling loops until it accepts: keys of shape [batch…, 2] and parameters of shape
/// [batch…, shape…] to a result with the parameters' shape.
/// </summary>
internal abstract record SamplingPrimitive : KeyPrimitive
{
    /// <summary>The routine for the given number of keys, elements for each key, and element type.</summary>
    protected abstract Executable Create(long batch, long size, DType dtype);

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var batch = BatchOf(operands[0]);
        foreach (var parameter in operands[1..])
        {
            if (
                parameter.DType.Code is not (DTypeCode.F16 or DTypeCode.F32 or DTypeCode.F64)
                || parameter.DType != operands[1].DType
                || parameter.Shape != operands[1].Shape
                || parameter.Rank < batch.Rank
                || parameter.Shape[..batch.Rank] != batch
            )
            {
                throw new ShapeException(
                    $"{Name} needs keys and floating-point parameters of one type and shape; got {Types.List(operands)}."
                );
            }
        }

        return [operands[1].Strong()];
    }

    public sealed override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        long batch = operands[0].Size / 2;
        long size = batch == 0 ? 0 : operands[1].Size / batch;
        return new Lowering.Routine(() => Create(batch, size, operands[1].DType));
    }
}

/// <summary>The gamma distribution with unit scale, or its logarithm. Differentiable in the parameter, at a fixed quantile.</summary>
internal sealed record RandomGamma(bool LogSpace, bool Legacy = false) : SamplingPrimitive
{
    public override string Name => "random_gamma";

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        var tangent = tangents[1];
        if (tangent.IsZero)
        {
            return ([y], [Tangent.Zero(y)]);
        }

        if (!LogSpace)
        {
            return ([y], [tangent * new RandomGammaGrad().Bind(primals[1], y)]);
        }

        // d log(sample) = d(sample) / sample; the sample itself may underflow.
        var sample = new Max().Bind(new Exp().Bind(y), Operators.FullLike(y, SmallestNormal(y.DType)));
        return ([y], [tangent * new RandomGammaGrad().Bind(primals[1], sample) / sample]);
    }

    protected override Executable Create(long batch, long size, DType dtype) =>
        dtype.Code switch
        {
            DTypeCode.F16 => new GammaSampling<Half>(batch, size, Legacy, LogSpace),
            DTypeCode.F32 => new GammaSampling<float>(batch, size, Legacy, LogSpace),
            _ => new GammaSampling<double>(batch, size, Legacy, LogSpace),
        };

    private static double SmallestNormal(DType dtype) =>
        dtype.Code switch
        {
            DTypeCode.F16 => 6.103515625e-05,
            DTypeCode.F32 => 1.1754943508222875e-38,
            _ => 2.2250738585072014e-308,
        };
}

/// <summary>The Poisson distribution; the rates and the result are f32.</summary>
internal sealed record RandomPoisson(bool Legacy = false) : SamplingPrimitive
{
    public override string Name => "random_poisson";

    protected override Executable Create(long batch, long size, DType dtype) =>
        dtype == DType.F32
            ? new PoissonSampling(batch, size, Legacy)
            : throw new DTypeException($"{Name} needs rates of type f32; got {dtype}.");
}

/// <summary>The binomial distribution: operands are keys, numbers of trials and probabilities.</summary>
internal sealed record RandomBinomial(bool Legacy = false) : SamplingPrimitive
{
    public override string Name => "random_binomial";

    protected override Executable Create(long batch, long size, DType dtype) =>
        dtype.Code switch
        {
            DTypeCode.F16 => new BinomialSampling<Half>(batch, size, Legacy),
            DTypeCode.F32 => new BinomialSampling<float>(batch, size, Legacy),
            _ => new BinomialSampling<double>(batch, size, Legacy),
        };
}
