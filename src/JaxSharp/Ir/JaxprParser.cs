using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace JaxSharp.Ir;

/// <summary>
/// Reads programs in the notation of <see cref="JaxprPrinter"/>, for tests of passes: text in, text out. Literals and types come
/// back as they were, except that weakness is not printed.
/// </summary>
internal sealed class JaxprParser
{
    // Programs within programs; each takes stack here and wherever a program is walked.
    private const int MostNested = 100;

    private readonly string text;
    private int position;
    private int nested;

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
        if (nested == MostNested)
        {
            throw Expected($"at most {MostNested} programs within one another");
        }

        nested++;
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
        nested--;
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
        var parameters = new Dictionary<string, object>();
        if (position < text.Length && text[position] == '[')
        {
            position++;
            Parameters(parameters);
        }

        Primitive primitive;
        try
        {
            primitive = PrimitiveFactory.Make(name, parameters);
        }
        catch (Exception e) when (e is FormatException or JaxException)
        {
            position = start;
            throw Expected($"a primitive ({e.Message})");
        }

        // Operands end with the line, or before the results of a program on one line.
        var inputs = new List<Atom>();
        while (
            position < text.Length && text[position] != '\n' && string.CompareOrdinal(text, position, "in (", 0, 4) != 0
        )
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

    // name=value pairs apart by spaces; a value is text with brackets of any kind, a program, or a list of programs.
    private void Parameters(Dictionary<string, object> parameters)
    {
        while (!TryTake("]"))
        {
            string name = Word();
            Expect("=");
            parameters[name] = Value();
        }
    }

    private object Value()
    {
        if (Peek("{"))
        {
            return Program();
        }

        int start = position;
        if (TryTake("(") && Peek("{"))
        {
            var programs = new List<Jaxpr>();
            while (!TryTake(")"))
            {
                programs.Add(Program());
            }

            return programs.ToArray();
        }

        position = start;
        for (int depth = 0; position < text.Length; position++)
        {
            char c = text[position];
            if (depth == 0 && (c == ']' || char.IsWhiteSpace(c)))
            {
                break;
            }

            depth += Nesting(c);
        }

        return text[start..position];
    }

    private static int Nesting(char c) =>
        c is '(' or '[' ? 1
        : c is ')' or ']' ? -1
        : 0;

    private Atom Atom(Dictionary<string, Var> variables)
    {
        SkipSpace();
        int start = position;
        for (int depth = 0; position < text.Length && !char.IsWhiteSpace(text[position]); position++)
        {
            char c = text[position];
            if (depth == 0 && c is (',' or ':' or ')'))
            {
                break;
            }

            depth += Nesting(c);
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

    private DeviceArray Literal(string word, ArrayType type)
    {
        if (type.Rank == 0)
        {
            return Element(word, type);
        }

        string[] words = word is ['[', .., ']'] ? word[1..^1].Split(',') : [];
        if (words.Length != type.Size)
        {
            throw Expected($"{type.Size} elements before the type");
        }

        byte[] bytes = [.. words.SelectMany(element => Element(element, type).Bytes().ToArray())];
        var array = DeviceArray.Allocate(type);
        Marshal.Copy(bytes, 0, array.Address, bytes.Length);
        return array;
    }

    private DeviceArray Element(string word, ArrayType type)
    {
        var dtype = type.DType;
        if (dtype.IsBool && word is "True" or "False")
        {
            return DeviceArray.Scalar(word == "True", dtype, type.Weak);
        }

        if (dtype.Size == 0 && word == "0")
        {
            return DeviceArray.Allocate(type with { Shape = Shape.Scalar });
        }

        if (dtype.IsComplex && ComplexNumber(word) is { } complex)
        {
            return DeviceArray.Scalar(complex, dtype, type.Weak);
        }

        if (dtype.IsFloating && Number(word) is { } real)
        {
            return DeviceArray.Scalar(real, dtype, type.Weak);
        }

        if (
            dtype.IsInteger
            && Int128.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            && integer >= long.MinValue
            && integer <= (dtype.Code == DTypeCode.U64 ? ulong.MaxValue : long.MaxValue)
        )
        {
            return DeviceArray.Scalar(unchecked((long)integer), dtype, type.Weak);
        }

        throw Expected($"a value of type {dtype} instead of '{word}' before the type");
    }

    private static double? Number(string word) =>
        word switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => double.TryParse(word, CultureInfo.InvariantCulture, out double number) ? number : null,
        };

    // (1.0+2.0j): the sign between the parts is the last one that belongs to no exponent.
    private static Complex? ComplexNumber(string word)
    {
        if (word is not ['(', .., 'j', ')'])
        {
            return null;
        }

        int sign = word.Length - 1;
        while (sign > 1 && (word[sign] is not ('+' or '-') || word[sign - 1] == 'E'))
        {
            sign--;
        }

        return Number(word[1..sign]) is { } real && Number(word[sign..^2].TrimStart('+')) is { } imaginary
            ? new Complex(real, imaginary)
            : null;
    }

    private ArrayType Type()
    {
        string name = Word();
        var dtype = DType.Parse(name) ?? throw Expected($"an element type instead of '{name}'");
        Expect("[");
        var extents = new List<int>();
        while (!TryTake("]"))
        {
            string extent = Word();
            extents.Add(
                int.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                    ? size
                    : throw Expected($"an extent instead of '{extent}'")
            );
            TryTake(",");
        }

        try
        {
            return new ArrayType(dtype, new Shape([.. extents]));
        }
        catch (ShapeException e)
        {
            throw Expected($"a type ({e.Message})");
        }
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
