using System.Threading;
using JaxSharp.Ir;

namespace JaxSharp.Execution;

/// <summary>
/// Programs by primitive and operand types, found without a lock and without allocating a key: every eager operation looks one up.
/// </summary>
internal sealed class EagerPrograms
{
    // Beyond this many programs all are forgotten: a loop over ever new shapes must not fill the memory.
    private const int Capacity = 8192;

    private readonly Lock turn = new();

    // A power of two; entries never change once they are in it.
    private Entry?[] table = new Entry?[256];
    private int count;

    /// <summary>The hash of a primitive and the types of its operands.</summary>
    public static int Hash(Primitive primitive, NDArray[] operands)
    {
        int code = primitive.GetHashCode();
        foreach (var operand in operands)
        {
            var type = operand.Type;
            code = (code * 397) ^ type.Shape.GetHashCode() ^ ((int)type.DType.Code << 8) ^ (type.Weak ? 1 : 0);
        }

        return code ^ (code >>> 15);
    }

    /// <summary>The program; null if it is not known.</summary>
    public Program? Find(int hash, Primitive primitive, NDArray[] operands)
    {
        var entries = Volatile.Read(ref table);
        for (var entry = entries[hash & (entries.Length - 1)]; entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && entry.Matches(primitive, operands))
            {
                return entry.Program;
            }
        }

        return null;
    }

    /// <summary>Adds a program; if another thread has added it too, either is found.</summary>
    public void Add(int hash, Primitive primitive, ArrayType[] types, Program program)
    {
        lock (turn)
        {
            if (count >= Capacity)
            {
                count = 0;
                Volatile.Write(ref table, new Entry?[256]);
            }
            else if (count == table.Length)
            {
                Volatile.Write(ref table, Larger());
            }

            Insert(table, hash, primitive, types, program);
            count++;
        }
    }

    private Entry?[] Larger()
    {
        var larger = new Entry?[2 * table.Length];
        foreach (var first in table)
        {
            for (var entry = first; entry is not null; entry = entry.Next)
            {
                Insert(larger, entry.Hash, entry.Primitive, entry.Types, entry.Program);
            }
        }

        return larger;
    }

    private static void Insert(Entry?[] entries, int hash, Primitive primitive, ArrayType[] types, Program program)
    {
        ref var first = ref entries[hash & (entries.Length - 1)];
        Volatile.Write(ref first, new Entry(hash, primitive, types, program, first));
    }

    private sealed class Entry(int hash, Primitive primitive, ArrayType[] types, Program program, Entry? next)
    {
        public int Hash { get; } = hash;

        public Primitive Primitive { get; } = primitive;

        public ArrayType[] Types { get; } = types;

        public Program Program { get; } = program;

        public Entry? Next { get; } = next;

        public bool Matches(Primitive primitive, NDArray[] operands)
        {
            if (Types.Length != operands.Length || !Primitive.Equals(primitive))
            {
                return false;
            }

            for (int i = 0; i < operands.Length; i++)
            {
                if (!Types[i].Equals(operands[i].Type))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
