using System;

namespace JaxSharp;

/// <summary>
/// The upward calls of the array handle, filled in once by <c>Startup</c>: what <see cref="NDArray"/> offers to users lives in
/// folders above this one.
/// </summary>
internal static class ArrayServices
{
    /// <summary>The text of an array.</summary>
    public static Func<NDArray, string> Format { get; set; } = array => array.Type.ToString();
}
