namespace JaxSharp.Data.Tests;

internal static class ArrayText
{
    /// <summary>Element type and shape: <c>f32[3,4]</c>.</summary>
    public static string TypeText(this NDArray array) => $"{array.DType}[{string.Join(',', array.Shape)}]";
}
