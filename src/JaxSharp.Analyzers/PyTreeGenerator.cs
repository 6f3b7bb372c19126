using Microsoft.CodeAnalysis;

namespace JaxSharp.Analyzers;

/// <summary>Turns records and <c>[PyTree]</c> types into tree nodes.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class PyTreeGenerator : IIncrementalGenerator
{
    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context) { }
}
