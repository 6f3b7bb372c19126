using System;
using System.Collections.Generic;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Execution;

/// <summary>One executable of a program with the slots it works on.</summary>
/// <param name="Executable">What runs.</param>
/// <param name="Inputs">Slots that it reads.</param>
/// <param name="Outputs">Slots that it writes.</param>
/// <param name="Describe">What it does and how much that is; called only for explanations.</param>
internal sealed record Step(Executable Executable, int[] Inputs, int[] Outputs, Func<StepDescription> Describe);

/// <summary>What a step does.</summary>
/// <param name="Name">The primitives, and the type of the result.</param>
/// <param name="Flops">Its operations on elements; null where they are not known.</param>
/// <param name="Bytes">The size of its operands and results.</param>
/// <param name="IsFused">Whether operations are multiplications with additions, two in an instruction.</param>
internal sealed record StepDescription(string Name, double? Flops, double Bytes, bool IsFused);

/// <summary>An executable that runs programs.</summary>
internal interface IRunsPrograms
{
    IReadOnlyList<Program> Programs { get; }
}
