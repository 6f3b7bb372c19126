using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace JaxSharp.Goldens.Programs;

/// <summary>Python's operators: on numbers as Python has them, on arrays through JaxSharp.</summary>
internal static class Operations
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["+"] = "add",
        ["-"] = "sub",
        ["*"] = "mul",
        ["/"] = "truediv",
        ["//"] = "floordiv",
        ["%"] = "mod",
        ["**"] = "pow",
        ["@"] = "matmul",
        ["&"] = "and",
        ["|"] = "or",
        ["^"] = "xor",
        ["<<"] = "lshift",
        [">>"] = "rshift",
        ["<"] = "lt",
        ["<="] = "le",
        [">"] = "gt",
        [">="] = "ge",
        ["=="] = "eq",
        ["!="] = "ne",
    };

    public static bool IsTrue(object? value) =>
        value switch
        {
            null => false,
            bool flag => flag,
            long number => number != 0,
            double number => number != 0,
            NDArray array => SimpleConversions.NumberOf(array, typeof(bool)) is true,
            string text => text.Length > 0,
            IEnumerable<object?> items => items.Any(),
            _ => true,
        };

    public static object? Unary(string symbol, object? operand) =>
        (symbol, operand) switch
        {
            ("not", _) => !IsTrue(operand),
            ("-", long number) => -number,
            ("-", double number) => -number,
            ("-", Complex number) => -number,
            ("+", not NDArray) => operand,
            ("~", long number) => ~number,
            _ => Library.Call(
                "op."
                    + (
                        symbol == "-" ? "neg"
                        : symbol == "+" ? "pos"
                        : "invert"
                    ),
                [operand],
                new Dictionary<string, object?>()
            ),
        };

    public static object? Binary(string symbol, object? left, object? right)
    {
        if (symbol is "is" or "is not")
        {
            return ReferenceEquals(left, right) == (symbol == "is");
        }

        if (left is NDArray || right is NDArray)
        {
            return Library.Call("op." + Names[symbol], [left, right], new Dictionary<string, object?>());
        }

        return (left, right) switch
        {
            (PrngKey a, PrngKey b) when symbol == "==" => a.EqualTo(b),
            (PrngKey a, PrngKey b) when symbol == "!=" => Unary("~", a.EqualTo(b)),
            (long a, long b) => Integers(symbol, a, b),
            (bool a, bool b) when symbol is "==" or "!=" => a == b == (symbol == "=="),
            (Complex, _) or (_, Complex) => Complexes(symbol, ToComplex(left), ToComplex(right)),
            (long or double or bool, long or double or bool) => Floats(
                symbol,
                Convert.ToDouble(left),
                Convert.ToDouble(right)
            ),
            (string a, string b) when symbol == "+" => a + b,
            (PyTuple a, PyTuple b) when symbol == "+" => new PyTuple([.. a.Items, .. b.Items]),
            (List<object?> a, List<object?> b) when symbol == "+" => new List<object?>([.. a, .. b]),
            (PyTuple a, long n) when symbol == "*" => new PyTuple([.. Repeat(a.Items, n)]),
            (List<object?> a, long n) when symbol == "*" => Repeat(a, n).ToList(),
            _ when symbol == "==" => Equals(left, right),
            _ when symbol == "!=" => !Equals(left, right),
            _ => throw new UnsupportedProgramException($"{left} {symbol} {right}"),
        };
    }

    private static IEnumerable<object?> Repeat(IReadOnlyList<object?> items, long count) =>
        Enumerable.Range(0, (int)count).SelectMany(_ => items);

    private static Complex ToComplex(object? value) => value is Complex complex ? complex : Convert.ToDouble(value);

    private static object Integers(string symbol, long a, long b) =>
        symbol switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => (double)a / b,
            "//" => (long)Math.Floor((double)a / b),
            "%" => ((a % b) + b) % b,
            "**" when b >= 0 => (long)BigInteger.Pow(a, (int)b),
            "**" => Math.Pow(a, b),
            "&" => a & b,
            "|" => a | b,
            "^" => a ^ b,
            "<<" => a << (int)b,
            ">>" => a >> (int)b,
            _ => Compare(symbol, a.CompareTo(b)),
        };

    private static object Floats(string symbol, double a, double b) =>
        symbol switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "//" => Math.Floor(a / b),
            "%" => a - Math.Floor(a / b) * b,
            "**" => Math.Pow(a, b),
            _ => Compare(symbol, a.CompareTo(b)),
        };

    private static object Complexes(string symbol, Complex a, Complex b) =>
        symbol switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "**" => Complex.Pow(a, b),
            "==" => a == b,
            "!=" => a != b,
            _ => throw new UnsupportedProgramException($"complex {symbol}"),
        };

    private static object Compare(string symbol, int order) =>
        symbol switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            "==" => order == 0,
            "!=" => order != 0,
            _ => throw new UnsupportedProgramException(symbol),
        };

    public static object? GetItem(object? owner, object? index)
    {
        switch (owner)
        {
            case NDArray array:
                return Library.Call("getitem", [array, index], new Dictionary<string, object?>());
            case PrngKey keys when index is long place:
                return keys[place < 0 ? ^(int)-place : (int)place];
            case PrngKey keys:
                return JaxRandom.WrapKeyData((NDArray)GetItem(JaxRandom.KeyData(keys), index)!);
            case AtProxy at:
                return at with { Index = index, HasIndex = true };
            case Dictionary<string, object?> dictionary:
                return dictionary[(string)index!];
            case PyTuple tuple:
                object? part = Pick(tuple.Items, index);
                return index is PySlice ? new PyTuple((List<object?>)part!) : part;
            case List<object?> list:
                return Pick(list, index);
            case Builtins.IndexExpression:
                return index;
            case Function or Module or FunctionObject:
                return Library.Index(owner, index);
            default:
                throw new UnsupportedProgramException($"{owner?.GetType().Name ?? "None"}[{index}]");
        }
    }

    private static object? Pick(IReadOnlyList<object?> items, object? index)
    {
        if (index is long position)
        {
            return items[(int)(position < 0 ? position + items.Count : position)];
        }

        var slice = (PySlice)index!;
        int step = (int)(slice.Step as long? ?? 1);
        int start = Clip(slice.Start as long?, step > 0 ? 0 : items.Count - 1);
        int stop = slice.Stop is null && step < 0 ? -1 : Clip(slice.Stop as long?, items.Count);
        var picked = new List<object?>();
        for (int i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            picked.Add(items[i]);
        }

        return picked;

        int Clip(long? value, int standard) =>
            value is long given ? (int)Math.Clamp(given < 0 ? given + items.Count : given, 0, items.Count) : standard;
    }
}
