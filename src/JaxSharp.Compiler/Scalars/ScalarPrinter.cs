using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace JaxSharp.Compiler.Scalars;

/// <summary>Writes expressions. Parts that are used more than once get a name, under which they are defined first.</summary>
internal sealed class ScalarPrinter
{
    private readonly Dictionary<ScalarExpr, int> uses = [];
    private readonly Dictionary<ScalarExpr, string> names = [];
    private readonly StringBuilder definitions = new();

    /// <summary>Prepares to write expressions that may share parts.</summary>
    public ScalarPrinter(params ScalarExpr[] roots)
    {
        foreach (var root in roots)
        {
            Count(root);
        }

        foreach (var root in roots)
        {
            Define(root);
        }
    }

    /// <summary>The definitions of named parts, a line each.</summary>
    public string Definitions => definitions.ToString();

    /// <summary>An expression, by its name if it has one.</summary>
    public string Text(ScalarExpr expr) => names.TryGetValue(expr, out string? name) ? name : Body(expr);

    private void Count(ScalarExpr expr)
    {
        uses[expr] = uses.GetValueOrDefault(expr) + 1;
        if (uses[expr] == 1)
        {
            foreach (var operand in expr.Operands)
            {
                Count(operand);
            }
        }
    }

    private void Define(ScalarExpr expr)
    {
        if (names.ContainsKey(expr))
        {
            return;
        }

        foreach (var operand in expr.Operands)
        {
            Define(operand);
        }

        if (uses[expr] > 1 && expr.Operands.Length > 0)
        {
            string body = Body(expr);
            string name = $"%{names.Count}";
            names.Add(expr, name);
            definitions.Append($"{name} = {body}\n");
        }
    }

    private string Body(ScalarExpr expr)
    {
        switch (expr)
        {
            case ScalarExpr.Const constant:
                return Literal(constant);
            case ScalarExpr.Axis axis:
                return $"a{axis.Number}";
            case ScalarExpr.Reduced reduced:
                return $"r{reduced.Stage}.{reduced.Type}";
            case ScalarExpr.Load load:
                return $"in{load.Input}.{load.Type}[{Text(load.Index)}]";
            case ScalarExpr.Pair pair:
                return $"complex({Text(pair.Real)}, {Text(pair.Imaginary)})";
            case ScalarExpr.Op op:
                string suffix = op.Code is ScalarOp.Convert or ScalarOp.Bitcast ? $".{op.Type}" : "";
                return $"{op.Code.Name()}{suffix}({string.Join(", ", op.Operands.ToArray().Select(Text))})";
            default:
                throw new ArgumentException($"Unknown expression {expr.GetType()}.");
        }
    }

    private static string Literal(ScalarExpr.Const constant)
    {
        var type = constant.Type;
        if (type.IsBool)
        {
            return constant.Bits != 0 ? "true" : "false";
        }

        if (type.IsFloating)
        {
            double value = ScalarValue.ToDouble(type, constant.Bits);
            string digits =
                type.Code == DTypeCode.F64
                    ? value.ToString("R", CultureInfo.InvariantCulture)
                    : ((float)value).ToString("R", CultureInfo.InvariantCulture);

            // Other NaNs and the like are written by their bits.
            return ScalarValue.FromDouble(type, double.Parse(digits, CultureInfo.InvariantCulture)) == constant.Bits
                ? $"{digits}:{type}"
                : $"0x{constant.Bits:x}:{type}";
        }

        string number =
            type.Code == DTypeCode.U64
                ? constant.Bits.ToString(CultureInfo.InvariantCulture)
                : ScalarValue.ToI64(type, constant.Bits).ToString(CultureInfo.InvariantCulture);
        return type.Code == DTypeCode.I64 ? number : $"{number}:{type}";
    }
}
