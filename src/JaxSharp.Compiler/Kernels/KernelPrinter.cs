using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// Prints kernels and expressions as <see cref="KernelParser"/> reads them. Values that are used more than once get a name.
/// <code>
/// kernel (f32) -> (f32) grid [4096]
/// r0 = reduce max f32 [1024]: in0.f32[add(mul(a0, 1024), a1)]
/// store 0 []: a0 = r0.f32
/// </code>
/// </summary>
internal static class KernelPrinter
{
    /// <summary>The text of a kernel, one stage after the other.</summary>
    public static string Print(Kernel kernel)
    {
        var text = new StringBuilder();
        text.Append($"kernel ({Join(kernel.Inputs)}) -> ({Join(kernel.Outputs)}) grid [{Join(kernel.Grid)}]\n");
        for (int i = 0; i < kernel.Stages.Length; i++)
        {
            switch (kernel.Stages[i])
            {
                case Stage.Reduce reduce:
                    var body = new Writer([reduce.Body]);
                    text.Append(body.Definitions);
                    text.Append($"r{i} = reduce {Name(reduce.Monoid)} {reduce.Accumulation} [{Join(reduce.Inner)}]");
                    text.Append(reduce.Order is { } order ? $" lanes {order.Lanes} block {order.Block}: " : ": ");
                    text.Append(body.Text(reduce.Body)).Append('\n');
                    break;
                case Stage.Store store:
                    var values = new Writer([store.Index, store.Value]);
                    text.Append(values.Definitions);
                    text.Append($"store {store.Output} [{Join(store.Inner)}]: {values.Text(store.Index)} = ");
                    text.Append(values.Text(store.Value)).Append('\n');
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>The text of an expression, after the definitions of its shared parts.</summary>
    public static string Print(ScalarExpr expr)
    {
        var writer = new Writer([expr]);
        return writer.Definitions + writer.Text(expr);
    }

    private static string Join<T>(IEnumerable<T> items) => string.Join(", ", items);

    private static string Name(Monoid monoid) => monoid.ToString().ToLowerInvariant();

    private sealed class Writer
    {
        private readonly Dictionary<ScalarExpr, int> uses = [];
        private readonly Dictionary<ScalarExpr, string> names = [];
        private readonly StringBuilder definitions = new();

        public Writer(ScalarExpr[] roots)
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

        public string Definitions => definitions.ToString();

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
}
