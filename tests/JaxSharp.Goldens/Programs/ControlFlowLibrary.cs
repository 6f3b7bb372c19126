using System;
using System.Collections.Generic;

namespace JaxSharp.Goldens.Programs;

/// <summary>Control flow, custom rules and checkpoints, as programs call them.</summary>
internal static class ControlFlowLibrary
{
    public static Dictionary<string, Function> Functions { get; } = new(StringComparer.Ordinal);
}
