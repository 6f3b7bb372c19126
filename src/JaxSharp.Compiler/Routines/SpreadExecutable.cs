using System;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>An axis of an array that is laid out in another one, in elements.</summary>
/// <param name="Extent">How many elements are laid out.</param>
/// <param name="From">The distance of neighbours in the array.</param>
/// <param name="To">The distance of neighbours where they go.</param>
internal readonly record struct SpreadAxis(int Extent, long From, long To);

/// <summary>
/// Fills memory with a value, the second operand, and lays out the elements of the first with distances between them: padding
/// between neighbours.
/// </summary>
/// <param name="size">The bytes of an element.</param>
/// <param name="axes">The axes of the array.</param>
/// <param name="first">The first element laid out.</param>
/// <param name="start">Where it goes.</param>
/// <param name="total">The number of elements of the result.</param>
internal sealed unsafe class SpreadExecutable(int size, SpreadAxis[] axes, long first, long start, long total)
    : Executable
{
    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        switch (size)
        {
            case 1:
                Run((byte*)inputs[0], *(byte*)inputs[1], (byte*)outputs[0]);
                break;
            case 2:
                Run((ushort*)inputs[0], *(ushort*)inputs[1], (ushort*)outputs[0]);
                break;
            case 4:
                Run((uint*)inputs[0], *(uint*)inputs[1], (uint*)outputs[0]);
                break;
            case 8:
                Run((ulong*)inputs[0], *(ulong*)inputs[1], (ulong*)outputs[0]);
                break;
            default:
                Run((UInt128*)inputs[0], *(UInt128*)inputs[1], (UInt128*)outputs[0]);
                break;
        }
    }

    private void Run<T>(T* from, T value, T* to)
        where T : unmanaged, IEquatable<T>
    {
        for (long at = 0; at < total; at += int.MaxValue)
        {
            new Span<T>(to + at, (int)Math.Min(int.MaxValue, total - at)).Fill(value);
        }

        foreach (var axis in axes)
        {
            if (axis.Extent == 0)
            {
                return;
            }
        }

        Lay(from + first, to + start, 0);
    }

    private void Lay<T>(T* from, T* to, int depth)
        where T : unmanaged
    {
        if (depth == axes.Length)
        {
            *to = *from;
            return;
        }

        var axis = axes[depth];
        if (depth < axes.Length - 1)
        {
            for (int i = 0; i < axis.Extent; i++)
            {
                Lay(from + (i * axis.From), to + (i * axis.To), depth + 1);
            }
        }
        else if (axis is { From: 1, To: 1 })
        {
            new ReadOnlySpan<T>(from, axis.Extent).CopyTo(new Span<T>(to, axis.Extent));
        }
        else
        {
            for (int i = 0; i < axis.Extent; i++)
            {
                to[i * axis.To] = from[i * axis.From];
            }
        }
    }
}
