namespace JaxSharp.Haiku;

/// <summary>A module was made, named or used in a way that cannot work.</summary>
public sealed class ModuleException(string message) : JaxException(message);

/// <summary>A parameter or state cannot be made or found, or has another shape than was asked for.</summary>
public sealed class ParameterException(string message) : JaxException(message);

/// <summary>A random key was asked for where <c>Init</c> or <c>Apply</c> got none.</summary>
public sealed class MissingRNGException(string message) : JaxException(message);

/// <summary>A function with state went through <c>Hk.Transform</c>, which has no place for it.</summary>
public sealed class NonEmptyStateException(string message) : JaxException(message);

/// <summary>A transformation of <c>Jax</c> or <c>Lax</c> was applied to a function that reads or writes parameters, state or keys.</summary>
public sealed class JaxUsageException(string message) : JaxException(message);
