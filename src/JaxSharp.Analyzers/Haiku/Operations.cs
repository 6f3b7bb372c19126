using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace JaxSharp.Analyzers.Haiku;

/// <summary>Walks up from an operation to what surrounds it.</summary>
internal static class Operations
{
    /// <summary>The functions inside of the member that an operation stands in, innermost first: lambdas and local functions.</summary>
    public static IEnumerable<IOperation> EnclosingFunctions(this IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                yield return outer;
            }
        }
    }

    /// <summary>The call that a lambda is an argument of, if any.</summary>
    public static IInvocationOperation? CallWithArgument(this IOperation function)
    {
        var outer = function.Parent;
        while (outer is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
        {
            outer = outer.Parent;
        }

        while (
            outer
                is IArgumentOperation
                    or IArrayInitializerOperation
                    or IArrayCreationOperation
                    or ICollectionExpressionOperation
        )
        {
            outer = outer.Parent;
        }

        return outer as IInvocationOperation;
    }

    /// <summary>What uses the value of an operation, without conversions.</summary>
    public static IOperation? User(this IOperation operation)
    {
        var user = operation.Parent;
        while (user is IConversionOperation or IParenthesizedOperation)
        {
            user = user.Parent;
        }

        return user;
    }
}
