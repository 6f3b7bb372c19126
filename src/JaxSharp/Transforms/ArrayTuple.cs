namespace JaxSharp.Transforms;

/// <summary>Results of several argument numbers as tuples.</summary>
internal static class ArrayTuple
{
    public static (NDArray, NDArray) Pair(NDArray[] arrays) => (arrays[0], arrays[1]);

    public static (NDArray, NDArray, NDArray) Triple(NDArray[] arrays) => (arrays[0], arrays[1], arrays[2]);
}
