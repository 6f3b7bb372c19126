using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

namespace JaxSharp.Goldens.Programs;

/// <summary>Parses the part of Python that the recorded programs use.</summary>
internal sealed partial class Parser
{
    private static readonly string[][] Levels =
    [
        ["|"],
        ["^"],
        ["&"],
        ["<<", ">>"],
        ["+", "-"],
        ["*", "/", "//", "%", "@"],
    ];

    private readonly List<Token> tokens;
    private int at;

    private Parser(List<Token> tokens) => this.tokens = tokens;

    public static IReadOnlyList<Statement> Parse(string source)
    {
        var parser = new Parser(Lexer.Run(source));
        var statements = new List<Statement>();
        while (parser.Current.Kind != TokenKind.End)
        {
            parser.ParseStatement(statements);
        }

        return statements;
    }

    private Token Current => tokens[at];

    private bool Is(string text) =>
        Current.Text == text && Current.Kind is TokenKind.Symbol or TokenKind.Name && Current.Text == text;

    private bool Accept(string text)
    {
        if (!Is(text))
        {
            return false;
        }

        at++;
        return true;
    }

    private void Expect(string text)
    {
        if (!Accept(text))
        {
            throw new UnsupportedProgramException($"expected '{text}', got {Current}");
        }
    }

    private void ParseStatement(List<Statement> statements)
    {
        var decorators = new List<Expr>();
        while (Accept("@"))
        {
            decorators.Add(ParseExpression());
            at++;
        }

        if (Accept("def"))
        {
            string name = TakeName();
            Expect("(");
            Parameters parameters = ParseParameters(")");
            Expect(")");
            Expect(":");
            statements.Add(new Define(name, parameters, ParseBlock(), decorators));
        }
        else if (Accept("for"))
        {
            Expr target = ParseTargets();
            Expect("in");
            Expr source = ParseTuple();
            Expect(":");
            statements.Add(new For(target, source, ParseBlock()));
        }
        else if (Accept("with"))
        {
            var items = new List<(Expr, Expr?)>();
            do
            {
                Expr scope = ParseExpression();
                items.Add((scope, Accept("as") ? ParsePostfix() : null));
            } while (Accept(","));
            Expect(":");
            statements.Add(new With(items, ParseBlock()));
        }
        else if (Is("class"))
        {
            throw new UnsupportedProgramException("classes are translated by hand");
        }
        else if (Accept("if"))
        {
            Expr test = ParseExpression();
            Expect(":");
            IReadOnlyList<Statement> then = ParseBlock();
            IReadOnlyList<Statement> otherwise = [];
            if (Accept("else"))
            {
                Expect(":");
                otherwise = ParseBlock();
            }

            statements.Add(new If(test, then, otherwise));
        }
        else
        {
            ParseSimpleStatements(statements);
        }
    }

    private List<Statement> ParseBlock()
    {
        var body = new List<Statement>();
        if (Current.Kind != TokenKind.NewLine)
        {
            ParseSimpleStatements(body);
            return body;
        }

        at += 2; // line end, indent
        while (Current.Kind != TokenKind.Dedent)
        {
            ParseStatement(body);
        }

        at++;
        return body;
    }

    private void ParseSimpleStatements(List<Statement> statements)
    {
        do
        {
            if (Current.Kind == TokenKind.NewLine)
            {
                break;
            }

            statements.Add(ParseSimpleStatement());
        } while (Accept(";"));
        at++; // line end
    }

    private Statement ParseSimpleStatement()
    {
        if (Accept("return"))
        {
            return new Return(Current.Kind == TokenKind.NewLine ? null : ParseTuple());
        }

        if (Accept("import"))
        {
            string path = TakeDottedName();
            return new ImportModule(path, Accept("as") ? TakeName() : path);
        }

        if (Accept("from"))
        {
            string module = TakeDottedName();
            Expect("import");
            var names = new List<(string, string)>();
            do
            {
                string name = TakeName();
                names.Add((name, Accept("as") ? TakeName() : name));
            } while (Accept(","));
            return new Import(module, names);
        }

        Expr value = ParseTuple();
        if (!Is("="))
        {
            return new Evaluate(value);
        }

        var targets = new List<Expr>();
        while (Accept("="))
        {
            targets.Add(value);
            value = ParseTuple();
        }

        return new Assign(targets, value);
    }

    private string TakeName()
    {
        Token token = tokens[at++];
        return token.Kind == TokenKind.Name
            ? token.Text
            : throw new UnsupportedProgramException($"expected a name, got {token}");
    }

    private string TakeDottedName()
    {
        string name = TakeName();
        while (Accept("."))
        {
            name += "." + TakeName();
        }

        return name;
    }

    private Parameters ParseParameters(string end)
    {
        var items = new List<(string, Expr?)>();
        string? rest = null;
        while (!Is(end))
        {
            if (Accept("*"))
            {
                rest = TakeName();
            }
            else if (Accept("**"))
            {
                TakeName(); // Keywords that have no name of their own are dropped; no program reads them.
            }
            else
            {
                string name = TakeName();
                items.Add((name, Accept("=") ? ParseExpression() : null));
            }

            if (!Accept(","))
            {
                break;
            }
        }

        return new Parameters(items, rest);
    }

    /// <summary>Names to assign to, up to the word <c>in</c>.</summary>
    private Expr ParseTargets()
    {
        var items = new List<Expr>();
        bool isTuple = false;
        do
        {
            if (Is("in"))
            {
                break;
            }

            items.Add(ParsePostfix());
            isTuple |= Is(",");
        } while (Accept(","));
        return isTuple ? new TupleExpr(items) : items[0];
    }

    /// <summary>An expression, or several with commas between them.</summary>
    private Expr ParseTuple()
    {
        Expr first = ParseStarred();
        if (!Is(","))
        {
            return first;
        }

        var items = new List<Expr> { first };
        while (Accept(",") && !IsTupleEnd())
        {
            items.Add(ParseStarred());
        }

        return new TupleExpr(items);
    }

    private bool IsTupleEnd() =>
        Current.Kind is TokenKind.NewLine or TokenKind.End
        || Is(")")
        || Is("]")
        || Is("}")
        || Is("=")
        || Is(":")
        || Is(";");

    private Expr ParseStarred() => Accept("*") ? new Starred(ParseExpression()) : ParseExpression();

    private Expr ParseExpression()
    {
        if (Accept("lambda"))
        {
            Parameters parameters = ParseParameters(":");
            Expect(":");
            return new Lambda(parameters, ParseExpression());
        }

        if (Current.Kind == TokenKind.Name && tokens[at + 1].Text == ":=" && tokens[at + 1].Kind == TokenKind.Symbol)
        {
            string name = TakeName();
            at++;
            return new Assignment(name, ParseExpression());
        }

        Expr value = ParseLogic();
        if (!Accept("if"))
        {
            return value;
        }

        Expr test = ParseLogic();
        Expect("else");
        return new Conditional(test, value, ParseExpression());
    }

    private Expr ParseLogic()
    {
        Expr left = ParseComparison();
        while (Is("and") || Is("or"))
        {
            string symbol = tokens[at++].Text;
            left = new Binary(symbol, left, ParseComparison());
        }

        return left;
    }

    private Expr ParseComparison()
    {
        if (Accept("not"))
        {
            return new Unary("not", ParseComparison());
        }

        Expr left = ParseBinary(0);
        while (Is("<") || Is(">") || Is("==") || Is(">=") || Is("<=") || Is("!=") || Is("is"))
        {
            string symbol = tokens[at++].Text;
            if (symbol == "is" && Accept("not"))
            {
                symbol = "is not";
            }

            left = new Binary(symbol, left, ParseBinary(0));
        }

        return left;
    }

    private Expr ParseBinary(int level)
    {
        if (level == Levels.Length)
        {
            return ParseUnary();
        }

        Expr left = ParseBinary(level + 1);
        while (Current.Kind == TokenKind.Symbol && Array.IndexOf(Levels[level], Current.Text) >= 0)
        {
            string symbol = tokens[at++].Text;
            left = new Binary(symbol, left, ParseBinary(level + 1));
        }

        return left;
    }

    private Expr ParseUnary()
    {
        if (Is("-") || Is("+") || Is("~"))
        {
            string symbol = tokens[at++].Text;
            return new Unary(symbol, ParseUnary());
        }

        Expr operand = ParsePostfix();
        return Accept("**") ? new Binary("**", operand, ParseUnary()) : operand;
    }
}
