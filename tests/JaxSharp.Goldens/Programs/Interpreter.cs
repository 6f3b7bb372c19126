using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Haiku;
using JaxSharp.Optax;

namespace JaxSharp.Goldens.Programs;

/// <summary>Runs recorded programs: Python's own constructs here, everything of JAX through JaxSharp.</summary>
internal sealed class Interpreter
{
    private static readonly Dictionary<string, object?> NoKeywords = [];

    /// <summary>Defines the functions of a program and calls <c>main</c>.</summary>
    public static object? RunMain(string source, IReadOnlyList<object?> inputs)
    {
        Scope scope = Run(source);
        return Invoke(scope.Get("main"), inputs, NoKeywords);
    }

    /// <summary>Runs the statements of a program.</summary>
    public static void RunStatements(string source) => Run(source);

    private static Scope Run(string source)
    {
        var scope = new Scope(null);
        scope.Set("jax", new Module("jax"));
        scope.Set("jnp", new Module("jnp"));
        scope.Set("lax", new Module("lax"));
        scope.Set("np", new Module("jnp"));
        scope.Set("hk", new Module("hk"));
        scope.Set("optax", new Module("optax"));
        foreach ((string name, Function function) in Builtins.Functions)
        {
            scope.Set(name, function);
        }

        Execute(Parser.Parse(source), scope);
        return scope;
    }

    /// <summary>Calls a value.</summary>
    public static object? Invoke(
        object? function,
        IReadOnlyList<object?> arguments,
        IReadOnlyDictionary<string, object?> keywords
    ) =>
        function switch
        {
            Function call => call(arguments, keywords),
            FunctionObject { Call: Function call } => call(arguments, keywords),
            DType dtype => Library.Call("jnp.asarray", [arguments[0], dtype], NoKeywords),
            Hk.Module module => HaikuLibrary.Call(module, "Call", arguments, keywords),
            Delegate other => HaikuLibrary.Call(other, "Invoke", arguments, keywords),
            _ => throw new UnsupportedProgramException($"{function?.GetType().Name ?? "None"} cannot be called"),
        };

    public static object? Invoke(object? function, params object?[] arguments) =>
        Invoke(function, arguments, NoKeywords);

    private sealed class Scope(Scope? outer)
    {
        private readonly Dictionary<string, object?> values = new(StringComparer.Ordinal);

        public object? Get(string name) =>
            values.TryGetValue(name, out object? value) ? value
            : outer is not null ? outer.Get(name)
            : throw new UnsupportedProgramException($"the name {name} is not defined");

        public void Set(string name, object? value) => values[name] = value;
    }

    private sealed record Returned(object? Value);

    private static Returned? Execute(IReadOnlyList<Statement> statements, Scope scope)
    {
        foreach (Statement statement in statements)
        {
            if (Execute(statement, scope) is Returned returned)
            {
                return returned;
            }
        }

        return null;
    }

    private static Returned? Execute(Statement statement, Scope scope)
    {
        switch (statement)
        {
            case Return { Value: Expr value }:
                return new Returned(Eval(value, scope));
            case Return:
                return new Returned(null);
            case Assign assign:
                object? assigned = Eval(assign.Value, scope);
                foreach (Expr target in assign.Targets)
                {
                    Bind(target, assigned, scope);
                }

                return null;
            case Evaluate evaluate:
                Eval(evaluate.Value, scope);
                return null;
            case For loop:
                foreach (object? item in Items(Eval(loop.Source, scope)).ToList())
                {
                    Bind(loop.Target, item, scope);
                    if (Execute(loop.Body, scope) is Returned returned)
                    {
                        return returned;
                    }
                }

                return null;
            case If condition:
                return Execute(Operations.IsTrue(Eval(condition.Test, scope)) ? condition.Then : condition.Else, scope);
            case Define define:
                object? function = MakeFunction(define.Parameters, define.Body, scope);
                foreach (Expr decorator in define.Decorators.Reverse())
                {
                    function = Invoke(Eval(decorator, scope), function);
                }

                scope.Set(define.Name, function);
                return null;
            case Import import:
                foreach ((string name, string alias) in import.Names)
                {
                    scope.Set(alias, Library.Attribute(new Module(Library.ModuleOf(import.Module)), name));
                }

                return null;
            case ImportModule { Module: "haiku" } import:
                scope.Set(import.Alias, new Module("hk"));
                return null;
            case ImportModule { Module: "optax" } import:
                scope.Set(import.Alias, new Module("optax"));
                return null;
            case With with:
                return ExecuteWith(with, 0, scope);
            default:
                throw new UnsupportedProgramException(statement.GetType().Name);
        }
    }

    private static Returned? ExecuteWith(With with, int depth, Scope scope)
    {
        if (depth == with.Items.Count)
        {
            return Execute(with.Body, scope);
        }

        (Expr expression, Expr? target) = with.Items[depth];
        object? entered = Eval(expression, scope);
        using var ending =
            entered as IDisposable
            ?? throw new UnsupportedProgramException($"with {entered?.GetType().Name ?? "None"}");
        if (target is not null)
        {
            Bind(target, entered, scope);
        }

        return ExecuteWith(with, depth + 1, scope);
    }

    private static Function MakeFunction(Parameters parameters, IReadOnlyList<Statement> body, Scope scope)
    {
        object?[] defaults =
        [
            .. parameters.Items.Select(item => item.Default is null ? null : Eval(item.Default, scope)),
        ];
        return (arguments, keywords) => Execute(body, Enter(parameters, defaults, arguments, keywords, scope))?.Value;
    }

    private static Scope Enter(
        Parameters parameters,
        object?[] defaults,
        IReadOnlyList<object?> arguments,
        IReadOnlyDictionary<string, object?> keywords,
        Scope outer
    )
    {
        var scope = new Scope(outer);
        for (int i = 0; i < parameters.Items.Count; i++)
        {
            (string name, Expr? standard) = parameters.Items[i];
            scope.Set(
                name,
                i < arguments.Count ? arguments[i]
                    : keywords.TryGetValue(name, out object? value) ? value
                    : standard is not null ? defaults[i]
                    : throw new UnsupportedProgramException($"the argument {name} is missing")
            );
        }

        if (parameters.Rest is string rest)
        {
            scope.Set(rest, new PyTuple([.. arguments.Skip(parameters.Items.Count)]));
        }
        else if (arguments.Count > parameters.Items.Count)
        {
            throw new UnsupportedProgramException("too many arguments");
        }

        return scope;
    }

    private static void Bind(Expr target, object? value, Scope scope)
    {
        switch (target)
        {
            case Name name:
                scope.Set(name.Id, value);
                break;
            case TupleExpr tuple:
                BindAll(tuple.Items, value, scope);
                break;
            case ListExpr list:
                BindAll(list.Items, value, scope);
                break;
            case Subscript { Owner: Attribute { Owner: Name name, Member: "hyperparams" } } subscript
                when scope.Get(name.Id) is InjectStatefulHyperparamsState state:
                scope.Set(name.Id, OptaxLibrary.With(state, Eval(subscript.Index, scope), value));
                break;
            case Subscript subscript when Eval(subscript.Owner, scope) is Dictionary<string, object?> dictionary:
                dictionary[(string)Eval(subscript.Index, scope)!] = value;
                break;
            default:
                throw new UnsupportedProgramException($"assignment to {target.GetType().Name}");
        }
    }

    private static void BindAll(IReadOnlyList<Expr> targets, object? value, Scope scope)
    {
        List<object?> items = [.. Items(value)];
        int star = targets.ToList().FindIndex(target => target is Starred);
        if (star >= 0)
        {
            int after = targets.Count - star - 1;
            Bind(((Starred)targets[star]).Value, items[star..^after], scope);
            items = [.. items[..star], null, .. items[^after..]];
        }

        if (items.Count != targets.Count)
        {
            throw new UnsupportedProgramException($"{items.Count} values for {targets.Count} names");
        }

        for (int i = 0; i < items.Count; i++)
        {
            if (i != star)
            {
                Bind(targets[i], items[i], scope);
            }
        }
    }

    /// <summary>What a loop over a value runs through.</summary>
    public static IEnumerable<object?> Items(object? value) =>
        value switch
        {
            string text => text.Select(letter => (object?)letter.ToString()),
            IEnumerable<object?> sequence => sequence,
            NDArray array => Enumerable
                .Range(0, array.Shape[0])
                .Select(i => Library.Call("getitem", [array, (long)i], NoKeywords)),
            PrngKey keys => Enumerable.Range(0, keys.Shape[0]).Select(i => keys[i]),
            Dictionary<string, object?> dictionary => dictionary.Keys,
            _ => throw new UnsupportedProgramException($"{value?.GetType().Name ?? "None"} has no items"),
        };

    private static object? Eval(Expr expression, Scope scope)
    {
        switch (expression)
        {
            case Constant constant:
                return constant.Value;
            case Name name:
                return scope.Get(name.Id);
            case Attribute attribute:
                return Library.Attribute(Eval(attribute.Owner, scope), attribute.Member);
            case Call call:
                return EvalCall(call, scope);
            case Subscript subscript:
                return Operations.GetItem(Eval(subscript.Owner, scope), Eval(subscript.Index, scope));
            case SliceExpr slice:
                return new PySlice(
                    Optional(slice.Start, scope),
                    Optional(slice.Stop, scope),
                    Optional(slice.Step, scope)
                );
            case TupleExpr tuple:
                return new PyTuple([.. EvalAll(tuple.Items, scope)]);
            case ListExpr list:
                return EvalAll(list.Items, scope).ToList();
            case DictExpr dictionary:
                return dictionary.Items.ToDictionary(
                    item => Eval(item.Key, scope)?.ToString() ?? "None",
                    item => Eval(item.Value, scope)
                );
            case Lambda lambda:
                return MakeFunction(lambda.Parameters, [new Return(lambda.Body)], scope);
            case FormatExpr format:
                return string.Concat(format.Parts.Select(part => Builtins.Text(Eval(part, scope))));
            case Conditional conditional:
                return Eval(
                    Operations.IsTrue(Eval(conditional.Test, scope)) ? conditional.Then : conditional.Else,
                    scope
                );
            case Unary unary:
                return Operations.Unary(unary.Operator, Eval(unary.Operand, scope));
            case Binary { Operator: "and" } both:
                object? left = Eval(both.Left, scope);
                return Operations.IsTrue(left) ? Eval(both.Right, scope) : left;
            case Binary { Operator: "or" } either:
                object? first = Eval(either.Left, scope);
                return Operations.IsTrue(first) ? first : Eval(either.Right, scope);
            case Binary binary:
                return Operations.Binary(binary.Operator, Eval(binary.Left, scope), Eval(binary.Right, scope));
            case Assignment assignment:
                object? value = Eval(assignment.Value, scope);
                scope.Set(assignment.Name, value);
                return value;
            case DictComprehension { Pairs: var pairs }:
                var entries = new List<object?>();
                Comprehend(pairs, 0, new Scope(scope), entries);
                return entries
                    .Cast<PyTuple>()
                    .ToDictionary(entry => entry.Items[0]?.ToString() ?? "None", entry => entry.Items[1]);
            case Comprehension comprehension:
                var result = new List<object?>();
                Comprehend(comprehension, 0, new Scope(scope), result);
                return result;
            default:
                throw new UnsupportedProgramException(expression.GetType().Name);
        }
    }

    private static object? Optional(Expr? expression, Scope scope) =>
        expression is null ? null : Eval(expression, scope);

    private static IEnumerable<object?> EvalAll(IReadOnlyList<Expr> expressions, Scope scope) =>
        expressions.SelectMany(expression =>
            expression is Starred starred ? Items(Eval(starred.Value, scope)) : [Eval(expression, scope)]
        );

    private static object? EvalCall(Call call, Scope scope)
    {
        object? function = Eval(call.Function, scope);
        object?[] arguments = [.. EvalAll(call.Arguments, scope)];
        var keywords = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, Expr value) in call.Keywords)
        {
            object? evaluated = Eval(value, scope);
            if (name == "**")
            {
                foreach ((string key, object? item) in (Dictionary<string, object?>)evaluated!)
                {
                    keywords[key] = item;
                }
            }
            else
            {
                keywords[name] = evaluated;
            }
        }

        return Invoke(function, arguments, keywords);
    }

    private static void Comprehend(Comprehension comprehension, int depth, Scope scope, List<object?> result)
    {
        if (depth == comprehension.Loops.Count)
        {
            result.Add(Eval(comprehension.Element, scope));
            return;
        }

        (Expr target, Expr source, Expr? condition) = comprehension.Loops[depth];
        foreach (object? item in Items(Eval(source, scope)).ToList())
        {
            Bind(target, item, scope);
            if (condition is null || Operations.IsTrue(Eval(condition, scope)))
            {
                Comprehend(comprehension, depth + 1, scope, result);
            }
        }
    }
}
