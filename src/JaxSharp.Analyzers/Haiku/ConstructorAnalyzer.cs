using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace JaxSharp.Analyzers.Haiku;

/// <summary>
/// Checks constructors and field initialisers of modules. Names are given after the constructor, by what the fields hold: so a
/// constructor keeps what it makes, uses nothing that needs a name, and its initialisers hold nothing that the caller made.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConstructorAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [HaikuRules.LostModule, HaikuRules.UseInConstructor, HaikuRules.CapturedParameter];

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

            start.RegisterOperationAction(
                operation => CheckUse(operation, symbols),
                OperationKind.Invocation,
                OperationKind.PropertyReference
            );
            start.RegisterOperationAction(operation => CheckCreation(operation, symbols), OperationKind.ObjectCreation);
            start.RegisterOperationAction(
                operation => CheckInitialiser(operation, symbols),
                OperationKind.FieldInitializer,
                OperationKind.PropertyInitializer
            );
        });
    }

    private static void CheckUse(OperationAnalysisContext context, HaikuSymbols symbols)
    {
        if (IsInConstructor(context, symbols) && symbols.Uses(context.Operation) is { } use)
        {
            Report(context, HaikuRules.UseInConstructor, context.Operation, use, ClassOf(context).Name);
        }
    }

    private static void CheckCreation(OperationAnalysisContext context, HaikuSymbols symbols)
    {
        if (
            symbols.IsModuleOrDeferred(context.Operation.Type)
            && IsInConstructor(context, symbols)
            && IsLost(context.Operation)
        )
        {
            Report(
                context,
                HaikuRules.LostModule,
                context.Operation,
                context.Operation.Type!.Name,
                ClassOf(context).Name
            );
        }
    }

    private static void CheckInitialiser(OperationAnalysisContext context, HaikuSymbols symbols)
    {
        var initialiser = (ISymbolInitializerOperation)context.Operation;
        ISymbol? target = initialiser switch
        {
            IFieldInitializerOperation field => field.InitializedFields.FirstOrDefault(),
            IPropertyInitializerOperation property => property.InitializedProperties.FirstOrDefault(),
            _ => null,
        };
        var type = (target as IFieldSymbol)?.Type ?? (target as IPropertySymbol)?.Type;
        if (
            target is null or { IsStatic: true }
            || !symbols.IsModule(target.ContainingType)
            || !symbols.CanHoldModules(type)
        )
        {
            return;
        }

        foreach (var reference in initialiser.Value.DescendantsAndSelf().OfType<IParameterReferenceOperation>())
        {
            if (
                symbols.CanHoldModules(reference.Type)
                && reference.Parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
                && !reference.EnclosingFunctions().Any()
            )
            {
                Report(context, HaikuRules.CapturedParameter, reference, target.Name, reference.Parameter.Name);
            }
        }
    }

    private static INamedTypeSymbol ClassOf(OperationAnalysisContext context) =>
        context.ContainingSymbol.ContainingType;

    // What stands in a lambda runs later.
    private static bool IsInConstructor(OperationAnalysisContext context, HaikuSymbols symbols) =>
        context.ContainingSymbol
            is IMethodSymbol { MethodKind: MethodKind.Constructor }
                or IFieldSymbol { IsStatic: false }
                or IPropertySymbol { IsStatic: false }
        && symbols.IsModule(ClassOf(context))
        && !context.Operation.EnclosingFunctions().Any();

    private static bool IsLost(IOperation creation) =>
        creation.User() switch
        {
            IExpressionStatementOperation => true,
            ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
            IInvocationOperation call => call.Instance is not null && Contains(call.Instance, creation),
            IMemberReferenceOperation => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => !Leaves(
                local,
                creation
            ),
            _ => false,
        };

    private static bool Contains(IOperation outer, IOperation inner) => outer.DescendantsAndSelf().Contains(inner);

    /// <summary>Whether the value of a local variable goes anywhere: into a field, an argument, a collection, a function.</summary>
    private static bool Leaves(ILocalSymbol local, IOperation creation)
    {
        IOperation root = creation;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root.Descendants()
            .OfType<ILocalReferenceOperation>()
            .Where(reference => HaikuSymbols.Same(reference.Local, local))
            .Any(reference =>
                reference.EnclosingFunctions().Any()
                || !(
                    reference.User() is IMemberReferenceOperation
                    || (reference.User() is IInvocationOperation call && ReferenceEquals(call.Instance, reference))
                )
            );
    }

    private static void Report(
        OperationAnalysisContext context,
        DiagnosticDescriptor rule,
        IOperation operation,
        params object[] arguments
    ) => context.ReportDiagnostic(Diagnostic.Create(rule, operation.Syntax.GetLocation(), arguments));
}
