using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using JaxSharp.Trees;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Where a transformed function gets its random keys from: a seed, a key, or the state of a <see cref="PRNGSequence"/>. Numbers
    /// and keys convert to it; null means that there are none. A tree of arrays.
    /// </summary>
    public sealed class Rng : IPyTreeNode<Rng>
    {
        internal Rng(PrngKey key, PrngKey? queue = null)
        {
            Key = key;
            Queue = queue;
        }

        /// <summary>The key that the next keys are split from.</summary>
        internal PrngKey Key { get; }

        /// <summary>Keys that were split off already and come first; null for none.</summary>
        internal PrngKey? Queue { get; }

        /// <summary>Whether no key was taken in between.</summary>
        internal bool IsSame(Rng? earlier) =>
            earlier is not null && ReferenceEquals(Key, earlier.Key) && Queue?.Shape == earlier.Queue?.Shape;

        static IReadOnlyList<string> IPyTreeNode<Rng>.PyTreeMembers { get; } = ["key", "queue"];

        /// <summary>The key of a seed.</summary>
        public static implicit operator Rng(int seed) => new(JaxRandom.Key(seed));

        /// <summary>The key of a seed.</summary>
        public static implicit operator Rng(long seed) => new(JaxRandom.Key(seed));

        /// <summary>A key.</summary>
        [return: NotNullIfNotNull(nameof(key))]
        public static implicit operator Rng?(PrngKey? key) => key is null ? null : new Rng(key);

        /// <summary>A raw key of two words, or the key of a seed if the array is a scalar.</summary>
        [return: NotNullIfNotNull(nameof(key))]
        public static implicit operator Rng?(NDArray? key) =>
            key is null ? null
            : key.Ndim == 0 ? new Rng(JaxRandom.Key(key))
            : new Rng(JaxRandom.WrapKeyData(key));

        static void IPyTreeNode<Rng>.WritePyTree(Rng value, PyTreeWriter writer)
        {
            writer.Write(value.Key);
            writer.Write(value.Queue);
        }

        static Rng IPyTreeNode<Rng>.ReadPyTree(PyTreeReader reader) =>
            new(reader.Read<PrngKey>(), reader.Read<PrngKey?>());
    }
}
