namespace JaxSharp;

/// <summary>The generators of <c>Lax.RngBitGenerator</c>.</summary>
public enum RandomAlgorithm
{
    /// <summary>Philox.</summary>
    RngDefault = 0,

    /// <summary>Threefry-2x32 with twenty rounds.</summary>
    RngThreeFry = 1,

    /// <summary>Philox-4x32 with ten rounds.</summary>
    RngPhilox = 2,
}
