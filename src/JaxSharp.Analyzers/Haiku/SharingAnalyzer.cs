using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace JaxSharp.Analyzers.Haiku;

/// <summary>Checks that modules are shared neither by runs, in static fields, nor by threads.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharingAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [HaikuRules.StaticModule, HaikuRules.OtherThread];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (HaikuSymbols.Of(start.Compilation) is not { } symbols)
            {
                return;
            }

            start.RegisterSymbolAction(symbol => CheckStatic(symbol, symbols), SymbolKind.Field, SymbolKind.Property);
            start.RegisterSymbolAction(symbol => CheckAsync(symbol, symbols), SymbolKind.Method);
            start.RegisterOperationAction(operation => CheckParallel(operation, symbols), OperationKind.Invocation);
        });
    }

    private static void CheckStatic(SymbolAnalysisContext context, HaikuSymbols symbols)
    {
        var type = context.Symbol switch
        {
            IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
            IPropertySymbol property when IsAutomatic(property) => property.Type,
            _ => null,
        };
        if (context.Symbol.IsStatic && HoldsModules(type, symbols))
        {
            context.ReportDiagnostic(
                Diagnostic.Create(HaikuRules.StaticModule, context.Symbol.Locations[0], context.Symbol.Name)
            );
        }
    }

    private static bool IsAutomatic(IPropertySymbol property)
    {
        foreach (var member in property.ContainingType.GetMembers())
        {
            if (member is IFieldSymbol field && HaikuSymbols.Same(field.AssociatedSymbol, property))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsModules(ITypeSymbol? type, HaikuSymbols symbols) =>
        type is not { TypeKind: TypeKind.Delegate }
        && (
            symbols.IsModuleOrDeferred(type)
            || (type is IArrayTypeSymbol array && HoldsModules(array.ElementType, symbols))
            || (
                type is INamedTypeSymbol { TypeArguments: { IsEmpty: false } arguments } && AnyHolds(arguments, symbols)
            )
        );

    private static bool AnyHolds(ImmutableArray<ITypeSymbol> types, HaikuSymbols symbols)
    {
        foreach (var type in types)
        {
            if (HoldsModules(type, symbols))
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckAsync(SymbolAnalysisContext context, HaikuSymbols symbols)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.IsAsync && !method.IsStatic && symbols.IsModule(method.ContainingType))
        {
            context.ReportDiagnostic(
                Diagnostic.Create(HaikuRules.OtherThread, method.Locations[0], "await", $"the method {method.Name}")
            );
        }
    }

    private static void CheckParallel(OperationAnalysisContext context, HaikuSymbols symbols)
    {
        var method = ((IInvocationOperation)context.Operation).TargetMethod;
        if (
            (method.ContainingType.Name, method.Name)
                is
                    ("Parallel", _)
                    or
                    ("Task", "Run")
                    or
                    ("ThreadPool", "QueueUserWorkItem")
                    or
                    ("ParallelEnumerable", "AsParallel")
            && method.ContainingNamespace.ToDisplayString()
                is "System.Threading.Tasks"
                    or "System.Threading"
                    or "System.Linq"
            && context.ContainingSymbol is { IsStatic: false } member
            && symbols.IsModule(member.ContainingType)
        )
        {
            context.ReportDiagnostic(
                Diagnostic.Create(
                    HaikuRules.OtherThread,
                    context.Operation.Syntax.GetLocation(),
                    $"{method.ContainingType.Name}.{method.Name}",
                    $"the method {member.Name}"
                )
            );
        }
    }
}
