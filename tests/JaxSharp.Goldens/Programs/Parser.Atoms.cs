using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

namespace JaxSharp.Goldens.Programs;

/// <content>Atoms, calls, indices and displays.</content>
internal sealed partial class Parser
{
    private Expr ParsePostfix()
    {
        Expr value = ParseAtom();
        while (true)
        {
            if (Accept("."))
            {
                value = new Attribute(value, TakeName());
            }
            else if (Accept("("))
            {
                value = ParseCall(value);
            }
            else if (Accept("["))
            {
                value = new Subscript(value, ParseIndex());
                Expect("]");
            }
            else
            {
                return value;
            }
        }
    }

    private Call ParseCall(Expr function)
    {
        var arguments = new List<Expr>();
        var keywords = new List<(string, Expr)>();
        while (!Accept(")"))
        {
            if (Accept("**"))
            {
                keywords.Add(("**", ParseExpression()));
            }
            else if (Current.Kind == TokenKind.Name && tokens[at + 1] is { Kind: TokenKind.Symbol, Text: "=" })
            {
                string name = TakeName();
                at++;
                keywords.Add((name, ParseExpression()));
            }
            else
            {
                Expr argument = ParseStarred();
                arguments.Add(Is("for") ? ParseComprehension(argument) : argument);
            }

            Accept(",");
        }

        return new Call(function, arguments, keywords);
    }

    private Comprehension ParseComprehension(Expr element)
    {
        var loops = new List<(Expr, Expr, Expr?)>();
        while (Accept("for"))
        {
            Expr target = ParseTargets();
            Expect("in");
            Expr source = ParseLogic();
            loops.Add((target, source, Accept("if") ? ParseLogic() : null));
        }

        return new Comprehension(element, loops);
    }

    private Expr ParseIndex()
    {
        var items = new List<Expr>();
        bool isTuple = false;
        do
        {
            if (Is("]"))
            {
                break;
            }

            items.Add(ParseIndexItem());
            isTuple |= Is(",");
        } while (Accept(","));
        return isTuple ? new TupleExpr(items) : items[0];
    }

    private Expr ParseIndexItem()
    {
        Expr? start = Is(":") ? null : ParseStarred();
        if (!Accept(":"))
        {
            return start!;
        }

        Expr? stop = Is(":") || Is("]") || Is(",") ? null : ParseExpression();
        Expr? step = Accept(":") && !Is("]") && !Is(",") ? ParseExpression() : null;
        return new SliceExpr(start, stop, step);
    }

    private Expr ParseAtom()
    {
        Token token = tokens[at++];
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new Constant(ParseNumber(token.Text));
            case TokenKind.Text:
                return new Constant(token.Text);
            case TokenKind.Format:
                return ParseFormat(token.Text);
            case TokenKind.Name:
                return token.Text switch
                {
                    "None" => new Constant(null),
                    "True" => new Constant(true),
                    "False" => new Constant(false),
                    _ => new Name(token.Text),
                };
        }

        switch (token.Text)
        {
            case "...":
                return new Constant(EllipsisValue.Instance);
            case "(":
                if (Accept(")"))
                {
                    return new TupleExpr([]);
                }

                Expr inner = ParseTuple();
                inner = Is("for") ? ParseComprehension(inner) : inner;
                Expect(")");
                return inner;
            case "[":
                return ParseList();
            case "{":
                return ParseDictionary();
            default:
                throw new UnsupportedProgramException($"unexpected {token}");
        }
    }

    private Expr ParseList()
    {
        var items = new List<Expr>();
        while (!Accept("]"))
        {
            Expr item = ParseStarred();
            if (Is("for"))
            {
                Comprehension comprehension = ParseComprehension(item);
                Expect("]");
                return comprehension;
            }

            items.Add(item);
            Accept(",");
        }

        return new ListExpr(items);
    }

    private Expr ParseDictionary()
    {
        var items = new List<(Expr, Expr)>();
        while (!Accept("}"))
        {
            Expr key = ParseExpression();
            Expr value = Accept(":") ? ParseExpression() : new Constant(null);
            if (Is("for"))
            {
                var comprehension = new DictComprehension(ParseComprehension(new TupleExpr([key, value])));
                Expect("}");
                return comprehension;
            }

            items.Add((key, value));
            Accept(",");
        }

        return new DictExpr(items);
    }

    private static FormatExpr ParseFormat(string text)
    {
        var parts = new List<Expr>();
        while (text.Length > 0)
        {
            int open = text.IndexOf('{');
            if (open < 0)
            {
                parts.Add(new Constant(text));
                break;
            }

            int close = text.IndexOf('}', open);
            parts.Add(new Constant(text[..open]));
            parts.Add(new Parser(Lexer.Run(text[(open + 1)..close])).ParseExpression());
            text = text[(close + 1)..];
        }

        return new FormatExpr(parts);
    }

    private static object ParseNumber(string text)
    {
        if (text[^1] == 'j')
        {
            return new Complex(0, double.Parse(text[..^1], CultureInfo.InvariantCulture));
        }

        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return (object)long.Parse(text[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
            ? (object)long.Parse(text, CultureInfo.InvariantCulture)
            : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
