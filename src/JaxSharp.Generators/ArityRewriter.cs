using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JaxSharp.Generators;

/// <summary>
/// Rewrites a declaration that was written for some number of arguments for a larger number. What stands for the last argument is
/// repeated for those that follow, in every list (of parameters, arguments, type arguments, elements, …): an item that mentions a name
/// that ends in the written number (<c>T2</c>, <c>x2</c>, <c>NDArray2</c>, <c>a.Item2</c>) or that takes the last element of an array by number
/// (<c>a[1]</c>). An item of an inner list is repeated there and not in the outer one. A number that is an argument by itself
/// and equals the written number is the number of arguments.
/// </summary>
internal sealed class ArityRewriter : CSharpSyntaxRewriter
{
    private readonly int written;
    private readonly int wanted;
    private readonly string suffix;

    // The argument that numbered names stand for just now.
    private int position;

    public ArityRewriter(int written, int wanted)
    {
        this.written = written;
        this.wanted = wanted;
        suffix = Text(written);
        position = wanted;
    }

    public override SeparatedSyntaxList<TNode> VisitList<TNode>(SeparatedSyntaxList<TNode> list)
    {
        var items = new List<TNode>();
        foreach (var item in list)
        {
            if (!StandsForLast(item))
            {
                items.Add((TNode)Visit(item)!);
                continue;
            }

            int outer = position;
            for (position = written; position <= wanted; position++)
            {
                items.Add((TNode)Visit(item)!);
            }

            position = outer;
        }

        var comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        var separators = Enumerable.Repeat(comma, items.Count == 0 ? 0 : items.Count - 1);
        return SyntaxFactory.SeparatedList(items, separators);
    }

    public override SyntaxToken VisitToken(SyntaxToken token) =>
        IsNumbered(token)
            ? SyntaxFactory.Identifier(
                token.LeadingTrivia,
                NameAt(token.ValueText.Substring(0, token.ValueText.Length - suffix.Length)),
                token.TrailingTrivia
            )
            : base.VisitToken(token);

    public override SyntaxNode? VisitElementAccessExpression(ElementAccessExpressionSyntax node) =>
        IsLastElement(node)
            ? node.WithArgumentList(
                node.ArgumentList.WithArguments(
                    SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(Number(position - 1)))
                )
            )
            : base.VisitElementAccessExpression(node);

    public override SyntaxNode? VisitArgument(ArgumentSyntax node) =>
        IsNumber(node.Expression, written)
            ? node.WithExpression(Number(wanted).WithTriviaFrom(node.Expression))
            : base.VisitArgument(node);

    // NDArray2 is an alias, so that an array can stand for the last argument; the others need none.
    private string NameAt(string name) => name == "NDArray" ? name : name + Text(position);

    private bool StandsForLast(SyntaxNode item)
    {
        if (item is ElementAccessExpressionSyntax access && IsLastElement(access))
        {
            return true;
        }

        return !IsList(item)
            && item.ChildNodesAndTokens().Any(c => c.IsNode ? StandsForLast(c.AsNode()!) : IsNumbered(c.AsToken()));
    }

    private bool IsNumbered(SyntaxToken token)
    {
        if (!token.IsKind(SyntaxKind.IdentifierToken))
        {
            return false;
        }

        string name = token.ValueText;
        int letters = name.Length - suffix.Length;
        return letters > 0
            && name.EndsWith(suffix, System.StringComparison.Ordinal)
            && !char.IsDigit(name[letters - 1]);
    }

    private bool IsLastElement(ElementAccessExpressionSyntax access) =>
        access.ArgumentList.Arguments.Count == 1 && IsNumber(access.ArgumentList.Arguments[0].Expression, written - 1);

    private static bool IsNumber(ExpressionSyntax expression, int number) =>
        expression is LiteralExpressionSyntax { Token.Value: int value } && value == number;

    private static bool IsList(SyntaxNode node) =>
        node
            is BaseArgumentListSyntax
                or BaseParameterListSyntax
                or TypeArgumentListSyntax
                or TypeParameterListSyntax
                or TupleTypeSyntax
                or TupleExpressionSyntax
                or CollectionExpressionSyntax
                or InitializerExpressionSyntax;

    private static LiteralExpressionSyntax Number(int value) =>
        SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(value));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
