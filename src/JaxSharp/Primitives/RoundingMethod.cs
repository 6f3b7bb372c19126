namespace JaxSharp;

/// <summary>What <c>Lax.Round</c> does halfway between two integers.</summary>
public enum RoundingMethod
{
    /// <summary>Takes the one farther from zero: 0.5 becomes 1, −2.5 becomes −3.</summary>
    AwayFromZero = 0,

    /// <summary>Takes the even one: 0.5 becomes 0, −2.5 becomes −2.</summary>
    ToNearestEven = 1,
}
