using System;
using System.Linq;
using CsCheck;
using Xunit;

namespace JaxSharp.Data.Tests;

/// <summary>Damages the bytes of a file in every way and reads what comes out.</summary>
internal static class Corruption
{
    private enum Kind
    {
        Flip,
        Cut,
        Append,
        Insert,
        Remove,
    }

    /// <summary>
    /// Reading damaged bytes gives a result or one of JaxSharp's errors, and allocates no more managed memory than a small multiple of
    /// the file.
    /// </summary>
    public static void Survives(byte[] file, Action<byte[]> read, int iterations = 2000)
    {
        Gen<(Kind Kind, int At, byte Value)> damage = Gen.Select(
            Gen.Enum<Kind>(),
            Gen.Int[0, file.Length - 1],
            Gen.OneOf(Gen.Byte, Gen.Const((byte)0), Gen.Const((byte)0xFF), Gen.Const((byte)0x80)),
            (kind, at, value) => (kind, at, value)
        );
        damage
            .Array[1, 4]
            .Sample(
                list =>
                {
                    byte[] bytes = list.Aggregate(file, Damaged);
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    try
                    {
                        read(bytes);
                    }
                    catch (JaxException)
                    {
                        // What is asked for.
                    }

                    long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    Assert.True(allocated < 1 << 22, $"{allocated} bytes were allocated.");
                },
                iter: iterations,
                threads: 1
            );
    }

    /// <summary>Every beginning of a file is refused.</summary>
    public static void RefusesBeginnings(byte[] file, Action<byte[]> read)
    {
        for (int length = 0; length < file.Length; length++)
        {
            byte[] beginning = file[..length];
            Assert.Throws<DataFormatException>(() => read(beginning));
        }
    }

    private static byte[] Damaged(byte[] bytes, (Kind Kind, int At, byte Value) damage)
    {
        int at = Math.Min(damage.At, bytes.Length);
        byte[] tail = bytes[Math.Min(at + 1, bytes.Length)..];
        return damage.Kind switch
        {
            Kind.Flip => [.. bytes[..at], damage.Value, .. tail],
            Kind.Cut => bytes[..at],
            Kind.Append => [.. bytes, damage.Value],
            Kind.Insert => [.. bytes[..at], damage.Value, .. bytes[at..]],
            _ => [.. bytes[..at], .. tail],
        };
    }
}
