using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>Reads the notation of <see cref="KernelPrinter"/>.</summary>
internal sealed class KernelParser
{
    // Expressions within expressions; each takes stack here and wherever an expression is walked.
    private const int MostNested = 1000;

    private readonly string text;
    private readonly Dictionary<string, ScalarExpr> names = [];
    private int position;
    private int nested;

    private KernelParser(string text) => this.text = text;

    /// <summary>Reads a kernel.</summary>
    /// <exception cref="FormatException">The text is no kernel.</exception>
    public static Kernel Parse(string text) => new KernelParser(text).Kernel();

    /// <summary>Reads an expression, after definitions of shared parts if there are any.</summary>
    /// <exception cref="FormatException">The text is no expression.</exception>
    public static ScalarExpr ParseExpression(string text)
    {
        var parser = new KernelParser(text);
        parser.Definitions();
        var result = parser.Expression();
        parser.Skip();
        return parser.position == text.Length ? result : throw parser.Expected("the end");
    }

    private Kernel Kernel()
    {
        Take("kernel");
        var inputs = List('(', ')', Type);
        Take("->");
        var outputs = List('(', ')', Type);
        Take("grid");
        var grid = List('[', ']', Integer);
        var stages = new List<Stage>();
        Skip();
        while (position < text.Length)
        {
            names.Clear();
            Definitions();
            stages.Add(Stage(stages.Count));
            Skip();
        }

        return new Kernel(inputs, outputs, grid, [.. stages]);
    }

    private Stage Stage(int number)
    {
        if (TryTake("store"))
        {
            int output = Integer();
            var inner = List('[', ']', Integer);
            Take(":");
            var index = Expression();
            Take("=");
            return new Stage.Store(output, inner, index, Expression());
        }

        Take($"r{number}");
        Take("=");
        Take("reduce");
        string monoid = Word();
        var type = Type();
        var extents = List('[', ']', Integer);
        ReductionOrder? order = null;
        if (TryTake("lanes"))
        {
            int lanes = Integer();
            Take("block");
            order = new ReductionOrder(lanes, Integer());
        }

        Take(":");
        return Enum.TryParse(monoid, ignoreCase: true, out Monoid combined) && Enum.IsDefined(combined)
            ? new Stage.Reduce(combined, extents, Expression(), type, order)
            : throw Expected($"a combining operation, not {monoid},");
    }

    private void Definitions()
    {
        while (Peek() == '%')
        {
            int start = position;
            string name = Name();
            if (Peek() != '=')
            {
                position = start;
                return;
            }

            Take("=");
            names[name] = Expression();
        }
    }

    private ScalarExpr Expression()
    {
        if (nested == MostNested)
        {
            throw Expected($"at most {MostNested} expressions within one another");
        }

        nested++;
        int start = position;
        try
        {
            return Term();
        }
        catch (ArgumentException e)
        {
            position = start;
            throw Expected($"an expression ({e.Message})");
        }
        finally
        {
            nested--;
        }
    }

    private ScalarExpr Term()
    {
        char c = Peek();
        if (c == '%')
        {
            string name = Name();
            return names.TryGetValue(name, out var value) ? value : throw Expected($"a defined name, not {name},");
        }

        if (c is '-' or '+' or '∞' || char.IsDigit(c))
        {
            return Literal();
        }

        string word = Word();
        if (word is "NaN" or "Infinity")
        {
            return FloatLiteral(word);
        }

        if (word is "true" or "false")
        {
            return Scalar.Const(word == "true");
        }

        if (Numbered(word, "a", out int axis))
        {
            return Scalar.Axis(axis);
        }

        if (Numbered(word, "r", out int stage))
        {
            Take(".");
            return Scalar.Reduced(stage, Type());
        }

        if (Numbered(word, "in", out int input))
        {
            Take(".");
            var type = Type();
            Take("[");
            var index = Expression();
            Take("]");
            return Scalar.Load(input, type, index);
        }

        if (word == "complex")
        {
            var parts = List('(', ')', Expression);
            return parts.Length == 2 ? Scalar.MakeComplex(parts[0], parts[1]) : throw Expected("two parts before");
        }

        if (!ScalarOps.TryParse(word, out var op))
        {
            throw Expected($"an operation, not {word},");
        }

        DType? target = TryTake(".") ? Type() : null;
        var operands = List('(', ')', Expression);
        return operands.Length > 0
            ? Scalar.Apply(op, target ?? operands[^1].Type, operands)
            : throw Expected("operands before");
    }

    private ScalarExpr Literal()
    {
        int start = position;
        if (text[position] is '-' or '+')
        {
            position++;
        }

        while (
            position < text.Length
            && (
                char.IsLetterOrDigit(text[position])
                || text[position] is '.' or '∞'
                || (text[position] is '-' or '+' && text[position - 1] is 'e' or 'E')
            )
        )
        {
            position++;
        }

        string digits = text[start..position];
        if (digits.StartsWith("0x", StringComparison.Ordinal))
        {
            Take(":");
            var type = Type();
            return ulong.TryParse(
                digits.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out ulong bits
            )
                ? Scalar.ConstBits(type, bits)
                : throw Expected($"hexadecimal digits, not {digits},");
        }

        return FloatLiteral(digits);
    }

    private ScalarExpr FloatLiteral(string digits)
    {
        var type = Peek() == ':' && TryTake(":") ? Type() : DType.I64;
        if (type.IsFloating)
        {
            return double.TryParse(digits, CultureInfo.InvariantCulture, out double number)
                ? Scalar.Const(type, number)
                : throw Expected($"a number, not {digits},");
        }

        return Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? Scalar.ConstBits(
                type,
                integer < 0
                    ? ScalarValue.FromInteger(type, (long)integer)
                    : ScalarValue.FromInteger(type, (ulong)integer)
            )
            : throw Expected($"an integer, not {digits},");
    }

    private static bool Numbered(string word, string prefix, out int number)
    {
        number = 0;
        return word.StartsWith(prefix, StringComparison.Ordinal)
            && word.Length > prefix.Length
            && word.Skip(prefix.Length).All(char.IsDigit)
            && int.TryParse(word.AsSpan(prefix.Length), out number);
    }

    private T[] List<T>(char open, char close, Func<T> item)
    {
        Take(open.ToString());
        var items = new List<T>();
        while (Peek() != close)
        {
            if (items.Count > 0)
            {
                Take(",");
            }

            items.Add(item());
        }

        position++;
        return [.. items];
    }

    private DType Type()
    {
        string word = Word();
        return DType.Parse(word) ?? throw Expected($"an element type, not {word},");
    }

    private int Integer()
    {
        Skip();
        int start = position;
        while (position < text.Length && (char.IsDigit(text[position]) || text[position] == '-'))
        {
            position++;
        }

        return int.TryParse(text.AsSpan(start, position - start), out int value) ? value : throw Expected("an integer");
    }

    private string Name()
    {
        position++;
        return "%" + Word();
    }

    private string Word()
    {
        Skip();
        int start = position;
        while (position < text.Length && (char.IsLetterOrDigit(text[position]) || text[position] == '_'))
        {
            position++;
        }

        return position > start ? text[start..position] : throw Expected("a word");
    }

    private char Peek()
    {
        Skip();
        return position < text.Length ? text[position] : '\0';
    }

    private void Take(string token)
    {
        if (!TryTake(token))
        {
            throw Expected($"'{token}'");
        }
    }

    private bool TryTake(string token)
    {
        Skip();
        if (string.CompareOrdinal(text, position, token, 0, token.Length) != 0)
        {
            return false;
        }

        position += token.Length;
        return true;
    }

    private void Skip()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
    }

    private FormatException Expected(string what)
    {
        int line = text.AsSpan(0, Math.Min(position, text.Length)).Count('\n') + 1;
        string rest = text.Length > position ? text[position..Math.Min(text.Length, position + 20)] : "the end";
        return new FormatException($"Expected {what} in line {line} at: {rest}");
    }
}
