using System.Collections.Generic;

namespace JaxSharp.Goldens.Programs;

/// <summary>An expression of the part of Python that the recorded programs use.</summary>
internal abstract record Expr;

internal sealed record Constant(object? Value) : Expr;

internal sealed record Name(string Id) : Expr;

internal sealed record Attribute(Expr Owner, string Member) : Expr;

internal sealed record Call(
    Expr Function,
    IReadOnlyList<Expr> Arguments,
    IReadOnlyList<(string Name, Expr Value)> Keywords
) : Expr;

internal sealed record Subscript(Expr Owner, Expr Index) : Expr;

internal sealed record SliceExpr(Expr? Start, Expr? Stop, Expr? Step) : Expr;

internal sealed record TupleExpr(IReadOnlyList<Expr> Items) : Expr;

internal sealed record ListExpr(IReadOnlyList<Expr> Items) : Expr;

internal sealed record DictExpr(IReadOnlyList<(Expr Key, Expr Value)> Items) : Expr;

internal sealed record Starred(Expr Value) : Expr;

internal sealed record Lambda(Parameters Parameters, Expr Body) : Expr;

internal sealed record Conditional(Expr Test, Expr Then, Expr Else) : Expr;

/// <summary>A formatted text: what stands in braces is evaluated.</summary>
internal sealed record FormatExpr(IReadOnlyList<Expr> Parts) : Expr;

internal sealed record Unary(string Operator, Expr Operand) : Expr;

internal sealed record Binary(string Operator, Expr Left, Expr Right) : Expr;

internal sealed record Assignment(string Name, Expr Value) : Expr;

internal sealed record Comprehension(Expr Element, IReadOnlyList<(Expr Target, Expr Source, Expr? Condition)> Loops)
    : Expr;

/// <summary>Parameter names; those with a default come last. <c>*rest</c> collects what is left.</summary>
/// <summary>A dictionary of the pairs of key and value that a comprehension gives.</summary>
internal sealed record DictComprehension(Comprehension Pairs) : Expr;

internal sealed record Parameters(IReadOnlyList<(string Name, Expr? Default)> Items, string? Rest);

internal abstract record Statement;

internal sealed record Return(Expr? Value) : Statement;

internal sealed record Assign(IReadOnlyList<Expr> Targets, Expr Value) : Statement;

internal sealed record Evaluate(Expr Value) : Statement;

internal sealed record For(Expr Target, Expr Source, IReadOnlyList<Statement> Body) : Statement;

internal sealed record If(Expr Test, IReadOnlyList<Statement> Then, IReadOnlyList<Statement> Else) : Statement;

internal sealed record Define(
    string Name,
    Parameters Parameters,
    IReadOnlyList<Statement> Body,
    IReadOnlyList<Expr> Decorators
) : Statement;

internal sealed record Import(string Module, IReadOnlyList<(string Name, string Alias)> Names) : Statement;

/// <summary><c>import haiku as hk</c>.</summary>
internal sealed record ImportModule(string Module, string Alias) : Statement;

internal sealed record With(IReadOnlyList<(Expr Scope, Expr? Target)> Items, IReadOnlyList<Statement> Body) : Statement;
