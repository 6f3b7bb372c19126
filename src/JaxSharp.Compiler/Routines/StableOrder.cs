using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Routines;

/// <summary>Puts numbers in the order of keys, those with equal keys staying as they are.</summary>
internal static unsafe class StableOrder
{
    private const int ShortLine = 48;
    private const int Digits = 256;

    /// <summary>Reorders numbers by ascending key. The keys and the buffers, all of one length, are scratch afterwards.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="numbers">What is put in order, no negative numbers.</param>
    /// <param name="keyBuffer">Scratch.</param>
    /// <param name="numberBuffer">Scratch.</param>
    /// <param name="bits">The number of bits that keys have; what is above is 0.</param>
    public static void Sort(
        Span<ulong> keys,
        Span<int> numbers,
        Span<ulong> keyBuffer,
        Span<int> numberBuffer,
        int bits
    )
    {
        if (keys.Length <= ShortLine)
        {
            Insert(keys, numbers);
        }
        else if (bits <= 32)
        {
            RadixTogether(keys, numbers, keyBuffer, bits);
        }
        else
        {
            Radix(keys, numbers, keyBuffer, numberBuffer, bits);
        }
    }

    private static void Insert(Span<ulong> keys, Span<int> numbers)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            ulong key = keys[i];
            int number = numbers[i];
            int j = i - 1;
            for (; j >= 0 && keys[j] > key; j--)
            {
                keys[j + 1] = keys[j];
                numbers[j + 1] = numbers[j];
            }

            keys[j + 1] = key;
            numbers[j + 1] = number;
        }
    }

    // A key and its number move as one word: the key in the upper half, so that digits begin at bit 32.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RadixTogether(Span<ulong> keys, Span<int> numbers, Span<ulong> keyBuffer, int bits)
    {
        int* counts = stackalloc int[4 * Digits];
        new Span<int>(counts, 4 * Digits).Clear();
        int length = keys.Length;
        fixed (ulong* first = keys)
        fixed (ulong* second = keyBuffer)
        {
            ulong* from = first;
            ulong* to = second;
            for (int i = 0; i < length; i++)
            {
                ulong key = from[i];
                from[i] = (key << 32) | (uint)numbers[i];
                counts[(byte)key]++;
                counts[Digits + (byte)(key >> 8)]++;
                counts[(2 * Digits) + (byte)(key >> 16)]++;
                counts[(3 * Digits) + (byte)(key >> 24)]++;
            }

            for (int shift = 0; shift < bits; shift += 8)
            {
                int* places = counts + (shift / 8 * Digits);
                int place = 32 + shift;
                if (places[(byte)(from[0] >> place)] == length)
                {
                    continue;
                }

                int sum = 0;
                for (int digit = 0; digit < Digits; digit++)
                {
                    int count = places[digit];
                    places[digit] = sum;
                    sum += count;
                }

                for (int i = 0; i < length; i++)
                {
                    ulong word = from[i];
                    to[places[(byte)(word >> place)]++] = word;
                }

                ulong* sorted = to;
                to = from;
                from = sorted;
            }

            for (int i = 0; i < length; i++)
            {
                numbers[i] = (int)from[i];
            }
        }
    }

    private static void Radix(
        Span<ulong> keys,
        Span<int> numbers,
        Span<ulong> keyBuffer,
        Span<int> numberBuffer,
        int bits
    )
    {
        Span<int> counts = stackalloc int[Digits];
        bool swapped = false;
        for (int shift = 0; shift < bits; shift += 8)
        {
            counts.Clear();
            foreach (ulong key in keys)
            {
                counts[(int)(key >> shift) & 255]++;
            }

            if (counts[(int)(keys[0] >> shift) & 255] == keys.Length)
            {
                continue;
            }

            int sum = 0;
            for (int digit = 0; digit < Digits; digit++)
            {
                (counts[digit], sum) = (sum, sum + counts[digit]);
            }

            for (int i = 0; i < keys.Length; i++)
            {
                int place = counts[(int)(keys[i] >> shift) & 255]++;
                keyBuffer[place] = keys[i];
                numberBuffer[place] = numbers[i];
            }

            var sortedKeys = keyBuffer;
            var sortedNumbers = numberBuffer;
            keyBuffer = keys;
            numberBuffer = numbers;
            keys = sortedKeys;
            numbers = sortedNumbers;
            swapped = !swapped;
        }

        if (swapped)
        {
            keys.CopyTo(keyBuffer);
            numbers.CopyTo(numberBuffer);
        }
    }
}
