using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Convolution and windows.
public static partial class Jnp
{
    /// <summary>The convolution of two vectors.</summary>
    /// <param name="a">A vector.</param>
    /// <param name="v">A vector.</param>
    /// <param name="mode">"full" (every overlap), "same" (as many as the longer has elements), "valid" (complete overlaps).</param>
    /// <param name="precision">Accepted for likeness: products are always computed to the full precision of the type.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    public static NDArray Convolve(
        NDArray a,
        NDArray v,
        string mode = "full",
        Precision? precision = null,
        DType? preferredElementType = null
    ) => Slide("convolve", a, Argument.Given(v), mode, preferredElementType, turns: false);

    /// <summary>The correlation of two vectors: the convolution with the second, conjugated, turned around.</summary>
    public static NDArray Correlate(
        NDArray a,
        NDArray v,
        string mode = "valid",
        Precision? precision = null,
        DType? preferredElementType = null
    )
    {
        Argument.Given(v);
        RequireVectors("correlate", a, v);
        return Slide("correlate", a, Ops.Reverse(Ops.Conj(v), 0), mode, preferredElementType, turns: true);
    }

    /// <summary>The Bartlett window: a triangle.</summary>
    public static NDArray Bartlett(int m) =>
        Window("bartlett", m, n => Subtract(1.0, Abs(Divide(Subtract(Multiply(n, 2.0), m - 1), m - 1))));

    /// <summary>The Blackman window.</summary>
    public static NDArray Blackman(int m) =>
        Window(
            "blackman",
            m,
            n =>
                Add(
                    Subtract(0.42, Multiply(0.5, Cos(Multiply(n, 2 * Math.PI / (m - 1))))),
                    Multiply(0.08, Cos(Multiply(n, 4 * Math.PI / (m - 1))))
                )
        );

    /// <summary>The Hamming window.</summary>
    public static NDArray Hamming(int m) =>
        Window("hamming", m, n => Subtract(0.54, Multiply(0.46, Cos(Multiply(n, 2 * Math.PI / (m - 1))))));

    /// <summary>The Hann window.</summary>
    public static NDArray Hanning(int m) =>
        Window("hanning", m, n => Multiply(0.5, Subtract(1.0, Cos(Multiply(n, 2 * Math.PI / (m - 1))))));

    /// <summary>The Kaiser window of shape beta.</summary>
    public static NDArray Kaiser(int m, NDArray beta) =>
        Window(
            "kaiser",
            m,
            n =>
            {
                double alpha = 0.5 * (m - 1);
                var position = Divide(Subtract(n, alpha), alpha);
                var shape = Promotion.Convert(beta, n.DType);
                var argument = Multiply(shape, Sqrt(Maximum(Subtract(1.0, Square(position)), 0.0)));
                return Divide(I0(argument), I0(shape));
            }
        );

    private static NDArray Window(string caller, int m, Func<NDArray, NDArray> shape)
    {
        if (m < 0)
        {
            throw new JaxArgumentException($"{caller} cannot have {m} values.");
        }

        var type = JaxConfig.Canonical(DType.F64);
        return m <= 1 ? Ones(m, type) : shape(Ops.Iota(type, m));
    }

    private static void RequireVectors(string caller, NDArray a, NDArray v)
    {
        if (
            Argument.Given(a, nameof(a), caller).Ndim != 1
            || Argument.Given(v, nameof(v), caller).Ndim != 1
            || a.Size == 0
            || v.Size == 0
        )
        {
            throw new ShapeException($"{caller} needs two vectors, neither empty; got {a.Type} and {v.Type}.");
        }
    }

    // Two operands in the other order turn the result of a correlation around, and with it what "same" cuts off.
    private static NDArray Slide(string caller, NDArray a, NDArray v, string mode, DType? preferred, bool turns)
    {
        RequireVectors(caller, a, v);
        var promoted = Promotion.PromoteInexact(a, v);
        var (x, y) = (promoted[0], promoted[1]);
        bool swaps = x.Shape[0] < y.Shape[0];
        if (swaps)
        {
            (x, y) = (y, x);
        }

        int n = x.Shape[0];
        int m = y.Shape[0];
        var (low, high) = mode switch
        {
            "full" => (m - 1, m - 1),
            "same" when swaps && turns => (m - (m / 2) - 1, m / 2),
            "same" => (m / 2, m - (m / 2) - 1),
            "valid" => (0, 0),
            _ => throw new JaxArgumentException(
                $"{caller} got mode \"{mode}\"; it must be \"full\", \"same\" or \"valid\"."
            ),
        };
        WindowDimension[] window = [new WindowDimension(1, low, high, 1, 1)];
        var convolution = new ConvGeneralDilated(window, ConvDimensionNumbers.Default(3));
        var result = convolution.Bind(Ops.Reshape(x, (1, 1, n)), Ops.Reshape(Ops.Reverse(y, 0), (1, 1, m)));
        result = Ops.Reshape(result, result.Shape[2]);
        return preferred is null ? result : AsType(result, preferred);
    }
}
