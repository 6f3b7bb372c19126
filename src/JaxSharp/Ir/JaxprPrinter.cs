using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;

namespace JaxSharp.Ir;

/// <summary>Prints programs in the manner of JAX: <c>{ lambda ; a:f32[3]. let b:f32[3] = sin a in (b,) }</c>.</summary>
internal static class JaxprPrinter
{
    private const int LineWidth = 80;

    // Longer arrays among the literals are not written out, and cannot be read back.
    private const int MostElements = 64;

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
        string elements = value switch
        {
            { Ndim: 0 } => Element(value, 0),
            { Size: <= MostElements } =>
                $"[{string.Join(",", Enumerable.Range(0, (int)value.Size).Select(i => Element(value, i)))}]",
            _ => "[…]",
        };
        return $"{elements}:{value.Type}";
    }

    private static string Element(DeviceArray value, int index) =>
        value.DType switch
        {
            { Size: 0 } => "0",
            { IsBool: true } => value.ItemInt(index) != 0 ? "True" : "False",
            { IsComplex: true } => ComplexNumber(value.ItemComplex(index), value.DType.RealType),
            { IsFloating: true } => Float(value.ItemDouble(index), value.DType),
            { Code: DTypeCode.U64 } => ((ulong)value.ItemInt(index)).ToString(CultureInfo.InvariantCulture),
            _ => value.ItemInt(index).ToString(CultureInfo.InvariantCulture),
        };

    // Python's notation: (1.0+2.0j).
    private static string ComplexNumber(Complex value, DType part)
    {
        string imaginary = Float(value.Imaginary, part);
        return $"({Float(value.Real, part)}{(imaginary[0] == '-' ? "" : "+")}{imaginary}j)";
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
        return text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text : text + ".0";
    }

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
            text.Append("= ").Append(equation.Primitive.Name);
            Parameters(text, equation, names, inner);
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

    // Parameters of a primitive that holds programs stand on a line each.
    private static void Parameters(StringBuilder text, Equation equation, Dictionary<Var, string> names, string indent)
    {
        var primitive = equation.Primitive;
        var parameters = PrimitiveParameters.ValuesOf(primitive).ToList();
        if (parameters.TrueForAll(p => !PrimitiveParameters.Programs(p.Value).Any()))
        {
            text.Append(primitive.ToString().AsSpan(primitive.Name.Length));
            return;
        }

        if (primitive.IsCall)
        {
            parameters.Reverse(); // the name first, as JAX has it
        }

        string inner = indent + "  ";
        text.Append('[');
        foreach (var (name, value) in parameters)
        {
            text.Append('\n').Append(inner).Append(name).Append('=');
            switch (value)
            {
                case Jaxpr jaxpr:
                    WriteNested(text, jaxpr, Scope(jaxpr, equation, names), inner);
                    break;
                case EquatableArray<Jaxpr> jaxprs:
                    text.Append('(');
                    foreach (var jaxpr in jaxprs)
                    {
                        text.Append('\n').Append(inner).Append("  ");
                        WriteNested(text, jaxpr, Scope(jaxpr, equation, names), inner + "  ");
                    }

                    text.Append('\n').Append(inner).Append(')');
                    break;
                default:
                    text.Append(ParameterText.Write(value));
                    break;
            }
        }

        text.Append('\n').Append(indent).Append(']');
    }

    // Variables inside go on with the names outside; those of a call that are operands or results have their names.
    private static Dictionary<Var, string> Scope(Jaxpr jaxpr, Equation equation, Dictionary<Var, string> names)
    {
        var scope = new Dictionary<Var, string>(names);
        if (!equation.Primitive.IsCall || jaxpr.Inputs.Length != equation.Inputs.Length)
        {
            return scope;
        }

        for (int i = 0; i < jaxpr.Inputs.Length; i++)
        {
            if (equation.Inputs[i] is Var operand)
            {
                scope[jaxpr.Inputs[i]] = names[operand];
            }
        }

        for (int i = 0; i < jaxpr.Outputs.Length; i++)
        {
            if (jaxpr.Outputs[i] is Var result && !scope.ContainsKey(result))
            {
                scope[result] = names[equation.Outputs[i]];
            }
        }

        return scope;
    }

    // A program of one equation goes on one line if it is short.
    private static void WriteNested(StringBuilder text, Jaxpr jaxpr, Dictionary<Var, string> names, string indent)
    {
        var nested = new StringBuilder();
        Write(nested, jaxpr, names, indent);
        string written = nested.ToString();
        if (jaxpr.Equations.Length == 1 && !PrimitiveParameters.ProgramsOf(jaxpr.Equations[0].Primitive).Any())
        {
            string line = string.Join(' ', written.Split('\n').Select(part => part.Trim()));
            written = indent.Length + line.Length <= LineWidth ? line : written;
        }

        text.Append(written);
    }

    private static void Binders(StringBuilder text, Var[] vars, Dictionary<Var, string> names)
    {
        foreach (var variable in vars)
        {
            if (!names.TryGetValue(variable, out string? name))
            {
                name = Fresh(names);
                names.Add(variable, name);
            }

            text.Append(name).Append(':').Append(variable.Type).Append(' ');
        }
    }

    // Names of a call's operands and results are taken twice: the next name is the first that nobody has and that is no word of the
    // notation.
    private static string Fresh(Dictionary<Var, string> names)
    {
        int index = names.Values.Distinct().Count();
        var taken = new HashSet<string>(names.Values) { "in" };
        while (taken.Contains(VariableName(index)))
        {
            index++;
        }

        return VariableName(index);
    }

    private static string Name(Atom atom, Dictionary<Var, string> names) =>
        atom switch
        {
            Literal literal => Literal(literal.Value),
            Var variable => names.TryGetValue(variable, out string? name) ? name : "?",
            _ => "?",
        };
}
