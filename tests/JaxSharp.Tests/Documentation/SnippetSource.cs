using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JaxSharp.Tests.Documentation;

/// <summary>
/// The program made of a snippet: its statements become a method, each expression statement a call of <see cref="Recorder"/>.
/// A comment <c>// => text</c> behind a statement (continued in lines of comments that are indented further) tells its value.
/// </summary>
internal sealed class SnippetSource
{
    private const string Arrow = "// =>";

    private static readonly string[] Prelude =
    [
        "using System;",
        "using System.Collections.Generic;",
        "using System.Linq;",
        "using JaxSharp;",
        "using JaxSharp.Data;",
        "using JaxSharp.Haiku;",
        "using JaxSharp.Numpy;",
        "using JaxSharp.Optax;",
        "using static JaxSharp.Jax;",
        "using static JaxSharp.Tests.Documentation.Given;",
        "using hk = JaxSharp.Haiku.Hk;",
        "using jnp = JaxSharp.Numpy.Jnp;",
        "using optax = JaxSharp.Optax.Optax;",
        "using Console = JaxSharp.Tests.Documentation.Recorder;",
    ];

    public static CSharpParseOptions Options { get; } = new(LanguageVersion.Latest);

    public SnippetSource(Snippet snippet, int number)
    {
        Snippet = snippet;
        Namespace = $"Snippets.Number{number}";
        string code = Terminated(snippet.Code);
        var root = CSharpSyntaxTree.ParseText(code, Options).GetCompilationUnitRoot();
        Expected = [];
        Arrows = code.Split(Arrow).Length - 1;

        var edits = new List<(int Start, int End, string Text)>();
        var types = new StringBuilder();
        foreach (UsingDirectiveSyntax directive in root.Usings)
        {
            edits.Add((directive.SpanStart, directive.Span.End, ""));
        }

        foreach (MemberDeclarationSyntax member in root.Members)
        {
            if (member is GlobalStatementSyntax global)
            {
                Rewrite(global.Statement, code, edits);
            }
            else
            {
                types.AppendLine(LineDirective(member.SpanStart, code)).AppendLine(member.ToString());
                edits.Add((member.SpanStart, member.Span.End, NewLines(member.ToString())));
            }
        }

        string usings = string.Join('\n', Prelude.Union(root.Usings.Select(directive => directive.ToString().Trim())));
        Text = $$"""
            {{usings}}
            namespace {{Namespace}}
            {
            {{types}}
            public static class Program
            {
            public static void Run()
            {
            {{LineDirective(0, code)}}
            {{Apply(code, edits)}}
            }
            }
            }
            """;
    }

    public Snippet Snippet { get; }
    public string Namespace { get; }
    public string Text { get; }

    /// <summary>Line of the file to what the statement that ends there shows.</summary>
    public Dictionary<int, string> Expected { get; }

    /// <summary>How many values the snippet tells.</summary>
    public int Arrows { get; }

    /// <summary>The last statement of an example may lack its semicolon.</summary>
    private static string Terminated(string code)
    {
        SyntaxToken last = CSharpSyntaxTree
            .ParseText(code, Options)
            .GetRoot()
            .DescendantTokens()
            .LastOrDefault(token => !token.IsMissing && !token.IsKind(SyntaxKind.EndOfFileToken));
        return last.Kind() is SyntaxKind.None or SyntaxKind.SemicolonToken or SyntaxKind.CloseBraceToken
            ? code
            : code.Insert(last.Span.End, ";");
    }

    private void Rewrite(StatementSyntax statement, string code, List<(int Start, int End, string Text)> edits)
    {
        int line = LineOf(statement.Span.End, code);
        string? shown = null;
        switch (statement)
        {
            case BlockSyntax block:
                foreach (StatementSyntax inner in block.Statements)
                {
                    Rewrite(inner, code, edits);
                }

                return;
            case UsingStatementSyntax block:
                Rewrite(block.Statement, code, edits);
                return;
            case ForEachStatementSyntax loop:
                Rewrite(loop.Statement, code, edits);
                return;
            case ForStatementSyntax loop:
                Rewrite(loop.Statement, code, edits);
                return;
            case TryStatementSyntax attempt:
                Rewrite(attempt.Block, code, edits);
                foreach (CatchClauseSyntax handler in attempt.Catches)
                {
                    Rewrite(handler.Block, code, edits);
                }

                return;
            case LocalDeclarationStatementSyntax declaration:
                shown = declaration.Declaration.Variables[^1].Identifier.Text;
                break;
            case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment }:
                shown = Names(assignment.Left);
                break;
            case ExpressionStatementSyntax { Expression: var expression }:
                edits.Add((expression.SpanStart, expression.SpanStart, $"Recorder.Show({line}, () => "));
                edits.Add((expression.Span.End, expression.Span.End, ")"));
                break;
            default:
                return;
        }

        if (ExpectedBehind(statement.Span.End, code) is not { } expected)
        {
            return;
        }

        Expected[line] = expected;
        if (shown is not null)
        {
            edits.Add((statement.Span.End, statement.Span.End, $" Recorder.Show({line}, () => {shown});"));
        }
    }

    private static string Names(ExpressionSyntax target) =>
        target switch
        {
            DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax names } =>
                names.ToString(),
            TupleExpressionSyntax tuple => $"({string.Join(", ", tuple.Arguments.Select(a => Names(a.Expression)))})",
            DeclarationExpressionSyntax { Designation: var name } => name.ToString(),
            _ => target.ToString(),
        };

    private static string? ExpectedBehind(int end, string code)
    {
        string[] lines = code[end..].Split('\n');
        if (!lines[0].TrimStart().StartsWith(Arrow, StringComparison.Ordinal))
        {
            return null;
        }

        var text = new StringBuilder(lines[0].TrimStart()[Arrow.Length..]);
        foreach (string line in lines.Skip(1).Select(line => line.Trim()))
        {
            if (!line.StartsWith("//   ", StringComparison.Ordinal))
            {
                break;
            }

            text.Append(' ').Append(line[2..]);
        }

        return text.ToString().Trim();
    }

    private int LineOf(int position, string code) => Snippet.Line + code.AsSpan(0, position).Count('\n');

    private string LineDirective(int position, string code) => $"#line {LineOf(position, code)} \"{Snippet.File}\"";

    private static string NewLines(string text) => new('\n', text.Count(c => c == '\n'));

    private static string Apply(string code, List<(int Start, int End, string Text)> edits)
    {
        var text = new StringBuilder(code);
        foreach ((int start, int end, string replacement) in edits.AsEnumerable().Reverse())
        {
            text.Remove(start, end - start).Insert(start, replacement);
        }

        return text.ToString();
    }
}
