namespace JaxSharp.Haiku;

/// <summary>
/// Haiku: modules that keep their parameters by name, turned into pure functions by <c>Transform</c>. Write
/// <c>using hk = JaxSharp.Haiku.Hk;</c> to reach functions and modules under Haiku's own names.
/// </summary>
public static partial class Hk;
