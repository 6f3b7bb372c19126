namespace JaxSharp.Data;

/// <summary>A batch and its place.</summary>
/// <param name="Data">The arrays.</param>
/// <param name="Count">The number of samples.</param>
/// <param name="Position">The place of this batch.</param>
/// <param name="Next">The place of the batch that follows: where to go on after this one.</param>
public readonly record struct Batch<T>(T Data, int Count, LoaderPosition Position, LoaderPosition Next);
