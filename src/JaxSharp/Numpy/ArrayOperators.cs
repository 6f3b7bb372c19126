using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <summary>
/// The operators of arrays. They broadcast and promote as the functions of <see cref="Jnp"/> of the same meaning do; C# numbers
/// on either side take the element type of the array. Comparisons give arrays of bools. Equality operators keep C#'s meaning
/// (the same object): use <see cref="Jnp.Equal"/>.
/// </summary>
/// <example><code>NDArray y = 1 / (1 + jnp.Exp(-x)); NDArray mask = (x &gt; 0) &amp; (x &lt; 1);</code></example>
public static class ArrayOperators
{
    extension(NDArray)
    {
        /// <summary>x + y.</summary>
        public static NDArray operator +(NDArray x, NDArray y) => Jnp.Add(x, y);

        /// <summary>x − y.</summary>
        public static NDArray operator -(NDArray x, NDArray y) => Jnp.Subtract(x, y);

        /// <summary>x · y, element by element; <see cref="Jnp.MatMul"/> is the matrix product.</summary>
        public static NDArray operator *(NDArray x, NDArray y) => Jnp.Multiply(x, y);

        /// <summary>x / y; integers give floats.</summary>
        public static NDArray operator /(NDArray x, NDArray y) => Jnp.TrueDivide(x, y);

        /// <summary>The remainder with the sign of the divisor, as in Python (not as in C#).</summary>
        public static NDArray operator %(NDArray x, NDArray y) => Jnp.Remainder(x, y);

        /// <summary>−x.</summary>
        public static NDArray operator -(NDArray x) => Jnp.Negative(x);

        /// <summary>x itself.</summary>
        public static NDArray operator +(NDArray x) => Jnp.Positive(x);

        /// <summary>Every bit inverted; logical not for bools.</summary>
        public static NDArray operator ~(NDArray x) => Jnp.BitwiseNot(x);

        /// <summary>Logical not of an array of bools.</summary>
        public static NDArray operator !(NDArray x) => Jnp.LogicalNot(x);

        /// <summary>Bitwise and; logical and for bools.</summary>
        public static NDArray operator &(NDArray x, NDArray y) => Jnp.BitwiseAnd(x, y);

        /// <summary>Bitwise or; logical or for bools.</summary>
        public static NDArray operator |(NDArray x, NDArray y) => Jnp.BitwiseOr(x, y);

        /// <summary>Bitwise exclusive or.</summary>
        public static NDArray operator ^(NDArray x, NDArray y) => Jnp.BitwiseXor(x, y);

        /// <summary>Bits shifted to the left.</summary>
        public static NDArray operator <<(NDArray x, NDArray y) => Jnp.LeftShift(x, y);

        /// <summary>Bits shifted to the right, filled with the sign.</summary>
        public static NDArray operator >>(NDArray x, NDArray y) => Jnp.RightShift(x, y);

        /// <summary>Where x is less than y.</summary>
        public static NDArray operator <(NDArray x, NDArray y) => Jnp.Less(x, y);

        /// <summary>Where x is at most y.</summary>
        public static NDArray operator <=(NDArray x, NDArray y) => Jnp.LessEqual(x, y);

        /// <summary>Where x is greater than y.</summary>
        public static NDArray operator >(NDArray x, NDArray y) => Jnp.Greater(x, y);

        /// <summary>Where x is at least y.</summary>
        public static NDArray operator >=(NDArray x, NDArray y) => Jnp.GreaterEqual(x, y);
    }
}
