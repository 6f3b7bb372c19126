using System;
using System.Collections.Generic;
using System.Text;

namespace JaxSharp.Goldens.Programs;

internal enum TokenKind
{
    Name,
    Number,
    Text,

    /// <summary>The text between the quotes of <c>f"…"</c>.</summary>
    Format,
    Symbol,
    NewLine,
    Indent,
    Dedent,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Text);

/// <summary>Cuts Python text into tokens; indentation becomes tokens of its own.</summary>
internal static class Lexer
{
    private static readonly string[] Symbols =
    [
        "**=",
        "//=",
        "...",
        "**",
        "//",
        "<<",
        ">>",
        "<=",
        ">=",
        "==",
        "!=",
        ":=",
        "->",
        "+=",
        "-=",
        "*=",
        "/=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "@",
        "&",
        "|",
        "^",
        "~",
        "<",
        ">",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        ";",
        "=",
    ];

    public static List<Token> Run(string source)
    {
        var tokens = new List<Token>();
        var indents = new Stack<int>([0]);
        int depth = 0;
        foreach (string line in source.Split('\n'))
        {
            int at = 0;
            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }

            if (at == line.Length || line[at] == '#')
            {
                continue;
            }

            if (depth == 0)
            {
                Indent(tokens, indents, at);
            }

            Line(line, at, tokens, ref depth);
            if (depth == 0)
            {
                tokens.Add(new Token(TokenKind.NewLine, ""));
            }
        }

        Indent(tokens, indents, 0);
        tokens.Add(new Token(TokenKind.End, ""));
        return tokens;
    }

    private static void Indent(List<Token> tokens, Stack<int> indents, int width)
    {
        if (width > indents.Peek())
        {
            indents.Push(width);
            tokens.Add(new Token(TokenKind.Indent, ""));
        }

        while (width < indents.Peek())
        {
            indents.Pop();
            tokens.Add(new Token(TokenKind.Dedent, ""));
        }
    }

    private static void Line(string line, int at, List<Token> tokens, ref int depth)
    {
        while (at < line.Length && line[at] != '#')
        {
            char c = line[at];
            if (c is ' ' or '\\')
            {
                at++;
            }
            else if (c == 'f' && at + 1 < line.Length && line[at + 1] is '"' or '\'')
            {
                at++;
                tokens.Add(new Token(TokenKind.Format, Text(line, ref at)));
            }
            else if (c is '"' or '\'')
            {
                tokens.Add(new Token(TokenKind.Text, Text(line, ref at)));
            }
            else if (char.IsDigit(c) || (c == '.' && at + 1 < line.Length && char.IsDigit(line[at + 1])))
            {
                tokens.Add(new Token(TokenKind.Number, Number(line, ref at)));
            }
            else if (char.IsLetter(c) || c == '_')
            {
                int start = at;
                while (at < line.Length && (char.IsLetterOrDigit(line[at]) || line[at] == '_'))
                {
                    at++;
                }

                tokens.Add(new Token(TokenKind.Name, line[start..at]));
            }
            else
            {
                int position = at;
                string symbol =
                    Array.Find(Symbols, s => string.CompareOrdinal(line, position, s, 0, s.Length) == 0)
                    ?? throw new UnsupportedProgramException($"unexpected '{c}' in: {line}");
                depth +=
                    symbol is "(" or "[" or "{" ? 1
                    : symbol is ")" or "]" or "}" ? -1
                    : 0;
                at += symbol.Length;
                tokens.Add(new Token(TokenKind.Symbol, symbol));
            }
        }
    }

    private static string Text(string line, ref int at)
    {
        char quote = line[at++];
        var text = new StringBuilder();
        while (line[at] != quote)
        {
            if (line[at] == '\\')
            {
                at++;
                text.Append(line[at] == 'n' ? '\n' : line[at]);
            }
            else
            {
                text.Append(line[at]);
            }

            at++;
        }

        at++;
        return text.ToString();
    }

    private static string Number(string line, ref int at)
    {
        int start = at;
        while (
            at < line.Length
            && (
                char.IsLetterOrDigit(line[at])
                || line[at] == '.'
                || (line[at] is '+' or '-' && line[at - 1] is 'e' or 'E')
            )
        )
        {
            at++;
        }

        return line[start..at];
    }
}
