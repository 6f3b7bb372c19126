namespace JaxSharp;

/// <summary>An axis that an array does not have, or an axis named twice.</summary>
public sealed class AxisException(string message) : JaxException(message);

/// <summary>An element type that an operation does not take, or types that do not promote to a common one.</summary>
public sealed class DTypeException(string message) : JaxException(message);

/// <summary>An argument outside its permitted values.</summary>
public sealed class JaxArgumentException(string message) : JaxException(message);

/// <summary>An index that the indexed array cannot take.</summary>
public sealed class ArrayIndexException(string message) : JaxException(message);

/// <summary>A tree of arrays whose structure differs from the one expected.</summary>
public sealed class TreeException(string message) : JaxException(message);

/// <summary>A value was needed while a function was traced, where only its type is known.</summary>
public sealed class ConcretizationException(string message) : JaxException(message);

/// <summary>A traced value was used after the trace that made it had ended.</summary>
public sealed class LeakedTracerException(string message) : JaxException(message);

/// <summary>A derivative was asked for that does not exist.</summary>
public sealed class DifferentiationException(string message) : JaxException(message);

/// <summary>An axis name that no enclosing <c>Vmap</c> binds.</summary>
public sealed class AxisNameException(string message) : JaxException(message);

/// <summary>A fault of JaxSharp itself, not of its caller: a report with the message is welcome.</summary>
public sealed class InternalException(string message) : JaxException("internal: " + message);
