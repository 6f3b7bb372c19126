using System;
using System.Linq;
using JaxSharp.Numpy;
using JaxTree = JaxSharp.Tree;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Tree
    {
        /// <summary>A random key for each leaf, as raw words, in the structure of a tree.</summary>
        public static T SplitKeyLike<T>(PrngKey rngKey, T targetTree)
        {
            var structure = JaxTree.Structure(targetTree);
            var keys = JaxRandom.Split(rngKey, structure.NumLeaves);
            return JaxTree.Unflatten<T>(
                structure,
                [.. Enumerable.Range(0, structure.NumLeaves).Select(i => JaxRandom.KeyData(keys[i]))]
            );
        }

        /// <summary>Random numbers in the shapes of a tree, each leaf by a key of its own.</summary>
        /// <param name="rngKey">The random key.</param>
        /// <param name="targetTree">The tree.</param>
        /// <param name="sampler">From key, shape and element type to numbers; <see cref="JaxRandom.Normal"/> by default.</param>
        /// <param name="dtype">The element type; that of each leaf by default.</param>
        public static T RandomLike<T>(
            PrngKey rngKey,
            T targetTree,
            Func<PrngKey, Shape, DType, NDArray>? sampler = null,
            DType? dtype = null
        ) =>
            JaxTree.Map(
                (leaf, key) =>
                    sampler is null
                        ? JaxRandom.Normal(key, leaf.Shape, dtype ?? leaf.DType)
                        : sampler(key, leaf.Shape, dtype ?? leaf.DType),
                targetTree,
                SplitKeyLike(rngKey, targetTree)
            );

        /// <summary>The element type of the leaves.</summary>
        /// <param name="tree">A tree.</param>
        /// <param name="mixedDtypeHandler">
        /// What to do if leaves differ: <c>promote</c> finds a common type, <c>highest</c> and <c>lowest</c> choose the type that the
        /// others, or that itself, can be promoted to; null refuses.
        /// </param>
        /// <exception cref="DTypeException">The leaves differ, or cannot be ordered.</exception>
        /// <exception cref="JaxArgumentException">There is no such handler.</exception>
        public static DType Dtype<T>(T tree, string? mixedDtypeHandler = null)
        {
            var leaves = JaxTree.Leaves(tree);
            if (leaves.Length == 0)
            {
                return ((NDArray)0.0).DType;
            }

            return mixedDtypeHandler switch
            {
                null => leaves.Select(leaf => leaf.DType).Aggregate(Same),
                "promote" => leaves.Select(leaf => leaf.DType).Aggregate((a, b) => Jnp.PromoteTypes(a, b)),
                "highest" => leaves.Select(leaf => leaf.DType).Aggregate((a, b) => Lower(a, b) == a ? b : a),
                "lowest" => leaves.Select(leaf => leaf.DType).Aggregate(Lower),
                _ => throw new JaxArgumentException(
                    $"optax.Tree.Dtype handles mixed types by 'promote', 'highest' or 'lowest'; got '{mixedDtypeHandler}'."
                ),
            };
        }

        private static DType Same(DType a, DType b) =>
            a == b
                ? a
                : throw new DTypeException(
                    $"The leaves of the tree have the element types {a} and {b}. Give a mixedDtypeHandler to choose one."
                );

        private static DType Lower(DType a, DType b)
        {
            var common = Jnp.PromoteTypes(a, b);
            return common == a ? b
                : common == b ? a
                : throw new DTypeException($"Neither {a} nor {b} can be promoted to the other. Use 'promote'.");
        }
    }
}
