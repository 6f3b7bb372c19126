using System;
using System.Collections.Generic;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using Xunit;

namespace JaxSharp.Compiler.Tests.Scalars;

/// <summary>Errors in units in the last place, over numbers of all exponents.</summary>
public sealed unsafe partial class AccuracyTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("exp", 1.01)]
    [InlineData("exp2", 1.0)]
    [InlineData("expm1", 1.5)]
    [InlineData("log", 1.0)]
    [InlineData("log1p", 1.5)]
    [InlineData("logistic", 2.0)]
    [InlineData("sin", 1.5)]
    [InlineData("cos", 1.5)]
    [InlineData("tan", 1.0)]
    [InlineData("tanh", 1.5)]
    [InlineData("erf", 1.5)]
    [InlineData("rsqrt", 1.5)]
    [InlineData("cbrt", 0.6)]
    [InlineData("asin", 1.6)]
    [InlineData("acos", 1.5)]
    [InlineData("atan", 1.5)]
    [InlineData("sinh", 1.5)]
    [InlineData("cosh", 1.5)]
    [InlineData("asinh", 1.5)]
    [InlineData("acosh", 1.5)]
    [InlineData("atanh", 1.5)]
    [InlineData("lgamma", 0.6)]
    [InlineData("digamma", 0.6)]
    [InlineData("erfc", 0.6)]
    public void SinglePrecision(string name, double tolerance)
    {
        float[] x = Singles();
        var y = new float[x.Length];
        fixed (float* px = x)
        fixed (float* py = y)
        {
            KernelInterpreter.Run(Unary(name, DType.F32, x.Length), [(nint)px], [(nint)py]);
        }

        double worst = 0;
        float at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Oracle(name, x[i]);
            double error = Error(y[i], expected, (float)expected, 23, -149);
            if (error > worst)
            {
                (worst, at) = (error, x[i]);
            }
        }

        output.WriteLine($"{name}: {worst:F3} ulp at {at:R}");
        Assert.True(worst <= tolerance, $"{name}: {worst:F3} ulp at {at:R}, expected {Oracle(name, at):R}");
    }

    [Theory]
    [InlineData("exp", 2.0)]
    [InlineData("exp2", 2.0)]
    [InlineData("expm1", 3.0)]
    [InlineData("log", 2.0)]
    [InlineData("log1p", 2.5)]
    [InlineData("logistic", 3.0)]
    [InlineData("sin", 2.0)]
    [InlineData("cos", 2.0)]
    [InlineData("tan", 3.0)]
    [InlineData("tanh", 3.0)]
    [InlineData("cbrt", 1.5)]
    [InlineData("asin", 2.0)]
    [InlineData("acos", 2.0)]
    [InlineData("atan", 2.0)]
    [InlineData("sinh", 4.0)]
    [InlineData("cosh", 4.0)]
    [InlineData("asinh", 4.0)]
    [InlineData("acosh", 4.0)]
    [InlineData("atanh", 4.0)]
    public void DoublePrecision(string name, double tolerance)
    {
        double[] x = Doubles();
        var y = new double[x.Length];
        fixed (double* px = x)
        fixed (double* py = y)
        {
            KernelInterpreter.Run(Unary(name, DType.F64, x.Length), [(nint)px], [(nint)py]);
        }

        double worst = 0;
        double at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Oracle(name, x[i]);
            double error = Error(y[i], expected, expected, 52, -1074);
            if (error > worst)
            {
                (worst, at) = (error, x[i]);
            }
        }

        output.WriteLine($"{name}: {worst:F3} ulp at {at:R}");
        Assert.True(worst <= tolerance, $"{name}: {worst:F3} ulp at {at:R}, expected {Oracle(name, at):R}");
    }

    [Theory]
    [InlineData("sin")]
    [InlineData("cos")]
    [InlineData("tan")]
    [InlineData("tanh")]
    public void ShortWaysInSerialCodeGiveTheSameBits(string name)
    {
        Compare(DType.F32, Array.ConvertAll(Singles(), x => (ulong)BitConverter.SingleToUInt32Bits(x)));
        Compare(DType.F64, Array.ConvertAll(Doubles(), BitConverter.DoubleToUInt64Bits));

        void Compare(DType type, ulong[] inputs)
        {
            var kernel = Unary(name, type, inputs.Length);
            var serial = KernelInterpreter.Prepare(kernel, isSerial: true);
            Assert.Equal(
                type == DType.F32 || name != "tanh",
                KernelPrinter.Print(serial).Contains("branch", StringComparison.Ordinal)
            );
            Assert.Equal(Run(type, KernelInterpreter.Prepare(kernel), inputs), Run(type, serial, inputs));
        }
    }

    private static ulong[] Run(DType type, Kernel expanded, ulong[] inputs)
    {
        byte[] x = new byte[inputs.Length * type.Size];
        for (int i = 0; i < inputs.Length; i++)
        {
            BitConverter.GetBytes(inputs[i]).AsSpan(0, type.Size).CopyTo(x.AsSpan(i * type.Size));
        }

        byte[] y = new byte[x.Length];
        fixed (byte* px = x)
        fixed (byte* py = y)
        {
            new KernelInterpreter(expanded, expanded: true).Run([(nint)px], [(nint)py]);
        }

        ulong[] results = new ulong[inputs.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = type.Size == 4 ? BitConverter.ToUInt32(y, 4 * i) : BitConverter.ToUInt64(y, 8 * i);
        }

        return results;
    }

    // Values by mpmath.
    [Theory]
    [InlineData("lgamma", 0.1, 2.2527126517342059)]
    [InlineData("lgamma", -1.5, 0.86004701537648101)]
    [InlineData("lgamma", 1.003, -0.0017242555880490739)]
    [InlineData("lgamma", 30.5, 72.953471184169408)]
    [InlineData("digamma", 0.3, -3.5025242222001331)]
    [InlineData("digamma", -0.7, -2.0739527936287038)]
    [InlineData("digamma", 5.5, 1.6110931485817511)]
    [InlineData("lgamma", 1e-300, 690.77552789821371)]
    [InlineData("lgamma", 1e-05, 11.512919692895826)]
    [InlineData("lgamma", 0.3, 1.0957979948180756)]
    [InlineData("lgamma", 0.49999, 0.57238457827170324)]
    [InlineData("lgamma", 0.5, 0.57236494292470009)]
    [InlineData("lgamma", 0.75, 0.20328095143129537)]
    [InlineData("lgamma", 0.9999, 5.7729791561193863e-5)]
    [InlineData("lgamma", 1.4999, -0.12078588195849394)]
    [InlineData("lgamma", 1.5, -0.12078223763524522)]
    [InlineData("lgamma", 1.9997, -0.00012680627667783916)]
    [InlineData("lgamma", 2.0003, 0.00012686432074428281)]
    [InlineData("lgamma", 2.6, 0.35741186354897984)]
    [InlineData("lgamma", 3.5, 1.2009736023470742)]
    [InlineData("lgamma", 7.4, 7.3404049762849283)]
    [InlineData("lgamma", 7.9, 8.3242658680088096)]
    [InlineData("lgamma", 8.0, 8.5251613610654143)]
    [InlineData("lgamma", 8.1, 8.7273882634320398)]
    [InlineData("lgamma", 100.25, 360.28455963776423)]
    [InlineData("lgamma", 100000.0, 1051287.7089736569)]
    [InlineData("lgamma", 1e+200, 4.5951701859880912e+202)]
    [InlineData("lgamma", -1e-05, 11.512931237209124)]
    [InlineData("lgamma", -0.25, 1.589575312551186)]
    [InlineData("lgamma", -2.3, 0.36956666345500804)]
    [InlineData("lgamma", -7.6, -8.5629862758282795)]
    [InlineData("lgamma", -100.5, -364.90096830942735)]
    [InlineData("digamma", 0.001, -1000.5755719318103)]
    [InlineData("digamma", 1.0, -0.57721566490153286)]
    [InlineData("digamma", 1.4, -0.061384544585116237)]
    [InlineData("digamma", 2.5, 0.70315664064524319)]
    [InlineData("digamma", 7.99, 2.0143092220462238)]
    [InlineData("digamma", 8.0, 2.01564147795561)]
    [InlineData("digamma", 100.0, 4.6001618527380874)]
    [InlineData("digamma", 10000000000.0, 23.025850929890457)]
    [InlineData("digamma", -0.001, 999.42113819789133)]
    [InlineData("digamma", -3.3, 3.6203534605921258)]
    [InlineData("digamma", -20.75, -0.085143521734187154)]
    [InlineData("erfc", 3.0, 2.2090496998585441e-5)]
    [InlineData("erfc", 10.0, 2.0884875837625448e-45)]
    [InlineData("erfc", 0.7, 0.32219880616258156)]
    [InlineData("erf", 0.7, 0.67780119383741844)]
    [InlineData("erf", 0.2, 0.22270258921047847)]
    [InlineData("erf_inv", 0.9, 1.1630871536766742)]
    [InlineData("erf_inv", 0.999999, 3.4589107372754988)]
    [InlineData("erf_inv", 1e-05, 8.8622692547595945e-6)]
    [InlineData("bessel_i0e", 1.0, 0.46575960759364044)]
    [InlineData("bessel_i1e", -1.0, -0.20791041534970845)]
    [InlineData("bessel_i0e", 50.0, 0.056561626647454193)]
    [InlineData("bessel_i1e", 19.0, 0.089686056821614962)]
    public void SpecialFunctionsInDoublePrecision(string name, double x, double expected)
    {
        var value = Scalar.Apply(Operation(name), DType.F64, Scalar.Const(DType.F64, x));
        double actual = ScalarValue.ToDouble(DType.F64, ((ScalarExpr.Const)value).Bits);
        output.WriteLine($"{name}({x}) = {actual:R}");

        // Near its zeros digamma is as precise as the terms that cancel there.
        Assert.Equal(expected, actual, Math.Max(Math.Abs(expected), name == "digamma" ? 1 : 0) * 3e-15);
    }

    private static float[] Singles()
    {
        var inputs = new List<float>();
        for (uint exponent = 0; exponent < 255; exponent++)
        {
            for (uint i = 0; i < 400; i++)
            {
                uint bits = (exponent << 23) | (i * 20971 % (1 << 23));
                inputs.Add(BitConverter.UInt32BitsToSingle(bits));
                inputs.Add(BitConverter.UInt32BitsToSingle(bits | 0x80000000));
            }
        }

        for (int i = -20000; i <= 20000; i++)
        {
            inputs.Add(i * 0.001f);
        }

        inputs.AddRange([0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1f, -1f]);
        return [.. inputs];
    }

    private static double[] Doubles()
    {
        var inputs = new List<double>();
        for (ulong exponent = 0; exponent < 2047; exponent++)
        {
            for (ulong i = 0; i < 30; i++)
            {
                ulong bits = (exponent << 52) | (i * 0x9e3779b97f4a7c15 >> 12);
                inputs.Add(BitConverter.UInt64BitsToDouble(bits));
                inputs.Add(BitConverter.UInt64BitsToDouble(bits | 1ul << 63));
            }
        }

        for (int i = -20000; i <= 20000; i++)
        {
            inputs.Add(i * 0.001);
        }

        inputs.AddRange([0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1, -1]);
        return [.. inputs];
    }

    private static Kernel Unary(string name, DType type, int size)
    {
        var x = Scalar.Load(0, type, Scalar.Axis(0));
        var value = Scalar.Apply(Operation(name), type, x);
        return new Kernel([type], [type], [size], [new Stage.Store(0, [], Scalar.Axis(0), value)]);
    }

    private static ScalarOp Operation(string name) =>
        ScalarOps.TryParse(name, out var op) ? op : throw new ArgumentException(name);

    private static double Error(double actual, double expected, double rounded, int fraction, int lowest)
    {
        if (double.IsNaN(expected) || double.IsInfinity(rounded) || double.IsInfinity(actual) || double.IsNaN(actual))
        {
            // Near the largest number both it and infinity will do.
            return actual.Equals(rounded) ? 0
                : fraction == 23 && Math.Abs(expected) > 3.4028e38 && Math.Abs(actual) > 3.4028e38 ? 0
                : double.PositiveInfinity;
        }

        if (expected == 0)
        {
            return actual == 0 && double.IsNegative(actual) == double.IsNegative(expected)
                ? 0
                : double.PositiveInfinity;
        }

        int exponent = Math.Max(Math.ILogB(expected) - fraction, lowest);
        return Math.Abs(Math.ScaleB(actual, -exponent) - Math.ScaleB(expected, -exponent));
    }

    private static double Oracle(string name, double x) =>
        name switch
        {
            "exp" => Math.Exp(x),
            "exp2" => Math.Pow(2, x),
            "expm1" => ExpM1(x),
            "log" => Math.Log(x),
            "log1p" => Log1P(x),
            "logistic" => Math.Exp(Math.Min(x, 0)) / (1 + Math.Exp(-Math.Abs(x))),
            "sin" => Math.Sin(x),
            "cos" => Math.Cos(x),
            "tan" => Math.Tan(x),
            "tanh" => Math.Tanh(x),
            "asin" => Math.Asin(x),
            "acos" => Math.Acos(x),
            "atan" => Math.Atan(x),
            "sinh" => x == 0 ? x : Math.Sinh(x),
            "cosh" => Math.Cosh(x),
            "asinh" => x == 0 ? x : Math.Asinh(x),
            "acosh" => Math.Acosh(x),
            "atanh" => x == 0 ? x : Math.Atanh(x),
            "rsqrt" => 1 / Math.Sqrt(x),
            "cbrt" => CubeRoot(x),
            "lgamma" => GammaOracle.Lgamma(x),
            "digamma" => GammaOracle.Digamma(x),
            _ => SpecialFunctions.Apply(Operation(name), x, 0),
        };

    // W. Kahan's trick: errors of u cancel.
    private static double ExpM1(double x)
    {
        if (Math.Abs(x) < 1e-20 || double.IsNaN(x))
        {
            return x;
        }

        double u = Math.Exp(x);
        double v = u - 1;
        return u == 1 ? x
            : v == -1 ? -1
            : double.IsInfinity(u) ? u
            : v * x / Math.Log(u);
    }

    // The root of the runtime may be wrong by 3 units.
    private static double CubeRoot(double x)
    {
        if (x == 0 || !double.IsFinite(x))
        {
            return x;
        }

        // Of a number near 1, so that squares are exact with their rest.
        int k = Math.ILogB(x) / 3;
        double m = Math.ScaleB(x, -3 * k);
        double y = Math.Cbrt(m);
        double square = y * y;
        double rest = Math.FusedMultiplyAdd(-square, y, m) - Math.FusedMultiplyAdd(y, y, -square) * y;
        return Math.ScaleB(y + rest / (3 * square), k);
    }

    private static double Log1P(double x)
    {
        double u = 1 + x;
        return u == 1 ? x
            : u > 1e17 ? Math.Log(u)
            : Math.Log(u) * x / (u - 1);
    }
}
