using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;
using JaxTree = JaxSharp.Tree;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Arithmetic of trees of arrays; trees that are combined must have one structure.</summary>
    /// <example><code>
    /// var a = (jnp.Array([1f, 2f]), jnp.Array([3f]));
    /// optax.Tree.AddScale(a, 0.5, a); // => ([1.5 3. ], [4.5])
    /// optax.Tree.Sum(a);              // => 6.0
    /// optax.Tree.Norm(a);             // => 3.7416575
    /// </code></example>
    public static partial class Tree
    {
        /// <summary>The sum of two or more trees.</summary>
        public static T Add<T>(T treeX, T treeY, params T[] otherTrees)
        {
            ArgumentNullException.ThrowIfNull(otherTrees);
            return otherTrees.Length == 0
                ? JaxTree.Map((x, y) => x + y, treeX, treeY)
                : JaxTree.Map(leaves => leaves.Aggregate((x, y) => x + y), [treeX, treeY, .. otherTrees]);
        }

        /// <summary>The difference of two trees.</summary>
        public static T Sub<T>(T treeX, T treeY) => JaxTree.Map((x, y) => x - y, treeX, treeY);

        /// <summary>The product of two trees, leaf by leaf.</summary>
        public static T Mul<T>(T treeX, T treeY) => JaxTree.Map((x, y) => x * y, treeX, treeY);

        /// <summary>The quotient of two trees, leaf by leaf.</summary>
        public static T Div<T>(T treeX, T treeY) => JaxTree.Map((x, y) => x / y, treeX, treeY);

        /// <summary>A tree multiplied by a scalar.</summary>
        public static T Scale<T>(NDArray scalar, T tree) => JaxTree.Map(x => scalar * x, tree);

        /// <summary>x + scalar · y.</summary>
        public static T AddScale<T>(T treeX, NDArray scalar, T treeY) =>
            JaxTree.Map((x, y) => x + scalar * y, treeX, treeY);

        /// <summary>The inner product of two trees; the first is conjugated.</summary>
        public static NDArray VDot<T>(T treeX, T treeY) =>
            SumOf(JaxTree.Leaves(JaxTree.Map((x, y) => Jnp.VDot(x, y), treeX, treeY)));

        /// <summary>The sum of all elements; a weakly typed 0 for a tree without leaves.</summary>
        public static NDArray Sum<T>(T tree) => SumOf(JaxTree.Leaves(tree).Select(x => Jnp.Sum(x)));

        /// <summary>The largest element; leaves without elements do not count.</summary>
        public static NDArray Max<T>(T tree) =>
            Elements(tree).Aggregate((NDArray)double.NegativeInfinity, (max, x) => Jnp.Maximum(max, Jnp.Max(x)));

        /// <summary>The smallest element; leaves without elements do not count.</summary>
        public static NDArray Min<T>(T tree) =>
            Elements(tree).Aggregate((NDArray)double.PositiveInfinity, (min, x) => Jnp.Minimum(min, Jnp.Min(x)));

        /// <summary>The number of elements.</summary>
        public static int Size<T>(T tree) => (int)JaxTree.Leaves(tree).Sum(x => x.Size);

        /// <summary>The complex conjugate.</summary>
        public static T Conj<T>(T tree) => JaxTree.Map(Jnp.Conj, tree);

        /// <summary>The real part.</summary>
        public static T Real<T>(T tree) => JaxTree.Map(Jnp.Real, tree);

        /// <summary>The norm of the vector of all elements.</summary>
        /// <param name="tree">A tree.</param>
        /// <param name="ord">1, 2 (the default) or infinity.</param>
        /// <param name="squared">Whether to give the square of the norm.</param>
        /// <exception cref="JaxArgumentException">Another order.</exception>
        public static NDArray Norm<T>(T tree, double? ord = null, bool squared = false)
        {
            switch (ord)
            {
                case null or 2:
                    var squares = SumOf(JaxTree.Leaves(tree).Select(x => Jnp.Sum(Numerics.AbsSq(x))));
                    return squared ? squares : Jnp.Sqrt(squares);
                case 1:
                    return Finish(SumOf(JaxTree.Leaves(tree).Select(x => Jnp.Sum(Jnp.Abs(x)))));
                case double.PositiveInfinity:
                    return Finish(Max(JaxTree.Map(Jnp.Abs, tree)));
                default:
                    throw new JaxArgumentException(
                        $"optax.Tree.Norm takes the orders 1, 2 and double.PositiveInfinity; got {ord}."
                    );
            }

            NDArray Finish(NDArray norm) => squared ? Jnp.Square(norm) : norm;
        }

        /// <summary>Each leaf repeated along new axes in front.</summary>
        public static T BatchShape<T>(T tree, Shape shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            return JaxTree.Map(x => Jnp.BroadcastTo(x, new Shape([.. shape, .. x.Shape])), tree);
        }

        /// <summary>Zeros of the shapes of a tree.</summary>
        public static T ZerosLike<T>(T tree, DType? dtype = null) => JaxTree.Map(x => Jnp.ZerosLike(x, dtype), tree);

        /// <summary>Ones of the shapes of a tree.</summary>
        public static T OnesLike<T>(T tree, DType? dtype = null) => JaxTree.Map(x => Jnp.OnesLike(x, dtype), tree);

        /// <summary>One value in the shapes of a tree.</summary>
        public static T FullLike<T>(T tree, NDArray fillValue, DType? dtype = null) =>
            JaxTree.Map(x => Jnp.FullLike(x, fillValue, dtype), tree);

        /// <summary>Each element raised to a minimum and lowered to a maximum, where these are given.</summary>
        public static T Clip<T>(T tree, NDArray? minValue = null, NDArray? maxValue = null) =>
            JaxTree.Map(x => Jnp.Clip(x, minValue, maxValue), tree);

        /// <summary>The leaves of one tree or the other, by a condition.</summary>
        public static T Where<T>(NDArray condition, T treeX, T treeY) =>
            JaxTree.Map((x, y) => Jnp.Where(condition, x, y), treeX, treeY);

        /// <summary>Whether all elements are close: |a − b| ≤ atol + rtol · |b|.</summary>
        public static NDArray AllClose<T>(T a, T b, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false) =>
            JaxTree
                .Leaves(JaxTree.Map((x, y) => Jnp.AllClose(x, y, rtol, atol, equalNan), a, b))
                .Aggregate((NDArray)true, (all, one) => all & one);

        /// <summary>Each leaf in the element type given; the tree itself for null.</summary>
        public static T Cast<T>(T tree, DType? dtype) => dtype is null ? tree : JaxTree.Map(x => x.AsType(dtype), tree);

        /// <summary>Each leaf in the element type of the other tree's.</summary>
        public static T CastLike<T>(T tree, T otherTree) => JaxTree.Map((x, y) => x.AsType(y.DType), tree, otherTree);

        private static NDArray SumOf(IEnumerable<NDArray> scalars) =>
            scalars.Aggregate((NDArray)0, (sum, x) => sum + x);

        private static IEnumerable<NDArray> Elements<T>(T tree) => JaxTree.Leaves(tree).Where(x => x.Size > 0);
    }
}
