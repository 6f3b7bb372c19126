using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using JaxSharp.Ir;

namespace JaxSharp.Haiku;

/// <summary>Programs as graphs in the language of Graphviz: a node for each equation, a cluster for each call of a module.</summary>
internal sealed class DotText
{
    private readonly ModuleProgram program;
    private readonly StringBuilder text = new();
    private readonly Dictionary<Var, string> nodes = [];
    private readonly List<string> edges = [];
    private int operations;
    private int clusters;
    private int literals;

    private DotText(ModuleProgram program)
    {
        this.program = program;
    }

    public static string Of(ModuleProgram program) => new DotText(program).Write();

    private string Write()
    {
        Line(0, "digraph G {");
        Line(1, "rankdir = TD;");
        Line(1, "compound = true;");
        Line(1, $"label = <<b>{Escape(program.Name)}</b>>;");
        Line(1, "labelloc = t;");
        var jaxpr = program.Jaxpr;
        for (int i = 0; i < jaxpr.Inputs.Length; i++)
        {
            Node(1, $"arg{i}", program.Arguments[i], jaxpr.Inputs[i].Type, "#FF8A4F", "#FFDEAF");
            nodes[jaxpr.Inputs[i]] = $"arg{i}";
        }

        for (int i = 0; i < jaxpr.ConstVars.Length; i++)
        {
            Node(1, $"const{i}", "captured", jaxpr.ConstVars[i].Type, "#A261FF", "#E6D6FF");
            nodes[jaxpr.ConstVars[i]] = $"const{i}";
        }

        Write(1, ProgramTree.Of(program, jaxpr));
        for (int i = 0; i < jaxpr.Outputs.Length; i++)
        {
            Node(
                1,
                $"out{i}",
                jaxpr.Outputs.Length == 1 ? "output" : $"output[{i}]",
                jaxpr.Outputs[i].Type,
                "#0053D6",
                "#AABFFF"
            );
            Edge(jaxpr.Outputs[i], $"out{i}");
        }

        foreach (string edge in edges)
        {
            Line(1, edge);
        }

        Line(0, "}");
        return text.ToString();
    }

    private void Write(int depth, ProgramTree tree)
    {
        foreach (object item in tree.Items)
        {
            if (item is Equation equation)
            {
                Write(depth, equation);
                continue;
            }

            var inner = (ProgramTree)item;
            Line(depth, $"subgraph cluster_{clusters++} {{");
            Line(depth + 1, "style = \"rounded,filled\";");
            Line(depth + 1, "fillcolor = \"#F0F5F5\";");
            Line(depth + 1, "color = \"#14234B\";");
            Line(depth + 1, $"label = <<b>{Escape(inner.Call!.Title)}</b>>;");
            Write(depth + 1, inner);
            Line(depth, "}");
        }
    }

    private void Write(int depth, Equation equation)
    {
        string id = $"op{operations++}";
        foreach (var output in equation.Outputs)
        {
            nodes[output] = id;
        }

        string types = string.Join("<br/>", equation.Outputs.Select(output => output.Type));
        Node(depth, id, equation.Primitive.Name, types, "#FFDB13", "#FFF26E");
        foreach (var input in equation.Inputs)
        {
            Edge(input, id);
        }
    }

    private void Edge(Atom from, string to)
    {
        if (from is Literal literal)
        {
            string id = $"literal{literals++}";
            Node(1, id, JaxprPrinter.Literal(literal.Value), "", "#A261FF", "#E6D6FF");
            edges.Add($"{id} -> {to};");
            return;
        }

        edges.Add($"{nodes[(Var)from]} -> {to};");
    }

    private void Node(int depth, string id, string title, object type, string color, string fill)
    {
        string label = $"<b>{Escape(title)}</b>{($"{type}".Length == 0 ? "" : $"<br/>{type}")}";
        Line(depth, $"{id} [label=<{label}> shape=rect style=\"filled\" color=\"{color}\" fillcolor=\"{fill}\"];");
    }

    private void Line(int depth, string line) => text.Append(' ', 2 * depth).Append(line).Append('\n');

    private static string Escape(string value) => WebUtility.HtmlEncode(value);
}
