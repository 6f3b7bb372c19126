using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace JaxSharp.Analyzers.Haiku;

/// <summary>The classes of Haiku in a compilation, and what operations do with them.</summary>
internal sealed class HaikuSymbols
{
    private readonly INamedTypeSymbol haiku;
    private readonly INamedTypeSymbol module;
    private readonly INamedTypeSymbol? deferred;
    private readonly INamedTypeSymbol? jax;
    private readonly INamedTypeSymbol? lax;

    private HaikuSymbols(INamedTypeSymbol haiku, INamedTypeSymbol module, Compilation compilation)
    {
        this.haiku = haiku;
        this.module = module;
        deferred = compilation.GetTypeByMetadataName("JaxSharp.Haiku.Hk+Deferred`1");
        jax = compilation.GetTypeByMetadataName("JaxSharp.Jax");
        lax = compilation.GetTypeByMetadataName("JaxSharp.Lax");
    }

    /// <summary>The classes; null where a compilation does not use Haiku.</summary>
    public static HaikuSymbols? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("JaxSharp.Haiku.Hk") is { } haiku
        && compilation.GetTypeByMetadataName("JaxSharp.Haiku.Hk+Module") is { } module
            ? new HaikuSymbols(haiku, module, compilation)
            : null;

    public bool IsModule(ITypeSymbol? type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (Same(t, module))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsModuleOrDeferred(ITypeSymbol? type) =>
        IsModule(type) || (deferred is not null && Same(type?.OriginalDefinition, deferred));

    /// <summary>Whether a value of the type can hold modules: modules, functions, and collections and tuples of those.</summary>
    public bool CanHoldModules(ITypeSymbol? type) =>
        type switch
        {
            null => false,
            IArrayTypeSymbol array => CanHoldModules(array.ElementType),
            _ when IsModuleOrDeferred(type) => true,
            INamedTypeSymbol { TypeKind: TypeKind.Delegate } function => !Same(function.ContainingType, haiku),
            INamedTypeSymbol named => named.TypeArguments.Any(CanHoldModules),
            _ => false,
        };

    public bool IsHaiku(ISymbol? type) => Same(type, haiku);

    /// <summary>Several functions that share modules, with and without state and keys.</summary>
    public bool IsMultiTransformed(ISymbol? type) =>
        Same(type?.ContainingType, haiku) && type!.Name.StartsWith("MultiTransformed", System.StringComparison.Ordinal);

    /// <summary>Jax or Lax, where the raw transformations stand.</summary>
    public bool IsJaxOrLax(ISymbol? type) => Same(type, jax) || Same(type, lax);

    public bool HasFunction(string name) => haiku.GetMembers(name).Any(member => member is IMethodSymbol);

    /// <summary>The method <c>Method</c> of modules, which opens the scope of a method.</summary>
    public bool IsMethodScope(IMethodSymbol method) => method.Name == "Method" && Same(method.ContainingType, module);

    /// <summary>What an operation makes that has a name: modules, parameters, states. Null for others.</summary>
    public string? Makes(IOperation operation) =>
        operation switch
        {
            IObjectCreationOperation creation when IsModuleOrDeferred(creation.Type) => "makes modules",
            IInvocationOperation { TargetMethod: var method } when IsHaiku(method.ContainingType) => method.Name switch
            {
                "GetParameter" => "makes parameters",
                "GetState" or "SetState" => "reads or writes state",
                _ => null,
            },
            _ => null,
        };

    /// <summary>What an operation does that needs the names, parameters, states or keys of the run. Null for others.</summary>
    public string? Uses(IOperation operation) =>
        operation switch
        {
            IInvocationOperation { TargetMethod: var method } when IsHaiku(method.ContainingType) => method.Name switch
            {
                "GetParameter"
                or "GetState"
                or "SetState"
                or "NextRngKey"
                or "NextRngKeys"
                or "MaybeNextRngKey"
                or "NameScope"
                or "CurrentName" => $"Hk.{method.Name}",
                _ => null,
            },
            IInvocationOperation { Instance.Type: var type, TargetMethod.Name: "Call" } when IsModule(type) =>
                "Calling a module",
            IPropertyReferenceOperation { Property: { Name: "ModuleName" or "Name" } property }
                when Same(property.ContainingType, module) => property.Name,
            IPropertyReferenceOperation { Property: { Name: "Target" } property }
                when Same(property.ContainingType.OriginalDefinition, deferred) => "Deferred.Target",
            _ => null,
        };

    public static bool Same(ISymbol? a, ISymbol? b) => a is not null && SymbolEqualityComparer.Default.Equals(a, b);
}
