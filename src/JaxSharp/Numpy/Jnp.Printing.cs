using JaxSharp.Arrays;

namespace JaxSharp.Numpy;

// Arrays as text.
public static partial class Jnp
{
    /// <summary>
    /// The array as NumPy's <c>array_repr</c> prints arrays of JAX: <c>ArrayImpl([1., 2.], dtype=float32)</c>. JAX's own form is
    /// <c>x.ToString("r")</c>.
    /// </summary>
    /// <param name="arr">The array.</param>
    /// <param name="maxLineWidth">The length of a line.</param>
    /// <param name="precision">The most digits after the point.</param>
    /// <param name="suppressSmall">Whether small numbers print as 0 instead of in scientific notation.</param>
    public static string ArrayRepr(
        NDArray arr,
        int? maxLineWidth = null,
        int? precision = null,
        bool? suppressSmall = null
    ) => ArrayFormatter.NumpyRepr(Argument.Given(arr), Options(maxLineWidth, precision, suppressSmall));

    /// <summary>The elements as NumPy prints them: <c>[1. 2.]</c>.</summary>
    public static string ArrayStr(
        NDArray a,
        int? maxLineWidth = null,
        int? precision = null,
        bool? suppressSmall = null
    ) => ArrayFormatter.Str(Argument.Given(a), Options(maxLineWidth, precision, suppressSmall));

    // NumPy measures the array but writes its elements one by one, where those of JAX become numbers of Python.
    private static FormatOptions Options(int? maxLineWidth, int? precision, bool? suppressSmall) =>
        precision < 0
            ? throw new JaxArgumentException($"An array cannot be printed with {precision} digits after the point.")
            : new FormatOptions(precision ?? 8, suppressSmall ?? false, maxLineWidth ?? 75, AsPythonNumbers: true);
}
