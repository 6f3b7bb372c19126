using System;
using JaxSharp.Compiler.Runtime;
using Xunit;

namespace JaxSharp.Compiler.Tests.Runtime;

public class TranspositionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 70)]
    [InlineData(16, 16)]
    [InlineData(37, 53)]
    [InlineData(64, 8)]
    [InlineData(9, 200)]
    public unsafe void RowsBecomeColumns(int rows, int columns)
    {
        foreach (int size in new[] { 1, 2, 4, 8, 16 })
        {
            int sourceStep = (columns + 3) * size;
            int targetStep = (rows + 5) * size;
            byte[] source = new byte[rows * sourceStep];
            new Random(rows).NextBytes(source);
            byte[] target = new byte[columns * targetStep];
            fixed (byte* from = source)
            fixed (byte* to = target)
            {
                Transposition.Run(from, sourceStep, to, targetStep, rows, columns, size);
            }

            for (int c = 0; c < columns; c++)
            {
                var line = target.AsSpan(c * targetStep, targetStep);
                for (int r = 0; r < rows; r++)
                {
                    var element = source.AsSpan((r * sourceStep) + (c * size), size);
                    Assert.True(line.Slice(r * size, size).SequenceEqual(element));
                }

                Assert.Equal(-1, line[(rows * size)..].IndexOfAnyExcept((byte)0));
            }
        }
    }
}
