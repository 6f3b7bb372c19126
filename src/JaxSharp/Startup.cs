using System.Runtime.CompilerServices;
using JaxSharp.Arrays;
using JaxSharp.ControlFlow;
using JaxSharp.Execution;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <summary>The composition root: wires the calls that go against the direction of the folders.</summary>
internal static class Startup
{
#pragma warning disable CA2255 // A library initializer is what makes the first use of any type work without a call by the user.
    [ModuleInitializer]
    internal static void Initialize()
    {
        EvalTrace.Evaluator = new Evaluator();
        ArrayServices.Format = array => ArrayFormatter.Str(array);
        LoopCompiler.Instance = new LoopExecutables();
    }
#pragma warning restore CA2255
}
