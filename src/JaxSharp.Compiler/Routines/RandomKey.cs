using System.Numerics;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// A Threefry-2x32 key for routines that draw numbers one at a time. Bits are those of the fused kernels: element
/// <c>position</c> of an array of <c>size</c> elements, in either layout.
/// </summary>
internal readonly record struct RandomKey(uint A, uint B, bool Legacy)
{
    /// <summary>Child number <paramref name="index"/> of a split into <paramref name="count"/>.</summary>
    public RandomKey Split(long index, long count)
    {
        if (Legacy)
        {
            return new RandomKey(LegacyWord(2 * index, 2 * count), LegacyWord((2 * index) + 1, 2 * count), true);
        }

        var (a, b) = Hash((uint)(index >> 32), (uint)index);
        return new RandomKey(a, b, false);
    }

    /// <summary>Random bits of an element of 16, 32 or 64 bits.</summary>
    public ulong Bits(int width, long position, long size)
    {
        if (Legacy)
        {
            if (width == 64)
            {
                return ((ulong)LegacyWord(position, 2 * size) << 32) | LegacyWord(position + size, 2 * size);
            }

            int perWord = 32 / width;
            uint word = LegacyWord(position / perWord, (size + perWord - 1) / perWord);
            return (word >> (int)(position % perWord * width)) & (uint)(ulong.MaxValue >> (64 - width));
        }

        var (a, b) = Hash((uint)(position >> 32), (uint)position);
        return width == 64 ? ((ulong)a << 32) | b : (a ^ b) & (uint)(ulong.MaxValue >> (64 - width));
    }

    /// <summary>A number in [0, 1).</summary>
    public T Uniform<T>(long position = 0, long size = 1)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        int width =
            typeof(T) == typeof(double) ? 64
            : typeof(T) == typeof(float) ? 32
            : 16;
        int mantissa = width switch
        {
            64 => 52,
            32 => 23,
            _ => 10,
        };
        ulong bits = Bits(width, position, size) >> (width - mantissa);
        return T.ScaleB(T.CreateChecked(bits), -mantissa);
    }

    /// <summary>A standard normal number.</summary>
    public T Normal<T>()
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        T low = T.BitIncrement(-T.One);
        T width = T.One - low;
        T u = Uniform<T>();
        u = typeof(T) == typeof(System.Half) ? (u * width) + low : T.FusedMultiplyAdd(u, width, low);
        double inverse = SpecialFunctions.Apply(ScalarOp.ErfInv, double.CreateChecked(T.Max(low, u)), 0);
        return T.CreateChecked(System.Math.Sqrt(2)) * T.CreateChecked(inverse);
    }

    private (uint A, uint B) Hash(uint high, uint low) => Threefry(A, B, high, low);

    private uint LegacyWord(long position, long words)
    {
        long half = (words + 1) / 2;
        long first = position < half ? position : position - half;
        long second = first + half < words ? first + half : 0;
        var (a, b) = Hash((uint)first, (uint)second);
        return position < half ? a : b;
    }

    private static (uint A, uint B) Threefry(uint key0, uint key1, uint x, uint y)
    {
        uint key2 = key0 ^ key1 ^ 0x1BD11BDA;
        x += key0;
        y += key1;
        Even(ref x, ref y);
        x += key1;
        y += key2 + 1;
        Odd(ref x, ref y);
        x += key2;
        y += key0 + 2;
        Even(ref x, ref y);
        x += key0;
        y += key1 + 3;
        Odd(ref x, ref y);
        x += key1;
        y += key2 + 4;
        Even(ref x, ref y);
        return (x + key2, y + key0 + 5);

        static void Even(ref uint x, ref uint y)
        {
            Round(ref x, ref y, 13);
            Round(ref x, ref y, 15);
            Round(ref x, ref y, 26);
            Round(ref x, ref y, 6);
        }

        static void Odd(ref uint x, ref uint y)
        {
            Round(ref x, ref y, 17);
            Round(ref x, ref y, 29);
            Round(ref x, ref y, 16);
            Round(ref x, ref y, 24);
        }

        static void Round(ref uint x, ref uint y, int rotation)
        {
            x += y;
            y = BitOperations.RotateLeft(y, rotation) ^ x;
        }
    }
}
