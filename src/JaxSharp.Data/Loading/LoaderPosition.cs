namespace JaxSharp.Data;

/// <summary>A place in the sequence of batches that a <see cref="DataLoader{T}"/> gives.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">The batch in the epoch, from 0.</param>
public readonly record struct LoaderPosition(int Epoch, int Step);
