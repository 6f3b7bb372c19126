using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Text;
using JaxSharp.Ir;

namespace JaxSharp.Arrays;

/// <summary>Prints arrays the way NumPy and JAX do; arrays of more than 1000 elements are summarised.</summary>
internal static class ArrayFormatter
{
    private const int Threshold = 1000;
    private const int EdgeItems = 3;

    /// <summary>The elements in brackets; a scalar as a number.</summary>
    public static string Str(NDArray array, FormatOptions? options = null)
    {
        if (array is not DeviceArray concrete)
        {
            return $"Traced<{array.Type}>";
        }

        return concrete.Ndim == 0 ? Scalar(concrete) : Elements(concrete, " ", "", "", options ?? new FormatOptions());
    }

    /// <summary>The elements and the element type: <c>Array([1., 2.], dtype=float32)</c>.</summary>
    public static string Repr(NDArray array, FormatOptions? options = null)
    {
        if (array is not DeviceArray concrete)
        {
            return $"Traced<{array.Type}>";
        }

        const string prefix = "Array(";
        options ??= new FormatOptions();
        string type = $"dtype={array.DType.LongName}{(array.WeakType ? ", weak_type=True" : "")})";
        string text =
            array.Size == 0 ? $"[], shape={PythonShape(array.Shape)}" : Elements(concrete, ", ", prefix, ",", options);
        int lastLine = text.Length - text.LastIndexOf('\n') + 1;
        string separator = lastLine + type.Length + 1 > options.LineWidth ? new string(' ', prefix.Length) : " ";
        return $"{prefix}{text},{separator}{type}";
    }

    /// <summary>The text that NumPy's own function gives for JAX's arrays: without the types that NumPy takes for granted.</summary>
    public static string NumpyRepr(NDArray array, FormatOptions options)
    {
        if (array is not DeviceArray concrete)
        {
            return Repr(array, options);
        }

        const string prefix = "ArrayImpl(";
        bool isImplied =
            array.DType.Code is DTypeCode.Bool or DTypeCode.I64 or DTypeCode.F64 or DTypeCode.C128 && array.Size > 0;
        string text =
            array.Size == 0
                ? $"[], shape={PythonShape(array.Shape)}"
                : Elements(concrete, ", ", prefix, isImplied ? ")" : ",", options);
        if (isImplied)
        {
            return $"{prefix}{text})";
        }

        string type = $"dtype={array.DType.LongName})";
        int lastLine = text.Length - (text.LastIndexOf('\n') + 1) + (text.Contains('\n') ? 0 : prefix.Length);
        string separator = lastLine + type.Length + 1 > options.LineWidth ? "\n" + new string(' ', prefix.Length) : " ";
        return $"{prefix}{text},{separator}{type}";
    }

    /// <summary>A number of an array without axes, as Python prints it.</summary>
    public static string Scalar(DeviceArray array)
    {
        var dtype = array.DType;
        if (dtype.IsBool)
        {
            return array.ItemInt(0) != 0 ? "True" : "False";
        }

        if (dtype.Code == DTypeCode.BF16)
        {
            return PythonFormat.General(array.ItemDouble(0), 6);
        }

        if (dtype.IsFloating)
        {
            return FloatText.Scalar(array.ItemDouble(0), dtype);
        }

        if (dtype.IsComplex)
        {
            Complex value = array.ItemComplex(0);
            string imaginary = Part(value.Imaginary) + "j";
            return value.Real == 0 && !double.IsNegative(value.Real)
                ? imaginary
                : $"({Part(value.Real)}{(imaginary[0] is '-' ? "" : "+")}{imaginary})";
        }

        return dtype.Code == DTypeCode.U64
            ? ((ulong)array.ItemInt(0)).ToString(CultureInfo.InvariantCulture)
            : array.ItemInt(0).ToString(CultureInfo.InvariantCulture);

        string Part(double part)
        {
            string text = FloatText.Scalar(part, dtype);
            return text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
        }
    }

    private static string Elements(
        DeviceArray array,
        string separator,
        string prefix,
        string suffix,
        FormatOptions options
    )
    {
        if (array.Size == 0)
        {
            return "[]";
        }

        bool summarise = array.Size > Threshold;
        var shown = new List<long>();
        Collect(array.Shape, 0, 0, summarise, shown);
        var format = ElementFormat.Create(array, shown, options);
        var strides = array.Shape.Strides();
        string indent = new string(' ', prefix.Length + 1);
        return Nested(0, 0, indent, options.LineWidth - suffix.Length);

        string Nested(int axis, long offset, string hanging, int width)
        {
            int left = array.Ndim - axis;
            if (left == 0)
            {
                return format.Format(offset);
            }

            var places = Places(array.Shape[axis], summarise);
            string nextIndent = hanging + " ";
            int nextWidth = width - 1;
            var text = new StringBuilder();
            if (left == 1)
            {
                string line = hanging;
                int limit = width - Math.Max(separator.TrimEnd().Length, 1);
                for (int i = 0; i < places.Count; i++)
                {
                    string word =
                        places[i] < 0
                            ? "..."
                            : Nested(axis + 1, offset + (places[i] * strides[axis]), nextIndent, nextWidth);
                    if (line.Length + word.Length > limit && line.Length > hanging.Length)
                    {
                        text.Append(line.TrimEnd()).Append('\n');
                        line = hanging;
                    }

                    line += word + (i < places.Count - 1 ? separator : "");
                }

                text.Append(line);
            }
            else
            {
                string lineBreak = separator.TrimEnd() + new string('\n', left - 1);
                for (int i = 0; i < places.Count; i++)
                {
                    text.Append(hanging)
                        .Append(
                            places[i] < 0
                                ? "..."
                                : Nested(axis + 1, offset + (places[i] * strides[axis]), nextIndent, nextWidth)
                        )
                        .Append(i < places.Count - 1 ? lineBreak : "");
                }
            }

            return "[" + text.ToString(hanging.Length, text.Length - hanging.Length) + "]";
        }
    }

    /// <summary>The places along an axis that are printed; −1 stands for those left out.</summary>
    private static List<int> Places(int extent, bool summarise)
    {
        var places = new List<int>();
        bool cut = summarise && extent > 2 * EdgeItems;
        for (int i = 0; i < extent; i++)
        {
            if (cut && i == EdgeItems)
            {
                places.Add(-1);
                i = extent - EdgeItems;
            }

            places.Add(i);
        }

        return places;
    }

    private static void Collect(Shape shape, int axis, long offset, bool summarise, List<long> shown)
    {
        if (axis == shape.Rank)
        {
            shown.Add(offset);
            return;
        }

        foreach (int place in Places(shape[axis], summarise))
        {
            if (place >= 0)
            {
                Collect(shape, axis + 1, (offset * shape[axis]) + place, summarise, shown);
            }
        }
    }

    private static string PythonShape(Shape shape) =>
        shape.Rank == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";
}
