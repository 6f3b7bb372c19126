using System;
using System.Collections.Generic;
using System.Globalization;

namespace JaxSharp.Data;

/// <summary>Reads the dictionary of a .npy header, a literal of Python that holds no more than is known here.</summary>
internal sealed class NpyHeaderParser(string text, ContentReader content)
{
    private const int MaxRank = 64;

    private int at;
    private string? description;
    private bool? fortranOrder;
    private List<int>? shape;

    public NpyHeader Parse()
    {
        Expect('{');
        while (!Accept('}'))
        {
            string key = Text();
            Expect(':');
            ReadValue(key);
            if (!Accept(','))
            {
                Expect('}');
                break;
            }
        }

        if (Peek() != '\0')
        {
            throw Malformed("nothing more");
        }

        return description is not null && fortranOrder is { } fortran && shape is not null
            ? Header(description, fortran, [.. shape])
            : throw content.Error("the header lacks descr, fortran_order or shape.");
    }

    private void ReadValue(string key)
    {
        switch (key)
        {
            case "descr" when description is null:
                if (Peek() == '[')
                {
                    throw content.Error("it holds records (a structured dtype), which are no array of numbers.");
                }

                description = Text();
                break;
            case "fortran_order" when fortranOrder is null:
                fortranOrder = Word("True") || (Word("False") ? false : throw Malformed("True or False"));
                break;
            case "shape" when shape is null:
                shape = Extents();
                break;
            default:
                throw content.Error($"the header has the key '{key}' twice or should not have it.");
        }
    }

    private NpyHeader Header(string descr, bool fortran, int[] extents)
    {
        char order = descr.Length > 0 ? descr[0] : '\0';
        if (descr is ['|' or '<' or '>' or '=', 'O', ..])
        {
            throw content.Error("it holds Python objects (pickled), which are not loaded: they could run any program.");
        }

        if (order is not ('|' or '<' or '>' or '=') || NpyHeader.ElementType(descr[1..]) is not { } dtype)
        {
            throw content.Error($"there is no element type for NumPy's '{descr}'.");
        }

        return ArrayMemory.ByteLength(extents, dtype) is not null
            ? new NpyHeader(new ArrayType(dtype, extents), fortran, BigEndian: order == '>')
            : throw content.Error($"the shape ({string.Join(", ", extents)}) has more elements than can be counted.");
    }

    private List<int> Extents()
    {
        var extents = new List<int>();
        Expect('(');
        while (!Accept(')'))
        {
            int start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            bool valid = int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, null, out int extent);
            extents.Add(valid && extents.Count < MaxRank ? extent : throw Malformed("an extent of at most 64 axes"));
            if (!Accept(','))
            {
                Expect(')');
                break;
            }
        }

        return extents;
    }

    private string Text()
    {
        char quote = Peek();
        int end = quote is '\'' or '"' ? text.IndexOf(quote, at + 1) : -1;
        if (end < 0)
        {
            throw Malformed("a text in quotes");
        }

        string value = text[(at + 1)..end];
        at = end + 1;
        return value;
    }

    private bool Word(string word)
    {
        Peek();
        bool here = string.CompareOrdinal(text, at, word, 0, word.Length) == 0;
        at += here ? word.Length : 0;
        return here;
    }

    private bool Accept(char symbol)
    {
        bool here = Peek() == symbol;
        at += here ? 1 : 0;
        if (here)
        {
            Peek();
        }

        return here;
    }

    private void Expect(char symbol)
    {
        if (!Accept(symbol))
        {
            throw Malformed($"'{symbol}'");
        }
    }

    /// <summary>The next character that is no white space; NUL at the end.</summary>
    private char Peek()
    {
        while (at < text.Length && text[at] is ' ' or '\n' or '\t' or '\r')
        {
            at++;
        }

        return at < text.Length ? text[at] : '\0';
    }

    private DataFormatException Malformed(string expected) =>
        content.Error($"the header is malformed: {expected} was expected at character {at}.");
}
