namespace JaxSharp.Data;

/// <summary>Images and what they show.</summary>
/// <param name="Images">Grey values, u8 of shape [n, height, width].</param>
/// <param name="Labels">Classes, i32 of shape [n].</param>
public sealed record LabelledImages(NDArray Images, NDArray Labels);
