using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using JaxSharp.Ir;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Experimental
    {
        /// <summary>The operations of a function, sorted by module, as data, text and HTML.</summary>
        /// <example><code>
        /// var network = hk.Transform((NDArray x) => new hk.Linear(2).Call(x));
        /// var parameters = network.Init(42, jnp.Ones((1, 3)));
        /// var info = hk.Experimental.JaxprInfo.MakeModelInfo((NDArray x) => network.Apply(parameters, null, x), "network")(jnp.Ones((1, 3)));
        /// info.Expressions[0].Submodule!.TotalParamSize; // => 8
        /// </code></example>
        public static class JaxprInfo
        {
            /// <summary>The style of the pages.</summary>
            public static string Css =>
                "body { font-family: sans-serif; } details { margin-left: 1.5em; } .op { margin-left: 1.5em; font-family: monospace; } "
                + ".type { color: #666; }";

            /// <summary>A function of the same arguments that tells what another one computes. Nothing is computed.</summary>
            /// <param name="f">A function that applies modules.</param>
            /// <param name="name">What to call it; by default its own name.</param>
            public static Func<T, Module> MakeModelInfo<T, TOut>(Func<T, TOut> f, string? name = null)
            {
                ArgumentNullException.ThrowIfNull(f);
                return x =>
                {
                    var program = ModuleProgram.Of(f, x);
                    return ModuleOf(name ?? program.Name, program, program.Jaxpr);
                };
            }

            /// <summary>Modules and operations as indented lines.</summary>
            public static string FormatModule(Module module)
            {
                ArgumentNullException.ThrowIfNull(module);
                var text = new StringBuilder();
                Format(text, module, 0);
                return text.ToString();
            }

            /// <summary>Modules and operations as HTML that folds, without the page around it.</summary>
            public static string AsHtml(Module module)
            {
                ArgumentNullException.ThrowIfNull(module);
                var text = new StringBuilder();
                Html(text, module);
                return text.ToString();
            }

            /// <summary>Modules and operations as an HTML page.</summary>
            public static string AsHtmlPage(Module module)
            {
                ArgumentNullException.ThrowIfNull(module);
                return $"<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(module.Name)}</title>"
                    + $"<style>{Css}</style></head>\n<body>\n{AsHtml(module)}</body></html>\n";
            }

            private static Module ModuleOf(string name, ModuleProgram program, Jaxpr jaxpr)
            {
                var names = new Dictionary<Var, string>();
                foreach (
                    var variable in jaxpr
                        .ConstVars.Concat(jaxpr.Inputs)
                        .Concat(jaxpr.Equations.SelectMany(e => e.Outputs))
                )
                {
                    names[variable] = JaxprPrinter.VariableName(names.Count);
                }

                return ModuleOf(name, program, ProgramTree.Of(program, jaxpr), names);
            }

            private static Module ModuleOf(
                string name,
                ModuleProgram program,
                ProgramTree tree,
                Dictionary<Var, string> names
            ) =>
                new(
                    name,
                    [
                        .. tree.Items.Select(item =>
                            item is Equation equation
                                ? ExpressionOf(program, equation, names)
                                : ExpressionOf(program, (ProgramTree)item, names)
                        ),
                    ],
                    tree.Call?.Details?.Params ?? new Dictionary<string, ArraySpec>(),
                    tree.Call?.Details?.State ?? new Dictionary<string, object?>()
                );

            private static Expression ExpressionOf(
                ModuleProgram program,
                ProgramTree tree,
                Dictionary<Var, string> names
            ) =>
                new(
                    "module",
                    "",
                    "",
                    "",
                    new Dictionary<string, string>(),
                    ModuleOf(tree.Call!.Title, program, tree, names)
                );

            private static Expression ExpressionOf(
                ModuleProgram program,
                Equation equation,
                Dictionary<Var, string> names
            )
            {
                var inner = PrimitiveParameters.ProgramsOf(equation.Primitive).ToArray();
                return new(
                    equation.Primitive.Name,
                    string.Join(" ", equation.Inputs.Select(input => Name(input, names))),
                    string.Join(" ", equation.Outputs.Select(output => names[output])),
                    $"in {string.Join(", ", equation.Inputs.Select(a => a.Type))}, out {string.Join(", ", equation.Outputs.Select(v => v.Type))}",
                    PrimitiveParameters
                        .ValuesOf(equation.Primitive)
                        .Where(pair => pair.Value is not (Jaxpr or IEnumerable<Jaxpr>))
                        .ToDictionary(pair => pair.Name, pair => ParameterText.Write(pair.Value)),
                    inner.Length == 0 ? null
                        : inner.Length == 1 ? ModuleOf(equation.Primitive.Name, program, inner[0])
                        : new Module(
                            equation.Primitive.Name,
                            [
                                .. inner.Select(
                                    (jaxpr, i) =>
                                        new Expression(
                                            "program",
                                            "",
                                            "",
                                            "",
                                            new Dictionary<string, string>(),
                                            ModuleOf($"{equation.Primitive.Name}[{i}]", program, jaxpr)
                                        )
                                ),
                            ],
                            new Dictionary<string, ArraySpec>(),
                            new Dictionary<string, object?>()
                        )
                );
            }

            private static string Name(Atom atom, Dictionary<Var, string> names) =>
                atom is Literal literal ? JaxprPrinter.Literal(literal.Value) : names[(Var)atom];

            private static string Title(Module module) =>
                module.Name + (module.TotalParamSize == 0 ? "" : $", {module.TotalParamSize} parameters");

            private static string Call(Expression expression) =>
                $"{expression.OutVars} = {expression.Primitive}{Parameters(expression)} {expression.InVars}".TrimEnd();

            private static string Parameters(Expression expression) =>
                expression.Params.Count == 0
                    ? ""
                    : $"[{string.Join(" ", expression.Params.Select(pair => $"{pair.Key}={pair.Value}"))}]";

            private static void Format(StringBuilder text, Module module, int depth)
            {
                text.Append(' ', 2 * depth).Append(Title(module)).Append(":\n");
                foreach (var expression in module.Expressions)
                {
                    if (expression.OutVars.Length > 0)
                    {
                        text.Append(' ', 2 * depth + 2).Append(Call(expression)).Append($"  # {expression.Details}\n");
                    }

                    if (expression.Submodule is { } inner)
                    {
                        Format(text, inner, depth + 1);
                    }
                }
            }

            private static void Html(StringBuilder text, Module module)
            {
                text.Append($"<details open><summary>{WebUtility.HtmlEncode(Title(module))}</summary>\n");
                foreach (var (path, spec) in module.ParamInfo)
                {
                    text.Append(
                        $"<div class=\"op\">{WebUtility.HtmlEncode(path)}: <span class=\"type\">{spec}</span></div>\n"
                    );
                }

                foreach (var expression in module.Expressions)
                {
                    if (expression.OutVars.Length > 0)
                    {
                        text.Append(
                            $"<div class=\"op\">{WebUtility.HtmlEncode(Call(expression))} "
                                + $"<span class=\"type\">{WebUtility.HtmlEncode(expression.Details)}</span></div>\n"
                        );
                    }

                    if (expression.Submodule is { } inner)
                    {
                        Html(text, inner);
                    }
                }

                text.Append("</details>\n");
            }

            /// <summary>A module, a function, or a program inside of an operation.</summary>
            /// <param name="Name">The path of the module, or the name of the function or operation.</param>
            /// <param name="Expressions">Operations and inner modules, in order.</param>
            /// <param name="ParamInfo">The parameters by path and name.</param>
            /// <param name="StateInfo">The states by path and name.</param>
            public sealed record Module(
                string Name,
                IReadOnlyList<Expression> Expressions,
                IReadOnlyDictionary<string, ArraySpec> ParamInfo,
                IReadOnlyDictionary<string, object?> StateInfo
            )
            {
                /// <summary>The number of elements of all parameters.</summary>
                public long TotalParamSize => ParamInfo.Values.Sum(spec => spec.Size);

                /// <summary>The number of elements of all states that are arrays.</summary>
                public long TotalStateSize => StateInfo.Values.OfType<ArraySpec>().Sum(spec => spec.Size);
            }

            /// <summary>An operation, or a module that is called.</summary>
            /// <param name="Primitive">The name of the operation; <c>module</c> for a call of a module.</param>
            /// <param name="InVars">The operands.</param>
            /// <param name="OutVars">The results; empty for a call of a module.</param>
            /// <param name="Details">Shapes and types of operands and results.</param>
            /// <param name="Params">The parameters of the operation.</param>
            /// <param name="Submodule">What is inside; null for plain operations.</param>
            public sealed record Expression(
                string Primitive,
                string InVars,
                string OutVars,
                string Details,
                IReadOnlyDictionary<string, string> Params,
                Module? Submodule
            );
        }
    }
}
