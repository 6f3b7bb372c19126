using System;
using System.Collections;
using System.Linq;

namespace JaxSharp
{
    /// <summary>Positions of arguments: none, one, a tuple or an array of integers. Negative ones count from the end.</summary>
    public readonly struct ArgNums
    {
        private readonly int[]? numbers;

        private ArgNums(params int[] numbers) => this.numbers = numbers;

        /// <summary>No argument.</summary>
        public static ArgNums None => default;

        /// <summary>One argument.</summary>
        public static implicit operator ArgNums(int number) => new([number]);

        /// <summary>Any number of arguments.</summary>
        public static implicit operator ArgNums(int[] numbers) => new(numbers);

        /// <summary>Two arguments.</summary>
        public static implicit operator ArgNums((int, int) n) => new(n.Item1, n.Item2);

        /// <summary>Three arguments.</summary>
        public static implicit operator ArgNums((int, int, int) n) => new(n.Item1, n.Item2, n.Item3);

        /// <summary>Four arguments.</summary>
        public static implicit operator ArgNums((int, int, int, int) n) => new(n.Item1, n.Item2, n.Item3, n.Item4);

        internal int[] ToArray() => numbers ?? [];
    }
}

namespace JaxSharp.Transforms
{
    /// <summary>Checks of arguments that are known while tracing.</summary>
    internal static class StaticArguments
    {
        /// <summary>Refuses types that hold arrays or are not compared by value.</summary>
        public static void Check(Delegate function, int number, Type type)
        {
            if (
                typeof(NDArray).IsAssignableFrom(type)
                || (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
            )
            {
                throw new JaxArgumentException(
                    $"Jit of {FunctionName.Of(function)} cannot make argument {FunctionName.Parameters(function)[number]} static: "
                        + $"{Trees.TreeCodecs.Name(type)} is not compared by value. Static arguments are numbers, text, enumerations, functions or "
                        + "types with Equals; pass arrays as ordinary arguments."
                );
            }
        }
    }
}
