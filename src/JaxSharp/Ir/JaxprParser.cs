using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace JaxSharp.Ir;

/// <summary>
/// Reads programs in the notation of <see cref="JaxprPrinter"/>, for tests of passes: text in, text out. Literals and types come
/// back as they were, except that weakness is not printed.
/// </summary>
internal sealed class JaxprParser
{
    private readonly string text;
    private int position;

    private JaxprParser(string text) => this.text = text;

    /// <summary>Reads a program.</summary>
    /// <exception cref="FormatException">The text is not a program; the message says where and what was expected.</exception>
    public static Jaxpr Parse(string text)
    {
        var parser = new JaxprParser(text);
        var jaxpr = parser.Program();
        parser.SkipSpace();
        if (parser.position != text.Length)
        {
            throw parser.Expected("the end of the text");
        }

        return jaxpr;
    }

    private Jaxpr Program()
    {
        var variables = new Dictionary<string, Var>();
        Expect("{");
        Expect("lambda");
        var constants = Binders(variables, ";");
        Expect(";");
        var inputs = Binders(variables, ".");
        Expect(".");
        Expect("let");
        var equations = new List<Equation>();
        while (!TryTake("in"))
        {
            equations.Add(Equation(variables));
        }

        Expect("(");
        var outputs = new List<Atom>();
        while (!TryTake(")"))
        {
            outputs.Add(Atom(variables));
            TryTake(",");
        }

        Expect("}");
        return new Jaxpr(constants, inputs, [.. equations], [.. outputs]);
    }

    private Var[] Binders(Dictionary<string, Var> variables, string end)
    {
        var result = new List<Var>();
        while (!Peek(end))
        {
            string name = Word();
            Expect(":");
            var variable = new Var(Type());
            variables[name] = variable;
            result.Add(variable);
        }

        return [.. result];
    }

    private Equation Equation(Dictionary<string, Var> variables)
    {
        var outputs = Binders(variables, "=");
        Expect("=");
        int start = position;
        string name = Word();
        var jaxprs = new List<Jaxpr>();
        var parameters = new List<(string, string)>();
        if (position < text.Length && text[position] == '[')
        {
            position++;
            Parameters(jaxprs, parameters);
        }

        Primitive primitive;
        try
        {
            primitive = PrimitiveFactory.Make(name, jaxprs, parameters);
        }
        catch (FormatException e)
        {
            position = start;
            throw Expected($"a primitive ({e.Message})");
        }

        // Operands end with the line: the next line starts with binders or "in".
        var inputs = new List<Atom>();
        while (position < text.Length && text[position] != '\n')
        {
            if (text[position] == ' ' || text[position] == '\r')
            {
                position++;
                continue;
            }

            inputs.Add(Atom(variables));
        }

        return new Equation(primitive, [.. inputs], outputs);
    }

    // name=value pairs apart by spaces; a value may hold brackets of any kind, and a program.
    private void Parameters(List<Jaxpr> jaxprs, List<(string Name, string Value)> parameters)
    {
        while (!TryTake("]"))
        {
            string name = Word();
            Expect("=");
            SkipSpace();
            if (Peek("{ lambda"))
            {
                jaxprs.Add(Program());
                continue;
            }

            int start = position;
            int depth = 0;
            while (position < text.Length)
            {
                char c = text[position];
                if (depth == 0 && (c == ']' || char.IsWhiteSpace(c)))
                {
                    break;
                }

                depth +=
                    c is '(' or '[' or '{' ? 1
                    : c is ')' or ']' or '}' ? -1
                    : 0;
                position++;
            }

            parameters.Add((name, text[start..position]));
        }
    }

    private Atom Atom(Dictionary<string, Var> variables)
    {
        SkipSpace();
        int start = position;
        while (
            position < text.Length && !char.IsWhiteSpace(text[position]) && text[position] is not (',' or ')' or ':')
        )
        {
            position++;
        }

        string word = text[start..position];
        if (position < text.Length && text[position] == ':')
        {
            position++;
            return new Literal(Literal(word, Type()));
        }

        if (variables.TryGetValue(word, out var variable))
        {
            return variable;
        }

        position = start;
        throw Expected("a variable that is defined before, or a literal");
    }

    private static DeviceArray Literal(string word, ArrayType type) =>
        type.DType switch
        {
            { IsBool: true } => DeviceArray.Scalar(word == "True", type.DType, type.Weak),
            { IsComplex: true } => DeviceArray.Scalar(
                System.Numerics.Complex.Parse(word, CultureInfo.InvariantCulture),
                type.DType,
                type.Weak
            ),
            { IsFloating: true } => DeviceArray.Scalar(
                word switch
                {
                    "nan" => double.NaN,
                    "inf" => double.PositiveInfinity,
                    "-inf" => double.NegativeInfinity,
                    _ => double.Parse(word, CultureInfo.InvariantCulture),
                },
                type.DType,
                type.Weak
            ),
            { Code: DTypeCode.U64 } => DeviceArray.Scalar(
                unchecked((long)ulong.Parse(word, CultureInfo.InvariantCulture)),
                type.DType,
                type.Weak
            ),
            _ => DeviceArray.Scalar(long.Parse(word, CultureInfo.InvariantCulture), type.DType, type.Weak),
        };

    private ArrayType Type()
    {
        string name = Word();
        var dtype = DType.Parse(name) ?? throw Expected($"an element type instead of '{name}'");
        Expect("[");
        var extents = new List<int>();
        while (!TryTake("]"))
        {
            extents.Add(int.Parse(Word(), CultureInfo.InvariantCulture));
            TryTake(",");
        }

        return new ArrayType(dtype, new Shape([.. extents]));
    }

    private string Word()
    {
        SkipSpace();
        int start = position;
        while (position < text.Length && (char.IsLetterOrDigit(text[position]) || text[position] is '_' or '-'))
        {
            position++;
        }

        return position > start ? text[start..position] : throw Expected("a name");
    }

    private bool Peek(string token)
    {
        SkipSpace();
        return string.CompareOrdinal(text, position, token, 0, token.Length) == 0;
    }

    private bool TryTake(string token)
    {
        if (!Peek(token))
        {
            return false;
        }

        // "in" must not be taken from the front of a longer name.
        int end = position + token.Length;
        if (
            char.IsLetter(token[0])
            && end < text.Length
            && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or ':')
        )
        {
            return false;
        }

        position = end;
        return true;
    }

    private void Expect(string token)
    {
        if (!TryTake(token))
        {
            throw Expected($"'{token}'");
        }
    }

    private void SkipSpace()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
    }

    private FormatException Expected(string what)
    {
        int line = 1 + text.AsSpan(0, Math.Min(position, text.Length)).Count('\n');
        return new FormatException($"line {line}, character {position}: expected {what}.");
    }
}
