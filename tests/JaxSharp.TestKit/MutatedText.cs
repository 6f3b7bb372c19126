using System;
using System.Collections.Generic;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace JaxSharp.TestKit;

/// <summary>Texts with random faults, for tests of parsers: characters, words and lines changed, removed, doubled or exchanged.</summary>
public static partial class MutatedText
{
    private static readonly string[] Pieces =
    [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ";",
        "=",
        ".",
        "%",
        "-",
        "0",
        "-1",
        "99999999999999999999",
        "1e999",
        "nan",
        "∞",
        "f32",
        "c64",
        "bool",
        "in",
        "let",
        "lambda",
        "None",
        "True",
        "reduce",
        "store",
        "a",
        "a0",
        "r7",
        "in9",
        "0x",
        "j)",
        "\0",
        "\n",
        "é",
        "(1,",
        "((",
        "f32[",
        "f32[2147483647,2147483647,2147483647]",
    ];

    /// <summary>Texts made from given ones by one to four faults.</summary>
    /// <param name="texts">The texts to start from.</param>
    public static Gen<string> Of(IReadOnlyList<string> texts) => Gen.Int.Select(seed => Make(texts, new Random(seed)));

    private static string Make(IReadOnlyList<string> texts, Random random)
    {
        string text = texts[random.Next(texts.Count)];
        for (int faults = random.Next(1, 5); faults > 0 && text.Length > 0; faults--)
        {
            text = Fault(text, texts, random);
        }

        return text;
    }

    private static string Fault(string text, IReadOnlyList<string> texts, Random random)
    {
        int at = random.Next(text.Length);
        string piece = Pieces[random.Next(Pieces.Length)];
        switch (random.Next(string.IsNullOrWhiteSpace(text) ? 5 : 7))
        {
            case 0:
                return text.Remove(at, 1);
            case 1:
                return text.Insert(at, piece);
            case 2:
                return text[..at];
            case 3:
                return text.Remove(at, 1).Insert(at, ((char)random.Next(32, 127)).ToString());
            case 4:
                return Exchange(text.Split('\n'), "\n", random);
            case 5:
                var words = Words().Matches(text);
                var word = words[random.Next(words.Count)];
                return text.Remove(word.Index, word.Length).Insert(word.Index, piece);
            default:
                string other = texts[random.Next(texts.Count)];
                var parts = Words().Matches(other);
                return text.Insert(at, parts[random.Next(parts.Count)].Value);
        }
    }

    private static string Exchange(string[] lines, string separator, Random random)
    {
        int a = random.Next(lines.Length);
        int b = random.Next(lines.Length);
        (lines[a], lines[b]) = random.Next(2) == 0 ? (lines[b], lines[a]) : (lines[a], lines[a]);
        return new StringBuilder().AppendJoin(separator, lines).ToString();
    }

    [GeneratedRegex(@"\w+|\S")]
    private static partial Regex Words();
}
