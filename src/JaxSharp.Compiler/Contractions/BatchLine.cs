using System;
using System.Linq;
using System.Numerics;

namespace JaxSharp.Compiler.Contractions;

/// <summary>How far a tap moves in the image, and in what has elements for each tap, in bytes.</summary>
internal readonly record struct BatchTap(nint Image, nint Partner);

/// <summary>
/// What positions along a line and the taps around them share: lines of taps that lie as positions do, so that tiles read one place of
/// the image for several positions. Taps of a long line are cut into parts.
/// </summary>
internal sealed class BatchLine
{
    private readonly BatchTap[] taps;
    private readonly int[] coordinates;
    private readonly int checks;

    private BatchLine(BatchTap[] taps, int[] coordinates, int checks, int together)
    {
        (this.taps, this.coordinates, this.checks) = (taps, coordinates, checks);
        Together = together;
        Units = new int[checks];
    }

    /// <summary>The number of taps in a line.</summary>
    public int Together { get; }

    /// <summary>The number of lines of taps.</summary>
    public int Count => taps.Length / Together;

    /// <summary>Whether the taps of every position are to be checked on their own.</summary>
    public bool IsAlone { get; private init; }

    /// <summary>How far a unit moves the checked coordinates; 0 for those that are the same for all of a line.</summary>
    public int[] Units { get; }

    /// <summary>The parts of a line of taps.</summary>
    public BatchPart[] Parts { get; private set; } = [];

    /// <summary>Finds the longest lines of taps for positions with a step in bytes that moves the checked coordinates.</summary>
    public static BatchLine For(
        BatchTap[] taps,
        int[] coordinates,
        int longest,
        LayoutAxis position,
        (int Size, int VectorBytes) bytes
    )
    {
        nint step = (nint)position.Stride * bytes.Size;
        var line = new BatchLine(taps, coordinates, position.Coefs.Length, longest);
        if (line.Slides(position, step) is { } window)
        {
            return line.Cut(window, bytes.VectorBytes);
        }

        line = new BatchLine(taps, coordinates, position.Coefs.Length, 1);
        return line.Slides(position, step) is { } single
            ? line.Cut(single, bytes.VectorBytes)
            : new BatchLine(taps, coordinates, position.Coefs.Length, 1) { IsAlone = true }.Cut(
                new(1, 1, 0, 0, 1),
                bytes.VectorBytes
            );
    }

    /// <summary>The first tap of a line of them.</summary>
    public BatchTap First(int line) => taps[line * Together];

    /// <summary>How the first tap of a line of them moves the checked coordinates.</summary>
    public ReadOnlySpan<int> Coordinates(int line) => coordinates.AsSpan(line * Together * checks, checks);

    private BatchLine Cut(BatchWindow window, int vectorBytes)
    {
        int parts = ((Together - 1) / BatchTile.MaxTaps(vectorBytes)) + 1;
        Parts = [.. Enumerable.Range(0, parts).Select(Part)];
        return this;

        BatchPart Part(int part)
        {
            int start = Together * part / parts;
            return new BatchPart(start, window with { Taps = (Together * (part + 1) / parts) - start });
        }
    }

    // Steps of positions and of taps in units, if taps of each line are at even distances and their coordinates follow.
    private BatchWindow? Slides(LayoutAxis position, nint step)
    {
        nint tap = Together > 1 ? taps[1].Image - taps[0].Image : 0;
        nint partner = Together > 1 ? taps[1].Partner - taps[0].Partner : 0;
        nint unit = nint.Max(1, (nint)BigInteger.GreatestCommonDivisor(step, tap));
        nint reach = (nint.Abs(step) * BatchTile.MaxPositions) + (nint.Abs(tap) * Together);
        if (reach > int.MaxValue || nint.Abs(partner) * Together > int.MaxValue)
        {
            return null;
        }

        var window = new BatchWindow(1, Together, (int)(step / unit), (int)(tap / unit), (int)unit);
        for (int c = 0; c < checks; c++)
        {
            int along = position.Coefs[c];
            int between = Together > 1 ? coordinates[checks + c] - coordinates[c] : 0;
            Units[c] =
                window.PositionStep != 0 ? along / window.PositionStep
                : window.TapStep != 0 ? between / window.TapStep
                : 0;
            if (Units[c] * window.PositionStep != along || Units[c] * window.TapStep != between)
            {
                return null;
            }
        }

        for (int t = 0; t < taps.Length; t++)
        {
            (int line, int within) = Math.DivRem(t, Together);
            var first = First(line);
            bool isEven =
                taps[t].Image - first.Image == within * tap && taps[t].Partner - first.Partner == within * partner;
            for (int c = 0; c < checks; c++)
            {
                int start = Coordinates(line)[c];
                isEven &= Units[c] == 0 || start == 0;
                isEven &= coordinates[(t * checks) + c] - start == within * Units[c] * window.TapStep;
            }

            if (!isEven)
            {
                return null;
            }
        }

        return window;
    }
}

/// <summary>A part of a line of taps.</summary>
/// <param name="Start">The first tap.</param>
/// <param name="Window">What a tile reads, but for the number of positions.</param>
internal sealed record BatchPart(int Start, BatchWindow Window);
