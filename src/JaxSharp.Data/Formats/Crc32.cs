using System;

namespace JaxSharp.Data;

/// <summary>The checksum of zip archives.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;

    private static readonly uint[][] Tables = MakeTables();

    /// <summary>The checksum of what came before, begun with 0, and some bytes more.</summary>
    public static uint Append(uint before, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~before;
        while (bytes.Length >= Slices)
        {
            crc ^= BitConverter.ToUInt32(bytes);
            uint high = BitConverter.ToUInt32(bytes[4..]);
            crc =
                Tables[7][(byte)crc]
                ^ Tables[6][(byte)(crc >> 8)]
                ^ Tables[5][(byte)(crc >> 16)]
                ^ Tables[4][crc >> 24]
                ^ Tables[3][(byte)high]
                ^ Tables[2][(byte)(high >> 8)]
                ^ Tables[1][(byte)(high >> 16)]
                ^ Tables[0][high >> 24];
            bytes = bytes[Slices..];
        }

        foreach (byte value in bytes)
        {
            crc = (crc >> 8) ^ Tables[0][(byte)(crc ^ value)];
        }

        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[Slices][];
        for (int slice = 0; slice < Slices; slice++)
        {
            tables[slice] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                uint crc = slice == 0 ? i : tables[slice - 1][i];
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ (Polynomial & (0 - (crc & 1)));
                }

                tables[slice][i] = crc;
            }
        }

        return tables;
    }
}
