using System;

namespace JaxSharp.Data;

/// <summary>
/// A file that is not what it should be: of another format, cut off, damaged, or made to do harm. The message names the file and
/// what is wrong with it. Nothing is allocated for what such a file merely claims to hold.
/// </summary>
public sealed class DataFormatException(string message, Exception? innerException = null)
    : JaxException(message, innerException);
