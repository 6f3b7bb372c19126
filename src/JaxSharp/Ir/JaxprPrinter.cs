using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace JaxSharp.Ir;

/// <summary>Prints programs in the manner of JAX: <c>{ lambda ; a:f32[3]. let b:f32[3] = sin a in (b,) }</c>.</summary>
internal static class JaxprPrinter
{
    public static string Print(Jaxpr jaxpr)
    {
        var text = new StringBuilder();
        Write(text, jaxpr, new Dictionary<Var, string>(), "");
        return text.ToString();
    }

    /// <summary>a, b, …, z, ba, bb, …: JAX's names of variables.</summary>
    public static string VariableName(int index)
    {
        string name = "";
        do
        {
            name = (char)('a' + (index % 26)) + name;
            index /= 26;
        } while (index > 0);

        return name;
    }

    public static string Literal(DeviceArray value)
    {
        string number = value.DType switch
        {
            { IsBool: true } => value.ItemInt(0) != 0 ? "True" : "False",
            { IsComplex: true } => value.ItemComplex(0).ToString(CultureInfo.InvariantCulture),
            { IsFloating: true } => Float(value.ItemDouble(0), value.DType),
            { Code: DTypeCode.U64 } => ((ulong)value.ItemInt(0)).ToString(CultureInfo.InvariantCulture),
            _ => value.ItemInt(0).ToString(CultureInfo.InvariantCulture),
        };
        return $"{number}:{value.Type}";
    }

    private static string Float(double value, DType dtype)
    {
        if (double.IsNaN(value))
        {
            return "nan";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "inf" : "-inf";
        }

        string text =
            dtype.Code == DTypeCode.F64
                ? value.ToString("R", CultureInfo.InvariantCulture)
                : ((float)value).ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpanContains('.') || text.AsSpanContains('E') ? text : text + ".0";
    }

    private static bool AsSpanContains(this string text, char c) =>
        text.IndexOf(c, System.StringComparison.Ordinal) >= 0;

    private static void Write(StringBuilder text, Jaxpr jaxpr, Dictionary<Var, string> names, string indent)
    {
        text.Append("{ lambda ");
        Binders(text, jaxpr.ConstVars, names);
        text.Append("; ");
        Binders(text, jaxpr.Inputs, names);
        if (text[^1] == ' ')
        {
            text.Length--;
        }

        text.Append(". let\n");
        string inner = indent + "    ";
        foreach (var equation in jaxpr.Equations)
        {
            text.Append(inner);
            Binders(text, equation.Outputs, names);
            text.Append(equation.Outputs.Length == 0 ? "= " : "= ").Append(equation.Primitive.Name);
            Parameters(text, equation.Primitive, inner);
            foreach (var input in equation.Inputs)
            {
                text.Append(' ').Append(Name(input, names));
            }

            text.Append('\n');
        }

        text.Append(indent).Append("  in (");
        for (int i = 0; i < jaxpr.Outputs.Length; i++)
        {
            text.Append(i > 0 ? ", " : "").Append(Name(jaxpr.Outputs[i], names));
        }

        text.Append(jaxpr.Outputs.Length == 1 ? ",) }" : ") }");
    }

    private static void Parameters(StringBuilder text, Primitive primitive, string indent)
    {
        string parameters = primitive.Parameters;
        if (primitive is not IHasJaxprs higher)
        {
            text.Append(parameters.Length == 0 ? "" : $"[{parameters}]");
            return;
        }

        string inner = indent + "  ";
        text.Append('[');
        foreach (var (name, jaxpr) in higher.Jaxprs)
        {
            text.Append('\n').Append(inner).Append(name).Append('=');
            Write(text, jaxpr, new Dictionary<Var, string>(), inner);
        }

        if (parameters.Length > 0)
        {
            text.Append('\n').Append(inner).Append(parameters);
        }

        text.Append('\n').Append(indent).Append(']');
    }

    private static void Binders(StringBuilder text, Var[] vars, Dictionary<Var, string> names)
    {
        foreach (var variable in vars)
        {
            if (!names.TryGetValue(variable, out string? name))
            {
                name = VariableName(names.Count);
                names.Add(variable, name);
            }

            text.Append(name).Append(':').Append(variable.Type).Append(' ');
        }
    }

    private static string Name(Atom atom, Dictionary<Var, string> names) =>
        atom switch
        {
            Literal literal => Literal(literal.Value),
            Var variable => names.TryGetValue(variable, out string? name) ? name : "?",
            _ => "?",
        };
}

/// <summary>A primitive that holds programs, printed under these names.</summary>
internal interface IHasJaxprs
{
    IEnumerable<(string Name, Jaxpr Jaxpr)> Jaxprs { get; }
}
