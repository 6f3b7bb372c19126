using System;

namespace JaxSharp.Goldens.Programs;

/// <summary>A program needs something that JaxSharp, or the interpreter of programs, does not have.</summary>
internal sealed class UnsupportedProgramException(string message) : Exception(message);
