using JaxSharp.Compiler.Runtime;

namespace JaxSharp.ControlFlow;

/// <summary>Compiles loops and branches over programs. Implemented in <c>Execution</c>, wired by <c>Startup</c>.</summary>
internal interface ILoopCompiler
{
    Executable Compile(Scan scan);

    Executable Compile(WhileLoop loop);

    Executable Compile(Cond cond);
}

/// <summary>The one upward call of control flow.</summary>
internal static class LoopCompiler
{
    public static ILoopCompiler Instance { get; set; } = null!;
}
