using System;
using System.Linq;
using System.Numerics;

namespace JaxSharp.TestKit;

/// <summary>A recipe for operands of a primitive: type and range of values, uniformly distributed.</summary>
/// <param name="Type">The type as it is printed: <c>f64[3,4]</c>.</param>
/// <param name="Low">The least value.</param>
/// <param name="High">The greatest value, included for integers.</param>
internal sealed record Sample(string Type, double Low = -2, double High = 2)
{
    public DType DType => DType.Parse(Type[..Type.IndexOf('[')])!;

    public Shape Shape =>
        new([.. Type[(Type.IndexOf('[') + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);

    /// <summary>Whether derivatives with respect to the operand make sense.</summary>
    public bool IsReal => DType.IsFloating;

    /// <summary>Different numbers for each seed, the same for the same one.</summary>
    public NDArray Draw(int seed)
    {
        var random = new System.Random(seed);
        Complex[] values =
        [
            .. Enumerable
                .Range(0, (int)Shape.Size)
                .Select(_ =>
                    DType.IsComplex ? new Complex(Next(random), Next(random))
                    : DType.IsBool ? random.Next(2)
                    : DType.IsInteger ? random.NextInt64((long)Low, (long)High + 1)
                    : Next(random)
                ),
        ];
        return HostArray.Make(DType, Shape, values);
    }

    private double Next(System.Random random) => Low + (High - Low) * random.NextDouble();
}
