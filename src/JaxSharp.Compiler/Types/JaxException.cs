using System;

namespace JaxSharp;

/// <summary>
/// The base of every error that JaxSharp reports about how it was used: the message says what was called, what it got, what was
/// expected and how to mend it.
/// </summary>
public class JaxException : Exception
{
    /// <summary>Makes an error with a message.</summary>
    public JaxException(string message)
        : base(message) { }

    /// <summary>Makes an error with a message and the error that caused it.</summary>
    public JaxException(string message, Exception? innerException)
        : base(message, innerException) { }
}

/// <summary>Shapes that do not fit together, or an argument that asks for an impossible shape.</summary>
public sealed class ShapeException(string message) : JaxException(message);
