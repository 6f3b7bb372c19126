using System;
using System.Linq;
using System.Runtime.CompilerServices;

namespace JaxSharp.Transforms;

/// <summary>Names functions for messages and printed programs.</summary>
internal static class FunctionName
{
    /// <summary>The name of a method or local function; <c>&lt;lambda&gt;</c> for a lambda.</summary>
    /// <exception cref="ArgumentNullException">There is no function.</exception>
    public static string Of(
        Delegate function,
        [CallerArgumentExpression(nameof(function))] string parameter = "",
        [CallerMemberName] string caller = ""
    )
    {
        string name = Argument.Given(function, parameter, caller).Method.Name;
        if (!name.StartsWith('<'))
        {
            return name;
        }

        // The compiler names local functions <Outer>g__Name|0_0 and lambdas <Outer>b__0_0.
        int start = name.IndexOf(">g__", StringComparison.Ordinal);
        int end = name.IndexOf('|', StringComparison.Ordinal);
        return start >= 0 && end > start ? name[(start + 4)..end] : "<lambda>";
    }

    /// <summary>The names of the parameters.</summary>
    public static string[] Parameters(Delegate function)
    {
        var parameters = function.Method.GetParameters();
        int count = function.GetType().GetMethod("Invoke")!.GetParameters().Length;
        return [.. parameters[^count..].Select((p, i) => string.IsNullOrEmpty(p.Name) ? $"{i}" : p.Name)];
    }
}
