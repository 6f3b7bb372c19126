using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace JaxSharp.Analyzers.Haiku;

/// <summary>
/// Checks that methods of modules which make modules or parameters run through <c>Method</c>, as <c>Forward</c>, <c>Setup</c> and
/// <c>MakeInitialState</c> do by themselves, or say that they are transparent.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MethodAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [HaikuRules.MethodWithoutScope];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (HaikuSymbols.Of(start.Compilation) is { } symbols)
            {
                start.RegisterOperationAction(
                    operation => Check(operation, symbols),
                    OperationKind.ObjectCreation,
                    OperationKind.Invocation
                );
            }
        });
    }

    private static void Check(OperationAnalysisContext context, HaikuSymbols symbols)
    {
        if (
            symbols.Makes(context.Operation) is not { } makes
            || context.ContainingSymbol is not IMethodSymbol { IsStatic: false, MethodKind: MethodKind.Ordinary } method
            || !symbols.IsModule(method.ContainingType)
            || method.Name is "Forward" or "Setup" or "MakeInitialState"
            || method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "TransparentAttribute")
            || context.Operation.EnclosingFunctions().Any(function => IsScope(function, symbols))
        )
        {
            return;
        }

        context.ReportDiagnostic(
            Diagnostic.Create(
                HaikuRules.MethodWithoutScope,
                context.Operation.Syntax.GetLocation(),
                method.Name,
                makes,
                method.Name.ToLowerInvariant()
            )
        );
    }

    // A local function may be the body that is given to Method.
    private static bool IsScope(IOperation function, HaikuSymbols symbols) =>
        function is ILocalFunctionOperation
        || (function.CallWithArgument() is { } call && symbols.IsMethodScope(call.TargetMethod.OriginalDefinition));
}
