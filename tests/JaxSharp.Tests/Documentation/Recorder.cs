using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;

namespace JaxSharp.Tests.Documentation;

/// <summary>Keeps what the statements of a running snippet show. It also stands for the console there.</summary>
public static class Recorder
{
    [ThreadStatic]
    private static Dictionary<int, string>? shown;

    [ThreadStatic]
    private static List<string>? written;

    /// <summary>Runs a snippet; line of the file to the value of the statement there, or to what it wrote.</summary>
    public static IReadOnlyDictionary<int, string> Run(Action snippet)
    {
        shown = [];
        written = [];
        snippet();
        return shown;
    }

    public static void Show<T>(int line, Func<T> value) => shown![line] = Text(value());

    public static void Show(int line, Action action)
    {
        written!.Clear();
        action();
        shown![line] = string.Join('\n', written);
    }

    public static void WriteLine(object? value) => written!.Add(Text(value));

    private static string Text(object? value) =>
        value switch
        {
            null => "null",
            string text => text,
            ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Text(tuple[i])))})",
            NDArray or Shape or PrngKey => value.ToString()!,
            IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().Select(k => $"{k}: {Text(map[k])}"))}}}",
            IEnumerable values => $"[{string.Join(", ", values.Cast<object?>().Select(Text))}]",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
}
