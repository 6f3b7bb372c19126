using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace JaxSharp.Analyzers.Haiku;

/// <summary>Checks that functions which use modules do not go through the transformations of Jax and Lax.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TransformationAnalyzer : DiagnosticAnalyzer
{
    // Transformations that have no counterpart in Hk.
    private static readonly ImmutableHashSet<string> Others =
    [
        "Jit",
        "Jvp",
        "Vjp",
        "Linearize",
        "LinearTranspose",
        "JacFwd",
        "JacRev",
        "Jacobian",
        "Hessian",
        "Checkpoint",
        "CustomJvp",
        "CustomVjp",
        "MakeJaxpr",
        "AssociativeScan",
    ];

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [HaikuRules.RawTransformation];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (HaikuSymbols.Of(start.Compilation) is { } symbols)
            {
                start.RegisterOperationAction(operation => Check(operation, symbols), OperationKind.Invocation);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, HaikuSymbols symbols)
    {
        var call = (IInvocationOperation)context.Operation;
        string name = call.TargetMethod.Name;
        bool hasCounterpart = symbols.HasFunction(name);
        if (!symbols.IsJaxOrLax(call.TargetMethod.ContainingType) || !(hasCounterpart || Others.Contains(name)))
        {
            return;
        }

        foreach (var argument in call.Arguments)
        {
            if (FunctionsIn(argument, symbols).FirstOrDefault(found => found is not null) is { } what)
            {
                context.ReportDiagnostic(
                    Diagnostic.Create(
                        HaikuRules.RawTransformation,
                        argument.Syntax.GetLocation(),
                        call.TargetMethod.ContainingType.Name,
                        name,
                        what,
                        hasCounterpart
                            ? $"use Hk.{name}, or transform what Init and Apply give"
                            : "transform what Init and Apply give"
                    )
                );
            }
        }
    }

    private static IEnumerable<string?> FunctionsIn(IArgumentOperation argument, HaikuSymbols symbols)
    {
        foreach (var operation in argument.Value.DescendantsAndSelf())
        {
            if (
                operation is IConversionOperation { Operand.Type: var type, Type.TypeKind: TypeKind.Delegate }
                && symbols.IsModule(type)
            )
            {
                yield return "is a module";
            }

            bool isInFunction = operation
                .EnclosingFunctions()
                .TakeWhile(function => argument.Value.DescendantsAndSelf().Contains(function))
                .Any();
            if (isInFunction && !IsTransformed(operation, argument, symbols))
            {
                yield return symbols.Makes(operation)
                    ?? (symbols.Uses(operation) is { } use ? $"uses Haiku ({use})" : null);
            }
        }
    }

    // A function that Hk.Transform takes is pure from outside, and so is what chooses among several functions for Init and Apply.
    private static bool IsTransformed(IOperation operation, IArgumentOperation argument, HaikuSymbols symbols) =>
        operation
            .EnclosingFunctions()
            .TakeWhile(function => !ReferenceEquals(function, argument))
            .Any(function =>
                function.CallWithArgument() is { } call
                && (
                    symbols.IsMultiTransformed(call.TargetMethod.ContainingType)
                    || (
                        symbols.IsHaiku(call.TargetMethod.ContainingType)
                        && (
                            call.TargetMethod.Name.StartsWith("Transform", StringComparison.Ordinal)
                            || call.TargetMethod.Name.StartsWith("MultiTransform", StringComparison.Ordinal)
                        )
                    )
                )
                && argument.Value.DescendantsAndSelf().Contains(function)
            );
}
